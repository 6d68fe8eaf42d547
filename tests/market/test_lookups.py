"""Looking an order up and resolving it: which operation is asked, when absence is told, and when a submit is given up:
at once, behind its fence, or never.
"""

import asyncio
import contextlib
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from exconn.codec import Arguments, Reply
from exconn.codec.facts import Fence, Sees
from exconn.errors import ExchangeError, Meaning, Unanswered, UsageError
from exconn.market import MarketSettings, MemoryStore
from exconn.market.lookups import Lookups
from exconn.market.resolving import Resolving
from exconn.market.tracking import Accepted, CancelRequested, Phase, Submitted, TrackedOrder, Tracker, Unresolved
from exconn.model import OrderReport, OrderState, OrderType, TradeType
from exconn.testing.virtual import World

PLACE = "place_order"
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
        self.takes = 0.0
        self.settings = MarketSettings()
        self.codec = SimpleNamespace(
            facts=SimpleNamespace(fence=Fence("window", 5), same_id="refused", sees={}, client_id=None)
        )
        self.placings: list[OrderState | Meaning] = []
        self.unsigned: frozenset[str] = frozenset()
        self.syncs = 0
        self.time = SimpleNamespace(now=world.time)
        self.clock = SimpleNamespace(time_ns=lambda: round(world.time() * SECOND), round_trip=0.1)

    def offers(self, operation: str) -> bool:
        return operation in self.knows

    def endpoint(self, operation: str) -> Any:
        return SimpleNamespace(nonce=None if operation in self.unsigned else "us")

    async def sync_clock(self) -> None:
        self.syncs += 1

    async def ask(self, operation: str, arguments: Arguments, before: Any = None) -> Any:
        self.asked.append(operation)
        if operation == PLACE:
            return self.placed(arguments)
        before(None)
        await asyncio.sleep(self.takes)
        if self.failing:
            self.failing -= 1
            raise Unanswered("GET: no answer")
        state = self.knows[operation]
        if state is None:
            raise ExchangeError(operation, Meaning.ORDER_NOT_FOUND, "2013")
        report = OrderReport(exchange_order_id="77", client_id=arguments.client_id, state=state, filled=Decimal(0))
        return SimpleNamespace(reply=Reply([report]))

    def placed(self, arguments: Arguments) -> Any:
        answer = self.placings.pop(0)
        if isinstance(answer, Meaning):
            raise ExchangeError(PLACE, answer)
        return SimpleNamespace(reply=Reply([OrderReport(exchange_order_id="77", client_id="mine", state=answer)]))


def stage(
    world: World, knows: dict[str, OrderState | None], fence: str = "window"
) -> tuple[FakeRest, Tracker, Lookups]:
    rest: Any = FakeRest(world, knows)
    rest.codec.facts.fence = Fence(fence)
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
    tracker.tell("mine", Submitted(5 * SECOND, 5.0) if fence == "window" else Submitted(), 0.0)
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
    lookup, order = await lookups.look_up("mine"), tracker.find("mine")
    assert lookup is not None and lookup.absent is all(knows[operation] is None for operation in asked)
    assert rest.asked == asked and lookup.operations[: len(asked)] == tuple(asked)
    assert order is not None and order.phase is phase


async def test_of_two_lists_the_moment_of_the_first_counts(virtual_world: World) -> None:
    """It came into the list of open orders, just before its fence, after that had been asked for."""
    rest, tracker, lookups = stage(virtual_world, {OPEN: None, CLOSED: None})
    rest.takes = 2.0
    await asyncio.sleep(4)
    lookup, order = await lookups.look_up("mine"), tracker.find("mine")
    assert lookup is not None and lookup.absent and virtual_world.time() == 8.0
    assert order is not None and order.absent_first_at is None


async def test_an_exchange_without_lookups_says_so(virtual_world: World) -> None:
    _, _, lookups = stage(virtual_world, {OPEN: None})
    with pytest.raises(UsageError, match="this exchange has no lookup of a single order"):
        await lookups.look_up("mine")
    assert await lookups.look_up("not mine") is None


def resolving(rest: FakeRest, tracker: Tracker, lookups: Lookups, asks: list[float] | None = None) -> Resolving:
    """`asks` notes the cancels; the third of them is answered with "no such order"."""
    noted = [] if asks is None else asks

    async def ask_cancel(client_id: str) -> bool:
        noted.append(rest.world.time())
        if len(noted) == 3:
            work.fence_now(client_id, "not found")
        return False

    typed: Any = rest
    work = Resolving(typed, tracker, lookups, ask_cancel)
    return work


