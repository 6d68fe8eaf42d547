"""Preparations run when what they gave has run out, and hand their values to the context."""

from types import SimpleNamespace
from typing import Any

import pytest

from exconn.codec import Endpoint, Reply, Request
from exconn.market.preparations import Preparations


class FakeRest:
    """Answers every preparation with how often it was asked; time is set by hand."""

    def __init__(self, **lasts: str | None) -> None:
        endpoints = {"balances": self._endpoint("balances", None)}
        endpoints |= {name: self._endpoint(name, each) for name, each in lasts.items()}
        self.codec = SimpleNamespace(endpoints=endpoints)
        self.context = SimpleNamespace(given={})
        self.now = 0.0
        self.time = SimpleNamespace(steady=lambda: self.now)
        self.asked: list[str] = []

    def _endpoint(self, name: str, lasts: str | None) -> Endpoint:
        return Endpoint(
            operation=name,
            method="POST",
            path="/",
            build=lambda *_: Request("POST", "", ""),
            read=lambda *_: Reply([]),
            signed=name == "token",
            lasts=lasts,
        )

    async def ask(self, operation: str, arguments: Any) -> Any:
        self.asked.append(operation)
        given = {operation: str(self.asked.count(operation))}
        return SimpleNamespace(reply=Reply([], None, given))


# what each lasts, what happens after how many seconds, and what is asked for
RUNS: list[tuple[dict[str, str | None], list[tuple[str, float]], list[str]]] = [
    ({"account": "session"}, [("run", 0), ("run", 9999), ("connect", 9999)], ["account"]),
    ({"account": None}, [("run", 0), ("connect", 1)], ["account"]),
    ({"url": "connection"}, [("run", 0), ("connect", 1), ("connect", 2)], ["url", "url"]),
    ({"token": "60"}, [("run", 0), ("run", 29), ("run", 30), ("connect", 31)], ["token", "token"]),
]


@pytest.mark.parametrize(("lasts", "steps", "asked"), RUNS)
async def test_when_they_run(lasts: dict[str, str | None], steps: list[tuple[str, float]], asked: list[str]) -> None:
    rest: Any = FakeRest(**lasts)
    preparations = Preparations(rest, has_keys=True)
    for step, at in steps:
        rest.now = at
        await (preparations.run() if step == "run" else preparations.run_for_connection())
    assert rest.asked == asked
    assert rest.context.given == {asked[0]: str(len(asked))}
    assert preparations.renew_after == (30 if lasts == {"token": "60"} else None)


async def test_without_keys_nothing_is_signed() -> None:
    rest: Any = FakeRest(token="60", url="session")
    preparations = Preparations(rest, has_keys=False)
    await preparations.run()
    assert rest.asked == ["url"]
    assert preparations.renew_after is None
