"""How compiled code gets at what a path names: in maps, as the general decoder makes them, or in structs.

Rules: a path is evaluated on the row, or on the whole message where the spec wrote a leading `/`; both ways give the
same value, None where nothing is there; a struct holds only what is read, so a path leads through it by attributes as
far as the decoder's types go, and from there on as in any map.
"""

import ast
from collections.abc import Iterable
from functools import partial
from typing import Protocol

from exconn.compile.emit import Unit, attribute, const, name
from exconn.compile.jmespath import emit, emit_steps
from exconn.compile.searches import Search, Steps, emit_search, search_of
from exconn.compile.shapes import Form, Place, steps_of
from exconn.compile.statements import choose, is_there
from exconn.spec.jmespath import parse
from exconn.spec.pieces import Path


class Access(Protocol):
    """Where the variables `row` and `message` of a function are read from."""

    def find(self, path: Path, unit: Unit, row: str) -> ast.expr:
        """What the path finds; the function it stands in has `message`, and `row` under this name."""

    def search(self, search: Search, from_top: bool, unit: Unit) -> list[ast.stmt]:
        """Assign to `value` what a path that is a search finds."""

    def place(self, path: Path) -> Place | None:
        """What a typed decoder makes of where the path leads; None where it is a value like any other."""

    def rows(self, path: Path) -> "Access":
        """The access of a function that takes the rows found at `path` one by one, and the same message."""


class Maps:
    """The values of the general decoder."""

    __slots__ = ()

    def find(self, path: Path, unit: Unit, row: str) -> ast.expr:
        return emit(parse(path.text), name("message" if path.from_top else row), unit)

    def search(self, search: Search, from_top: bool, unit: Unit) -> list[ast.stmt]:
        subject = "message" if from_top else "row"
        rows = emit_steps(search.rows, name(subject), subject, unit)
        led = partial(_in_map, unit)
        return emit_search(search, rows, led, led, unit)

    def place(self, path: Path) -> Place | None:
        return None

    def rows(self, path: Path) -> "Access":
        return self


MAPS = Maps()


class Attributes:
    """What a typed decoder made. `row` None: the rows are values like any others."""

    __slots__ = ("_message", "_row")

    def __init__(self, message: Place, row: Place | None) -> None:
        self._message = message
        self._row = row

    def find(self, path: Path, unit: Unit, row: str) -> ast.expr:
        subject = "message" if path.from_top else row
        place = self._message if subject == "message" else self._row
        if place is None:
            return emit(parse(path.text), name(subject), unit)
        return _led(place, list(steps_of(path)), name(subject), subject, unit)

    def search(self, search: Search, from_top: bool, unit: Unit) -> list[ast.stmt]:
        subject, place = ("message", self._message) if from_top else ("row", self._row)
        if place is None:
            return MAPS.search(search, from_top, unit)
        rows, found = _led(place, search.rows, name(subject), subject, unit), _reached(place, search.rows)
        led = partial(_in_map, unit)
        if found is not None and found.form is Form.ROWS and found.rows is not None:
            led = partial(_in_struct, unit, found.rows)
        return emit_search(search, rows, led, led, unit)

    def place(self, path: Path) -> Place | None:
        place = self._message if path.from_top else self._row
        if place is None:
            return None
        found = _reached(place, steps_of(path))
        return None if found is None or found.form is Form.VALUE else found

    def rows(self, path: Path) -> Access:
        found = self.place(path)
        return Attributes(self._message, found.rows if found is not None and found.form is Form.ROWS else None)


def _led(place: Place, steps: Steps, subject: ast.expr, root: str, unit: Unit) -> ast.expr:
    """`steps` from `subject`, which is what `place` says."""
    if not steps or place.form is not Form.OBJECT:
        return emit_steps(steps, subject, root, unit) if steps else subject
    inner = place.fields[steps[0]["value"]]
    found = attribute(subject, inner.identifier)
    if len(steps) == 1 or inner.form is not Form.OBJECT:
        return _led(inner, steps[1:], found, root, unit)
    bound = unit.fresh("got")
    first = is_there(ast.NamedExpr(ast.Name(bound, ast.Store()), found))
    return choose(first, _led(inner, steps[1:], name(bound), root, unit), const(None))


def _reached(place: Place, steps: Steps) -> Place | None:
    """Where `steps` lead from `place`; None where they go on inside of a value."""
    for step in steps:
        if place.form is not Form.OBJECT or step["type"] != "field":
            return None
        place = place.fields[step["value"]]
    return place


def _in_map(unit: Unit, row: str, steps: Steps) -> ast.expr:
    return emit_steps(steps, name(row), row, unit) if steps else name(row)


def _in_struct(unit: Unit, place: Place, row: str, steps: Steps) -> ast.expr:
    return _led(place, steps, name(row), row, unit)


def spelling(paths: Iterable[Path], access: Access) -> str:
    """How these paths are written down under an access; the same text, the same code."""
    if access is MAPS:
        return ""
    scratch = Unit("scratch")
    found = [(_spelt(path, access, scratch), access.place(path)) for path in paths]
    return "\n".join(f"{text} {place.form.value if place is not None else ''}" for text, place in found)


def _spelt(path: Path, access: Access, unit: Unit) -> str:
    search = search_of(path)
    if search is None:
        return ast.dump(access.find(path, unit, "row"))
    return "\n".join(map(ast.dump, access.search(search, path.from_top, unit)))
