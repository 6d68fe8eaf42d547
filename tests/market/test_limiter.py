"""The limiter in virtual time: who waits, for how long, and who goes first."""

import asyncio

import pytest

from exconn.codec import Answer, Facts
from exconn.codec.facts import Pool
from exconn.errors import Throttled, UsageError
from exconn.market.limit_answers import hear_limits
from exconn.market.limiter import Costs, Kind, Limiter

ONE: Costs = (("p", 1),)


def limiter(*pools: Pool, share: float = 0.1) -> Limiter:
    return Limiter(pools, asyncio.get_running_loop().time, share)


def now() -> float:
    return round(asyncio.get_running_loop().time(), 3)


class Line:
    """Requests that note when they were let through; each is answered at once."""

    def __init__(self, limits: Limiter) -> None:
        self.limits = limits
        self.passed: list[tuple[str, float]] = []

    async def go(self, name: str, costs: Costs = ONE, kind: Kind = Kind.OTHER, patience: float | None = None) -> None:
        async with self.limits.slot(costs, kind, patience=patience):
            self.passed.append((name, now()))


@pytest.mark.virtual
async def test_requests_are_served_in_order_as_the_window_frees() -> None:
    line = Line(limiter(Pool(name="p", per=10.0, allow=2), share=0))
    await asyncio.gather(*(line.go(name) for name in "abcde"))
    assert line.passed == [("a", 0), ("b", 0), ("c", 10), ("d", 10), ("e", 20)]


@pytest.mark.virtual
async def test_cancels_have_a_share_and_go_first() -> None:
    line = Line(limiter(Pool(name="p", per=10.0, allow=3)))
    names = [("a", Kind.OTHER), ("b", Kind.OTHER), ("c", Kind.OTHER), ("x", Kind.CANCEL), ("y", Kind.CANCEL)]
    await asyncio.gather(*(line.go(name, kind=kind) for name, kind in names))
    assert line.passed == [("a", 0), ("b", 0), ("x", 0), ("y", 10), ("c", 10)]


@pytest.mark.virtual
@pytest.mark.parametrize("pool", [Pool(name="p", per=1.0, burst=60, refill=1), Pool(name="p", per=60.0, allow=60)])
async def test_a_cancel_that_costs_more_than_the_share_is_not_starved(pool: Pool) -> None:
    """Orders take what comes back as soon as their part of it is there; one that waits for more has to get it."""
    line = Line(limiter(pool))
    for number in range(54):
        await line.go(f"first {number}")
        await asyncio.sleep(0.25)
    orders = [asyncio.create_task(line.go(f"order {number}")) for number in range(100)]
    await asyncio.sleep(0)
    began = now()
    await line.go("cancel", costs=(("p", 8),), kind=Kind.CANCEL, patience=50.0)
    assert now() - began <= 50
    assert sum(name.startswith("order") and at > began for name, at in line.passed) <= 1
    for order in orders:
        order.cancel()
    await asyncio.gather(*orders, return_exceptions=True)
    await line.go("last")  # nothing is kept free for the cancel any more
    assert not line.limits._awaited


@pytest.mark.virtual
async def test_lists_leave_a_share_to_everything_else_and_go_last() -> None:
    line = Line(limiter(Pool(name="p", per=3.0, burst=8, refill=1), share=0.1))
    lists = [line.go(name, costs=(("p", 3),), kind=Kind.LIST) for name in ("l", "m", "n")]
    await asyncio.gather(*lists, line.go("a", costs=(("p", 4),)), line.go("x", costs=(("p", 1),), kind=Kind.CANCEL))
    # of 8, 3 must stay free of lists, and 1 of what is no cancel
    assert line.passed == [("l", 0), ("a", 0), ("x", 0), ("m", 18), ("n", 27)]


