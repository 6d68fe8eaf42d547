"""One field: the value that a path found, to what the field means, by its natural type and the reading's `as`.

Rules: a table of natural type and cast names the runtime function, there is no other place that decides; words tables,
decisions and asset names become constants and functions of the readings unit, one for each use they are put to.
"""

import ast

from exconn.codec.times import SECOND
from exconn.compile.access import MAPS, Access, spelling
from exconn.compile.emit import Unit, at, attribute, call, const, name
from exconn.compile.matches import match_test, path_value
from exconn.compile.scope import unsayable
from exconn.compile.searches import search_of
from exconn.compile.statements import assign, compare, every, is_there, items, raises, returns, when
from exconn.spec.pieces import Cast, Path, Reading, Source
from exconn.spec.tree import Decision, Spec, Words

_ENUMS = {"side": "TradeType", "liquidity": "Liquidity", "state": "OrderState"}
_PLAIN = {
    "text": "read_text",
    "decimal": "read_decimal",
    "integer": "read_integer",
    "number": "read_number",
    "given": "read_text",
}
_CASTS = {
    ("decimal", "pow10_neg"): "pow10_neg",
    ("decimal", "negated"): "negated",
    ("decimal", "absolute"): "absolute",
    ("decimal", "percent"): "percentage",
    ("number", "absolute"): "read_magnitude",
    ("side", "sign"): "side_of_sign",
    ("given", "text"): "read_text",
    ("given", "integer"): "given_integer",
    ("given", "decimal"): "given_decimal",
    ("given", "duration_s"): "given_duration_s",
    ("given", "duration_ms"): "given_duration_ms",
    **{("time", unit): f"ns_from_{unit}" for unit in ("s", "ms", "us", "ns", "iso")},
}
_TEXT_CASTS = ("split_pair", "prefixed")
_PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": SECOND}
_END_OF_TIMES = 4_102_444_800  # 2100; what is later, and may still be a moment, is judged by the runtime function
_QUICK_END = 10**18


