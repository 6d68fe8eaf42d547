"""A dialogue of snapshot and updates, followed by our book, beside the book that others have after it.

Rules: the book is kept by the very code that markets and cases use; frames that say nothing of a book are left out; the
book must be live and equal at the end of what chains, and withheld after a gap. Decimals for a checksum over padded
digits are those of the profile's ticks.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from exconn import document
from exconn.codec import Context, Socket, remember
from exconn.document import Span
from exconn.model import BookChecksum, BookSnapshot, BookUpdate
from exconn.testing.cases.follow import Followed, Unfollowed
from exconn.testing.cases.tree import BookDialogue, BookStep

from .bench import Bench, pair_of
from .verdict import Heard, Kind

_BOOKS = {"book", "book_snapshot", "book_update"}
_SPAN = Span("dialogue", 1, 1)
_NOTHING = document.Mapping((), _SPAN)


def hear(bench: Bench) -> Iterator[Heard]:
    """The book dialogue of the exchange."""
    dialogue = bench.source.book(bench.name)
    if dialogue is None:
        return
    sockets = [socket for socket in bench.codec.sockets.values() if _BOOKS & set(socket.kinds)]
    if bench.codec.facts.book is None or not sockets:
        yield Heard("book", Kind.BOOK, gap="the spec keeps no book")
        return
    found = [list(_differences(bench, socket, dialogue)) for socket in sockets]
    yield Heard("book", Kind.BOOK, tuple(min(found, key=len)))


def _differences(bench: Bench, socket: Socket, dialogue: Mapping[str, Any]) -> Iterator[str]:
    context = bench.context(bench.source.profiles.credentials(bench.name)).of_connection()
    pair = pair_of(dialogue["symbol"])
    facts = bench.codec.facts.book
    assert facts is not None
    asked = BookDialogue(socket.name, pair, (), _decimals(bench, pair))
    book = Followed(facts, socket, bench.codec.endpoints.get("book_snapshot"), context, asked)
    live, gapped = False, False
    for step in dialogue["steps"]:
        name = step.get("name", "the snapshot")
        payload = json.dumps(step["reply"] if step["via"] == "rest" else step["message"])
        if step["via"] == "ws" and not _is_of_book(socket, payload, context):
            remember(context, socket.read(payload, context))
            continue
        if name == "gap" and live:
            yield from _final(book, dialogue["final"])
            gapped = True
        try:
            effects = book.take(BookStep(payload, step["via"] == "rest", _NOTHING))["does"]
        except Unfollowed as error:
            yield f"{name}: {error}"
            return
        assert isinstance(effects, Sequence)
        live = "go_live" in effects or (live and "withhold" not in effects)
        if name == "gap" and live:
            yield "gap: the book stays live"
    if not gapped:
        yield from _final(book, dialogue["final"]) if live else ["the book is not live at the end"]


def _is_of_book(socket: Socket, payload: str, context: Context) -> bool:
    return any(
        isinstance(report, BookSnapshot | BookUpdate | BookChecksum) for report in socket.read(payload, context).reports
    )


def _final(book: Followed, final: Mapping[str, Any]) -> Iterator[str]:
    told = book.tell()
    for side in ("bids", "asks"):
        expected = [[float(price), float(size)] for price, size in final[side]]
        if told[side] != expected:
            yield f"book.{side}: expected {expected}, got {told[side]}"


def _decimals(bench: Bench, pair: str) -> tuple[int | None, int | None]:
    for market in bench.source.profiles.MARKETS.get(bench.name, ()):
        if f"{market['base']}-{market['quote']}" == pair:
            price, size = (-int(Decimal(str(market[each])).adjusted()) for each in ("price", "amount"))
            return max(price, 0), max(size, 0)
    return None, None
