"""Templates: what the exchange answers, compiled once into closures over a record's row and the request's scope.

Rules:
- `{name}` alone is the value in its own type; inside other text it is its text. Everything else is a constant.
- A mapping with `each` makes a list of rows (or, with `key`, a mapping), `sole` writes the only row of some, `shape`
  writes a named template, `only` leaves a field out unless its match holds (over the record, and by `sent.NAME` over
  what the client sent), `unless_null` one that is nothing, `either` writes the first of a list that is not left out,
  `as_number` is a constant with a point. Nothing else repeats or decides.
- The names of fields may hold placeholders too.
- `{{` and `}}` are braces.
- Every placeholder is checked against the record it stands over when the file is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import msgspec

from exconn.document import suggest

from . import formats
from .formats import Defaults, Write
from .identifiers import IdForm
from .matches import build_scoped_match
from .names import Names
from .place import Place, Stop
from .readings import ABSENT, dig
from .records import RECORDS
from .scope import NO_REPLY, SCOPE, Scope
from .values import Kind, Record, Value
from .words import Words

Render = Callable[[Any, Scope], Any]
_HOLE = re.compile(r"\{([a-z_]+(?:\.[A-Za-z0-9_.-]+)?)(?::([a-z_]+))?\}")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_LEFT_OUT = object()
_CLOSED = re.compile(r"\}\}(?=(?:\}\})*(?!\}))")  # of three braces the first ends a placeholder
_OPEN, _CLOSE = "\ue000", "\ue001"  # stand for doubled braces while a text is taken apart


@dataclass(frozen=True, slots=True)
class Workshop:
    """What templates are made with. `sent` names the wire's fields that `{sent.x}` may echo, `given` the arguments that
    `{given.x}` may show as they were read; `step_digits` are those of each step (price, amount) by our symbol.
    """

    names: Names
    words: Mapping[str, Words]
    shapes: Mapping[str, tuple[str, Place]]
    defaults: Defaults
    sent: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    id_forms: Mapping[str, IdForm] = field(default_factory=dict)
    step_digits: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def under(self, defaults: Defaults) -> Workshop:
        """The same, writing with other habits."""
        return replace(self, defaults=defaults)

    def render(self, place: Place, record: Record) -> Render:
        """Compile the template at `place`; a mistake in it is a finding, and it writes nothing."""
        try:
            return self._node(place, record)
        except Stop:
            return lambda row, scope: None

    def _node(self, place: Place, record: Record) -> Render:
        value = place.plain
        if isinstance(value, str):
            return self._text(place, value, record)
        if isinstance(value, list):
            return _list([self._node(item, record) for item in place.items()])
        if not isinstance(value, dict):
            return lambda row, scope: value
        for key, special in _SPECIAL.items():
            if key in value:
                return special(self, place, record)
        fields = [(self._key(key, record), self._node(place.at(key.name), record)) for key in place.key_places()]
        return _mapping(fields)

    def _key(self, place: Place, record: Record) -> Render | str:
        """A field's name; one with placeholders is written anew each time."""
        return place.name if "{" not in place.name else self._text(place, place.name, record)

    def _text(self, place: Place, text: str, record: Record) -> Render:
        text = _CLOSED.sub(_CLOSE, text.replace("{{", _OPEN))
        found = list(_HOLE.finditer(text))
        if "{" in _HOLE.sub("", text):
            place.error(
                "bad-template", f"'{text}' has a brace that begins no placeholder", "write {name} or {name:suffix}"
            )
        if not found:
            whole = _braced(text)
            return lambda row, scope: whole
        holes = [self._hole(place, each, record) for each in found]
        if len(found) == 1 and found[0].group() == text:
            return holes[0]
        pieces: list[Render] = []
        end = 0
        for hole, each in zip(holes, found, strict=True):
            pieces += [_constant(_braced(text[end : each.start()])), _inline(hole)]
            end = each.end()
        pieces.append(_constant(_braced(text[end:])))
        return lambda row, scope: "".join([piece(row, scope) for piece in pieces])

    def _hole(self, place: Place, found: re.Match[str], record: Record) -> Render:
        path, suffix = found.group(1), found.group(2)
        name, _, form = path.partition(".")
        if name == "sent":
            return self._echo(place, form)
        if name == "given":
            return self._given(place, form)
        if path == "reply" and path not in record and suffix is None:
            return lambda row, scope: _LEFT_OUT if scope.reply is NO_REPLY else scope.reply
        if path in SCOPE and (path not in record or name == "now"):
            return _of_scope(SCOPE[path].get, self._writer(place, SCOPE[path], "", suffix))
        value = record.get(path) or record.get(name)
        if value is None or (form and path not in record and value.kind not in (Kind.SYMBOL, Kind.ASSET)):
            known = [*record, *SCOPE, *(f"sent.{field}" for field in sorted(self.sent))]
            hint = f"did you mean {{{near}}}?" if (near := suggest(path, known)) else f"there is {', '.join(known)}"
            raise place.stop("unknown-placeholder", f"there is no value '{path}' here", hint)
        get = _or_zero(value.get) if suffix == formats.ZERO else value.get
        write = self._writer(place, value, "" if path in record else form, suffix)
        if value.kind is Kind.MONEY and value.of and formats.is_declared(self.defaults, suffix):
            number = formats.is_number(self.defaults, suffix)
            return _of_step(get, record["symbol"].get, self.step_digits[value.of], number)
        return _of_row(get, write)

    def _echo(self, place: Place, field: str) -> Render:
        if field not in self.sent:
            hint = f"did you mean {near}?" if (near := suggest(field, sorted(self.sent))) else None
            raise place.stop("unknown-placeholder", f"no reading reads '{field}' from the wire", hint)
        return lambda row, scope: formats.echo(_dug(scope.sent, field))

    def _given(self, place: Place, name: str) -> Render:
        if name not in self.given:
            hint = f"did you mean {near}?" if (near := suggest(name, sorted(self.given))) else None
            raise place.stop("unknown-placeholder", f"no reading gives '{name}'", hint)
        return lambda row, scope: formats.written(scope.given.get(name))

    def _writer(self, place: Place, value: Value, form: str, suffix: str | None) -> Write:
        if suffix is not None:
            allowed = formats.suffixes(value, {name: table.of for name, table in self.words.items()})
            if suffix not in allowed:
                hint = f"it takes {', '.join(allowed)}" if allowed else "it takes none"
                raise place.stop("unknown-suffix", f"':{suffix}' does not fit a value of kind {value.kind}", hint)
        if value.kind in (Kind.SYMBOL, Kind.ASSET):
            return _cased(self._name_writer(place, value.kind, form), suffix)
        if value.kind is Kind.WORD or (value.kind is Kind.FLAG and suffix):
            return self._word_writer(place, value, suffix)
        if value.kind is Kind.ID and value.of in self.id_forms and suffix is None:
            return self.id_forms[value.of].write
        if value.kind is Kind.ROWS:
            raise place.stop("rows-in-text", "these are rows", "write them with each")
        return _KINDS[value.kind](self.defaults, suffix)

    def _name_writer(self, place: Place, kind: Kind, form: str) -> Write:
        if form in self.names.facts:
            fact = self.names.facts[form]
            return lambda name: fact.get(name)
        forms = self.names.symbols if kind is Kind.SYMBOL else self.names.assets
        if form not in forms:
            if kind is Kind.ASSET and not form:
                return lambda asset: asset
            hint = f"forms of {kind}s: {', '.join(forms) or 'none'}"
            raise place.stop("unknown-form", f"there is no {kind} form '{form}'", hint)
        table = forms[form]
        return lambda name: table.get(name, name)

    def _word_writer(self, place: Place, value: Value, suffix: str | None) -> Write:
        of = value.of or "flag"
        table = self.words.get(suffix or of)
        if table is None:
            raise place.stop("unknown-words", f"there is no words table '{of}'", f"add it to words, total over {of}")
        written = table.written
        if of == "flag":
            return lambda flag: written["true" if flag else "false"]
        return lambda word: written[str(word)]

    def _each(self, place: Place, record: Record) -> Render:
        rows, inner = self._rows(place, "each", record)
        give = self._node(place.at("give"), inner)
        if "key" not in place:
            return lambda row, scope: [said for item in rows(row) if (said := give(item, scope)) is not _LEFT_OUT]
        key = self._node(place.at("key"), inner)
        return lambda row, scope: {
            str(key(item, scope)): said for item in rows(row) if (said := give(item, scope)) is not _LEFT_OUT
        }

    def _shape(self, place: Place, record: Record) -> Render:
        name = str(place.get("shape"))
        shape = self.shapes.get(name)
        if shape is None:
            hint = f"did you mean {near}?" if (near := suggest(name, self.shapes)) else None
            raise place.at("shape").stop("unknown-shape", f"there is no shape '{name}'", hint)
        of, template = shape
        if RECORDS[of] is not record:
            raise place.at("shape").stop("wrong-shape", f"the shape '{name}' is of {of}, and here is something else")
        return self._node(template, record)

    def _only(self, place: Place, record: Record) -> Render:
        holds = build_scoped_match(place.at("only"), record, self.words, self.sent)
        give = self._node(place.at("give"), record)
        return lambda row, scope: give(row, scope) if holds(row, scope.sent) else _LEFT_OUT

    def _sole(self, place: Place, record: Record) -> Render:
        rows, inner = self._rows(place, "sole", record)
        give = self._node(place.at("give"), inner)
        return lambda row, scope: next((give(item, scope) for item in rows(row)), None)

    def _either(self, place: Place, record: Record) -> Render:
        ways = [self._node(item, record) for item in place.items("either")]

        def render(row: Any, scope: Scope) -> Any:
            return next((said for way in ways if (said := way(row, scope)) is not _LEFT_OUT), _LEFT_OUT)

        return render

    def _unless_null(self, place: Place, record: Record) -> Render:
        give = self._node(place.at("unless_null"), record)
        return lambda row, scope: _LEFT_OUT if (value := give(row, scope)) is None else value

    def _number(self, place: Place, record: Record) -> Render:
        text = str(place.get("as_number"))
        if not _NUMBER.fullmatch(text):
            raise place.at("as_number").stop("not-a-number", f"'{text}' is no number", "write plain digits, as 0.01")
        return lambda row, scope: msgspec.Raw(text.encode())

    def _rows(self, place: Place, key: str, record: Record) -> tuple[Callable[[Any], Any], Record]:
        value = record.get(str(place.get(key)))
        if value is None or value.kind is not Kind.ROWS:
            rows = [known for known, each in record.items() if each.kind is Kind.ROWS]
            message, hint = f"there are no rows '{place.get(key)}' here", f"there is {', '.join(rows) or 'none'}"
            raise place.at(key).stop("unknown-rows", message, hint)
        return value.get, RECORDS[value.of]


