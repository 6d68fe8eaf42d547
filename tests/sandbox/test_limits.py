"""Pools: what they count, what they refuse, what they tell; over HTTP, and the counting itself."""

import asyncio
import random
from fractions import Fraction
from typing import Any

import pytest

from exconn.sandbox.limits import SECOND, Bans, Limits, Pool
from exconn.testing.virtual import World


async def test_the_public_pool(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        for number in range(1, 21):
            reply = await bench.get("/v1/book")  # refused for its parameters, and counted all the same
            assert (reply.code, reply.headers["MX-USED-PUBLIC"]) == (1101, str(number))
        reply = await bench.get("/v1/time")
        assert (reply.status, reply.code, reply.msg) == (429, 1015, "rate limit of pool public exceeded")
        assert (reply.headers["Retry-After"], reply.headers["MX-USED-PUBLIC"]) == ("1", "20")
        assert "MX-USED-PUBLIC" not in (await bench.get("/nowhere")).headers
        await asyncio.sleep(1)
        assert (await bench.get("/v1/time")).headers["MX-USED-PUBLIC"] == "1"


async def test_the_pools_of_a_key(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        for number in range(1, 11):
            reply = await bench.call("alice", "DELETE", "/v1/orders/all")
            assert reply.headers["MX-USED-ORDERS"] == str(5 * number)
        reply = await bench.call("alice", "DELETE", "/v1/orders?client_id=x")
        assert (reply.status, reply.code, reply.headers["MX-USED-ORDERS"]) == (429, 1015, "50")
        assert (await bench.call("bob", "DELETE", "/v1/orders/all")).status == 200
        assert (await bench.call("alice", "GET", "/v1/orders/open")).headers["MX-USED-READS"] == "2"
        assert (await bench.call("alice", "GET", "/v1/key")).headers["MX-USED-READS"] == "3"


async def test_retry_after_is_the_truth(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        for _ in range(50):
            await asyncio.sleep(0.1)
            assert (await bench.call("alice", "GET", "/v1/balances")).code == 0
        reply = await bench.call("alice", "GET", "/v1/balances")
        assert reply.status == 429
        wait = int(reply.headers["Retry-After"])
        await asyncio.sleep(wait - 1)
        assert (await bench.call("alice", "GET", "/v1/balances")).status == 429
        await asyncio.sleep(1)
        assert (await bench.call("alice", "GET", "/v1/balances")).status == 200


@pytest.mark.parametrize("aligned", [False, True])
def test_no_window_ever_holds_more_than_its_limit(aligned: bool) -> None:
    pool = Pool("p", 10, SECOND, "address", aligned=aligned)
    limits, source, now = Limits({"p": pool}), random.Random(4), 0
    taken: list[tuple[int, int]] = []
    for _ in range(2000):
        now += source.randrange(SECOND // 8)
        cost = source.randint(1, 4)
        begin = now - now % SECOND if aligned else now - SECOND + 1
        used = sum(spent for at, spent in taken if at >= begin)
        (count,) = limits.take({"p": cost}, {"address": "a"}, now)
        assert (count.wait == 0) == (used + cost <= 10)
        if count.wait == 0:
            taken.append((now, cost))
        else:
            now += count.wait - 1
            assert limits.take({"p": cost}, {"address": "a"}, now)[0].wait == 1


def test_one_full_pool_keeps_the_others_uncounted() -> None:
    pools = {name: Pool(name, allow, SECOND, "key") for name, allow in (("wide", 10), ("narrow", 1))}
    limits = Limits(pools)
    costs = {"wide": 1, "narrow": 1}
    assert [count.used for count in limits.take(costs, {"key": "k"}, 0)] == [1, 1]
    assert [count.wait > 0 for count in limits.take(costs, {"key": "k"}, 5)] == [False, True]
    assert limits.take({"wide": 1}, {"key": "k"}, 6)[0].used == 2


def test_what_is_given_back_is_free_again_and_never_more_than_was_used() -> None:
    pool = Pool("p", 10, SECOND, "key", first_fill={"taker": 1, "maker": 5})
    limits = Limits({"p": pool, "q": Pool("q", 10, SECOND, "key")})
    for at, cost in ((0, 3), (1, 0), (2, 4)):
        limits.take({"p": cost, "q": cost}, {"key": "k"}, at)

    def used(now: int) -> list[int]:
        return [count.used for count in limits.counts({"key": "k"}, now)]

    limits.give_back("taker", "k", 3)
    assert used(4) == [6, 7]
    limits.give_back("maker", "k", 5)
    assert used(6) == [1, 7]
    assert used(SECOND) == [1, 4]  # what was used first is free first
    limits.give_back("maker", "k", SECOND)
    limits.give_back("maker", "nobody", SECOND)
    assert used(SECOND) == [0, 4]
    assert limits.take({"p": 10}, {"key": "k"}, SECOND)[0].wait == 0
    assert [count.used for count in limits.counts({"key": "nobody"}, SECOND)] == [0, 0]


def test_a_counter_falls_by_what_is_given_back() -> None:
    pool = Pool("p", 10, 0, "key", decay=Fraction(1), first_fill={"taker": 2, "maker": 5})
    limits = Limits({"p": pool})
    limits.take({"p": 8}, {"key": "k"}, 0)
    limits.give_back("taker", "k", SECOND)
    assert limits.counts({"key": "k"}, 2 * SECOND)[0].used == 4
    limits.give_back("maker", "k", 2 * SECOND)
    assert limits.counts({"key": "k"}, 2 * SECOND)[0].used == 0


def test_subjects_that_are_gone_are_forgotten() -> None:
    limits = Limits({"p": Pool("p", 1, SECOND, "address")})
    for number in range(20_000):
        limits.take({"p": 1}, {"address": str(number)}, number * SECOND // 1000)
    assert len(limits._usage) <= 4096


def test_who_is_refused_again_and_again_is_banned() -> None:
    pool = Pool("p", 1, SECOND, "address", bans=Bans(3, 10 * SECOND, 25 * SECOND))
    limits, now, told = Limits({"p": pool}), 0, []

    def ask(cost: int = 1) -> tuple[bool, int]:
        (count,) = limits.take({"p": cost}, {"address": "a"}, now)
        return count.banned, count.wait

    for _ in range(4):
        assert ask() == (False, 0)
        assert [ask(), ask()] == [(False, SECOND)] * 2
        is_banned, wait = ask()
        told.append((is_banned, wait // SECOND))
        now += wait - 1
        assert ask(0) == (True, 1)  # whatever it costs
        assert limits.take({"p": 1}, {"address": "b"}, now)[0].wait == 0
        now += 1
    assert told == [(True, 10), (True, 20), (True, 25), (True, 25)]


def test_what_passes_in_between_forgives_refusals() -> None:
    pool = Pool("p", 1, SECOND, "address", bans=Bans(3, 10 * SECOND, 25 * SECOND))
    limits = Limits({"p": pool})
    for second in range(10):
        counts = [limits.take({"p": 1}, {"address": "a"}, second * SECOND)[0] for _ in range(3)]
        assert [(count.wait > 0, count.banned) for count in counts] == [(False, False), (True, False), (True, False)]
