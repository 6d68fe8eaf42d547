"""Schema of the pieces that stand everywhere: templates, readings, paths, matches, bodies, parts, error rows."""

import re

from exconn.spec.vocabulary import ERROR_MEANINGS

from . import meanings
from .terms import Term, free, listed, ref, table, text

_QUOTE_BRACKET = 'quote a text that begins with "[" or "{"'
PATH = "/[A-Za-z0-9/_.~:@!$&()*+,;={}-]*"
"""A URL's path with placeholders: no query, no fragment, nothing that would be encoded or folded."""

_READING = "PATH [as TYPE] [or none], always WORD, by DECISION, quote of symbol, from opened or from topic PATH."

_OF_THE_CONNECTION = (
    *("host", "content-length", "content-encoding", "transfer-encoding", "connection", "keep-alive", "upgrade"),
    *("expect", "te", "trailer", "cookie", "accept-encoding", "proxy-.*", "sec-websocket-.*"),
)
"""Headers that are not a spec's: another Host would be another exchange behind the same address."""


def _any_case(pattern: str) -> str:
    """In both cases, letter by letter: what editors read has no flag for it."""
    return re.sub("[a-z]", lambda found: f"[{found[0].upper()}{found[0]}]", pattern)


_HEADER_NAME = f"^(?!({_any_case('|'.join(_OF_THE_CONNECTION))})$)[A-Za-z0-9][A-Za-z0-9-]{{0,60}}$"
_FIELD_NAME = {"minLength": 1, "maxLength": 100}


def definitions() -> dict[str, Term]:
    return {
        "template": text("Text with {placeholders}.", "/v1/orders/{exchange_order_id}", **{"x-hint": _QUOTE_BRACKET}),
        "reading": text(_READING, "time as ms", maxLength=2100) | {"x-hint": _QUOTE_BRACKET},
        "path": text("A JMESPath expression; a leading / starts at the top.", "data.items", maxLength=2001)
        | {"x-hint": _QUOTE_BRACKET},
        "literal": {
            "description": 'A typed literal: "0" is not 0.',
            "examples": [0],
            "type": ["string", "integer", "boolean", "null"],
        },
        "sent": {
            "description": "What a field is sent as: text with placeholders, or a constant.",
            "examples": ["{amount}"],
            "type": ["string", "integer", "boolean"],
        },
        "body": {
            "description": "JSON as it will be sent; texts are templates.",
            "examples": [{"symbol": "{symbol.rest}"}],
            "additionalProperties": {"$ref": "#/$defs/body"},
            "items": {"$ref": "#/$defs/body"},
        },
        "test": _test(),
        "match": match("Path -> what it must be; all lines must hold.", {"code": 0}),
        "header": {
            "description": "A header's value: visible ASCII and blanks, so that it is one header.",
            "examples": ["{api_key}"],
            "type": ["string", "integer", "boolean"],
            "pattern": "^[!-~]([ -~]*[!-~])?$",
            "x-hint": "a header is one line of visible ASCII",
        },
        "headers": _flat("Headers.", {"X-KEY": "{api_key}"}, "header", _HEADER_NAME),
        "query": _flat("Query parameters, in the order written.", {"symbol": "{symbol.rest}"}),
        "form": _flat("The body, form-encoded, in the order written.", {"symbol": "{symbol.rest}"}),
        "json": free("The body, a JSON object.", {"symbol": "{symbol.rest}"}, {"$ref": "#/$defs/body"}),
        "errors": _errors(),
        "costs": _costs(),
    }


def match(doc: str, example: Term) -> Term:
    lines = free(doc, example, {"$ref": "#/$defs/test"})
    return lines | {"propertyNames": {"minLength": 1, "maxLength": 2001}, "maxProperties": 64}


def match_or_matches(doc: str, example: Term) -> Term:
    """One match, or a list of at least two of which one must hold: there is one way to write one."""
    matches = {"minItems": 2, "maxItems": 50, "items": {"$ref": "#/$defs/match"}}
    hint = "write one match by itself, or a list of two or more"
    return match(doc, example) | {"type": ["object", "array"], **matches, "x-hint": hint}


def _test() -> Term:
    literal = {"$ref": "#/$defs/literal"}
    literals = {"type": ["string", "integer", "boolean", "null", "array"], "minItems": 1, "items": literal}
    keys = {
        "present": {"description": "Exists and is not null.", "examples": [True], "type": "boolean"},
        "empty": {"description": 'Absent, null, "", [] or {}.', "examples": [False], "type": "boolean"},
        "zero": {"description": "A number or its text, exactly zero.", "examples": [True], "type": "boolean"},
        "starts": text("The text begins so.", "EOrder"),
        "contains": {"description": "The text or list holds it.", "examples": ["withdraw"], **literal},
        "not": {"description": "None of these.", "examples": [0], **literals},
    }
    doc = "A literal, a list (any of), or one test."
    term = table(doc, {"present": True}, keys, type=["string", "integer", "boolean", "null", "array", "object"])
    return {**term, "patternProperties": {}, "minItems": 1, "items": literal}


def _flat(doc: str, example: dict[str, str], value: str = "sent", names: str | None = None) -> Term:
    described = "letters, digits and -, and no header of the connection itself, as Host or Content-Length"
    pattern = {"pattern": names, "description": described} if names else {}
    return free(doc, example, {"$ref": f"#/$defs/{value}"}, propertyNames={**_FIELD_NAME, **pattern})


def _errors() -> Term:
    status = {"type": ["integer", "array"], "minimum": 100, "maximum": 599, "minItems": 1}
    status["items"] = {"type": "integer", "minimum": 100, "maximum": 599}
    keys: dict[str, Term] = {
        "code": {"description": "What the code must be.", "examples": ["50011"], "$ref": "#/$defs/test"},
        "text": text("The error's text holds it.", "insufficient"),
        "http": {"description": "An HTTP status, or a list of them.", "examples": [429], **status},
    }
    row = table("A code, or conditions that must all hold.", "50011", keys, type=["string", "integer", "object"])
    row |= {"minProperties": 1, "minLength": 1}
    rows = {meaning: listed(meanings.ERRORS[meaning], ["50011"], row) for meaning in ERROR_MEANINGS}
    return table("Meaning -> patterns.", {"rate_limited": ["50011", {"http": 429}]}, rows, minProperties=1)


def _costs() -> Term:
    cost: Term = {"type": "integer", "minimum": 1, "maximum": 1_000_000}
    example = {"orders": 1}
    return free("Pool -> what this costs of it.", example, cost)


def parts() -> dict[str, Term]:
    """What a request carries beside its path."""
    return {
        "headers": ref("Headers.", {"X-KEY": "{api_key}"}, "headers"),
        "query": ref("Query parameters.", {"symbol": "{symbol.rest}"}, "query"),
        "form": ref("The body as a form.", {"symbol": "{symbol.rest}"}, "form"),
        "json": ref("The body as JSON.", {"symbol": "{symbol.rest}"}, "json"),
    }