@pytest.mark.virtual
async def test_a_request_takes_from_all_its_pools_or_from_none() -> None:
    limits = limiter(Pool(name="p", per=10.0, allow=10), Pool(name="q", per=30.0, allow=1), share=0)
    both: Costs = (("p", 5), ("q", 1))
    assert limits.admit(0.0, both) == 0.0
    limits.settle(both)
    assert limits.admit(0.0, both) == 30.0
    assert limits.admit(0.0, (("p", 5),)) == 0.0


@pytest.mark.virtual
async def test_who_waits_for_one_pool_does_not_hold_up_another() -> None:
    line = Line(limiter(Pool(name="p", per=10.0, allow=1), Pool(name="q", per=10.0, allow=1)))
    await asyncio.gather(line.go("a"), line.go("b"), line.go("c", costs=(("q", 1),)))
    assert line.passed == [("a", 0), ("c", 0), ("b", 10)]


@pytest.mark.virtual
async def test_a_window_starts_at_the_answer_and_a_waiter_hears_of_it() -> None:
    line = Line(limiter(Pool(name="p", per=10.0, allow=1)))

    async def slow() -> None:
        async with line.limits.slot(ONE):
            await asyncio.sleep(25)

    await asyncio.gather(slow(), line.go("b"))
    assert line.passed == [("b", 35)]


@pytest.mark.virtual
async def test_a_throttled_pool_sends_nothing_not_even_cancels() -> None:
    line = Line(limiter(Pool(name="p", per=10.0, allow=10), Pool(name="q", per=10.0, allow=10)))
    line.limits.throttled("p", until=60.0)
    line.limits.throttled("p", until=5.0)
    assert line.limits.throttled_for(ONE) == 60.0
    await asyncio.gather(line.go("a"), line.go("x", kind=Kind.CANCEL), line.go("c", costs=(("q", 1),)))
    assert line.passed == [("c", 0), ("x", 60), ("a", 60)]
    line.limits.throttled(None, until=90.0)
    await line.go("d", costs=(("q", 1),))
    assert line.passed[-1] == ("d", 90)
    assert line.limits.throttled_for(ONE) == 0.0


@pytest.mark.virtual
async def test_a_ban_stops_what_no_pool_counts_but_not_the_frames_of_open_connections() -> None:
    line = Line(limiter(Pool(name="p", per=1.0, allow=10), Pool(name="f", per=1.0, allow=10, each="connection")))
    line.limits.throttled(None, until=30.0)
    line.limits.throttled(None, until=3.0)
    await asyncio.gather(line.go("uncounted", costs=()), line.go("counted"), line.go("ping", costs=(("f", 1),)))
    assert line.passed == [("ping", 0), ("uncounted", 30), ("counted", 30)]


# what a request costs, the answer to it, and for how long it stops requests (that cost nothing, that cost p)
ANSWERS: list[tuple[Costs, int, dict[str, str], tuple[float, float]]] = [
    ((), 429, {"retry-after": "7"}, (7, 7)),
    ((), 429, {}, (10, 10)),
    (ONE, 429, {}, (0, 5)),
    (ONE, 418, {}, (120, 120)),
    (ONE, 418, {"retry-after": "x"}, (120, 120)),
    (ONE, 200, {}, (0, 0)),
]


@pytest.mark.virtual
@pytest.mark.parametrize(("costs", "status", "headers", "stops"), ANSWERS)
async def test_what_an_answer_stops(
    costs: Costs, status: int, headers: dict[str, str], stops: tuple[float, float]
) -> None:
    pools = (Pool(name="p", per=5.0, allow=10),)
    limits, facts = limiter(*pools), Facts(name="x", docs="", hosts={}, pools=pools)
    hear_limits(facts, limits, costs, Answer(status, headers, b""), {}, 0.0, ban=120.0)
    assert (limits.throttled_for(()), limits.throttled_for(ONE)) == stops


