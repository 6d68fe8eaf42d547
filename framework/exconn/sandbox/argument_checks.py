"""The steps of a request that judge its arguments: which are there, whether they can be read, how they fit together.

Rules:
- A check is a function over the inquiry; it raises `Refused`, or adds the arguments that it has read.
- The list order of readings decides which of several bad fields is named.
- How arguments depend on each other is said by the endpoint's rules, each under its own step. An empty list names
  nothing, and counts there as one that is not given.
"""

from __future__ import annotations

from collections.abc import Callable

from .dialect.meanings import Refused
from .dialect.readings import ABSENT, Reading
from .dialect.rules import ArgumentRule
from .dialect.wire import UNITS, Malformed
from .inquiry import Inquiry
from .limits import SECOND

_ENDS_LATER = UNITS["ms"]
"""How far the end of a span may lie after its number: it stands for all of a ms."""


def _refuse_missing(inquiry: Inquiry) -> None:
    for reading in inquiry.endpoint.readings:
        if reading.required and inquiry.raw(reading) is ABSENT:
            raise Refused("missing", field=reading.path)


def _refuse_malformed(inquiry: Inquiry) -> None:
    for reading in inquiry.endpoint.readings:
        raw = inquiry.raw(reading)
        try:
            inquiry.args[reading.arg] = reading.default if raw is ABSENT else reading.type.read(raw)
        except Malformed as bad:
            raise Refused("empty" if raw == "" else bad.meaning, field=reading.path) from None


def _count_given(inquiry: Inquiry, rule: ArgumentRule) -> int:
    sent = [inquiry.raw(_reading(inquiry, arg)) for arg in rule.args]
    return sum(raw is not ABSENT and raw != [] for raw in sent)


def _reading(inquiry: Inquiry, arg: str) -> Reading:
    return next(reading for reading in inquiry.endpoint.readings if reading.arg == arg)


def _fields(inquiry: Inquiry, rule: ArgumentRule) -> str:
    return ", ".join(_reading(inquiry, arg).path for arg in rule.args)


def _ask_one_of(inquiry: Inquiry) -> None:
    for rule in inquiry.endpoint.rules:
        if rule.kind not in ("one_of", "any_of") or not rule.holds(inquiry.args):
            continue
        given = _count_given(inquiry, rule)
        if given == 0 or (given > 1 and rule.kind == "one_of"):
            names = " or ".join(f"'{_reading(inquiry, arg).path}'" for arg in rule.args)
            raise Refused("one_of", fields=_fields(inquiry, rule), alternatives=names)


def _refuse_both(inquiry: Inquiry) -> None:
    for rule in inquiry.endpoint.rules:
        if rule.kind == "not_both" and rule.holds(inquiry.args) and _count_given(inquiry, rule) == len(rule.args):
            raise Refused("not_both", fields=_fields(inquiry, rule))


def _ask_needed(inquiry: Inquiry) -> None:
    for rule in inquiry.endpoint.rules:
        if rule.kind == "needs" and rule.holds(inquiry.args) and not _count_given(inquiry, rule):
            raise Refused("missing", field=_reading(inquiry, rule.args[0]).path)


def _refuse_not_allowed(inquiry: Inquiry) -> None:
    for rule in inquiry.endpoint.rules:
        if rule.kind not in ("refuses", "allows") or not rule.holds(inquiry.args) or not _count_given(inquiry, rule):
            continue
        if rule.kind == "refuses" or inquiry.args[rule.args[0]] not in rule.words:
            raise Refused("not_allowed", field=_reading(inquiry, rule.args[0]).path)


def _refuse_apart(inquiry: Inquiry) -> None:
    for rule in inquiry.endpoint.rules:
        if rule.kind == "apart" and rule.holds(inquiry.args) and _count_given(inquiry, rule) == len(rule.args):
            earlier, later = (inquiry.args[arg] for arg in rule.args)
            if later - earlier >= rule.words[0] * SECOND + _ENDS_LATER:
                raise Refused("too_far_apart", fields=_fields(inquiry, rule))


ARGUMENT_CHECKS: dict[str, Callable[[Inquiry], None]] = {
    "missing": _refuse_missing,
    "one_of": _ask_one_of,
    "not_both": _refuse_both,
    "malformed": _refuse_malformed,
    "needs": _ask_needed,
    "not_allowed": _refuse_not_allowed,
    "apart": _refuse_apart,
}
"""A function a step."""
