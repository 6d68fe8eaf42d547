"""Rows of orders: a user event's bytes to the tracked order with its events told, and an intent to its signed bytes."""

import hashlib
import hmac
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from time import process_time
from urllib.parse import parse_qs

import msgspec

from exconn.testing.cases.modes import Mode

from .. import ours, peers
from ..material import fill_frames
from ..measure import Contender
from ..row import Goal, Row, as_in_memory

FRAMES = 1000
USER_NOTE = "Socket.read and UserEvents.take with a listener; ccxt.pro's Client.handle_text_or_binary_message"
MANY_NOTE = "the same fills of the same 100 orders, with 1,000 open and with 100"
INTENT_NOTE = (
    "Intents.make, Fresh, Endpoint.build; ccxt's create_order_request and sign; HMAC of as many bytes, keyed once"
)
AMOUNT, PRICE = Decimal("1.2345678"), Decimal("50000.129")
SIGNED = b"timestamp=1700000000000&symbol=BTCUSDT&side=BUY&newClientOrderId=x-bench-000001&recvWindow=5000&" * 2
PARAMETERS = {"newClientOrderId": "x-bench-000001", "recvWindow": 5000, "newOrderRespType": "ACK"}


class Execution(msgspec.Struct):
    s: str
    c: str
    S: str
    q: str
    p: str
    x: str
    X: str
    r: str
    i: int
    l: str  # noqa: E741 - the exchange's name
    z: str
    L: str
    n: str
    N: str
    T: int
    t: int
    m: bool
    Z: str


def rows() -> Iterator[Row]:
    floor, peer = Contender("typed decode", _decode, FRAMES), Contender("ccxt.pro", _peer_event, FRAMES)
    few = {mode: Contender("100 open", _event(mode, 100), FRAMES) for mode in ours.MODES}
    for mode, title in ours.MODES.items():
        goals = (Goal(0.075, peer), Goal(None, floor), *as_in_memory(few[mode], few[Mode.MEMORY]))
        yield Row(f"user event, {title}", few[mode], goals, USER_NOTE, checked=_check)
    many = Contender("1,000 open", _event(Mode.MEMORY, 1000), FRAMES)
    yield Row("user event, 1,000 open", many, (Goal(1.1, few[Mode.MEMORY]),), MANY_NOTE)
    intents = {mode: Contender(title, _intent(mode)) for mode, title in ours.MODES.items()}
    keyed, signer = Contender("keyed HMAC", _hmac), Contender("ccxt", _peer_intent)
    for mode, title in ours.MODES.items():
        subject = intents[mode]
        goals = (Goal(4.5, keyed), Goal(0.08, signer), *as_in_memory(subject, intents[Mode.MEMORY]))
        yield Row(f"order intent, {title}", subject, goals, INTENT_NOTE, checked=partial(_check_intent, mode))


def _decode(operations: int) -> None:
    decode = msgspec.json.Decoder(Execution).decode
    for frame in fill_frames(FRAMES)[:operations]:
        decode(frame)


def _event(mode: Mode, orders: int) -> Callable[[int], float]:
    codec = ours.codec(mode)
    read = codec.sockets["user"].read

    def run(operations: int) -> float:
        market, _ = made = ours.with_orders(codec, orders)
        take, context = ours.parts(market).user_events.take, ours.parts(market).ground.context
        frames = fill_frames(FRAMES)[:operations]
        begun = process_time()
        for frame in frames:
            take(read(frame, context).reports)
        spent = process_time() - begun
        assert made[1].events == operations
        return spent / operations

    return run


def _peer_event(operations: int) -> float:
    exchange, take = peers.pro(), peers.socket().handle_text_or_binary_message
    exchange.orders = exchange.myTrades = None
    frames = fill_frames(FRAMES)[:operations]
    begun = process_time()
    for frame in frames:
        take(frame)
    return (process_time() - begun) / operations


def _check() -> None:
    """Ours has told every fill, and the last state of an order is the peer's."""
    _peer_event(300)
    theirs = {order["clientOrderId"]: Decimal(str(order["filled"])) for order in peers.pro().orders}
    for mode in ours.MODES:
        codec = ours.codec(mode)
        market, heard = ours.with_orders(codec, 100)
        for frame in fill_frames(FRAMES)[:300]:
            reports = codec.sockets["user"].read(frame, ours.parts(market).ground.context).reports
            ours.parts(market).user_events.take(reports)
        assert heard.events == 300
        orders = market.in_flight_orders.values()
        assert {each.client_order_id: each.executed_amount_base for each in orders} == theirs


def _hmac(operations: int) -> None:
    keyed = hmac.new(b"a-secret-of-the-bench", digestmod=hashlib.sha256)
    for _ in range(operations):
        copy = keyed.copy()
        copy.update(SIGNED)
        copy.hexdigest()


def _intent(mode: Mode) -> Callable[[int], None]:
    market = ours.new_market(ours.codec(mode))

    def run(operations: int) -> None:
        for _ in range(operations):
            ours.signed_order(market, AMOUNT, PRICE)

    return run


def _peer_intent(operations: int) -> None:
    for _ in range(operations):
        _peer_signed()


def _peer_signed() -> dict[str, object]:
    exchange = peers.plain()
    asked = exchange.create_order_request(peers.SYMBOL, "limit", "buy", 1.2345678, 50000.129, PARAMETERS)
    signed: dict[str, object] = exchange.sign("order", ["private"], "POST", asked)
    return signed


def _check_intent(mode: Mode) -> None:
    """Both send the same order, signed over what they send."""
    request = ours.signed_order(ours.new_market(ours.codec(mode)), AMOUNT, PRICE)
    check_signed(request.target.partition("?")[2])


def check_signed(sent: str) -> None:
    """The parameters sent are the peer's, and signed as they are."""
    signed, _, signature = sent.rpartition("&signature=")
    assert hmac.new(b"a-secret-of-the-bench", signed.encode(), hashlib.sha256).hexdigest() == signature
    mine, theirs = parse_qs(signed), parse_qs(str(_peer_signed()["body"]))
    for name in ("symbol", "side", "type", "timeInForce", "newClientOrderId"):
        assert mine[name] == theirs[name]
    assert Decimal(mine["quantity"][0]) == Decimal(theirs["quantity"][0])
