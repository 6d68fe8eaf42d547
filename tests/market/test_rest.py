"""Calls: limits heard and kept, proven refusals repeated once, everything else raised as it is."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest
from aiohttp import web
from msgspec.structs import replace

from exconn.codec import Codec
from exconn.errors import ExchangeError, Meaning, Throttled, Unanswered
from exconn.model import OrderType
from exconn.sandbox.interference import Undisturbed
from exconn.testing.virtual import World

PAIR = "BTC-USDT"


class Teller(Undisturbed):
    """Answers the next requests of a path by itself, and notes when each came."""

    def __init__(self, path: str, *answers: tuple[int, dict[str, str], str]) -> None:
        self.path = path
        self.answers = list(answers)
        self.came: list[float] = []
        self.world: World | None = None

    async def reply(
        self, request: web.Request, answer: Callable[[], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if request.path != self.path:
            return await answer()
        self.came.append(asyncio.get_running_loop().time())
        if not self.answers:
            return await answer()
        status, headers, text = self.answers.pop(0)
        return web.Response(status=status, headers=headers, text=text)


class Both(Undisturbed):
    """Two tellers, of two paths."""

    def __init__(self, one: Teller, other: Teller) -> None:
        self.one, self.other = one, other

    async def reply(
        self, request: web.Request, answer: Callable[[], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        return await (self.one if request.path == self.one.path else self.other).reply(request, answer)


LIMITED = '{"code": 1015, "msg": "rate limit", "data": null}'
# the answer of the exchange, and for how long nothing of that pool goes out
STOPS = [
    ((429, {"Retry-After": "7"}, LIMITED), 7),
    ((429, {}, LIMITED), 10),
    ((429, {"Retry-After": "5"}, "<html>"), 5),
    ((418, {"Retry-After": "9"}, "<html>"), 9),
    ((200, {"Retry-After": "7"}, LIMITED), 7),
    ((400, {"Retry-After": "7"}, LIMITED), 7),
    ((403, {}, LIMITED), 10),
]


@pytest.mark.parametrize(("answer", "stop"), STOPS)
async def test_a_throttled_pool_is_silent_until_its_time(
    virtual_world: World, open_floor: Any, answer: tuple[int, dict[str, str], str], stop: float
) -> None:
    teller = Teller("/v1/fees", answer)
    async with open_floor(interference=teller, is_ready=False) as floor:
        await asyncio.sleep(60)
        first, second, *_ = teller.came
        assert second - first >= stop
        assert floor.market.ready


async def test_what_would_wait_too_long_is_refused_unsent(virtual_world: World, open_floor: Any) -> None:
    teller = Teller("/v1/orders", (429, {"Retry-After": "60"}, LIMITED))
    async with open_floor(interference=teller) as floor:
        place = floor.market.place_order
        with pytest.raises(ExchangeError, match="rate_limited"):
            await place("first", PAIR, Decimal("0.001"), True, OrderType.LIMIT, Decimal(60000))
        with pytest.raises(Throttled):
            await place("second", PAIR, Decimal("0.001"), True, OrderType.LIMIT, Decimal(60000))
        assert len(teller.came) == 1
        assert [floor.names(each) for each in ("first", "second")] == [["OrderFailure"]] * 2
        assert floor.events("second")[0][1].error_type == "Throttled"


Told = tuple[int, dict[str, str], str]
NONCE: Told = (200, {}, '{"code": 1022, "msg": "nonce", "data": null}')
SKEW: Told = (200, {}, '{"code": 1021, "msg": "time", "data": null}')
# what the exchange says twice at most, how often it is asked, what comes of it
REPEATED: list[tuple[list[Told], int, Meaning | None]] = [
    ([NONCE], 2, None),
    ([SKEW], 2, None),
    ([NONCE, NONCE], 2, Meaning.BAD_NONCE),
    ([SKEW, SKEW], 2, Meaning.TIME_SKEW),
    ([(200, {}, '{"code": 1024, "msg": "unknown key", "data": null}')], 1, Meaning.AUTH),
    ([(200, {}, '{"code": 1500, "msg": "internal", "data": null}')], 1, Meaning.OUTCOME_UNKNOWN),
]


@pytest.mark.parametrize("same_id", ["refused", "same_order", "second_order"])
@pytest.mark.parametrize(("answers", "asked", "meaning"), REPEATED)
async def test_only_proven_refusals_are_repeated_and_once(
    virtual_world: World,
    codec: Codec,
    open_floor: Any,
    answers: list[Told],
    asked: int,
    meaning: Meaning | None,
    same_id: str,
) -> None:
    """What was proven not executed leaves no order whose id a repeat could meet, whatever a second one would be."""
    told = replace(codec, facts=replace(codec.facts, same_id=same_id))
    teller = Teller("/v1/orders", *answers)
    async with open_floor.func(told, *open_floor.args[1:], interference=teller) as floor:
        placing = floor.market.place_order("mine", PAIR, Decimal("0.001"), True, OrderType.LIMIT, Decimal(60000))
        if meaning is None:
            assert (await placing)["data"]["client_id"] == "mine"
        else:
            with pytest.raises(ExchangeError) as caught:
                await placing
            assert caught.value.meaning is meaning
        assert len(teller.came) == asked


async def test_a_placing_refused_for_its_moment_is_not_repeated_while_the_time_is_unknown(
    virtual_world: World, open_floor: Any
) -> None:
    orders, time = Teller("/v1/orders", SKEW), Teller("/v1/time")
    async with open_floor(interference=Both(orders, time)) as floor:
        time.answers = [(503, {}, "")] * 50
        with pytest.raises(ExchangeError, match="time_skew"):
            await floor.market.place_order("mine", PAIR, Decimal("0.001"), True, OrderType.LIMIT, Decimal(60000))
        assert (len(orders.came), floor.names("mine")) == (1, ["OrderFailure"])


async def test_a_body_that_is_no_json_is_unanswered(virtual_world: World, open_floor: Any) -> None:
    teller = Teller("/v1/orders", (200, {}, "<html>secret</html>"))
    async with open_floor(interference=teller) as floor:
        with pytest.raises(Unanswered) as caught:
            await floor.market.place_order("mine", PAIR, Decimal("0.001"), True, OrderType.LIMIT, Decimal(60000))
        assert "secret" not in str(caught.value)
        assert "mine" in floor.market.in_flight_orders


async def test_a_ban_holds_for_who_waited_for_a_nonce(virtual_world: World, open_floor: Any) -> None:
    teller = Teller("/v1/balances")
    async with open_floor(interference=teller) as floor:
        ground, came = floor.market._parts.ground, len(teller.came)
        async with ground.freshness.in_order:  # as while a request hangs that has to be alone
            asking = asyncio.create_task(floor.market._update_balances())
            await asyncio.sleep(1)
            ground.rest.limiter.throttled(None, ground.time.steady() + 30)
        with pytest.raises(Throttled, match="forbidden requests while this one waited"):
            await asking
        assert len(teller.came) == came
