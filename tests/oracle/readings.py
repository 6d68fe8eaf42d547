"""Messages of the exchange that others have read, beside what our readers make of them.

Rules: an answer is read by the operations that its kind is of; where the sample says what was asked, only by those that
ask the same, and an answer to what no operation asks is settled; a bare object is tried as an answer, as the only
row of one, and as a frame. Frames are read in their order on one connection of each socket, and the socket that reads
most counts. Where nobody has a reading there is no opinion, but what is ours to read must be readable.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from exconn.codec import Answer, Arguments, Context, Endpoint, FrameKind, remember
from exconn.errors import ExconnError
from exconn.model import (
    BalanceReport,
    BookSnapshot,
    BookUpdate,
    FillReport,
    LastPrice,
    OrderReport,
    PublicTrade,
    Report,
    ServerTime,
    TradingRule,
    Unreadable,
)

from . import alike
from .bench import Bench, pair_of
from .forms import forms_of
from .verdict import Heard, Kind

Sample = Mapping[str, Any]

_LOOKUPS: Final = (
    "order_by_exchange_id",
    "order_by_client_id",
    "open_order_by_client_id",
    "closed_order_by_client_id",
)
_OPERATIONS: Final[dict[str, tuple[str, ...]]] = {
    "balances": ("balances",),
    "markets": ("trading_rules",),
    "time": ("server_time",),
    "ticker": ("last_price",),
    "order_book": ("book_snapshot",),
    "order": _LOOKUPS,
    "open_orders": ("open_orders",),
    "my_trades": ("fills_since", "fills_of_order"),
    "order_trades": ("fills_of_order", "fills_since"),
    "create_order": ("place_order",),
    "cancel_order": ("cancel_order",),
    "order_object": ("place_order", "cancel_order", *_LOOKUPS, "open_orders"),
    "trade_object": ("fills_since", "fills_of_order"),
    "market_object": ("trading_rules",),
}
SETTLED: Final = {
    "public_trades": "a market takes the tape from the stream",
    "raw_only": "it is a sample without a reading",
}
_MUST: Final = {"order": ("state", "filled"), "open_orders": ("state", "filled"), "ws_order": ("state",)}


def hear(bench: Bench) -> Iterator[Heard]:
    """Every recorded message of the exchange."""
    context = bench.context(bench.source.profiles.credentials(bench.name))
    for sample in bench.source.samples(bench.name):
        id = str(sample["id"]).partition("/")[2]
        if sample["kind"] in SETTLED:
            yield Heard(id, Kind.READING, gap=SETTLED[sample["kind"]], settled=True)
        elif sample["channel"] == "ws":
            yield _hear_frames(bench, id, sample, context)
        else:
            yield _hear_answer(bench, id, sample, context)


def _hear_answer(bench: Bench, id: str, sample: Sample, context: Context) -> Heard:
    asked = sample.get("request")
    known = [bench.codec.endpoints.get(each) for each in _OPERATIONS[sample["kind"]]]
    readers = [each for each in known if each is not None and _asks(each, asked)]
    if asked is not None and not readers:
        gap = f"an answer of {asked['method']} {asked['path']}, which no operation of the spec asks"
        return Heard(id, Kind.READING, gap=gap, settled=True)
    arguments = Arguments(pair=pair_of(sample.get("symbol") or ""))
    read, failed = _read_answers(readers, sample, arguments, context)
    if sample["kind"] == "trade_object":
        read += [reports for reports in _read_frames(bench, sample["kind"], [sample["raw"]], context) if reports]
    theirs = sample.get("expected_by_ccxt")
    if not read and sample["kind"] == "trade_object" and _is_of_the_tape(theirs):
        return Heard(id, Kind.READING, gap=SETTLED["public_trades"], settled=True)
    if not read:
        if asked is not None:
            return Heard(id, Kind.READING, (f"it is not read: {failed}",))
        return Heard(id, Kind.READING, gap=_no_opinion(sample) or f"it is not read: {failed}", settled=theirs is None)
    if theirs is None:
        return Heard(id, Kind.READING, gap=_no_opinion(sample), settled=True)
    found = [
        list(
            compare(
                sample["kind"], asked_for(reports, sample["kind"], pair_of(sample.get("symbol") or ""), theirs), theirs
            )
        )
        for reports in read
    ]
    return Heard(id, Kind.READING, tuple(min(found, key=len)))


def _is_of_the_tape(theirs: Any) -> bool:
    return isinstance(theirs, Mapping) and "order" not in theirs and not theirs.get("fee")


def asked_for(reports: Sequence[Report], kind: str, pair: str, theirs: Any) -> list[Report]:
    """Our reports without those of which the others were not asked: of other pairs, and of other orders than the one
    they looked up."""
    kept = [each for each in reports if not pair or getattr(each, "pair", None) in (None, pair)]
    if kind == "order" and isinstance(theirs, Mapping):
        kept = [each for each in kept if not isinstance(each, OrderReport) or each.exchange_order_id == theirs["id"]]
    return kept


def _no_opinion(sample: Sample) -> str | None:
    if sample.get("expected_by_ccxt") is not None:
        return None
    return f"no opinion: {sample.get('note') or sample.get('ccxt_error') or 'nobody has read it'}"


def _asks(endpoint: Endpoint, asked: Mapping[str, str] | None) -> bool:
    """Whether the endpoint sends such a request; a placeholder in its path stands for anything but a slash."""
    if asked is None:
        return True
    path = "[^/]+".join(map(re.escape, re.split(r"\{[^}]*\}", endpoint.path)))
    return endpoint.method == asked["method"] and re.fullmatch(path, asked["path"]) is not None


def _read_answers(
    readers: Sequence[Endpoint], sample: Sample, arguments: Arguments, context: Context
) -> tuple[list[list[Report]], str]:
    """What each reader that could read it made of it, and why the first that could not could not."""
    bodies = [sample["raw"]]
    if sample["kind"].endswith("_object"):
        bodies.append([sample["raw"]])
    read: list[list[Report]] = []
    failed = "the spec has no such operation"
    for number, (endpoint, body) in enumerate((endpoint, body) for endpoint in readers for body in bodies):
        try:
            reports = endpoint.read(Answer(200, {}, json.dumps(body).encode()), arguments, context).reports
        except ExconnError as error:
            failed = failed if number else f"{type(error).__name__}: {error}"
            continue
        bad = [report for report in reports if isinstance(report, Unreadable)]
        if bad:
            failed = failed if number else bad[0].why
        else:
            read.append(reports)
    return read, failed


def _read_frames(bench: Bench, kind: str, frames: Sequence[Any], context: Context) -> list[list[Report]]:
    """The reports that each socket reads in the frames, of one connection."""
    read = []
    for socket in bench.codec.sockets.values():
        connection, reports = context.of_connection(), []
        for each in frames:
            heard = [socket.read(form, connection) for form in forms_of(bench.name, kind, each)]
            frame = next((frame for frame in heard if frame.kind is not FrameKind.UNKNOWN), heard[0])
            remember(connection, frame)
            reports += frame.reports if frame.kind is FrameKind.MESSAGE else ()
        read.append(reports)
    return read


def _hear_frames(bench: Bench, id: str, sample: Sample, context: Context) -> Heard:
    read = max(_read_frames(bench, sample["kind"], sample["raw"], context), key=len, default=[])
    bad = [report for report in read if isinstance(report, Unreadable)]
    if bad:
        return Heard(id, Kind.READING, tuple(f"it is not read: {report.why}" for report in bad))
    theirs = sample.get("expected_by_ccxt")
    if theirs is None:
        return Heard(id, Kind.READING, gap=_no_opinion(sample), settled=True)
    if not read:
        return Heard(id, Kind.READING, gap="no socket of the spec has such a message")
    said = [value for each in theirs for topic, value in each if topic != "error"]
    once = [value for number, value in enumerate(said) if value not in said[:number]]
    return Heard(id, Kind.READING, tuple(compare_said(sample["kind"], read, once)))


def compare(kind: str, ours: Sequence[Report], theirs: Any) -> Iterator[str]:
    """Differences of our reading of an answer of this kind to ccxt's unified one."""
    if kind in ("order", "open_orders", "create_order", "cancel_order", "order_object"):
        rows = [row for row in (theirs if isinstance(theirs, list) else [theirs]) if row.get("id") is not None]
        yield from alike.orders(_of(ours, OrderReport), rows, _MUST.get(kind, ()))
        made = [each for row in rows for each in row.get("trades", ()) if each.get("price") is not None]
        if made and _of(ours, FillReport):
            yield from alike.fills(_of(ours, FillReport), made)
    elif kind in ("my_trades", "order_trades", "trade_object"):
        yield from _compare_trades(ours, theirs if isinstance(theirs, list) else [theirs])
    elif kind == "balances":
        yield from alike.balances(_of(ours, BalanceReport), theirs)
    elif kind in ("markets", "market_object"):
        yield from alike.rules(_of(ours, TradingRule), theirs if isinstance(theirs, list) else [theirs])
    else:
        yield from _compare_one(ours, theirs)


