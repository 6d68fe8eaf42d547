"""The pytest plugin: fixtures that exconn ships to its users.

An async test marked `virtual`, or one that asks for the fixture `virtual_world`, runs in virtual time, in a loop of its
own that pytest-asyncio never sees; a plain test may ask for the fixture and call `world.run` itself. Async fixtures
belong to pytest-asyncio's real loop, so a virtual test cannot use them. Nothing heavy is imported before the first such
test runs.
"""

import functools
import inspect
from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING, Any, cast

import pytest

if TYPE_CHECKING:
    from exconn.testing.virtual import World

__all__ = ["virtual_world"]

_DAY = 86400.0
_FIXTURE = "virtual_world"
_OPTIONS = ("seed", "timeout", "keep_trace")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known to --strict-markers."""
    config.addinivalue_line(
        "markers",
        "virtual(seed=0, timeout=86400, keep_trace=False): run an async test in virtual time, "
        "for at most `timeout` virtual seconds",
    )


@pytest.fixture
def virtual_world(request: pytest.FixtureRequest) -> "Iterator[World]":
    """A virtual world, of the seed that the test's `virtual` marker gives."""
    from exconn.testing.virtual import virtual_world as make_world

    options = _options(request.node)
    with make_world(options.get("seed", 0), keep_trace=options.get("keep_trace", False)) as world:
        yield world


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_pycollect_makeitem() -> Generator[None, Any, Any]:
    """Turn virtual tests into plain functions; being innermost, before pytest-asyncio looks for async ones."""
    made = yield
    for item in made if isinstance(made, list) else [made]:
        if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.obj) and _is_virtual(item):
            if _FIXTURE not in item.fixturenames:
                item.fixturenames.append(_FIXTURE)
            item.obj = _in_virtual_time(item, item.obj)
    return made


def _is_virtual(item: pytest.Function) -> bool:
    return item.get_closest_marker("virtual") is not None or _FIXTURE in item.fixturenames


def _in_virtual_time(item: pytest.Function, test: Callable[..., Any]) -> Callable[..., None]:
    @functools.wraps(test)
    def run_test(**arguments: object) -> None:
        world = cast("World", item.funcargs[_FIXTURE])
        world.run(test(**arguments), timeout_virtual=_options(item).get("timeout", _DAY))

    return run_test


def _options(item: pytest.Item) -> dict[str, Any]:
    marker = item.get_closest_marker("virtual")
    options = {} if marker is None else dict(marker.kwargs)
    if marker is not None and (marker.args or not options.keys() <= set(_OPTIONS)):
        raise pytest.UsageError(f"{item.nodeid}: the virtual marker takes only {', '.join(_OPTIONS)}, by name")
    return options
