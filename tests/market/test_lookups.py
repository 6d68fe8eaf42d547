"""Looking an order up: which operation is asked, when absence is told, and when a submit is given up."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from exconn.codec import Arguments, Reply
from exconn.errors import ExchangeError, Meaning, Unanswered, UsageError
from exconn.market import MarketSettings, MemoryStore
from exconn.market.lookups import Lookups
from exconn.market.tracking import Accepted, Phase, Submitted, TrackedOrder, Tracker, Unresolved
from exconn.model import OrderReport, OrderState, OrderType, TradeType
from exconn.testing.virtual import World

CLIENT, EXCHANGE = "order_by_client_id", "order_by_exchange_id"
OPEN, CLOSED = "open_order_by_client_id", "closed_order_by_client_id"
SECOND = 1_000_000_000


class FakeRest:
    """An exchange of lookups only: operation -> the state it knows the order in, None for not found."""

    def __init__(self, world: World, knows: dict[str, OrderState | None]) -> None:
        self.world = world
        self.knows = knows
        self.asked: list[str] = []
        self.failing = 0
        self.settings = MarketSettings()
        self.time = SimpleNamespace(now=world.time)
        self.clock = SimpleNamespace(time_ns=lambda: round(world.time() * SECOND), round_trip=0.1)

    def offers(self, operation: str) -> bool:
        return operation in self.knows

    async def ask(self, operation: str, arguments: Arguments, before: Any) -> Any:
        before(None)
        self.asked.append(operation)
        if self.failing:
            self.failing -= 1
            raise Unanswered("GET: no answer")
        state = self.knows[operation]
        if state is None:
            raise ExchangeError(operation, Meaning.ORDER_NOT_FOUND, "2013")
        report = OrderReport(exchange_order_id="77", client_id=arguments.client_id, state=state, filled=Decimal(0))
        return SimpleNamespace(reply=Reply([report]))


def stage(world: World, knows: dict[str, OrderState | None]) -> tuple[FakeRest, Tracker, Lookups]:
    rest: Any = FakeRest(world, knows)
    tracker = Tracker(MemoryStore(), lambda tag, event: None)
    order = TrackedOrder(
        client_id="mine",
        pair="A-B",
        order_type=OrderType.LIMIT,
        side=TradeType.BUY,
        price=Decimal(1),
        amount=Decimal(1),
        sees_ns=2 * SECOND,
    )
    tracker.start(order)
    tracker.tell("mine", Submitted(5 * SECOND), 0.0)
    tracker.tell("mine", Unresolved("lost"), 0.0)
    return rest, tracker, Lookups(rest, tracker)


# what the exchange has and knows, whether its own id is known, what is asked, and the phase that follows
WAYS: list[tuple[dict[str, OrderState | None], bool, list[str], Phase]] = [
    ({CLIENT: OrderState.OPEN, EXCHANGE: None}, False, [CLIENT], Phase.OPEN),
    ({CLIENT: None, EXCHANGE: OrderState.CANCELED}, True, [EXCHANGE], Phase.CANCELED),
    ({CLIENT: OrderState.CANCELED}, True, [CLIENT], Phase.CANCELED),
    ({OPEN: OrderState.OPEN, CLOSED: None}, False, [OPEN], Phase.OPEN),
    ({OPEN: None, CLOSED: OrderState.CANCELED}, False, [OPEN, CLOSED], Phase.CANCELED),
    ({OPEN: None, CLOSED: None}, False, [OPEN, CLOSED], Phase.UNRESOLVED),
]


@pytest.mark.parametrize(("knows", "is_named", "asked", "phase"), WAYS)
async def test_which_operation_is_asked(
    virtual_world: World, knows: dict[str, OrderState | None], is_named: bool, asked: list[str], phase: Phase
) -> None:
    rest, tracker, lookups = stage(virtual_world, knows)
    if is_named:
        tracker.tell("mine", Accepted(OrderReport(exchange_order_id="77", state=OrderState.OPEN)), 0.0)
    order = await lookups.look_up("mine")
    assert rest.asked == asked
    assert order is not None and order.phase is phase


async def test_an_exchange_without_lookups_says_so(virtual_world: World) -> None:
    _, _, lookups = stage(virtual_world, {OPEN: None})
    with pytest.raises(UsageError, match="this exchange has no lookup of a single order"):
        await lookups.look_up("mine")
    assert await lookups.look_up("not mine") is None


async def test_an_order_that_never_arrived_is_given_up_behind_the_fence(virtual_world: World) -> None:
    _, tracker, lookups = stage(virtual_world, {CLIENT: None})
    await lookups.resolve("mine")
    order = tracker.find("mine")
    assert order is not None and order.phase is Phase.FAILED
    assert 7 < virtual_world.time() < 10


async def test_a_lookup_that_fails_proves_nothing(virtual_world: World) -> None:
    rest, tracker, lookups = stage(virtual_world, {CLIENT: None})
    rest.failing = 20
    await lookups.resolve("mine")
    assert len(rest.asked) == 22
    assert tracker.find("mine") is not None and virtual_world.time() > 20
