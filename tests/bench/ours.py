"""exconn as the rows use it: the bench's spec in both modes, and markets that were never started, with rules and books.

Rules: only what a market is made of is called, in the order in which the market calls it; no network is touched.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from exconn.codec import Answer, Arguments, Codec, Fresh, Request, book_sync
from exconn.market import Market, OrderBook
from exconn.market.parts import Parts
from exconn.market.tracking import Accepted
from exconn.model import BookSnapshot, MarketEvent, OrderReport, OrderState, OrderType, TradeType
from exconn.shipped import find
from exconn.spec import Spec, load_spec
from exconn.testing.cases.modes import Mode, codec_of

from .material import client_id, rules_body, snapshot_body

PAIR = "BTC-USDT"
CREDENTIALS = {"api_key": "a-key", "secret_key": "a-secret-of-the-bench"}
MODES = {Mode.MEMORY: "in memory", Mode.GENERATED: "generated"}


@dataclass(frozen=True, slots=True)
class Stage:
    """What a market stands on: its pair, its keys, the answer its rules are read from, and the ids of its orders,
    ours and the exchange's."""

    pair: str
    credentials: dict[str, str]
    rules: Callable[[], bytes]
    client_id: Callable[[int], str]
    order_id: Callable[[int], str]


SPOT = Stage(PAIR, CREDENTIALS, lambda: rules_body(5), client_id, lambda number: str(4_000_000 + number))
ENDINGS: list[Callable[[], object]] = []
"""What to call, in the loop, when all is measured."""
_FILE = Path(__file__).with_name("spot.yaml")


@cache
def spec() -> Spec:
    return load_spec(_FILE.read_bytes(), _FILE.name)


@cache
def codec(mode: Mode) -> Codec:
    return codec_of(spec(), mode)


@cache
def shipped(exchange: str) -> Codec:
    """The codec of a shipped spec, in memory."""
    path = find(exchange, ".yaml")
    return codec_of(load_spec(path.read_bytes(), path.name), Mode.MEMORY)


@cache
def loop() -> asyncio.AbstractEventLoop:
    """The one loop of the bench."""
    made = asyncio.new_event_loop()
    asyncio.set_event_loop(made)
    return made


def waited(work: Coroutine[Any, Any, Any]) -> Any:
    return loop().run_until_complete(work)


def close() -> None:
    """End what still runs in the loop."""

    async def end() -> None:
        for ending in ENDINGS:
            ending()
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()}, return_exceptions=True)

    if loop.cache_info().currsize:
        waited(end())
        loop().close()


def read(codec: Codec, operation: str, body: bytes, arguments: Arguments, market: Market) -> list[Any]:
    """The reports in an answer."""
    reply = codec.endpoints[operation].read(Answer(200, {}, body), arguments, parts(market).ground.context)
    return list(reply.reports)


def parts(market: Market) -> Parts:
    return market._parts


def new_market(codec: Codec, stage: Stage = SPOT, **options: Any) -> Market:
    """A market that knows its trading rules; nothing of it runs."""
    market = Market(codec, [stage.pair], stage.credentials, **options)
    parts(market).rules.load(read(codec, "trading_rules", stage.rules(), Arguments(), market))
    return market


async def with_book(codec: Codec) -> Market:
    """A market whose book is live at the snapshot."""
    market = new_market(codec)
    books = market.order_book_tracker
    [snapshot] = read(codec, "book_snapshot", snapshot_body(), Arguments(pair=PAIR), market)
    assert isinstance(snapshot, BookSnapshot)
    books.step(PAIR, book_sync.Opened())
    books.step(PAIR, snapshot)
    parts(market).network.cancel_all()
    return market


def top(book: OrderBook) -> list[float]:
    """Price and size of the best bid and the best ask."""
    bid, ask = book.best_bid, book.best_ask
    assert bid is not None
    assert ask is not None
    return [*bid, *ask]


@dataclass
class Heard:
    """A listener."""

    events: int = 0

    def __call__(self, event: object) -> None:
        self.events += 1


def with_orders(codec: Codec, orders: int, stage: Stage = SPOT) -> tuple[Market, Heard]:
    """A market with so many open orders, and one who listens to its fills."""
    market, heard = new_market(codec, stage), Heard()
    tracker, make = parts(market).tracker, parts(market).intents.unchecked
    for number in range(orders):
        name = stage.client_id(number)
        tracker.start(make(name, stage.pair, TradeType.BUY, Decimal(5), OrderType.LIMIT, Decimal(50000)))
        report = OrderReport(client_id=name, exchange_order_id=stage.order_id(number), state=OrderState.OPEN)
        tracker.tell(name, Accepted(report), 0.0)
    market.add_listener(MarketEvent.OrderFilled, heard)
    return market, heard


def signed_order(market: Market, amount: Decimal, price: Decimal, stage: Stage = SPOT) -> Request:
    """A limit order from a trader's words to its bytes, as `Trading` and `Rest` do it."""
    all_parts = parts(market)
    ground = all_parts.ground
    order = all_parts.intents.make(stage.client_id(1), stage.pair, TradeType.BUY, amount, OrderType.LIMIT, price)
    arguments = Arguments(
        pair=order.pair,
        order_type=order.order_type,
        side=order.side,
        amount=order.amount,
        price=order.price,
        client_id=order.client_id,
        created_ns=order.created_ns,
    )
    endpoint = ground.codec.endpoints["place_order"]
    fresh: Fresh = ground.freshness.fresh(endpoint.nonce)
    return endpoint.build(arguments, fresh, ground.context)
