"""Books: when one is in step, and how it gets back there."""

import asyncio

from msgspec.structs import replace

from exconn.codec.book_chain import Link
from exconn.errors import ExconnError

from ..mutant import mutant

_SYNC = "exconn.codec.book_sync:"


@mutant(35, "a gap in the sequence is no gap", f"{_SYNC}link", ["I10"], ["book_gap"])
def gap_is_next(right):
    def link(chain, known, update):
        how = right(chain, known, update)
        return Link.NEXT if how is Link.GAP else how

    return link


@mutant(
    36,
    "a snapshot that is older than the first update is good enough",
    f"{_SYNC}_snapshot",
    ["I10"],
    ["old_snapshot"],
)
def old_snapshot_taken(right):
    def snapshot(sync, snapshot):
        return right(replace(sync, buffer=tuple(replace(update, first_id=0) for update in sync.buffer)), snapshot)

    return snapshot


@mutant(
    38,
    "nobody looks whether a book is crossed",
    "exconn.market.order_book:OrderBook.is_crossed",
    ["I10"],
    ["crossed_book"],
)
def crossed_book_published(right):
    return property(lambda self: False)


@mutant(
    58,
    "a book that was asked for once is not asked for again",
    "exconn.market.book_asking:BookAsking._ask",
    ["I14"],
    ["maintenance"],
)
def asked_once(right):
    async def ask(self, pair, stream):
        self._wanted.pop(pair, None)
        await asyncio.sleep(self._pause(pair))
        try:
            await self._by_rest(pair)
        except ExconnError:
            """It was asked for."""

    return ask
