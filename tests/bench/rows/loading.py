"""Rows of starting: a spec read, checked and compiled; the runtime imported.

Rules: naive is what one would write without a compiler: the C loader of PyYAML into dicts, jsonschema with a validator
made once, and jmespath's parse of every path; it gives no positions, checks no meaning and compiles nothing. Before
every load, ours and its, what is known of paths is forgotten. Imports are whole processes, which tell their CPU time
and memory (Linux's way); bytecode is written before it counts, and read by all alike, whatever this process was told
about bytecode.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from tempfile import TemporaryDirectory
from typing import Any

import jmespath
import jmespath.parser
import jsonschema
import yaml

from exconn.compile import compile_spec, write
from exconn.shipped import find
from exconn.spec import load_spec
from exconn.spec.jmespath import parse
from exconn.spec.read.paths import find_fault
from exconn.spec.schema import load_schema

from ..measure import Contender
from ..row import Goal, Row

NOTE = "load_spec and compile_spec; C YAML loader, jsonschema, jmespath's parse of each path, in all no compiling"
WHOLE_NOTE = "as above, and the nodes and bytecode of every function, which otherwise wait for its first call"
IMPORT_NOTE = "a whole process each, with bytecode; the market, a generated package's runtime"
SLOW, SLOWEST = 5, 6
_TOLD = """
import {}, time, re
memory = re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())
print(time.process_time(), memory[1])
"""
# The system's own count of a child's memory begins with that of its parent, which is larger than what is measured here.


def rows() -> Iterator[Row]:
    naive = Contender("naive", _naive, 1, SLOW)
    yield Row("load a spec", Contender("exconn", _load, 1, SLOW), (Goal(0.6, naive),), NOTE, "ms")
    yield Row("load a spec whole", Contender("exconn", _load_whole, 1, SLOW), (Goal(None, naive),), WHOLE_NOTE, "ms")
    market = Contender("exconn.market", _import("exconn.market", 0), 1, SLOWEST)
    aiohttp, peer = (Contender(each, _import(each, 0), 1, SLOWEST) for each in ("aiohttp", "ccxt.async_support"))
    yield Row("import, CPU", market, (Goal(1.15, aiohttp), Goal(None, peer)), IMPORT_NOTE, "ms")
    memory, least = (Contender(each, _import(each, 1), 1, SLOWEST) for each in ("exconn.market", "aiohttp"))
    yield Row("import, memory", memory, (Goal(1.15, least),), IMPORT_NOTE, "MiB")


@cache
def _spec() -> bytes:
    return find("myexchange", ".yaml").read_bytes()


def _load(operations: int) -> None:
    for _ in range(operations):
        _forget_paths()
        compile_spec(load_spec(_spec(), "spec.yaml"))


def _load_whole(operations: int) -> None:
    for _ in range(operations):
        _forget_paths()
        program = write(load_spec(_spec(), "spec.yaml"))
        program.load()
        for unit in program.units:
            compile(program.module(unit), "spec.yaml", "exec", dont_inherit=True)


def _naive(operations: int) -> None:
    validator = _validator()
    for _ in range(operations):
        loaded = yaml.load(_spec(), yaml.CSafeLoader)
        for _error in validator.iter_errors(loaded):
            pass
        _forget_paths()
        for path in _paths():
            jmespath.compile(path)


def _forget_paths() -> None:
    """Each load is a first one: no expression is known from the last."""
    jmespath.parser.Parser.purge()
    find_fault.cache_clear()
    parse.cache_clear()


@cache
def _validator() -> Any:
    return jsonschema.Draft202012Validator(load_schema())


@cache
def _paths() -> tuple[str, ...]:
    """Every scalar of endpoints and sockets that is a path."""
    found: dict[str, None] = {}

    def collect(value: object) -> None:
        if isinstance(value, dict):
            for below in value.values():
                collect(below)
        elif isinstance(value, list):
            for below in value:
                collect(below)
        elif isinstance(value, str):
            found[value.partition(" as ")[0].partition(" or ")[0].lstrip("/")] = None

    loaded = yaml.load(_spec(), yaml.CSafeLoader)
    collect([[each.get("reply") for each in loaded["endpoints"].values()], loaded["shapes"]])
    collect([each["messages"] for each in loaded["sockets"].values()])
    return tuple(path for path in found if _is_path(path))


def _is_path(text: str) -> bool:
    try:
        jmespath.compile(text)
    except jmespath.exceptions.JMESPathError:
        return False
    return True


@cache
def _bytecode() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="bench-bytecode-")


@cache
def _imported(module: str, turn: int) -> tuple[float, float]:
    """CPU seconds and MiB of a process that imports `module`. A turn's figures are of one process."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": _bytecode().name, "PYTHONPATH": os.pathsep.join(sys.path)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    told = subprocess.run(
        [sys.executable, "-c", _TOLD.format(module)], env=environment, capture_output=True, check=True
    )
    seconds, kibibytes = told.stdout.split()
    return float(seconds), float(kibibytes) / 1024


def _import(module: str, figure: int) -> Callable[[int], float]:
    turn = -1

    def run(operations: int) -> float:
        nonlocal turn
        turn += 1
        return _imported(module, turn)[figure]

    return run
