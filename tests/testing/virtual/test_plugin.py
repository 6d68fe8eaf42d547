"""The pytest plugin: which tests run in virtual time, and what becomes of one that hangs or leaks."""

import asyncio
from collections.abc import Iterator

import pytest

from exconn.testing.virtual import VirtualLoop, World

pytest_plugins = ["pytester"]

SETTINGS = "[pytest]\nfilterwarnings = error\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n"


@pytest.fixture
def plain() -> Iterator[str]:
    yield "a fixture like any other"


@pytest.mark.virtual(seed=11)
async def test_a_marked_test_runs_in_virtual_time(plain: str) -> None:
    await asyncio.sleep(3600)
    assert isinstance(loop := asyncio.get_running_loop(), VirtualLoop)
    assert (loop.time(), plain) == (3600.0, "a fixture like any other")


@pytest.mark.virtual(seed=11)
@pytest.mark.parametrize("seconds", [1, 2])
async def test_the_marker_gives_the_seed(virtual_world: World, seconds: int) -> None:
    await asyncio.sleep(seconds)
    assert (virtual_world.seed, virtual_world.time()) == (11, seconds)


def test_a_plain_test_may_run_its_own_world(virtual_world: World) -> None:
    assert virtual_world.run(asyncio.sleep(5, "done")) == "done"


async def test_other_async_tests_keep_their_real_loop() -> None:
    assert not isinstance(asyncio.get_running_loop(), VirtualLoop)


class TestMethods:
    @pytest.mark.virtual
    async def test_a_method_runs_too(self, virtual_world: World) -> None:
        await asyncio.sleep(1)
        assert virtual_world.time() == 1


FAILURES = (
    (
        "",
        "await asyncio.Event().wait()",
        "SimDeadlock: at virtual time 0.000000 s: nothing is ready and no timer is set.",
    ),
    (
        "(timeout=5)",
        "await asyncio.sleep(6)",
        "SimTimeout: at virtual time 0.000000 s: the run was given time until 5.0",
    ),
    (
        "",
        "asyncio.create_task(asyncio.sleep(9), name='lost')",
        "ResourceWarning: 1 tasks left over at the end of the run",
    ),
    ("(speed=2)", "pass", "the virtual marker takes only seed, timeout, keep_trace, by name"),
    ("(3)", "pass", "the virtual marker takes only seed, timeout, keep_trace, by name"),
)


def test_what_fails_a_virtual_test(pytester: pytest.Pytester) -> None:
    tests = (
        f"@pytest.mark.virtual{marker}\nasync def test_{number}():\n    {body}\n"
        for number, (marker, body, _) in enumerate(FAILURES)
    )
    pytester.makepyfile("import asyncio, pytest\n" + "".join(tests) + "async def test_real():\n    pass\n")
    pytester.makeini(SETTINGS)
    result = pytester.runpytest_inprocess("--strict-markers")
    result.assert_outcomes(passed=1, failed=3, errors=2)
    result.stdout.fnmatch_lines([f"*{expected}*" for _, _, expected in FAILURES[3:] + FAILURES[:3]])


def test_starting_pytest_imports_nothing_heavy(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        "import sys\ndef test_light():\n    assert not {'aiohttp', 'exconn.testing.virtual'} & sys.modules.keys()\n"
    )
    pytester.makeini(SETTINGS)
    pytester.runpytest_subprocess().assert_outcomes(passed=1)