_SPECIAL: dict[str, Callable[[Workshop, Place, Record], Render]] = {
    "each": Workshop._each,
    "sole": Workshop._sole,
    "either": Workshop._either,
    "shape": Workshop._shape,
    "only": Workshop._only,
    "unless_null": Workshop._unless_null,
    "as_number": Workshop._number,
}
_KINDS: dict[Kind, Callable[[Defaults, str | None], Write]] = {
    Kind.MONEY: formats.money,
    Kind.TIME: formats.time,
    Kind.ID: formats.identifier,
    Kind.INTEGER: lambda defaults, suffix: formats.integer(suffix),
    Kind.TEXT: lambda defaults, suffix: formats.text(suffix),
    Kind.FLAG: lambda defaults, suffix: bool,
    Kind.RAW: lambda defaults, suffix: formats.echo,
    Kind.LIST: lambda defaults, suffix: list,
}


def _braced(text: str) -> str:
    return text.replace(_OPEN, "{").replace(_CLOSE, "}")


def _or_zero(get: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def or_zero(row: Any) -> Any:
        value = get(row)
        return Decimal(0) if value is None else value

    return or_zero


def _of_step(
    get: Callable[[Any], Any], symbol: Callable[[Any], str], digits: Mapping[str, int], number: bool
) -> Render:
    """Money with the digits of its instrument's step."""

    def render(row: Any, scope: Scope) -> Any:
        money = get(row)
        if money is None:
            return None
        text = formats.declared(money, digits.get(symbol(row), 0))
        return msgspec.Raw(text.encode()) if number else text

    return render


def _dug(sent: Mapping[str, Any], path: str) -> Any:
    """What was sent under a path: of a request the name itself, of a frame dotted; None where nothing was."""
    if path in sent:
        return sent[path]
    found = dig(sent, path)
    return None if found is ABSENT else found


def _constant(text: str) -> Render:
    return lambda row, scope: text


def _inline(hole: Render) -> Render:
    return lambda row, scope: formats.inline(hole(row, scope))


def _cased(write: Write, suffix: str | None) -> Write:
    case = formats.text(suffix)
    return (lambda value: case(write(value))) if suffix else write


def _of_row(get: Callable[[Any], Any], write: Write) -> Render:
    def render(row: Any, scope: Scope) -> Any:
        value = get(row)
        return None if value is None else write(value)

    return render


def _of_scope(get: Callable[[Scope], Any], write: Write) -> Render:
    def render(row: Any, scope: Scope) -> Any:
        value = get(scope)
        return None if value is None else write(value)

    return render


def _list(items: list[Render]) -> Render:
    return lambda row, scope: [value for item in items if (value := item(row, scope)) is not _LEFT_OUT]


def _mapping(fields: list[tuple[Render | str, Render]]) -> Render:
    pairs = [(name, item) for name, item in fields if isinstance(name, str)]
    if len(pairs) == len(fields):
        return lambda row, scope: {name: value for name, item in pairs if (value := item(row, scope)) is not _LEFT_OUT}
    return lambda row, scope: {
        name if isinstance(name, str) else str(name(row, scope)): value
        for name, item in fields
        if (value := item(row, scope)) is not _LEFT_OUT
    }
