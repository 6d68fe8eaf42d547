"""Levels of a book as functions (rows found, message) -> levels; with a checksum, -> levels and their texts.

Rules: paths find the wire's values, the runtime makes numbers of all rows at once; a row that is `gone` has size 0;
where the side is told by a sign, the size is taken without it. One bad level makes the whole book unreadable. Texts are
kept only where a checksum runs over them; rows that a typed decoder left as JSON are decoded here.
"""

import ast
from dataclasses import dataclass

from exconn.compile.access import Access
from exconn.compile.emit import Unit, at, attribute, call, const, name
from exconn.compile.matches import match_test, path_value
from exconn.compile.statements import assign, choose, compare, does, each, empty_list, is_missing, items, returns, when
from exconn.compile.values import Values
from exconn.spec.pieces import Levels, Path, Reading


@dataclass(frozen=True, slots=True)
class LevelForm:
    """What levels are made into: `exact` Decimals or floats, with the wire's `texts` or without; and whether their rows
    are still JSON, `written`."""

    exact: bool = False
    texts: bool = False
    written: bool = False

    def rows(self, unit: Unit) -> ast.expr:
        """The rows that were found."""
        return call(unit.use("written_rows" if self.written else "rows_of"), name("found"))

    def read(self, pairs: str, unit: Unit, signed: bool = False) -> ast.expr:
        """The levels of the pairs of wire values in this variable."""
        runtime = "written_levels" if self.written else "read_exact_levels" if self.exact else "read_levels"
        return call(unit.use(runtime), name(pairs), **({"signed": const(True)} if signed else {}))

    def texts_of(self, pairs: str, levels: str, unit: Unit) -> ast.expr:
        """The texts of the `levels` that were read of these pairs."""
        return name(pairs) if self.written else call(unit.use("level_texts"), name(pairs), name(levels))


def emit_side(stem: str, levels: Levels, values: Values, form: LevelForm, access: Access) -> str:
    """The function that gives the levels of one side, or (levels, texts); `access`: what a row and the message are."""
    unit = values.unit
    rows = form.rows(unit)
    if _is_plain(levels) and form == LevelForm():
        body = [at(returns(call(unit.use("read_pairs"), rows)), levels.span)]
    else:
        pair = items(path_value(levels.price, unit, access=access), path_value(levels.size, unit, access=access))
        loop = ast.comprehension(ast.Name("row", ast.Store()), rows, [], 0)
        body = [at(assign("pairs", ast.ListComp(pair, [loop])), levels.span)]
        read = form.read("pairs", unit)
        told = [assign("levels", read), returns(items(name("levels"), form.texts_of("pairs", "levels", unit)))]
        body += told if form.texts else [returns(read)]
    return unit.function(stem, ("found", "message"), body, levels.span)


def emit_both_sides(stem: str, levels: Levels, side: Reading, values: Values, form: LevelForm, access: Access) -> str:
    """The function that gives (bids, asks) of rows that tell their side, or (bids, asks, texts)."""
    unit = values.unit
    signed = side.cast is not None and side.cast.name == "sign"
    size = path_value(levels.size, unit, access=access)
    if levels.gone is not None:
        size = choose(match_test(levels.gone, unit, access=access), const(0), size)
    bought = compare(name("side"), ast.Is(), attribute(unit.use_model("TradeType"), "BUY"))
    book = choose(bought, name("bids"), name("asks"))
    pair = items(path_value(levels.price, unit, access=access), size)
    loop = [
        *_side(side, values, access),
        at(does(call(ast.Attribute(book, "append", ast.Load()), pair)), levels.size.span),
    ]
    read = [form.read(each, unit, signed) for each in ("bids", "asks")]
    end = [returns(items(*read))]
    if form.texts:
        made = ("bid_levels", "ask_levels")
        texts = [form.texts_of(*both, unit) for both in zip(("bids", "asks"), made, strict=True)]
        end = [*map(assign, made, read), returns(items(*map(name, made), items(*texts)))]
    statements = [
        assign("bids", empty_list()),
        assign("asks", empty_list()),
        each("row", form.rows(unit), loop),
        *end,
    ]
    return unit.function(stem, ("found", "message"), statements, levels.span)


def _is_plain(levels: Levels) -> bool:
    """Rows that begin with price and size."""
    return _is_column(levels.price, "[0]") and _is_column(levels.size, "[1]")


def _is_column(path: Path, text: str) -> bool:
    return path.text == text and not path.from_top


def _side(side: Reading, values: Values, access: Access) -> list[ast.stmt]:
    fixed = values.fixed(side, "side", values.unit, access)
    if fixed is not None or side.path is None:
        return [at(assign("side", fixed or const(None)), side.span)]
    read = [
        assign("value", path_value(side.path, values.unit, access=access)),
        when(is_missing("value"), does(call(values.unit.use("absent")))),
        assign("side", values.expression(side, "side", name("value"), values.unit)),
    ]
    return [at(statement, side.span) for statement in read]