@pytest.mark.virtual
async def test_who_cannot_wait_is_told_how_long_it_would_take() -> None:
    line = Line(limiter(Pool(name="p", per=10.0, allow=1)))
    await line.go("a")
    with pytest.raises(Throttled, match="the limits of p leave no room") as caught:
        await line.go("b", patience=3.0)
    assert (caught.value.retry_after, caught.value.not_executed, now()) == (10.0, True, 0)
    waiting = asyncio.ensure_future(line.go("c"))
    await asyncio.sleep(0)
    with pytest.raises(Throttled, match="requests of this kind are queued for longer than this one can wait"):
        await line.go("d", patience=3.0)
    assert now() == 3
    await waiting
    assert line.passed == [("a", 0), ("c", 10)]


@pytest.mark.virtual
async def test_nobody_overtakes_who_waits_already() -> None:
    line = Line(limiter(Pool(name="p", per=10.0, allow=1)))

    async def late() -> None:
        await asyncio.sleep(10)
        await line.go("c")

    await asyncio.gather(line.go("a"), late(), line.go("b"))
    assert line.passed == [("a", 0), ("b", 10), ("c", 20)]


@pytest.mark.virtual
async def test_a_cancelled_waiter_gives_way_to_the_next() -> None:
    line = Line(limiter(Pool(name="p", per=10.0, allow=1)))
    await line.go("a")
    first, second = asyncio.ensure_future(line.go("b")), asyncio.ensure_future(line.go("c"))
    await asyncio.sleep(1)
    first.cancel()
    await second
    assert line.passed == [("a", 0), ("c", 10)]


@pytest.mark.virtual
async def test_a_request_that_fails_is_settled_too() -> None:
    limits = limiter(Pool(name="p", per=10.0, allow=1))
    with pytest.raises(ValueError, match="boom"):
        async with limits.slot(ONE):
            raise ValueError("boom")
    assert limits.admit(9.0, ONE) == 1.0
    assert limits.admit(10.0, ONE) == 0.0


@pytest.mark.virtual
async def test_pools_counted_a_symbol_are_separate() -> None:
    limits = limiter(Pool(name="p", per=10.0, allow=1, each="symbol"))
    one, two = {"symbol": "BTC-USDT"}, {"symbol": "ETH-USDT"}
    assert limits.admit(0.0, ONE, each=one) == 0.0
    assert limits.admit(0.0, ONE, each=two) == 0.0
    assert limits.admit(0.0, ONE, each=one) == 10.0


@pytest.mark.virtual
async def test_the_exchange_may_count_more_than_we_did() -> None:
    limits = limiter(Pool(name="p", per=10.0, allow=10), share=0)
    limits.hear("p", 10)
    assert limits.admit(0.0, ONE) == 10.0


@pytest.mark.virtual
async def test_an_unknown_pool_is_named() -> None:
    with pytest.raises(UsageError, match="there is no rate-limit pool 'z'; there are p"):
        limiter(Pool(name="p", per=1.0, allow=1)).slot((("z", 1),))


@pytest.mark.virtual
async def test_nothing_is_kept_of_connections_that_are_gone() -> None:
    limits = limiter(Pool(name="p", per=10.0, allow=5), Pool(name="q", per=10.0, allow=1, each="connection"), share=0)
    for number in range(50):
        each = {"connection": f"user {number}"}
        for _ in range(2):
            async with limits.slot((("p", 1), ("q", 1)), each=each):
                pass
        limits.forget(each)
    assert (len(limits._gauges), len(limits._ways)) == (1, 0)


@pytest.mark.virtual
async def test_nothing_is_kept_of_the_handshakes_of_connections_that_are_gone() -> None:
    """A handshake is of a pool that is not counted by connection, and its way is remembered by it all the same."""
    limits = limiter(Pool(name="p", per=10.0, allow=5), Pool(name="q", per=10.0, allow=1, each="connection"), share=0)
    for number in range(50):
        each = {"connection": f"user {number}"}
        async with limits.slot(ONE, each=each):
            pass
        limits.forget(each)
    assert (len(limits._gauges), len(limits._ways)) == (1, 0)
