"""Preparations run when what they gave has run out, are renewed in time, and hand their values to the context."""

import asyncio
import logging
from types import SimpleNamespace
from typing import Any

import pytest

from exconn.codec import Endpoint, Reply, Request
from exconn.errors import ExchangeError, ExconnError, Meaning, NotSent
from exconn.market.preparations import Preparations
from exconn.testing.virtual import World


class FakeRest:
    """Answers every preparation with how often it was asked, unless an error is due; time is set by hand, or a
    world's. `told`: (second, operation) of everything asked."""

    def __init__(self, *endpoints: Endpoint, world: World | None = None) -> None:
        self.codec = SimpleNamespace(endpoints={each.operation: each for each in endpoints})
        self.context = SimpleNamespace(given={})
        self.now = 0.0
        self.began = 0.0 if world is None else world.time()
        self.time = SimpleNamespace(steady=(lambda: self.now) if world is None else world.time)
        self.told: list[tuple[int, str]] = []
        self.errors: dict[str, list[ExconnError | None]] = {}

    @property
    def asked(self) -> list[str]:
        return [operation for _, operation in self.told]

    async def ask(self, operation: str, arguments: Any) -> Any:
        self.told.append((round(self.time.steady() - self.began), operation))
        errors = self.errors.get(operation)
        error = errors.pop(0) if errors else None
        if error is not None:
            raise error
        names = self.codec.endpoints[operation].gives
        given = {name: f"{name} {self.asked.count(operation)}" for name in names}
        return SimpleNamespace(reply=Reply([], None, given))


def endpoint(name: str, lasts: str | None = None, **more: Any) -> Endpoint:
    more = {"gives": (name,) if lasts else (), **more}
    return Endpoint(
        operation=name,
        method="POST",
        path="/",
        build=lambda *_: Request("POST", "", ""),
        read=lambda *_: Reply([]),
        lasts=lasts,
        **more,
    )


def socket(*uses: str) -> Any:
    return SimpleNamespace(uses=uses)


# what each lasts, what happens after how many seconds, and what is asked for
RUNS: list[tuple[dict[str, str], list[tuple[str, float]], list[str]]] = [
    ({"account": "session"}, [("run", 0), ("run", 9999), ("connect", 9999)], ["account"]),
    ({"url": "connection"}, [("run", 0), ("connect", 1), ("connect", 2)], ["url", "url"]),
    ({"url": "connection"}, [("run", 0), ("connect another", 1)], []),
    ({"token": "60"}, [("run", 0), ("run", 29), ("run", 30), ("connect", 31)], ["token", "token"]),
]


@pytest.mark.parametrize(("lasts", "steps", "asked"), RUNS)
async def test_when_they_run(lasts: dict[str, str], steps: list[tuple[str, float]], asked: list[str]) -> None:
    rest: Any = FakeRest(endpoint("balances"), *(endpoint(name, each) for name, each in lasts.items()))
    preparations = Preparations(rest, has_keys=True)
    for step, at in steps:
        rest.now = at
        uses = {"connect": tuple(lasts), "connect another": ("other",)}.get(step)
        await (preparations.run() if uses is None else preparations.run_for_connection(socket(*uses)))
    assert rest.asked == asked
    assert rest.context.given == ({asked[0]: f"{asked[0]} {len(asked)}"} if asked else {})
    assert preparations.need_keeping == (lasts == {"token": "60"})


async def test_without_keys_nothing_is_signed() -> None:
    rest: Any = FakeRest(endpoint("token", "60", signed=True), endpoint("url", "session"))
    preparations = Preparations(rest, has_keys=False)
    await preparations.run()
    assert rest.asked == ["url"]
    assert not preparations.need_keeping


async def test_what_carries_a_value_runs_after_what_gives_it() -> None:
    rest: Any = FakeRest(
        endpoint("url", "connection", uses=("token",)),
        endpoint("token", "connection", uses=("account",)),
        endpoint("account", "session"),
        endpoint("other", "connection"),
    )
    preparations = Preparations(rest, has_keys=True)
    await preparations.run_for_connection(socket("url"))
    assert rest.asked == ["account", "token", "url"]


REFUSED = ExchangeError("renew", Meaning.REJECTED, text="no such key")
AWAY = NotSent("no connection")

# preparation, errors by operation, seconds watched, what was asked and when, what is given at the end, what was lost
KEPT: list[tuple[dict[str, Any], dict[str, list[ExconnError | None]], int, list[tuple[int, str]], str | None, int]] = [
    ({"lasts": "60"}, {}, 100, [(0, "key"), (30, "key"), (60, "key"), (90, "key")], "key 4", 0),
    ({"lasts": "60"}, {"key": [None, AWAY]}, 40, [(0, "key"), (30, "key"), (35, "key")], "key 3", 0),
    ({"lasts": "20"}, {"key": [None, *[AWAY] * 9]}, 21, [(0, "key"), (10, "key"), (15, "key"), (20, "key")], None, 0),
    (
        {"lasts": "session", "renew_every": 30},
        {},
        70,
        [(0, "key"), (30, "key.renew"), (60, "key.renew")],
        "key 1",
        0,
    ),
    (
        {"lasts": "60", "renew_every": 40},
        {"key.renew": [AWAY]},
        90,
        [(0, "key"), (40, "key.renew"), (45, "key.renew"), (85, "key.renew")],
        "key 1",
        0,
    ),
    (
        {"lasts": "session", "renew_every": 30},
        {"key.renew": [REFUSED]},
        70,
        [(0, "key"), (30, "key.renew"), (30, "key"), (60, "key.renew")],
        "key 2",
        1,
    ),
    (
        {"lasts": "session", "renew_every": 30},
        {"key.renew": [REFUSED], "key": [None, AWAY]},
        40,
        [(0, "key"), (30, "key.renew"), (30, "key"), (35, "key")],
        "key 3",
        1,
    ),
    (
        {"lasts": "12", "renew_every": 4},
        {"key.renew": [AWAY] * 9},
        13,
        [(0, "key"), (4, "key.renew"), (9, "key.renew"), (12, "key")],
        "key 2",
        1,
    ),
    (
        {"lasts": "connection", "renew_every": 30},
        {"key.renew": [REFUSED]},
        70,
        [(0, "key"), (30, "key.renew")],
        None,
        1,
    ),
]


@pytest.mark.parametrize(("lives", "errors", "seconds", "told", "given", "lost"), KEPT)
async def test_what_is_kept_up(
    virtual_world: World,
    caplog: pytest.LogCaptureFixture,
    lives: dict[str, Any],
    errors: dict[str, list[ExconnError | None]],
    seconds: int,
    told: list[tuple[int, str]],
    given: str | None,
    lost: int,
) -> None:
    rest: Any = FakeRest(endpoint("key", **lives), endpoint("key.renew"), world=virtual_world)
    if "renew_every" not in lives:
        del rest.codec.endpoints["key.renew"]
    preparations, gone = Preparations(rest, has_keys=True), []
    rest.errors = {operation: list(each) for operation, each in errors.items()}
    preparations.lost.append(gone.append)
    assert preparations.need_keeping
    with caplog.at_level(logging.WARNING):
        await preparations.run_for_connection(socket("key"))
        keeping = asyncio.create_task(preparations.keep())
        await asyncio.sleep(seconds)
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
    assert rest.told == told
    assert rest.context.given.get("key") == given
    assert gone == [frozenset({"key"})] * lost
    assert ("its renewal is refused" in caplog.text) == (errors.get("key.renew") == [REFUSED])
