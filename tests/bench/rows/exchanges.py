"""Rows of shipped specs, against the peers that read and sign for the same exchange: a book's diff, a fill of a tracked
order, an intent. The bytes are those of the other rows; a stream's event stands in the frame that its subscription has.
"""

from collections.abc import Callable, Iterator
from functools import cache
from time import process_time

from exconn.codec import Codec

from .. import ours
from ..material import diff_frames, fill_frames
from ..measure import Contender
from ..row import Goal, Row
from . import books, orders

FRAMES = 1000
NOTE = "the shipped spec of Binance, in memory; peers and floors as in the row of the same name"


def rows() -> Iterator[Row]:
    decode, peer = Contender("typed decode", books._decode, books.FRAMES), Contender("ccxt.pro", books._peer, FRAMES)
    goals = (Goal(3.3, decode), Goal(0.17, peer))
    yield Row("book diff, Binance", Contender("exconn", _diff, FRAMES), goals, NOTE, checked=_check_diff)
    told = Contender("ccxt.pro", orders._peer_event, FRAMES)
    yield Row(
        "user event, Binance", Contender("exconn", _event, FRAMES), (Goal(0.075, told),), NOTE, checked=_check_event
    )
    keyed, signer = Contender("keyed HMAC", orders._hmac), Contender("ccxt", orders._peer_intent)
    goals = (Goal(4.5, keyed), Goal(0.08, signer))
    yield Row("order intent, Binance", Contender("exconn", _intent()), goals, NOTE, checked=_check_intent)


def _codec() -> Codec:
    return ours.shipped("binance")


def _diff(operations: int) -> float:
    market = ours.waited(ours.with_book(_codec()))
    read, tracker, context = (
        _codec().sockets["public"].read,
        market.order_book_tracker,
        ours.parts(market).ground.context,
    )
    frames = diff_frames(FRAMES)[:operations]
    begun = process_time()
    for frame in frames:
        tracker.take(read(frame, context).reports)
        book = tracker.get(ours.PAIR)
        _ = book.best_bid, book.best_ask
    return (process_time() - begun) / operations


def _check_diff() -> None:
    books.check_tops(_codec())


@cache
def _events() -> tuple[str, ...]:
    return tuple(f'{{"subscriptionId":0,"event":{frame}}}' for frame in fill_frames(FRAMES))


def _told(operations: int) -> tuple[float, int]:
    """Seconds an event, and how many fills were told."""
    market, heard = ours.with_orders(_codec(), 100)
    take, context = ours.parts(market).user_events.take, ours.parts(market).ground.context
    read, frames = _codec().sockets["user"].read, _events()[:operations]
    begun = process_time()
    for frame in frames:
        take(read(frame, context).reports)
    return (process_time() - begun) / operations, heard.events


def _event(operations: int) -> float:
    return _told(operations)[0]


def _check_event() -> None:
    assert _told(300)[1] == 300


def _intent() -> Callable[[int], None]:
    market = ours.new_market(_codec())

    def run(operations: int) -> None:
        for _ in range(operations):
            ours.signed_order(market, orders.AMOUNT, orders.PRICE)

    return run


def _check_intent() -> None:
    request = ours.signed_order(ours.new_market(_codec()), orders.AMOUNT, orders.PRICE)
    orders.check_signed((request.body or b"").decode())
