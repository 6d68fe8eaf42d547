"""Ids in the exchange's own form: numbers of the engine, spelled so that they look like none.

Rules:
- A form is a pattern: each `#` stands for one capital letter or digit, every other character for itself.
- Writing and reading are the two ways of one permutation: a number has one spelling, and neighbours look unrelated.
- A text that is no spelling of the form reads as number 0, which nothing has; ids without a form are plain numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import gcd

from .place import Place

KINDS = ("order", "trade", "ledger")
"""What has ids that may have a form."""

_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_STRIDE = 0x9E3779B97F4A7C15F39CC0605CEDC835  # the golden ratio's digits: successive multiples spread evenly
_LEAST_HOLES = 6


@dataclass(frozen=True, slots=True)
class IdForm:
    """One form. `size` is how many spellings it has; `factor` and `inverse` undo each other modulo that."""

    pattern: str
    size: int
    factor: int
    inverse: int
    known: re.Pattern[str]

    def write(self, number: int) -> str:
        """The spelling of a number."""
        rest = number * self.factor % self.size
        letters: list[str] = []
        for character in reversed(self.pattern):
            if character == "#":
                rest, digit = divmod(rest, len(_LETTERS))
                character = _LETTERS[digit]
            letters.append(character)
        return "".join(reversed(letters))

    def read(self, text: str) -> int:
        """The number that a text spells, 0 when it spells none."""
        if not self.known.fullmatch(text):
            return 0
        digits = (letter for letter, hole in zip(text, self.pattern, strict=True) if hole == "#")
        value = 0
        for letter in digits:
            value = value * len(_LETTERS) + _LETTERS.index(letter)
        return value * self.inverse % self.size


def build_id_forms(place: Place) -> dict[str, IdForm]:
    """The forms of the section `ids`: kind of id -> form."""
    forms: dict[str, IdForm] = {}
    if "ids" in place:
        for entry in place.at("ids").entries("forms"):
            if str(entry.plain).count("#") < _LEAST_HOLES:
                entry.error("short-id", f"'{entry.plain}' has few spellings", f"write at least {_LEAST_HOLES} times #")
                continue
            forms[entry.name] = id_form(str(entry.plain))
    return forms


def id_form(pattern: str) -> IdForm:
    """The form of a pattern with at least one `#`."""
    size = len(_LETTERS) ** pattern.count("#")
    factor = _STRIDE % size
    while gcd(factor, size) != 1:
        factor += 1
    known = re.escape(pattern).replace(re.escape("#"), "[0-9A-Z]")
    return IdForm(pattern, size, factor, pow(factor, -1, size), re.compile(known))


NO_FORMS: Mapping[str, IdForm] = {}
