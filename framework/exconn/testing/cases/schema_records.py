"""Schema of records and errors in our terms, made from the vocabulary's fields.

Rules: a record is a mapping of one key, its kind; numbers may be written with or without quotes, what counts is their
text.
"""

from exconn.spec.schema.terms import Term, free, listed, one_of, table, text

from . import reference_words as words
from .field_meanings import KINDS, field_meaning
from .moments import FORM
from .vocabulary import ARGUMENTS, RECORDS, Field, Sort

_NUMBER = "^-?[0-9]{1,40}([.][0-9]{1,40})?$"


def records() -> Term:
    """A list of records; empty where nothing must be read."""
    kinds = {kind: _record(kind, fields) for kind, (_, fields) in RECORDS.items()}
    one = table("One record.", {"balance": {"asset": "BTC"}}, kinds, minProperties=1, maxProperties=1)
    one["x-hint"] = f"a record is one of {', '.join(kinds)}; a whole book is `book`, by REST and by websocket alike"
    return {"description": "Records, in their order.", "examples": [[]], "type": "array", "items": one}


def error() -> Term:
    keys = {
        "meaning": one_of("Our meaning; unlisted where no row of the spec matches.", words.MEANINGS),
        "code": value("The exchange's code.", ARGUMENTS["client_id"]) | {"examples": ["2003"]},
        "text": text("The exchange's text.", "price is off tick"),
        "retry_after": value("Seconds to wait.", ARGUMENTS["amount"]) | {"examples": [1]},
    }
    return table("The error of the exchange.", {"meaning": "rejected", "code": "2003"}, keys, ("meaning",))


def moment(doc: str, example: str) -> Term:
    hint = "write an integer and its unit: 1767225600262 ms"
    return {"description": doc, "examples": [example], "type": "string", "pattern": FORM, "x-hint": hint}


def value(doc: str, field: Field) -> Term:
    """One value of a record or an argument."""
    head = {"description": doc, "examples": [field.example]}
    if field.sort is Sort.MOMENT:
        return moment(doc, field.example)
    if field.sort is Sort.FLAG:
        return {**head, "type": "boolean"}
    if field.sort is Sort.SYMBOLS:
        return free(doc, field.example, {"type": "string"})
    if field.sort is Sort.FEES:
        keys = {
            each: _scalar(f"Its {each}.", Sort.TEXT) | {"examples": [field.example[0][each]]}
            for each in ("asset", "amount")
        }
        fee = table("One fee.", field.example[0], keys, ("asset", "amount"))
        return listed(doc, field.example, fee) | {"minItems": 0}
    if field.sort in (Sort.LEVELS, Sort.STEPS):
        level = {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": ["string", "integer"]}}
        return {**head, "type": "array", "items": level}
    return head | _scalar(doc, field.sort)


def _scalar(doc: str, sort: Sort) -> Term:
    term: Term = {"description": doc, "type": ["string", "integer"], "minLength": 1}
    if sort in (Sort.DECIMAL, Sort.FLOAT):
        term |= {"pattern": _NUMBER, "x-hint": "write plain digits, as on the wire"}
    if sort is Sort.INTEGER:
        term["type"] = "integer"
    return term


def _record(kind: str, fields: dict[str, Field]) -> Term:
    keys = {name: value(_described(kind, name, field), field) for name, field in fields.items()}
    first = next(iter(fields))
    doc = f"{KINDS[kind]}; what is not listed must be absent."
    return table(doc, {first: fields[first].example}, keys)


def _described(kind: str, name: str, field: Field) -> str:
    """What a field is, and how it is written where its example does not show it."""
    meaning = field_meaning(kind, name)
    told = "" if field.sort is Sort.TEXT else f" ({field.sort.value})"
    return f"{meaning[0].upper()}{meaning[1:]}{told}."