class Values:
    """What all readings of a spec share: tables of words, decisions, names of assets; defined in `unit`."""

    def __init__(self, spec: Spec, unit: Unit) -> None:
        self.spec = spec
        self.unit = unit
        self._decisions: dict[tuple[str, str, str], str] = {}

    def expression(self, reading: Reading, natural: str, value: ast.expr, unit: Unit) -> ast.expr:
        """What the field means, of a `value` that is there. `unit`: where the expression will stand."""
        return at(self._expression(reading, natural, value, unit), reading.span)

    def quick(self, reading: Reading, natural: str, unit: Unit) -> list[tuple[ast.expr, ast.expr]]:
        """(test, meaning) of the variable `value` where it is what it mostly is, a text or an integer; none for fields
        without such a short cut. What the tests refuse, `expression` judges; what they take means the same to it."""
        cast = "" if reading.cast is None else reading.cast.name
        if natural == "text" and not cast:
            return [(every([_is_a("str"), name("value")]), name("value")), (_is_below(_QUICK_END), _text_of_value())]
        if natural == "integer" and not cast:
            return [(_is_below(_QUICK_END), name("value"))]
        if natural == "time" and cast in _PER_SECOND:
            factor = SECOND // _PER_SECOND[cast]
            scaled = ast.BinOp(name("value"), ast.Mult(), const(factor)) if factor > 1 else name("value")
            return [(_is_below(_END_OF_TIMES * _PER_SECOND[cast]), scaled)]
        table, kind = self._texts(reading, natural, unit), "str"
        if cast in self.spec.words and table is not None and all(type(each) is bool for each in self._theirs(cast)):
            table, kind = attribute(self._words(self.spec.words[cast], natural, unit), "truths"), "bool"
        if table is None:
            return []
        found = ast.NamedExpr(ast.Name("found", ast.Store()), call(attribute(table, "get"), name("value")))
        return [(every([_is_a(kind), is_there(found)]), name("found"))]

    def _theirs(self, table: str) -> list[object]:
        """The exchange's words of a table."""
        return [theirs for listed in self.spec.words[table].ours.values() for theirs in listed]

    def _texts(self, reading: Reading, natural: str, unit: Unit) -> ast.expr | None:
        """The map of texts to what they mean, where there is one."""
        cast = reading.cast
        if cast is None:
            if natural == "decimal":
                return unit.use("DECIMALS")
            return attribute(self.assets(unit), "texts") if natural == "asset" else None
        if cast.name.startswith("symbol."):
            pairs = attribute(name("context"), "symbols", "pairs")
            return ast.Subscript(pairs, const(cast.name.partition(".")[2]), ast.Load())
        if cast.name in self.spec.words and natural in (*_ENUMS, "text"):
            return attribute(self._words(self.spec.words[cast.name], natural, unit), "texts")
        return None

    def _expression(self, reading: Reading, natural: str, value: ast.expr, unit: Unit) -> ast.expr:
        cast = reading.cast
        if cast is None:
            if natural == "asset":
                return call(attribute(self.assets(unit), "read"), value)
            if natural not in _PLAIN:
                raise unsayable(f"this field needs 'as': its natural type is {natural}", reading.span)
            return _called(unit, _PLAIN[natural], natural, value)
        if cast.name.startswith("symbol."):
            return call(unit.use("pair_of"), name("context"), const(cast.name.partition(".")[2]), value)
        if cast.name in self.spec.words and natural in (*_ENUMS, "text"):
            return call(attribute(self._words(self.spec.words[cast.name], natural, unit), "read"), value)
        return self._cast(reading, cast, natural, value, unit)

    def _cast(self, reading: Reading, cast: Cast, natural: str, value: ast.expr, unit: Unit) -> ast.expr:
        arguments = [const(each) for each in cast.arguments]
        if cast.name == "decimal_part":
            part: ast.expr = call(unit.use("decimal_part"), value, *arguments)
            return call(unit.use("read_integer"), part) if natural == "integer" else part
        if cast.name in _TEXT_CASTS:
            part = _called(unit, cast.name, natural, value, *arguments)
            return call(attribute(self.assets(unit), "read"), part) if natural == "asset" else part
        runtime = _CASTS.get((natural, cast.name))
        if runtime is None:
            raise unsayable(f"'as {cast.name}' has no meaning for this field", reading.span)
        return _called(unit, runtime, natural, value)

    def found(self, reading: Reading, path: Path, unit: Unit, access: Access = MAPS) -> list[ast.stmt]:
        """Assign to `value` what is there to be read: at the path, or of the channel or topic that the path names."""
        search = search_of(path) if reading.source is Source.PATH else None
        if search is not None:
            return access.search(search, path.from_top, unit)
        value = path_value(path, unit, access=access)
        if reading.source is Source.OPENED:
            value = call(unit.use("opened_symbol"), name("context"), value)
        elif reading.source is Source.TOPIC:
            topics = items(*(items(const(before), const(behind)) for before, behind in reading.topics))
            value = call(unit.use("topic_symbol"), value, topics)
        return [assign("value", value)]

    def fixed(self, reading: Reading, natural: str, unit: Unit, access: Access = MAPS) -> ast.expr | None:
        """The value of a reading that needs no value of its own: `always WORD`, `by DECISION`, `quote of symbol`; None
        for a path."""
        if reading.source in (Source.PATH, Source.OPENED, Source.TOPIC):
            return None
        word = reading.word or ""
        if reading.source is Source.PART:
            return at(call(unit.use(f"{word}_of"), name("symbol")), reading.span)
        if reading.source is Source.ALWAYS:
            return at(_ours(word, natural, unit), reading.span)
        identifier = self._decision(self.spec.decisions[word], natural, access)
        return at(call(unit.use_unit(self.unit, identifier), name("row"), name("message")), reading.span)

    def assets(self, unit: Unit) -> ast.expr:
        """The constant that reads and writes names of assets."""

        def make() -> ast.expr:
            names = self.spec.assets.names
            theirs: list[ast.expr] = [items(*map(const, each)) for each in names.values()]
            table = ast.Dict([const(ours) for ours in names], theirs)
            return call(self.unit.use("AssetNames"), table, items(*map(const, self.spec.assets.drop_suffix)))

        return unit.use_unit(self.unit, self.unit.constant("ASSETS", make).id)

    def _words(self, table: Words, natural: str, unit: Unit) -> ast.expr:
        """The constant of a words table, for the kind of field that it is read into."""

        def make() -> ast.expr:
            rows = [
                items(const(theirs), _ours(ours, natural, self.unit))
                for ours, listed in table.ours.items()
                for theirs in listed
            ]
            is_open = natural == "text" and table.otherwise == "unchanged"
            made = call(self.unit.use("OpenWords" if is_open else "Words"), const(table.name), items(*rows))
            if table.prefix:
                made.keywords.append(ast.keyword("prefix", const(True)))
            return at(made, table.span)

        key = f"{table.name}_words_{natural}".upper()
        return unit.use_unit(self.unit, self.unit.constant(key, make).id)

    def _decision(self, decision: Decision, natural: str, access: Access) -> str:
        """The function (row, message) -> word of a decision."""
        paths = [line.path for match, _ in decision.rows for line in match.lines]
        key = (decision.name, natural, spelling(paths, access))
        if key not in self._decisions:
            body: list[ast.stmt] = [
                at(
                    when(match_test(match, self.unit, access=access), returns(_ours(word, natural, self.unit))),
                    match.span,
                )
                for match, word in decision.rows
            ]
            why = f"no row of decisions.{decision.name} holds"
            body.append(raises(call(self.unit.use("BadValue"), const(why))))
            stem = f"decide_{decision.name}_{natural}"
            self._decisions[key] = self.unit.function(stem, ("row", "message"), body, decision.span)
        return self._decisions[key]


def _is_a(type_name: str) -> ast.expr:
    """`type(value) is ...`"""
    return compare(call(name("type"), name("value")), ast.Is(), name(type_name))


def _is_below(end: int) -> ast.expr:
    """An integer from 0 to below `end`."""
    return every([_is_a("int"), ast.Compare(const(0), [ast.LtE(), ast.Lt()], [name("value"), const(end)])])


def _text_of_value() -> ast.expr:
    return call(name("str"), name("value"))


def _called(unit: Unit, runtime: str, natural: str, value: ast.expr, *arguments: ast.expr) -> ast.expr:
    """The runtime function on the value; what a preparation gives is read without ever being shown."""
    read = unit.use(runtime)
    return call(unit.use("hidden"), read, value, *arguments) if natural == "given" else call(read, value, *arguments)


def _ours(word: str, natural: str, unit: Unit) -> ast.expr:
    """One of our words, as a member of its enum or as text."""
    enum = _ENUMS.get(natural)
    return const(word) if enum is None else attribute(unit.use_model(enum), word.upper())
