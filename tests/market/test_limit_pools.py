"""The pools against an exchange that counts: whatever the network does, it never counts more than it allows."""

import random
from collections.abc import Mapping
from pathlib import Path

import pytest

from exconn.codec import CredentialField, Facts, Keyring, PoolSize
from exconn.codec.facts import Pool
from exconn.compile import compile_spec
from exconn.errors import UsageError
from exconn.market import Market
from exconn.market.limit_pools import Bucket, Gauge, Window, gauge_of, reserve_of, sized
from exconn.spec import read_spec


@pytest.mark.parametrize(
    ("pool", "share", "reserve"),
    [
        (Pool(name="p", per=1, allow=100), 0.1, 10),
        (Pool(name="p", per=1, allow=15), 0.1, 2),
        (Pool(name="p", per=1, allow=2), 0.1, 1),
        (Pool(name="p", per=1, allow=1), 0.1, 0),
        (Pool(name="p", per=1, burst=20, refill=1), 0.25, 5),
        (Pool(name="p", per=1, allow=100), 0.0, 0),
    ],
)
def test_the_reserve_is_a_share_but_never_all(pool: Pool, share: float, reserve: int) -> None:
    assert reserve_of(pool, share) == reserve


TIER = CredentialField(name="tier", secret=False, choice=("basic", "pro"), default="basic")
TIERED = Pool(
    name="calls",
    used="X-USED",
    by="tier",
    sizes={"basic": PoolSize(per=3.0, burst=15, refill=1), "pro": PoolSize(per=1.0, allow=20)},
)


@pytest.mark.parametrize(
    ("given", "pool"),
    [
        ({}, Pool(name="calls", per=3.0, burst=15, refill=1, used="X-USED")),
        ({"tier": "basic"}, Pool(name="calls", per=3.0, burst=15, refill=1, used="X-USED")),
        ({"tier": "pro"}, Pool(name="calls", per=1.0, allow=20, used="X-USED")),
    ],
)
def test_a_pool_is_as_large_as_the_account_says(given: Mapping[str, str], pool: Pool) -> None:
    plain = Pool(name="public", per=1.0, allow=5)
    facts = Facts(name="x", docs="", hosts={}, credentials=(TIER,), pools=(TIERED, plain))
    assert sized(facts, Keyring(facts.credentials, given)).pools == (pool, plain)


def test_another_word_than_the_choices_is_told() -> None:
    with pytest.raises(UsageError, match="credential tier must be one of basic, pro"):
        Keyring((TIER,), {"tier": "gold"})


async def test_a_market_counts_by_its_own_tier() -> None:
    spec = read_spec(Path(__file__).parents[1] / "imaginary" / "hash-then-hmac.yaml")
    keys = {"api_key": "k", "secret_key": "c2VjcmV0", "tier": "pro"}
    market = Market(compile_spec(spec), ["BTC-USDT"], keys)
    limiter = market._parts.ground.rest.limiter
    costs = (("calls", 18),)
    assert limiter.admit(0.0, costs) == 0.0
    limiter.settle(costs)
    with pytest.raises(UsageError, match="credential tier must be one of starter, intermediate, pro"):
        Market(compile_spec(spec), ["BTC-USDT"], {**keys, "tier": "gold"})


def test_a_window_frees_what_was_settled_a_window_ago() -> None:
    window = Window(allow=3, per=10.0)
    for settled_at in (0.0, 1.0, 1.0):
        window.take(1)
        window.settle(settled_at, 1)
    assert [window.delay(2.0, cost, 0) for cost in (0, 1, 2, 3)] == [0.0, 8.0, 9.0, 9.0]
    assert window.delay(9.99, 1, 0) > 0
    assert window.delay(10.0, 1, 0) == 0.0


def test_what_costs_more_than_a_window_goes_out_alone() -> None:
    window = Window(allow=3, per=10.0)
    assert window.delay(0.0, 5, 1) == 0.0
    window.take(5)
    window.settle(0.0, 5)
    assert (window.delay(4.0, 1, 0), window.delay(4.0, 5, 1), window.delay(10.0, 5, 1)) == (6.0, 6.0, 0.0)


def test_what_is_under_way_is_not_freed() -> None:
    window = Window(allow=1, per=10.0)
    window.take(1)
    assert window.delay(1e6, 1, 0) == 10.0


def test_a_bucket_refills() -> None:
    bucket = Bucket(burst=10, rate=2.0)
    assert bucket.delay(0.0, 10, 0) == 0.0
    bucket.take(10)
    bucket.settle(0.0, 10)
    assert bucket.delay(0.0, 3, 0) == 1.5
    assert bucket.delay(1.5, 3, 0) == 0.0
    assert bucket.delay(100.0, 10, 0) == 0.0


@pytest.mark.parametrize("gauge", [Window(10, 60.0), Bucket(10, 10 / 60)], ids=["window", "bucket"])
def test_the_greater_count_holds(gauge: Gauge) -> None:
    gauge.delay(0.0, 1, 0)
    gauge.hear(0.0, 9)
    assert gauge.delay(0.0, 1, 0) == 0.0
    assert gauge.delay(0.0, 2, 0) > 5
    gauge.hear(0.0, 1)
    assert gauge.delay(0.0, 2, 0) > 5


@pytest.mark.parametrize("gauge", [Window(10, 60.0), Bucket(10, 10 / 60)], ids=["window", "bucket"])
def test_a_cost_above_the_unreserved_part_may_still_go_when_all_is_free(gauge: Gauge) -> None:
    assert gauge.delay(0.0, 10, 3) == 0.0
    gauge.take(1)
    assert gauge.delay(0.0, 10, 3) > 0
    assert gauge.delay(0.0, 6, 3) == 0.0
    assert gauge.delay(0.0, 7, 3) > 0


@pytest.mark.parametrize(
    "pool", [Pool(name="p", per=1.0, allow=5), Pool(name="p", per=1.0, burst=5, refill=3)], ids=["window", "bucket"]
)
@pytest.mark.parametrize("seed", range(10))
def test_an_exchange_never_counts_more_than_it_allows(pool: Pool, seed: int) -> None:
    """Requests reach the exchange, and answers us, after random times: whenever it counts, the limit holds."""
    draw, gauge = random.Random(seed), gauge_of(pool)
    now, under_way, counted = 0.0, list[tuple[float, int]](), list[tuple[float, int]]()
    for _ in range(400):
        cost = draw.randrange(1, 3)
        wait = gauge.delay(now, cost, 0)
        if wait == 0.0:
            gauge.take(cost)
            arrives = now + draw.random() * 2
            counted.append((arrives, cost))
            under_way.append((arrives + draw.random() * 2, cost))
        now += draw.random() * 0.3
        for answered in sorted(entry for entry in under_way if entry[0] <= now):
            under_way.remove(answered)
            gauge.settle(now, answered[1])
    assert len(counted) > 50
    assert _kept(pool, sorted(counted))


def _kept(pool: Pool, counted: list[tuple[float, int]]) -> bool:
    if pool.allow is not None:
        return all(
            sum(cost for at, cost in counted if start <= at < start + pool.per) <= pool.allow for start, _ in counted
        )
    level, last = float(pool.burst or 0), 0.0
    for at, cost in counted:
        level = min(float(pool.burst or 0), level + (at - last) * (pool.refill or 0) / pool.per) - cost
        last = at
        if level < -1e-6:
            return False
    return True
