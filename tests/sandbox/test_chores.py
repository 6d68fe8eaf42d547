"""What a sandbox does by itself goes on when it fails once, and says so; what one listener breaks, no other misses."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import pytest

from exconn.sandbox.cadences import Cadences
from exconn.sandbox.connection import Connection
from exconn.sandbox.conversation import Conversation
from exconn.sandbox.engine import Exchange, Life
from exconn.sandbox.outgoing import Outgoing
from exconn.testing.virtual import World


def failing_once(monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> None:
    """From now on the next call of a method fails."""
    method: Callable[..., Any] = getattr(owner, name)
    failed: list[bool] = []

    def call(*args: Any, **named: Any) -> Any:
        if not failed:
            failed.append(True)
            raise ValueError(f"{name} is broken")
        return method(*args, **named)

    monkeypatch.setattr(owner, name, call)


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The errors that were said, each with what was raised."""
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    found = [f"{each.getMessage()}: {each.exc_info[1]}" for each in errors if each.exc_info is not None]
    caplog.clear()
    return found


async def test_life_goes_on(
    open_bench: Any, virtual_world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failing_once(monkeypatch, Life, "step")
    async with open_bench(life_every=1.0) as bench:
        before = bench.sandbox.exchange.book("BTC-USDT").sequence
        await asyncio.sleep(30)
        assert bench.sandbox.exchange.book("BTC-USDT").sequence > before
    assert said(caplog) == ["the task 'sandbox life' failed, and begins anew: step is broken"]


async def test_books_are_told_again(
    open_bench: Any, virtual_world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_bench() as bench, bench.stream("/v1/public") as stream:
        await stream.ask({"op": "subscribe", "id": 1, "topics": ["book:USDT_BTC"]})
        failing_once(monkeypatch, Cadences, "flush")
        await bench.place("bob", "o-1", "bid", "0.1", "60000.00")
        await asyncio.sleep(2)
        await bench.place("bob", "o-2", "bid", "0.1", "60001.00")
        assert (await stream.next())["bids"][0][0] == "60001.00"
    assert said(caplog) == ["the task 'sandbox books 0.1' failed, and begins anew: flush is broken"]


async def test_the_time_is_told_again(
    open_bench: Any, virtual_world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_bench() as bench:
        await bench.place("bob", "o-1", "bid", "0.1", "60000.00")
        exchange, now = bench.sandbox.exchange, bench.sandbox.now_ns()
        exchange.cancel_all_after("bob", now + 10**9, now)
        failing_once(monkeypatch, Exchange, "pass_time")
        await asyncio.sleep(3)
        assert exchange.orders("bob", open_only=True) == []
    assert said(caplog) == ["the task 'sandbox time' failed, and begins anew: pass_time is broken"]


async def test_a_connection_that_cannot_begin_leaves_nothing_behind(
    open_bench: Any, virtual_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_once(monkeypatch, Conversation, "begin")
    async with open_bench() as bench, bench.stream("/v1/public") as stream:
        assert isinstance(await stream.next(), int)
        assert bench.sandbox.connections == ()
        await asyncio.sleep(1)
        assert [task.get_name() for task in asyncio.all_tasks() if "writer" in task.get_name()] == []


async def test_a_connection_that_can_say_nothing_is_cut(
    open_bench: Any, virtual_world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_bench() as bench, bench.stream("/v1/public") as stream:
        failing_once(monkeypatch, Outgoing, "_send")
        began = bench.now_ms
        await stream.send({"op": "ping"})
        assert isinstance(await stream.next(), int)
        assert bench.now_ms - began < 1000
        await asyncio.sleep(1)
        assert bench.sandbox.connections == ()
    assert said(caplog) == ["the writer of public-1 failed, its connection is cut: _send is broken"]


async def test_a_channel_that_breaks_keeps_nothing_from_the_others(
    open_bench: Any, virtual_world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_bench() as bench, bench.stream("/v1/private") as stream:
        await stream.ask(bench.login("bob"))
        await stream.ask({"op": "subscribe", "id": 1, "topics": ["orders", "balances"]})
        channel = bench.sandbox.dialect.sockets["private"].channels["orders"]
        frame = channel.frames[0]

        def broken(*_: Any) -> Any:
            raise RuntimeError("no template")

        monkeypatch.setattr(type(frame), "holds", lambda self, row: broken() if self is frame else True)
        placed = await bench.place("bob", "o-1", "bid", "0.1", "60000.00")
        assert placed.code == 0
        assert (await stream.next())["topic"] == "balances"
    assert said(caplog) == ["the channel orders of the socket private could not tell of order: no template"]


@pytest.mark.parametrize("what", ["see", "tell"])
async def test_a_listener_that_cannot_be_told_keeps_nothing_from_the_others(
    open_bench: Any, virtual_world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, what: str
) -> None:
    async with open_bench() as bench, bench.stream("/v1/public") as first, bench.stream("/v1/public") as second:
        for stream in (first, second):
            await stream.ask({"op": "subscribe", "id": 1, "topics": ["book:USDT_BTC"]})
        failing_once(monkeypatch, Connection, what)
        await bench.place("bob", "o-1", "bid", "0.1", "60000.00")
        assert "60000" in str(await second.next())
        await bench.place("bob", "o-2", "bid", "0.1", "60001.00")
        for stream in (first, second):
            assert "60001" in str(await stream.next())
    why = "public-1 could not be told of book_update by the channel book of the socket public"
    assert said(caplog) == [f"{why}: {what} is broken"]


async def test_what_is_due_when_the_clock_is_set_happens_then(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        await bench.place("bob", "o-1", "bid", "0.1", "60000.00")
        exchange, now = bench.sandbox.exchange, bench.sandbox.now_ns()
        exchange.cancel_all_after("bob", now + 60 * 10**9, now)
        await asyncio.sleep(1)
        bench.sandbox.clock.step(30.0)
        await asyncio.sleep(1)
        assert len(exchange.orders("bob", open_only=True)) == 1
        bench.sandbox.clock.step(30.0)
        await asyncio.sleep(0.1)
        assert exchange.orders("bob", open_only=True) == []
