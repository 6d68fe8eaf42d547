"""The real clocks and random sources that aiohttp reads by itself, replaced while a world exists.

aiohttp asks the system for the Date header, the age of pooled connections, the expiry of cookies, websocket keys and
masks and form boundaries. Left alone they make two runs of one seed differ, and let keep-alive escape virtual time.
`READ_BY_AIOHTTP` names all such places; a test holds the list against aiohttp's sources, so that an upgrade cannot add
one unseen. (Its access log has a clock too, but says nothing to the wire.)
"""

import importlib
import os
import random
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from types import ModuleType, SimpleNamespace
from unittest.mock import patch

from aiohttp.http import WebSocketWriter

from exconn.testing.virtual.loop import VirtualLoop

__all__ = ["READ_BY_AIOHTTP", "virtual_ambience"]

Replacement = Callable[[VirtualLoop, random.Random], object]


def _shadow(module: ModuleType, **replaced: object) -> SimpleNamespace:
    """The module's names, some of them replaced."""
    return SimpleNamespace(**{**vars(module), **replaced})


def _clock(loop: VirtualLoop, source: random.Random) -> object:
    def now() -> float:
        return loop.wall_ns() / 1e9

    return _shadow(time, time=now, monotonic=loop.time, ctime=lambda: time.asctime(time.gmtime(now())))


def _entropy(loop: VirtualLoop, source: random.Random) -> object:
    return _shadow(os, urandom=source.randbytes)


def _uuids(loop: VirtualLoop, source: random.Random) -> object:
    return _shadow(uuid, uuid4=lambda: uuid.UUID(int=source.getrandbits(128), version=4))


READ_BY_AIOHTTP: dict[tuple[str, str], Replacement] = {
    ("aiohttp.helpers", "time"): _clock,
    ("aiohttp.cookiejar", "time"): _clock,
    ("aiohttp.client_middleware_digest_auth", "time"): _clock,
    ("aiohttp.connector", "monotonic"): lambda loop, source: loop.time,
    ("aiohttp.connector", "random"): lambda loop, source: source,
    ("aiohttp.client", "os"): _entropy,
    ("aiohttp.client_middleware_digest_auth", "os"): _entropy,
    ("aiohttp.client", "WebSocketWriter"): lambda loop, source: partial(WebSocketWriter, random=source),
    ("aiohttp.multipart", "uuid"): _uuids,
}
"""(module, name in it) -> what stands there while a world exists."""


@contextmanager
def virtual_ambience(loop: VirtualLoop, source: random.Random) -> Iterator[None]:
    """Let aiohttp read virtual time and `source` within the block; everything is put back after it."""
    with ExitStack() as replaced:
        for (module, name), replacement in READ_BY_AIOHTTP.items():
            replaced.enter_context(patch.object(importlib.import_module(module), name, replacement(loop, source)))
        yield
