"""The clock ticks its iterators; a market driven by one starts its network by itself and tells its ticks."""

import asyncio
import logging
import math
from typing import Any

import pytest

from exconn.market import Clock, ClockMode, Market, Surroundings
from exconn.testing.virtual import World


class Ticked:
    def __init__(self, breaks: bool = False) -> None:
        self.calls: list[Any] = []
        self.breaks = breaks

    def c_start(self, clock: Clock, timestamp: float) -> None:
        self.calls.append(("start", timestamp))

    def c_tick(self, timestamp: float) -> None:
        self.calls.append(timestamp)
        if self.breaks:
            raise ValueError("broken")

    def c_stop(self, clock: Clock) -> None:
        self.calls.append("stop")


def surroundings_of(world: World) -> Surroundings:
    return Surroundings(world.wall_ns, world.time, world.fork("clock"), lambda: "0" * 32)


async def test_ticks_in_real_time(virtual_world: World, caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock(surroundings=surroundings_of(virtual_world))
    broken, fine, late = Ticked(breaks=True), Ticked(), Ticked()
    clock.add_iterator(broken)
    clock.add_iterator(fine)
    assert math.isnan(clock.current_timestamp)
    began = virtual_world.wall_ns() // 10**9
    with caplog.at_level(logging.ERROR), clock:
        await clock.run_til(began + 2)
        clock.add_iterator(late)
        await clock.run_til(began + 3)
    assert fine.calls == [("start", began), began + 1, began + 2, began + 3, "stop"]
    assert late.calls == [("start", began + 2), began + 3, "stop"]
    assert broken.calls == fine.calls
    assert "Unexpected error running clock tick." in caplog.text


def test_ticks_of_a_backtest_take_no_time() -> None:
    clock, ticked = Clock(ClockMode.BACKTEST, tick_size=60, start_time=600), Ticked()
    clock.add_iterator(ticked)
    with clock:
        clock.backtest_til(750)
        clock.remove_iterator(ticked)
    assert ticked.calls == [("start", 600), 660, 720, "stop"]


async def test_a_clock_drives_a_market(virtual_world: World, open_floor: Any, codec: Any) -> None:
    async with open_floor() as floor:
        surroundings = floor.market._parts.ground.surroundings
        await floor.market.stop()
        market = Market(
            codec, ["BTC-USDT"], surroundings=surroundings, connector=virtual_world.connector, trading_required=False
        )
        assert market.network_status.name == "STOPPED"
        clock = Clock(surroundings=surroundings)
        clock.add_iterator(market)
        with clock:
            await clock.run_til(clock.current_timestamp + 5)
            assert market.current_timestamp == clock.current_timestamp
            assert market.ready and market.network_status.name == "CONNECTED"
        await asyncio.sleep(1)
        assert market.network_status.name == "STOPPED" and market.order_books == {}
        await market.stop()
