"""What aiohttp reads by itself: every clock and random source is known, replaced in a world and put back after it."""

import importlib
import re
from pathlib import Path

import aiohttp

from exconn.testing.virtual import virtual_world
from exconn.testing.virtual.ambient import READ_BY_AIOHTTP

CLOCKS_AND_CHANCE = re.compile(
    r"\b(time\.time|time\.ctime|monotonic|perf_counter|urandom|uuid4|secrets|shuffle|getrandbits)\("
)


def test_aiohttp_reads_no_clock_or_chance_that_we_do_not_replace() -> None:
    root = Path(aiohttp.__file__).parent
    found = {
        (path.relative_to(root).with_suffix("").as_posix(), name)
        for path in root.rglob("*.py")
        if path.name not in {"test_utils.py", "pytest_plugin.py"}
        for name in CLOCKS_AND_CHANCE.findall(path.read_text())
    }
    assert found == {
        ("client", "urandom"),
        ("client_middleware_digest_auth", "urandom"),
        ("client_middleware_digest_auth", "time.ctime"),
        ("connector", "monotonic"),
        ("connector", "shuffle"),
        ("cookiejar", "time.time"),
        ("helpers", "time.time"),
        ("multipart", "uuid4"),
    }
    assert "random: random.Random = random.Random()" in (root / "_websocket/writer.py").read_text()


def test_what_a_world_replaces_is_put_back() -> None:
    def read() -> list[object]:
        return [getattr(importlib.import_module(module), name) for module, name in READ_BY_AIOHTTP]

    before = read()
    with virtual_world() as world:
        assert all(new is not old for new, old in zip(read(), before, strict=True))
        assert world.loop.is_closed() is False
    assert all(new is old for new, old in zip(read(), before, strict=True))
    assert world.loop.is_closed()
