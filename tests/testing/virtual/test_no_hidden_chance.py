"""No clock, no chance and no order of a set is hidden on the engine's path: what a seed decides, it decides everywhere.

Everything that runs in a simulation is read as a tree: the market, what compiled code stands on, the sandbox and the
simulator. Time, chance and ids come in as arguments; the one file that takes them from the machine is named.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

FRAMEWORK = Path(__file__).parents[3] / "framework" / "exconn"
FOLDERS = ("market", "codec", "model", "sandbox", "testing/simulation")
ALLOWED = {
    "market/surroundings.py": "takes the clocks and the randomness of the machine, for markets outside a simulation",
    "testing/simulation/run.py": "tells how long a run took this machine",
    "testing/simulation/__main__.py": "tells how long all runs took this machine",
}
CLOCKS = ("time", "monotonic", "perf_counter", "process_time", "thread_time", "localtime", "gmtime", "ctime")
OF_NOW = ("now", "utcnow", "today")
BANNED_MODULES = ("secrets", "uuid")
ORDERS = ("list", "tuple", "iter", "enumerate", "next", "join", "extend", "fromkeys", "deque", "zip", "map", "chain")


def modules_of(tree: ast.AST) -> dict[str, str]:
    """Name in the file -> what it was imported as, dotted."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.asname or alias.name: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found


def dotted(node: ast.AST, modules: dict[str, str]) -> str:
    """What an expression names, as `time.time`; "" for what is no name."""
    if isinstance(node, ast.Name):
        return modules.get(node.id, "")
    if isinstance(node, ast.Attribute):
        inner = dotted(node.value, modules)
        return f"{inner}.{node.attr}" if inner else ""
    return ""


def is_hidden(name: str) -> bool:
    """Whether a name is a clock or a source of chance that no seed decides."""
    module, _, last = name.rpartition(".")
    root = name.partition(".")[0]
    if root in BANNED_MODULES or name in ("os.urandom", "os.getpid", "random.SystemRandom"):
        return True
    if module == "time":
        return last.removesuffix("_ns") in CLOCKS
    if module.startswith("datetime"):
        return last in OF_NOW
    return module == "random" and last != "Random"


def hidden_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    modules = modules_of(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and is_hidden(dotted(node, modules)):
            yield node.lineno, dotted(node, modules)
        elif isinstance(node, ast.Call) and dotted(node.func, modules) == "random.Random" and not node.args:
            yield node.lineno, "random.Random without a seed"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "hash":
            yield node.lineno, "hash()"


def is_set(node: ast.AST, names: dict[str, None]) -> bool:
    """Whether an expression is plainly a set: a literal, a comprehension, a call of `set`, a name bound to one."""
    if isinstance(node, ast.Set | ast.SetComp):
        return True
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id in ("set", "frozenset")
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd | ast.BitOr | ast.Sub | ast.BitXor):
        return is_set(node.left, names) or is_set(node.right, names)
    return isinstance(node, ast.Name) and node.id in names


def sets_walked_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Where the order of a set becomes the order of something."""
    names: dict[str, None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None and is_set(node.value, {}):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id: None for target in targets if isinstance(target, ast.Name)}
    for node in ast.walk(tree):
        walked: list[ast.AST] = []
        if isinstance(node, ast.For | ast.AsyncFor):
            walked = [node.iter]
        elif isinstance(node, ast.ListComp | ast.GeneratorExp | ast.DictComp):
            walked = [each.iter for each in node.generators]
        elif isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            walked = [*node.args] if called in ORDERS else [a.value for a in node.args if isinstance(a, ast.Starred)]
        if any(is_set(each, names) for each in walked):
            yield node.lineno, ast.unparse(node).splitlines()[0]


def found_by(look: object) -> list[str]:
    assert callable(look)
    found = []
    for folder in FOLDERS:
        for path in sorted((FRAMEWORK / folder).rglob("*.py")):
            place = path.relative_to(FRAMEWORK).as_posix()
            if place not in ALLOWED:
                found += [f"{place}:{line}: {what}" for line, what in look(ast.parse(path.read_text()))]
    return found


def test_no_clock_and_no_chance_of_the_machine() -> None:
    assert found_by(hidden_in) == []


def test_no_set_decides_an_order() -> None:
    assert found_by(sets_walked_in) == []


@pytest.mark.parametrize("place", ALLOWED)
def test_what_is_allowed_is_there_and_needs_it(place: str) -> None:
    tree = ast.parse((FRAMEWORK / place).read_text())
    assert [*hidden_in(tree)] != []


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("import time\ntime.time()", "time.time"),
        ("from time import monotonic as m\nm()", "time.monotonic"),
        ("from datetime import datetime\ndatetime.now()", "datetime.datetime.now"),
        ("import random\nrandom.choice([1])", "random.choice"),
        ("import random\nrandom.Random()", "random.Random without a seed"),
        ("import secrets\nsecrets.token_hex()", "secrets.token_hex"),
        ("from uuid import uuid4\nuuid4()", "uuid.uuid4"),
        ("import os\nos.urandom(4)", "os.urandom"),
        ("hash('a')", "hash()"),
    ],
)
def test_each_is_found(line: str, what: str) -> None:
    assert what in [found for _, found in hidden_in(ast.parse(line))]


WALKS = ["for a in {1, 2}: pass", "s = set()\nx = [a for a in s]", "list({1} | b)", "','.join({a for a in b})"]


@pytest.mark.parametrize("line", [*WALKS, "f(*{1})"])
def test_each_walk_over_a_set_is_found(line: str) -> None:
    assert [*sets_walked_in(ast.parse(line))] != []


@pytest.mark.parametrize("line", ["sorted({1, 2})", "1 in {1, 2}", "import random\nrandom.Random(7)", "len(set(a))"])
def test_what_is_harmless_is_let_be(line: str) -> None:
    tree = ast.parse(line)
    assert [*sets_walked_in(tree), *hidden_in(tree)] == []
