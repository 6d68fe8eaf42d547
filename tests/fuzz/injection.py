"""A payload in a field: refused, or taken as a text that stays a text in everything that is made of the spec.

Rules: all of it happens under the watch; what is taken is compiled, run, written to disk and imported, many fields at
once, so that it takes a package a payload and not one a field; code with payloads has the same shape as code of the
same spec with harmless texts in their places, constants aside, which is seen for all fields at once or for each.
"""

from __future__ import annotations

import ast
import codecs
import importlib
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from exconn.compile import Program, compile_spec, finish, write
from exconn.document import DocumentError, render_text
from exconn.errors import UsageError
from exconn.spec import Spec, load_spec
from exconn_codegen.guard import check_written
from exconn_codegen.package import write_modules

from .corpus import Good
from .payloads import HARMLESS
from .placing import Spot, with_texts
from .watch import watched

_NAME: Final = "injected.yaml"


@dataclass(slots=True)
class Taken:
    """What became of one payload in some fields: where it was taken, and what should not have happened."""

    tried: int = 0
    spots: list[Spot] = field(default_factory=list)
    packages: int = 0
    failures: list[str] = field(default_factory=list)


def inject(payload: str, spots: Sequence[Spot]) -> Taken:
    """Try `payload` in each of these fields by itself, then in all that took it together."""
    taken = Taken()
    for spot in spots:
        taken.tried += 1
        failures = dict.fromkeys(_alone(payload, spot, taken))
        taken.failures += [f"{payload[:80]!r} in {spot.field}: {each}" for each in failures]
    for good in dict.fromkeys(spot.good.path for spot in taken.spots):
        for together in _combined(payload, [spot for spot in taken.spots if spot.good.path == good]):
            taken.packages += 1
            where = f"{len(together)} fields of {good.name}"
            taken.failures += [f"{payload[:80]!r} in {where}: {each}" for each in _made(payload, together)]
    return taken


def _alone(payload: str, spot: Spot, taken: Taken) -> Iterator[str]:
    """The payload in one field, loaded."""
    data = with_texts(spot.good, {spot: payload})
    with watched(_file(spot)) as watch:
        try:
            spec = _loaded(data, _file(spot))
        except Exception as error:
            yield f"{type(error).__name__}: {error}"
            return
    yield from watch.seen
    if spec is not None:
        taken.spots.append(spot)


def _file(spot: Spot) -> str:
    """As if it stood beside the good file, with what belongs to that."""
    return str(spot.good.path.with_name(_NAME))


def _loaded(data: bytes, file: str) -> Spec | None:
    """The spec, or None where it is refused, with findings that can be shown."""
    try:
        return load_spec(data, file)
    except DocumentError as error:
        render_text(error.diagnostics, {})
        return None


def _misshapen(payload: str, spots: list[Spot], program: Program) -> Iterator[str]:
    """Fields whose text shapes the code: first all at once, each beside a harmless text it takes, then one by one.

    The payload with its letters turned is harmless too: what is punctuation in it may have a meaning in the language,
    and the names that it would bring as code are no names any more.
    """
    shape, turned = shape_of(program), codecs.encode(payload, "rot13")
    twins = HARMLESS if turned == payload else (turned, *HARMLESS)
    if shape == _shape_of_data(dict.fromkeys(spots, twins[0])) or shape == _harmless_together(tuple(spots)):
        return
    for spot in spots:
        alone = write(load_spec(with_texts(spot.good, {spot: payload}), _file(spot)))
        shape = shape_of(alone)
        if all(harmless_shape(spot, twin) != shape for twin in twins) and not _reads_what_is_read(spot, payload, alone):
            yield f"{spot.field}: the code has a shape that no harmless text gives it"


def _reads_what_is_read(spot: Spot, payload: str, program: Program) -> bool:
    """Whether the payload is a name that the file reads from the wire anyway, and does what another of those does.

    Such a name gets no place of its own in a typed reading but the one that is there, so its twin is another such name;
    they share different places, which is why the names of places are not compared here.
    """
    names = _names_read(spot.good)
    outline = outline_of(program)
    return payload in names and any(_harmless_outline(spot, twin) == outline for twin in names if twin != payload)


@lru_cache(maxsize=64)
def _names_read(good: Good) -> tuple[str, ...]:
    """The wire's names that typed readings of the good file name; what is read most often comes first."""
    told = Counter(
        keyword.value.value
        for unit in write(load_spec(good.data, str(good.path))).units
        for statement in unit.body
        for keyword in ast.walk(statement)
        if isinstance(keyword, ast.keyword) and keyword.arg == "name" and isinstance(keyword.value, ast.Constant)
    )
    return tuple(name for name, _ in told.most_common())


@lru_cache(maxsize=4096)
def _harmless_outline(spot: Spot, text: str) -> str | None:
    spec = _loaded(with_texts(spot.good, {spot: text}), _file(spot))
    return None if spec is None else outline_of(write(spec))


