"""What came of a question, told in the cases' own terms: plain dicts, lists and texts, with a few typed leaves.

Rules: a field at its model's default is left out, because nobody said it; decimals keep the wire's digits; floats,
moments, JSON and messages of errors are leaves that compare in their own way.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, TypeAlias

from exconn.codec import Refused
from exconn.errors import ExchangeError
from exconn.model import Report

from .moments import Moment
from .vocabulary import RECORDS, Field, Sort


@dataclass(frozen=True, slots=True)
class Json:
    """A JSON text: the order of its fields and the blanks in it do not count."""

    text: str


@dataclass(frozen=True, slots=True)
class Body:
    """The body of a request: every byte counts; a difference is told by field, where both are JSON objects."""

    text: str


@dataclass(frozen=True, slots=True)
class Url:
    """Method and URL: every byte counts; a difference is told by query parameter, where only the query differs."""

    text: str


@dataclass(frozen=True, slots=True)
class Message:
    """The text of an error: what is expected is contained in it."""

    text: str


Leaf: TypeAlias = str | float | Moment | Json | Body | Url | Message
Told: TypeAlias = "Leaf | list[Told] | dict[str, Told]"


def tell_reports(reports: list[Report]) -> list[Told]:
    """Each record as `{kind: {field: value}}`."""
    return [tell_report(report) for report in reports]


def tell_report(report: Report) -> dict[str, Told]:
    for kind, (model, fields) in RECORDS.items():
        if type(report) is model:
            return {kind: _fields(report, fields)}
    raise AssertionError(f"a report of the unknown type {type(report).__name__}")


def _fields(report: Any, fields: dict[str, Field]) -> dict[str, Told]:
    defaults = dict(zip(type(report).__struct_fields__[::-1], type(report).__struct_defaults__[::-1], strict=False))
    told: dict[str, Told] = {}
    for name, field in fields.items():
        value = getattr(report, field.attribute)
        if value is not None and not (field.attribute in defaults and value == defaults[field.attribute]):
            told[name] = _value(value, field.sort)
    return told


def _value(value: Any, sort: Sort) -> Told:
    if sort is Sort.DECIMAL:
        return plain(value)
    if sort is Sort.MOMENT:
        return Moment(value)
    if sort is Sort.FLOAT:
        return float(value)
    if sort is Sort.FLAG:
        return str(value).lower()
    if sort is Sort.SAYING:
        return Message(str(value))
    if sort is Sort.SYMBOLS:
        return dict(value)
    if sort is Sort.FEES:
        return [{"asset": fee.asset, "amount": plain(fee.amount)} for fee in value]
    if sort is Sort.STEPS:
        return [[plain(price), plain(step)] for price, step in value]
    if sort is Sort.LEVELS:
        return tell_levels(value)
    return _word(value) if isinstance(value, Enum) else str(value)


def _word(word: Enum) -> str:
    return word.value if isinstance(word.value, str) else word.name.lower()


def tell_levels(levels: list[tuple[float, float]]) -> list[Told]:
    return [[float(price), float(size)] for price, size in levels]


def plain(number: Decimal) -> str:
    """All digits of a decimal, never an exponent."""
    return format(number, "f")


def tell_refused(refused: Refused) -> dict[str, Told]:
    """One order of a list that failed."""
    told: dict[str, Told] = {"error": tell_error(refused.error)}
    for name in ("exchange_order_id", "client_id"):
        if getattr(refused, name) is not None:
            told[name] = getattr(refused, name)
    return told


def tell_error(error: ExchangeError) -> dict[str, Told]:
    told: dict[str, Told] = {"meaning": error.meaning.value}
    if error.code is not None:
        told["code"] = error.code
    if error.text:
        told["text"] = error.text
    if error.retry_after is not None:
        told["retry_after"] = f"{error.retry_after:g}"
    return told
