"""Placeholders: a text of a template, compiled once into a closure over a record's row and the request's scope.

Rules:
- `{name}` alone is the value in its own type; inside other text it is its text. `{{` and `}}` are braces.
- A name is the record's, the scope's, `sent.NAME` (a field of the wire) or `given.NAME` (an argument as it was read).
- Every placeholder, and its suffix, is checked against the record it stands over when the file is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import msgspec

from exconn.document import suggest

from . import formats
from .formats import Defaults, Write
from .identifiers import IdForm
from .names import Names
from .place import Place
from .readings import ABSENT, dig
from .scope import NO_REPLY, SCOPE, Scope
from .values import Kind, Record, Value
from .words import Words

Render = Callable[[Any, Scope], Any]
LEFT_OUT = object()
"""What a template gives for a field that is not to be written."""
_HOLE = re.compile(r"\{([a-z_]+(?:\.[A-Za-z0-9_.-]+)?)(?::([a-z_]+))?\}")
_CLOSED = re.compile(r"\}\}(?=(?:\}\})*(?!\}))")  # of three braces the first ends a placeholder
_OPEN, _CLOSE = "\ue000", "\ue001"  # stand for doubled braces while a text is taken apart


@dataclass(frozen=True, slots=True)
class Placeholders:
    """What texts are compiled with. `sent` names the wire's fields that `{sent.x}` may echo, `given` the arguments that
    `{given.x}` may show as they were read; `step_digits` are those of each step (price, amount) by our symbol.
    """

    names: Names
    words: Mapping[str, Words]
    defaults: Defaults
    sent: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    time_units: frozenset[str] = frozenset()
    id_forms: Mapping[str, IdForm] = field(default_factory=dict)
    step_digits: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def text(self, place: Place, text: str, record: Record) -> Render:
        """Compile a text. Stop: a placeholder that does not fit."""
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
            return lambda row, scope: LEFT_OUT if scope.reply is NO_REPLY else scope.reply
        if path == "order_count" and "exchange_order_id" in record and suffix is None:
            return _order_count
        if path in SCOPE and (path not in record or name == "now"):
            write_now = self._writer(place, SCOPE[path], "", suffix)
            return _of_scope(SCOPE[path].get, write_now, self._units(SCOPE[path], suffix))
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
        return _of_row(get, write, self._units(value, suffix))

    def _units(self, value: Value, suffix: str | None) -> Mapping[str | None, Write]:
        """How a moment without a suffix is written for those who asked for a unit."""
        if value.kind is not Kind.TIME or suffix is not None:
            return {}
        return {unit: formats.time(self.defaults, unit) for unit in self.time_units}

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


def _of_row(get: Callable[[Any], Any], write: Write, units: Mapping[str | None, Write]) -> Render:
    def render(row: Any, scope: Scope) -> Any:
        value = get(row)
        return None if value is None else write(value)

    def by_unit(row: Any, scope: Scope) -> Any:
        value = get(row)
        return None if value is None else units.get(scope.unit, write)(value)

    return by_unit if units else render


def _of_scope(get: Callable[[Scope], Any], write: Write, units: Mapping[str | None, Write]) -> Render:
    def render(row: Any, scope: Scope) -> Any:
        value = get(scope)
        return None if value is None else units.get(scope.unit, write)(value)

    return render


def _order_count(row: Any, scope: Scope) -> Any:
    """What the counter of orders stands at for an order; left out where nothing counts."""
    return LEFT_OUT if scope.order_count is None else scope.order_count(row, scope.now)
