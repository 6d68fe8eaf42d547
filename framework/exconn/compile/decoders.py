"""The unit of typed decoders: the structs that frames and replies are decoded into, only what is read.

Rules: a struct a place of the shape, its fields in the order in which they are first read, None where the wire has
nothing; the wire's keys stand in it as constants. A field that is null, or of another form than the one it is read as,
is refused by the decoder, and so goes to the general reader. Levels without keys are decoded as pairs or, where rows
hold more than price and size, as wide levels; the struct is generic in that.
"""

import ast

from exconn.compile.emit import Unit, at, call, const, name
from exconn.compile.shapes import Form, Keys, Place, Survey
from exconn.compile.statements import items
from exconn.document import Span
from exconn.spec.tree import Spec


class Decoders:
    """The unit, and what all typed decoders of a spec share."""

    def __init__(self, spec: Spec) -> None:
        self.unit = Unit("decoders")
        self._keys = Keys()
        self._spec = spec

    def survey(self, of_frames: bool = False) -> Survey:
        """A new shape to be gathered. `of_frames`: who reads it can ask the general reader in the middle of it."""
        book, levels = self._spec.order_book, Form.LEVELS
        if book is not None and (book.levels == "exact" or book.checksum is not None):
            levels = Form.WRITTEN if of_frames and book.levels != "exact" else Form.VALUE
        return Survey(self._keys, self._spec.decisions, levels)

    def emit(self, stem: str, top: Place, span: Span) -> str:
        """Define the decoder of messages of the shape `top`; returns the name of the constant that holds it."""
        made = self._struct(_title(stem), top, span)
        kinds: list[ast.expr] = [name(made)]
        if top.has_pairs:
            kinds = [_of(made, self.unit.use(each)) for each in ("PairLevel", "WideLevel")]
        constant = self.unit.fresh(stem.upper())
        decoder = ast.Assign([ast.Name(constant, ast.Store())], call(self.unit.use("TypedDecoder"), *kinds))
        self.unit.add(at(decoder, span))
        return constant

    def _struct(self, stem: str, place: Place, span: Span) -> str:
        """Define the struct of an object."""
        fields = [self._field(stem, key, each, span) for key, each in place.fields.items()]
        bases: list[ast.expr] = [self.unit.use("Struct")]
        if place.has_pairs:
            bases.append(_of_name(self.unit.use("Generic"), self.unit.use("LevelRow")))
        return self._class(stem, bases, fields, span)

    def _class(self, stem: str, bases: list[ast.expr], fields: list[ast.stmt], span: Span) -> str:
        identifier = self.unit.fresh(stem)
        light = [ast.keyword("gc", const(False))]
        self.unit.add(at(ast.ClassDef(identifier, bases, light, fields, []), span))
        return identifier

    def _field(self, stem: str, key: str, place: Place, span: Span) -> ast.stmt:
        target = ast.Name(place.identifier, ast.Store())
        made = call(self.unit.use("field"), default=const(None), name=const(key))
        return ast.AnnAssign(target, self._type(f"{stem}{_title(place.identifier)}", place, span), made, 1)

    def _type(self, stem: str, place: Place, span: Span) -> ast.expr:
        if place.form is Form.OBJECT:
            return self._named(self._struct(stem, place, span), place)
        if place.form is Form.ROWS and place.rows is not None:
            made = self._struct(stem, place.rows, span)
            rows = _of_name(name("list"), self._named(made, place))
            return ast.BinOp(rows, ast.BitOr(), self._named(made, place))
        if place.form is Form.LEVELS:
            return _of_name(name("list"), self._level(stem, place, span))
        if place.form is Form.WRITTEN:
            return self.unit.use("Raw")
        return self.unit.use("Any")

    def _named(self, made: str, place: Place) -> ast.expr:
        return _of(made, self.unit.use("LevelRow")) if place.has_pairs else name(made)

    def _level(self, stem: str, place: Place, span: Span) -> ast.expr:
        keys = place.levels[0]
        if keys is None:
            return self.unit.use("LevelRow")
        fields: list[ast.stmt] = [
            ast.AnnAssign(
                ast.Name(each, ast.Store()),
                self.unit.use(f"Level{each.capitalize()}"),
                call(self.unit.use("field"), name=const(key)),
                1,
            )
            for each, key in zip(("price", "size"), keys, strict=True)
        ]
        return name(self._class(stem, [self.unit.use("Struct")], fields, span))


def _title(stem: str) -> str:
    """`user_frames` -> `UserFrames`."""
    return "".join(part.capitalize() for part in stem.split("_"))


def _of(made: str, parameter: ast.expr) -> ast.expr:
    return _of_name(name(made), parameter)


def _of_name(generic: ast.expr, *parameters: ast.expr) -> ast.expr:
    return ast.Subscript(generic, parameters[0] if len(parameters) == 1 else items(*parameters), ast.Load())
