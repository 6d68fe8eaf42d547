"""What records are made of: named values, each of a kind, each with the way to get it from a row.

Rules:
- A name has a kind; the kind decides how it is written and which suffixes fit.
- Values of kind ROWS hold rows of another record, for `each`.
- A getter gives None where the row has no such value; what is written then is the matter of the template.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter
from typing import Any


class Kind(StrEnum):
    """What a value is."""

    MONEY = "money"
    TIME = "time"
    WORD = "word"
    ID = "id"
    INTEGER = "integer"
    TEXT = "text"
    FLAG = "flag"
    SYMBOL = "symbol"
    ASSET = "asset"
    RAW = "raw"
    LIST = "list"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Value:
    """One name of a record. `of` is the words of a WORD, the record of ROWS, what an ID is of where that has a form,
    and of MONEY the step (price or amount) whose digits it has.
    """

    kind: Kind
    get: Callable[[Any], Any]
    of: str = ""


Record = Mapping[str, Value]


def plain(kind: Kind, *names: str) -> dict[str, Value]:
    """Names that the row has as attributes."""
    return {name: Value(kind, attrgetter(name)) for name in names}


def attribute(kind: Kind, name: str, attribute: str, of: str = "") -> dict[str, Value]:
    return {name: Value(kind, attrgetter(attribute), of)}


def prices(*names: str) -> dict[str, Value]:
    return {name: Value(Kind.MONEY, attrgetter(name), "price") for name in names}


def amounts(*names: str) -> dict[str, Value]:
    return {name: Value(Kind.MONEY, attrgetter(name), "amount") for name in names}


def words(*names: str) -> dict[str, Value]:
    return {name: Value(Kind.WORD, attrgetter(name), name) for name in names}


def through(outer: str, record: Record) -> dict[str, Value]:
    """The names of another record, of an attribute of the row that may be None."""
    reach = attrgetter(outer)

    def get(value: Value) -> Callable[[Any], Any]:
        return lambda row: None if reach(row) is None else value.get(reach(row))

    return {name: Value(value.kind, get(value), value.of) for name, value in record.items()}


def base_of(symbol: str) -> str:
    return symbol.partition("-")[0]


def quote_of(symbol: str) -> str:
    return symbol.partition("-")[2]


PAIR: dict[str, Value] = {
    "symbol": Value(Kind.SYMBOL, attrgetter("symbol")),
    "base": Value(Kind.ASSET, lambda row: base_of(row.symbol)),
    "quote": Value(Kind.ASSET, lambda row: quote_of(row.symbol)),
}