def _compare_one(ours: Sequence[Report], theirs: Any) -> Iterator[str]:
    for report in ours:
        if isinstance(report, BookSnapshot | BookUpdate):
            yield from alike.book(report, theirs)
        elif isinstance(report, LastPrice):
            yield from alike.price(report, theirs)
        elif isinstance(report, ServerTime):
            yield from alike.moment(report, theirs)
    if not ours:
        yield "we read nothing in it"


def _compare_trades(ours: Sequence[Report], theirs: Sequence[Any]) -> Iterator[str]:
    if _of(ours, PublicTrade):
        yield from alike.trades(_of(ours, PublicTrade), theirs)
    else:
        yield from alike.fills(_of(ours, FillReport), theirs)


def compare_said(kind: str, ours: Sequence[Report], said: Sequence[Any]) -> Iterator[str]:
    """Differences in the frames of a connection; `said`: each structure that the others give to their listeners."""
    for value in said:
        if isinstance(value, Mapping) and "bids" in value:
            books = [report for report in ours if isinstance(report, BookSnapshot | BookUpdate)]
            yield from alike.book(books[-1], value) if books else ["book: we read none"]
        elif isinstance(value, Mapping):
            reports = _of(ours, BalanceReport)
            yield from alike.balances(reports, value) if "total" in value else ["no record of ours"]
        elif value and "takerOrMaker" not in value[0] and "status" not in value[0]:
            yield from alike.trades(_of(ours, PublicTrade), value)
        elif value and "status" in value[0]:
            yield from alike.orders(_of(ours, OrderReport), value, _MUST.get(kind, ()))
        else:
            yield from alike.fills(_of(ours, FillReport), value)


def _of(ours: Sequence[Report], model: type[Any]) -> list[Any]:
    return [report for report in ours if isinstance(report, model)]
