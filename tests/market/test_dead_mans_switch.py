"""The dead man's switch is armed, refreshed in time and released, and only where the user asked for it."""

import asyncio
import logging
from types import SimpleNamespace
from typing import Any

import pytest

from exconn.codec import Arguments, Codec, Context, Endpoint, Facts, Fresh, Keyring, Reply, Request, Switch, Symbols
from exconn.errors import ExconnError, NotSent, Unanswered, UsageError
from exconn.market import MarketSettings
from exconn.market.dead_mans_switch import DeadMansSwitch
from exconn.market.probing import Needs
from exconn.testing.virtual import World

AWAY = NotSent("no connection")


class FakeRest:
    """An exchange with a switch of 60 s; `wants_pair`: which it takes pair by pair."""

    def __init__(self, world: World, wants_pair: bool = False, is_wanted: bool = True, has_one: bool = True) -> None:
        def build(arguments: Arguments, fresh: Fresh, context: Context) -> Request:
            if wants_pair and not arguments.pair:
                raise UsageError("this request is about a trading pair")
            return Request("POST", "", "")

        switch = Endpoint(
            operation="dead_mans_switch", method="POST", path="/", build=build, read=lambda *_: Reply([]), signed=True
        )
        facts = Facts(name="x", docs="", hosts={"main": {}}, switch=Switch(60, 20) if has_one else None)
        self.codec = Codec(facts=facts, endpoints={"dead_mans_switch": switch}, sockets={})
        self.settings = MarketSettings(dead_mans_switch=is_wanted)
        self.told: list[tuple[int, str, int | None]] = []
        self.errors: list[ExconnError | None] = []
        self._world, self._began = world, world.time()

    async def ask(self, operation: str, arguments: Arguments) -> Any:
        self.told.append((round(self._world.time() - self._began), arguments.pair, arguments.switch_s))
        error = self.errors.pop(0) if self.errors else None
        if error is not None:
            raise error
        return SimpleNamespace(reply=Reply([]))


def switch_of(rest: Any) -> DeadMansSwitch:
    needs = Needs(rest.codec, Context(Keyring((), {}), {}, Symbols(), {}))
    return DeadMansSwitch(rest, needs, lambda: ["A-B", "C-D", "A-B"])


# whether it is asked pair by pair, errors in their order, and (second, pair, seconds) of what was asked in 45 s
LIVES: list[tuple[bool, list[ExconnError | None], list[tuple[int, str, int]]]] = [
    (False, [], [(0, "", 60), (20, "", 60), (40, "", 60), (45, "", 0)]),
    (False, [None, AWAY, AWAY], [(0, "", 60), (20, "", 60), (21, "", 60), (22, "", 60), (42, "", 60), (45, "", 0)]),
    (
        True,
        [],
        [(at, pair, 60) for at in (0, 20, 40) for pair in ("A-B", "C-D")] + [(45, "A-B", 0), (45, "C-D", 0)],
    ),
    (
        True,
        [None, None, AWAY],
        [(at, pair, 60) for at in (0, 20, 21, 41) for pair in ("A-B", "C-D")] + [(45, "A-B", 0), (45, "C-D", 0)],
    ),
]


@pytest.mark.parametrize(("wants_pair", "errors", "told"), LIVES)
async def test_armed_refreshed_released(
    virtual_world: World,
    wants_pair: bool,
    errors: list[ExconnError | None],
    told: list[tuple[int, str, int]],
) -> None:
    rest: Any = FakeRest(virtual_world, wants_pair)
    rest.errors = list(errors)
    switch = switch_of(rest)
    await switch.arm()
    keeping = asyncio.create_task(switch.keep())
    await asyncio.sleep(45)
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    for _ in range(2):  # the second time there is nothing to release
        await switch.release()
    assert rest.told == told


async def test_a_release_that_fails_says_what_will_happen(
    virtual_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    rest: Any = FakeRest(virtual_world)
    switch = switch_of(rest)
    await switch.arm()
    rest.errors = [AWAY]
    with caplog.at_level(logging.ERROR):
        await switch.release()
    assert "could not be released, open orders will be cancelled within 60 s: no connection" in caplog.text


async def test_what_was_never_armed_is_not_released(virtual_world: World) -> None:
    rest: Any = FakeRest(virtual_world, is_wanted=False, has_one=False)
    switch = switch_of(rest)
    await switch.release()
    assert (switch.is_wanted, rest.told) == (False, [])


async def test_what_may_be_armed_is_released(virtual_world: World) -> None:
    """The answer to arming was lost, or one pair of many refused it."""
    rest: Any = FakeRest(virtual_world)
    rest.errors = [Unanswered("no answer within 10 s")]
    switch = switch_of(rest)
    with pytest.raises(Unanswered):
        await switch.arm()
    await switch.release()
    assert rest.told == [(0, "", 60), (0, "", 0)]


async def test_who_wants_one_where_there_is_none_is_told(virtual_world: World) -> None:
    rest: Any = FakeRest(virtual_world, has_one=False)
    with pytest.raises(UsageError, match="x has no dead man's switch; leave the setting dead_mans_switch off"):
        switch_of(rest)


async def test_left_to_the_exchange_where_stopping_could_not_cancel(
    virtual_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    rest = FakeRest(virtual_world)
    switch = switch_of(rest)
    switch.leave()
    assert caplog.text == ""  # it was never armed
    await switch.arm()
    switch.leave()
    await switch.release()
    assert rest.told == [(0, "", 60)]
    assert "the dead man's switch stays armed and cancels all orders within 60 s" in caplog.text