async def end_of(tracker: Tracker, work: Resolving, seconds: float) -> Phase:
    """The order's phase after so many seconds of resolving."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await work.resolve("mine")
    order = tracker.find("mine")
    assert order is not None
    return order.phase


async def test_an_order_that_never_arrived_is_given_up_behind_the_fence(virtual_world: World) -> None:
    rest, tracker, lookups = stage(virtual_world, {CLIENT: None})
    assert await end_of(tracker, resolving(rest, tracker, lookups), 60) is Phase.FAILED
    assert 7 < virtual_world.time() < 10
    assert rest.syncs == 2  # both answers that count were judged by a clock just asked for


@pytest.mark.parametrize(
    ("closed_for", "phase"), [(600.0, Phase.FAILED), (60.0, Phase.UNRESOLVED), (None, Phase.FAILED)]
)
async def test_what_would_be_shown_no_more_may_have_been_filled(
    virtual_world: World, closed_for: float | None, phase: Phase
) -> None:
    rest, tracker, lookups = stage(virtual_world, {CLIENT: None})
    rest.codec.facts.sees = {CLIENT: Sees(2, closed_for)}
    rest.failing = 40  # the exchange is away for longer than it shows what is closed
    assert await end_of(tracker, resolving(rest, tracker, lookups), 500) is phase
    assert len(rest.asked) > 40


async def test_a_lookup_that_fails_proves_nothing(virtual_world: World) -> None:
    rest, tracker, lookups = stage(virtual_world, {CLIENT: None})
    rest.failing = 20
    assert await end_of(tracker, resolving(rest, tracker, lookups), 600) is Phase.FAILED
    assert len(rest.asked) == 22
    assert virtual_world.time() > 20


# whether the lookup draws a nonce, the phase that follows, and the least and most seconds that it takes
NONCES = [(frozenset(), Phase.FAILED, 2.5, 8), (frozenset({CLIENT}), Phase.UNRESOLVED, 600, 600)]


@pytest.mark.parametrize(("unsigned", "phase", "least", "most"), NONCES)
async def test_a_higher_nonce_that_was_taken_is_a_fence(
    virtual_world: World, unsigned: frozenset[str], phase: Phase, least: float, most: float
) -> None:
    rest, tracker, lookups = stage(virtual_world, {CLIENT: None}, "nonce")
    rest.unsigned = unsigned
    assert await end_of(tracker, resolving(rest, tracker, lookups), 600) is phase
    assert least <= virtual_world.time() <= most


async def test_a_cancel_that_found_nothing_is_a_fence(virtual_world: World) -> None:
    rest, tracker, lookups = stage(virtual_world, {CLIENT: None}, "cancel_by_client_id")
    asks: list[float] = []
    assert await end_of(tracker, resolving(rest, tracker, lookups, asks), 600) is Phase.FAILED
    assert len(asks) == 3 and asks[0] > 2  # not before the order would show
    assert virtual_world.time() > asks[-1] + 2


# what sending it again is answered with, the phase, and how often it is sent
RESENT: list[tuple[list[Any], Phase, int]] = [
    ([OrderState.OPEN], Phase.OPEN, 1),
    ([Meaning.OUTCOME_UNKNOWN, OrderState.OPEN], Phase.OPEN, 2),
    ([Meaning.DUPLICATE_CLIENT_ID, OrderState.OPEN], Phase.OPEN, 2),
    ([Meaning.REJECTED] * 3, Phase.UNRESOLVED, 3),
]


@pytest.mark.parametrize(("answers", "phase", "sent"), RESENT)
async def test_sending_again_makes_sure_that_an_order_is_there(
    virtual_world: World, answers: list[Any], phase: Phase, sent: int
) -> None:
    rest, tracker, lookups = stage(virtual_world, {CLIENT: None}, "resend")
    rest.placings = answers
    assert await end_of(tracker, resolving(rest, tracker, lookups), 600) is phase
    assert rest.asked.count(PLACE) == sent


async def test_what_is_to_be_cancelled_or_could_make_two_orders_is_not_sent_again(virtual_world: World) -> None:
    for same_id, is_wanted in (("second_order", False), ("refused", True)):
        rest, tracker, lookups = stage(virtual_world, {CLIENT: None}, "resend")
        rest.codec.facts.same_id = same_id
        if is_wanted:
            tracker.tell("mine", CancelRequested(), 0.0)
        assert await end_of(tracker, resolving(rest, tracker, lookups), 100) is Phase.UNRESOLVED
        assert PLACE not in rest.asked


async def test_an_order_that_was_found_elsewhere_is_never_sent_from_here(virtual_world: World) -> None:
    """Whoever made it did so once; where it is over and shown no more, another would be made."""
    rest, tracker, lookups = stage(virtual_world, {CLIENT: None}, "resend")
    order = tracker.find("mine")
    assert order is not None
    tracker.stop("mine")
    tracker.restore([replace(order, phase=Phase.INTENT, earliest_ns=0)])
    assert await end_of(tracker, resolving(rest, tracker, lookups), 600) is Phase.UNRESOLVED
    assert PLACE not in rest.asked


async def test_an_order_of_any_age_may_be_shown_no_more(virtual_world: World) -> None:
    """It is not proven that it never arrived, although it was tracked a moment ago."""
    rest, tracker, lookups = stage(virtual_world, {CLIENT: None}, "nonce")
    rest.codec.facts.sees = {CLIENT: Sees(2.0, 3600.0)}
    await asyncio.sleep(7200)  # more than that
    order = tracker.find("mine")
    assert order is not None
    tracker.stop("mine")
    tracker.restore(
        [replace(order, phase=Phase.INTENT, created_ns=round(virtual_world.time() * SECOND), earliest_ns=0)]
    )
    assert await end_of(tracker, resolving(rest, tracker, lookups), 600) is Phase.UNRESOLVED
