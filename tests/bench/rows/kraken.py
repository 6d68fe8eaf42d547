"""Rows of Kraken's shipped spec, against the peer that reads and signs for the same exchange: a book's update with its
checksum, an order that is live and its fill, an intent. The checksum is a cost of ours alone; see `kraken_peers`.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterator
from decimal import Decimal
from time import process_time
from urllib.parse import parse_qs

import msgspec

from exconn.codec import Codec, book_sync
from exconn.market import Market

from .. import kraken_peers as peers
from .. import ours
from ..kraken_material import book_frames, client_id, execution_frames, filled, order_id, pairs_body
from ..kraken_shapes import Books, Executions
from ..measure import Contender
from ..row import Goal, Row
from . import orders

FRAMES = 1000
STAGE = ours.Stage("BTC-USD", peers.KEYS, pairs_body, client_id, order_id)
BOOK_NOTE = "the shipped spec of Kraken, in memory, every checksum computed; ccxt.pro computes none"
EVENT_NOTE = "the shipped spec of Kraken, in memory; in turns an order that is live and a fill of it"
INTENT_NOTE = (
    "the shipped spec of Kraken, in memory; SHA-256 of as many bytes and a keyed HMAC-SHA512 over it, in base64"
)
PATH = "/0/private/AddOrder"
PARAMETERS: dict[str, object] = {
    "clientOrderId": client_id(1),
    "oflags": "fciq",
    "deadline": "2023-11-14T22:13:20.000Z",
}
DIGESTED = (
    b"1700000000000000nonce=1700000000000000&pair=XBTUSD&type=buy&volume=1.23456780&cl_ord_id=xbench000001"
    b"&deadline=2023-11-14T22%3A13%3A20.000Z&ordertype=limit&price=50000.1&oflags=fciq"
)


def rows() -> Iterator[Row]:
    decode, peer = (
        Contender("typed decode", _decode(Books, _updates), FRAMES),
        Contender("ccxt.pro", _peer_diff, FRAMES),
    )
    goals: tuple[Goal, ...] = (Goal(3.3, decode), Goal(0.17, peer))
    yield Row("book diff, Kraken", Contender("exconn", _diff, FRAMES), goals, BOOK_NOTE, checked=_check_diff)
    decode, peer = (
        Contender("typed decode", _decode(Executions, _told), FRAMES),
        Contender("ccxt.pro", _peer_event, FRAMES),
    )
    goals = (Goal(0.075, peer), Goal(None, decode))
    yield Row("user event, Kraken", Contender("exconn", _event, FRAMES), goals, EVENT_NOTE, checked=_check_event)
    keyed, signer = Contender("keyed HMAC", _hmac), Contender("ccxt", _peer_intent)
    goals = (Goal(4.5, keyed), Goal(0.08, signer))
    yield Row("order intent, Kraken", Contender("exconn", _intent()), goals, INTENT_NOTE, checked=_check_intent)


def _codec() -> Codec:
    return ours.shipped("kraken")


def _updates() -> tuple[str, ...]:
    return book_frames(FRAMES)[1:]


def _told() -> tuple[str, ...]:
    return execution_frames(FRAMES // 2)


def _decode(shape: type[msgspec.Struct], frames: Callable[[], tuple[str, ...]]) -> Callable[[int], None]:
    def run(operations: int) -> None:
        decode = msgspec.json.Decoder(shape).decode
        for frame in frames()[:operations]:
            decode(frame)

    return run


def _with_book() -> Market:
    """A market whose book is live at the snapshot."""
    market = ours.new_market(_codec(), STAGE)
    market.order_book_tracker.step(STAGE.pair, book_sync.Opened())
    _take(market, book_frames(FRAMES)[0])
    return market


def _take(market: Market, frame: str) -> None:
    reports = _codec().sockets["public"].read(frame, ours.parts(market).ground.context).reports
    market.order_book_tracker.take(reports)


def _diff(operations: int) -> float:
    market = _with_book()
    read, tracker = _codec().sockets["public"].read, market.order_book_tracker
    context, frames = ours.parts(market).ground.context, _updates()[:operations]
    begun = process_time()
    for frame in frames:
        tracker.take(read(frame, context).reports)
        book = tracker.get(STAGE.pair)
        _ = book.best_bid, book.best_ask
    return (process_time() - begun) / operations


def _peer_diff(operations: int) -> float:
    peers.reset_book()
    take, book = peers.socket().handle_text_or_binary_message, peers.pro().orderbooks[peers.SYMBOL]
    frames = _updates()[:operations]
    begun = process_time()
    for frame in frames:
        take(frame)
        _ = book["bids"][0], book["asks"][0]
    return (process_time() - begun) / operations


def _check_diff() -> None:
    """Both books show the same top after every frame; a sum that is wrong ends ours."""
    market = _with_book()
    peers.reset_book()
    for frame in _updates()[:100]:
        _take(market, frame)
        peers.socket().handle_text_or_binary_message(frame)
        assert ours.top(market.order_book_tracker.get(STAGE.pair)) == peers.top()

    async def take_wrong() -> None:
        _take(market, _updates()[100].replace('"checksum":', '"checksum":1'))
        ours.parts(market).network.cancel_all()

    ours.waited(take_wrong())
    assert STAGE.pair not in market.order_books


def _event(operations: int) -> float:
    market, heard = ours.with_orders(_codec(), FRAMES // 2, STAGE)
    take, context = ours.parts(market).user_events.take, ours.parts(market).ground.context
    read, frames = _codec().sockets["user"].read, _told()[:operations]
    begun = process_time()
    for frame in frames:
        take(read(frame, context).reports)
    spent = process_time() - begun
    assert heard.events == operations // 2
    return spent / operations


def _peer_event(operations: int) -> float:
    peers.reset_orders()
    take, frames = peers.socket().handle_text_or_binary_message, _told()[:operations]
    begun = process_time()
    for frame in frames:
        take(frame)
    return (process_time() - begun) / operations


def _check_event() -> None:
    """Ours and the peer's tell every fill that the frames tell."""
    frames = _told()[:300]
    market, _ = ours.with_orders(_codec(), len(frames) // 2, STAGE)
    for frame in frames:
        reports = _codec().sockets["user"].read(frame, ours.parts(market).ground.context).reports
        ours.parts(market).user_events.take(reports)
    _peer_event(len(frames))
    mine = {each.exchange_order_id: each.executed_amount_base for each in market.in_flight_orders.values()}
    theirs = {each["order"]: each["amount"] for each in peers.pro().myTrades}
    assert mine == filled(frames)
    assert theirs == {name: float(amount) for name, amount in mine.items()}


def _hmac(operations: int) -> None:
    keyed = hmac.new(base64.b64decode(peers.KEYS["secret_key"]), digestmod=hashlib.sha512)
    path = PATH.encode()
    for _ in range(operations):
        copy = keyed.copy()
        copy.update(path + hashlib.sha256(DIGESTED).digest())
        base64.b64encode(copy.digest())


def _intent() -> Callable[[int], None]:
    market = ours.new_market(_codec(), STAGE)

    def run(operations: int) -> None:
        for _ in range(operations):
            ours.signed_order(market, orders.AMOUNT, orders.PRICE, STAGE)

    return run


def _peer_intent(operations: int) -> None:
    for _ in range(operations):
        peers.signed_order(1.2345678, 50000.129, PARAMETERS)


def _check_intent() -> None:
    """Both send the same order, each signed over what it sends; deadline and name of the pair are their own."""
    request = ours.signed_order(ours.new_market(_codec(), STAGE), orders.AMOUNT, orders.PRICE, STAGE)
    theirs = peers.signed_order(1.2345678, 50000.129, PARAMETERS)
    mine = _fields((request.body or b"").decode(), dict(request.headers)["API-Sign"])
    asked = _fields(theirs["body"], theirs["headers"]["API-Sign"])
    assert set(mine) == set(asked)
    same = mine.keys() - {"nonce", "deadline", "pair", "volume"}
    assert {name: mine[name] for name in same} == {name: asked[name] for name in same}
    assert Decimal(mine["volume"]) == Decimal(asked["volume"])


def _fields(body: str, signature: str) -> dict[str, str]:
    """What a body says. AssertionError where it is not signed as the exchange documents it."""
    fields = {name: value for name, [value] in parse_qs(body).items()}
    digest = hashlib.sha256((fields["nonce"] + body).encode()).digest()
    mac = hmac.new(base64.b64decode(peers.KEYS["secret_key"]), PATH.encode() + digest, hashlib.sha512)
    assert base64.b64encode(mac.digest()).decode() == signature
    return fields
