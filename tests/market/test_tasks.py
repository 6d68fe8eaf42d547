"""Background tasks: one a name, none dies unseen, none is left behind."""

import asyncio
import logging

import pytest

from exconn.market.tasks import Tasks
from exconn.testing.virtual import World


async def test_one_task_a_name(virtual_world: World) -> None:
    tasks, ran = Tasks("x"), []

    async def work(number: int) -> None:
        await asyncio.sleep(1)
        ran.append(number)

    assert tasks.start("job", work(1))
    assert not tasks.start("job", work(2))
    assert tasks.start("other", work(3))
    assert (tasks.running("job"), tasks.running("o"), len(tasks)) == (1, 1, 2)
    await asyncio.sleep(2)
    assert tasks.start("job", work(4))
    await asyncio.sleep(2)
    assert ran == [1, 3, 4] and len(tasks) == 0


async def test_a_failure_is_logged_with_its_name(virtual_world: World, caplog: pytest.LogCaptureFixture) -> None:
    tasks = Tasks("x")

    async def work() -> None:
        raise ValueError("broken")

    with caplog.at_level(logging.ERROR):
        tasks.start("job", work())
        await asyncio.sleep(1)
    assert "x: the task job failed" in caplog.text and "broken" in caplog.text
    assert "job" not in tasks


async def test_closing_waits_for_the_end(virtual_world: World) -> None:
    tasks, ended = Tasks("x"), []

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(1)
            ended.append(virtual_world.time())

    tasks.start("job", work())
    await asyncio.sleep(2)
    await tasks.close(10)
    assert ended == [3] and len(tasks) == 0