@lru_cache(maxsize=4096)
def _harmless_together(spots: tuple[Spot, ...]) -> str | None:
    """The shape of the code where each of these fields has the first harmless text that it takes."""
    return _shape_of_data({spot: _first_harmless(spot) for spot in spots})


@lru_cache(maxsize=4096)
def _first_harmless(spot: Spot) -> str:
    takes = (each for each in HARMLESS if _loaded(with_texts(spot.good, {spot: each}), _file(spot)) is not None)
    return next(takes, HARMLESS[0])


@lru_cache(maxsize=4096)
def harmless_shape(spot: Spot, text: str) -> str | None:
    """The shape of the code with a harmless text there; None where that is refused."""
    return _shape_of_data({spot: text})


def _shape_of_data(texts: Mapping[Spot, str]) -> str | None:
    """The shape of the code with these texts in fields of one file; None where that is refused."""
    spot = next(iter(texts))
    spec = _loaded(with_texts(spot.good, texts), _file(spot))
    return None if spec is None else shape_of(write(spec))


def forget_shapes() -> None:
    """For a test that changes the compiler."""
    for kept in (harmless_shape, _harmless_together, _harmless_outline, _names_read):
        kept.cache_clear()


def _combined(payload: str, spots: list[Spot]) -> Iterator[list[Spot]]:
    """The fields in as few groups as still load together; each stands in one."""
    while spots:
        together = spots if _load_together(payload, spots) else []
        for spot in spots if not together else ():
            if _load_together(payload, [*together, spot]):
                together = [*together, spot]
        together = together or spots[:1]
        yield together
        spots = [spot for spot in spots if spot not in together]


def _load_together(payload: str, spots: list[Spot]) -> bool:
    return _loaded(with_texts(spots[0].good, dict.fromkeys(spots, payload)), _file(spots[0])) is not None


def _made(payload: str, spots: list[Spot]) -> Iterator[str]:
    """The payload in fields that load together: run in memory, written down, imported."""
    data = with_texts(spots[0].good, dict.fromkeys(spots, payload))
    with TemporaryDirectory(prefix="exconn-injected-") as folder:
        try:
            with watched(_file(spots[0])) as watch:
                spec = load_spec(data, _file(spots[0]))
                program = write(spec)
                finish(compile_spec(spec))
            yield from watch.seen
            yield from _misshapen(payload, spots, program)
            for name, (source, meant) in write_modules(program).items():
                check_written(source, meant, name)
                target = Path(folder) / program.name / f"{name}.py"
                target.parent.mkdir(exist_ok=True)
                target.write_text(source, encoding="utf-8", newline="\n")
            yield from import_watched(Path(folder), program.name)
        except UsageError:
            return  # a name that no package can have
        except Exception as error:
            yield f"{type(error).__name__}: {error}"


def import_watched(folder: Path, package: str) -> list[str]:
    """What was seen while the written package was imported; the process forgets it afterwards."""
    sys.path.insert(0, str(folder))
    wrote, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    importlib.invalidate_caches()
    try:
        with watched(_NAME, str(folder), package) as watch:
            importlib.import_module(f"{package}.codec")
        return watch.seen
    finally:
        sys.path.remove(str(folder))
        sys.dont_write_bytecode = wrote
        for name in [name for name in sys.modules if name.partition(".")[0] == package]:
            del sys.modules[name]


def shape_of(program: Program) -> str:
    """The program's nodes without their constants; names that it binds are counted, in the order they come."""
    return "\n".join(_drawn(program, _Counted()))


def outline_of(program: Program) -> str:
    """The shape, where a name that the program binds says no more than that."""
    return "\n".join(_drawn(program, lambda name: "#"))


class _Counted(dict[str, str]):
    """Names, each with its number."""

    def __call__(self, name: str) -> str:
        return self.setdefault(name, f"#{len(self)}")


def _drawn(program: Program, told: Callable[[str], str]) -> Iterator[str]:
    """The statements; `told` says what stands for a name that is bound, a field of a class too."""
    nodes = [node for unit in program.units for statement in unit.body for node in ast.walk(statement)]
    bound = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    bound |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    bound |= {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    return (_shape(each, bound, told) for unit in program.units for each in program.module(unit).body)


def _shape(node: object, bound: set[str], told: Callable[[str], str]) -> str:
    if isinstance(node, ast.Constant):
        return type(node.value).__name__
    if isinstance(node, list):
        return "[" + ",".join([_shape(each, bound, told) for each in node]) + "]"
    if isinstance(node, str):
        return told(node) if node in bound else node
    if not isinstance(node, ast.AST):
        return repr(node)
    inside = [_shape(getattr(node, part, None), bound, told) for part in node._fields]
    return f"{type(node).__name__}({','.join(inside)})"
