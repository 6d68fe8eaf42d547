"""The terms a section's schema is made of; each takes the description and an example first, so none goes without.

Rules: a union is told by the value's type or by a key, never by anyOf; `x-` keys are free in every mapping whose keys
are ours, and in none whose keys are the exchange's.
"""

from collections.abc import Mapping
from typing import Any

from exconn.spec.vocabulary import NAME

Term = dict[str, Any]
_NAME = f"^{NAME}$"
_DECIMAL = "^(0|[1-9][0-9]{0,8})([.][0-9]{1,18})?$"
_ABOVE_ZERO = "^(?!0([.]0+)?$)" + _DECIMAL.removeprefix("^")
_DESCRIBED = "small letters, digits and _, beginning with a letter, at most 41 characters"


def text(doc: str, example: str, **more: Any) -> Term:
    return {"description": doc, "examples": [example], "type": "string", "minLength": 1, **more}


def name(doc: str, example: str) -> Term:
    """The name of something defined elsewhere in the spec."""
    return text(doc, example, pattern=_NAME)


def url(doc: str, example: str) -> Term:
    return text(doc, example, pattern="^https://[a-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*)?([?][!-~]*)?$", maxLength=500)


def page(doc: str, example: str) -> Term:
    """The address of a page, or a page of the spec's own repository."""
    own = "docs(/[A-Za-z0-9_][A-Za-z0-9_.-]*)+[.]md(#[A-Za-z0-9._-]+)?"
    term = url(doc, example)
    term["pattern"] = f"^({term['pattern'].strip('^$')}|{own})$"
    return term | {"x-hint": "write https://..., or a page beside the spec's folder: docs/PAGE.md#section"}


def one_of(doc: str, words: Mapping[str, str]) -> Term:
    """One of `words`, each with its meaning, which editors show too."""
    return {
        "description": doc,
        "examples": [next(iter(words))],
        "enum": list(words),
        "enumDescriptions": list(words.values()),
    }


def flag(doc: str, example: bool = True) -> Term:
    return {"description": doc, "examples": [example], "type": "boolean"}


def whole(doc: str, example: int, least: int = 1, most: int = 1_000_000_000) -> Term:
    return {"description": doc, "examples": [example], "type": "integer", "minimum": least, "maximum": most}


def period(doc: str, example: int | str) -> Term:
    """Seconds that are not nothing, as `decimal` writes them."""
    hint = "write plain digits above zero, as in 5 or 0.25"
    return decimal(doc, example) | {"minimum": 1, "pattern": _ABOVE_ZERO, "x-hint": hint}


def decimal(doc: str, example: int | str) -> Term:
    """Seconds, rates: an integer, or a text of plain digits, which is how YAML reads a number with a dot."""
    hint = "write plain digits, as in 5 or 0.25"
    bounds = {"minimum": 0, "maximum": 1_000_000_000}
    return {
        "description": doc,
        "examples": [example],
        "type": ["integer", "string"],
        "pattern": _DECIMAL,
        **bounds,
        "x-hint": hint,
    }


def ref(doc: str, example: Any, definition: str) -> Term:
    return {"description": doc, "examples": [example], "$ref": f"#/$defs/{definition}"}


def table(doc: str, example: Any, keys: dict[str, Term], required: tuple[str, ...] = (), **more: Any) -> Term:
    """A mapping whose keys are ours."""
    return {
        "description": doc,
        "examples": [example],
        "type": "object",
        "properties": keys,
        "patternProperties": {"^x-": {}, **more.pop("patterns", {})},
        "additionalProperties": False,
        "required": list(required),
        **more,
    }


def named(doc: str, example: Any, value: Term, **more: Any) -> Term:
    """A mapping whose keys are names that the spec's author gives."""
    return {
        "description": doc,
        "examples": [example],
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": f"^(x-.*|{NAME})$", "description": _DESCRIBED},
        "patternProperties": {"^x-": {}},
        "additionalProperties": value,
        **more,
    }


def free(doc: str, example: Any, value: Term, **more: Any) -> Term:
    """A mapping whose keys are the exchange's."""
    return {
        "description": doc,
        "examples": [example],
        "type": "object",
        "minProperties": 1,
        "additionalProperties": value,
        **more,
    }


def listed(doc: str, example: Any, item: Term, **more: Any) -> Term:
    return {"description": doc, "examples": [example], "type": "array", "minItems": 1, "items": item, **more}


def one_or_more(term: Term) -> Term:
    """The mapping `term`, or a list of such mappings."""
    one = {key: value for key, value in term.items() if key not in ("description", "examples")}
    return {**term, "type": ["object", "array"], "minItems": 1, "items": one}
