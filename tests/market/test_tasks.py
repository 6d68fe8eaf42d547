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


async def test_a_name_is_free_at_once_and_a_closed_set_starts_nothing(virtual_world: World) -> None:
    tasks, ran = Tasks("x"), []

    async def work(number: int) -> None:
        try:
            await asyncio.sleep(5)
        finally:
            ran.append(number)
            tasks.start("more", work(9))

    tasks.start("job", work(1))
    await asyncio.sleep(0)
    tasks.cancel_all()
    assert tasks.start("job", work(2)) and len(tasks) == 2
    await tasks.left(10)
    assert ran == [1] and len(tasks) == 2
    await tasks.close(10)
    assert not tasks.start("job", work(3)) and len(tasks) == 0
    assert ran == [1, 2, 9]  # and what these would have started is not


async def test_what_is_kept_begins_again(virtual_world: World, caplog: pytest.LogCaptureFixture) -> None:
    tasks, began = Tasks("x"), []

    async def work() -> None:
        began.append(virtual_world.time())
        if len(began) < 3:
            raise ValueError("broken")

    assert tasks.keep("job", work)
    await asyncio.sleep(60)
    assert began == [0, 5, 10] and len(tasks) == 0
    assert caplog.text.count("x: job failed and begins again in 5 s") == 2
