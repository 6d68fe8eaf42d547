"""Schema of records: one definition a kind, made from the vocabulary's fields, and the shapes that records lay down."""

from exconn.spec.vocabulary import BOOK_KINDS, FIELDS, MATCH_FIELDS, NAME, OF_A_PAIR, REQUIRED

from . import meanings
from .terms import Term, free, name, one_or_more, ref, table

_EXAMPLES = {
    "text": "id",
    "asset": "currency",
    "symbol": "symbol as symbol.rest",
    "side": "side as side",
    "liquidity": "role as liquidity",
    "state": "status as state",
    "time": "ts as ms",
}


def definitions() -> dict[str, Term]:
    kinds = {f"record_{kind}": _record(kind) for kind in FIELDS if kind != "rights"}
    return {"levels": _levels(), "sided_levels": _sided_levels(), "fee": _fee(), **kinds, "record_rights": _rights()}


def record(kind: str) -> Term:
    """A record, or a list of records, of one kind."""
    return ref(f"Reads {kind.replace('_', ' ')} records.", record_example(kind), f"record_{kind}")


def record_example(kind: str) -> Term:
    """A record of this kind with all that it must have."""
    if kind == "rights":
        return {"withdraw": {"rights": {"contains": "withdraw"}}}
    fields = [choice[0] for choice in REQUIRED[kind]]
    fields += ["symbol"] if kind in OF_A_PAIR else []
    fields += ["state"] if kind == "order" else []
    example: Term = {"rows": "data", **{field: _path(kind, field) for field in dict.fromkeys(fields)}}
    return example | ({"bids": {"rows": "bids"}, "asks": {"rows": "asks"}} if kind in BOOK_KINDS else {})


def _path(kind: str, field: str) -> str:
    """A reading of the field; numbers mostly have the same name there."""
    return _EXAMPLES.get(FIELDS[kind][field], field)


def shapes() -> Term:
    keys: dict[str, Term] = {}
    for kind in FIELDS:
        keys |= _fields(kind)
    shape = table("Fields used by several records.", {"client_id": "id"}, keys, patterns=_symbols(), minProperties=1)
    example = {"order": {"client_id": "id", "state": "status as state"}}
    return free("Tables used more than once, by name.", example, shape, patternProperties={"^x-": {}}) | {
        "propertyNames": {"pattern": f"^(x-.*|{NAME})$"}
    }


def _fields(kind: str) -> dict[str, Term]:
    fields = {field: ref(meanings.FIELDS[field], _path(kind, field), "reading") for field in FIELDS[kind]}
    if kind in BOOK_KINDS:
        fields["bids"] = ref("Levels of the bids.", {"rows": "bids"}, "levels")
        fields["asks"] = ref("Levels of the asks.", {"rows": "asks"}, "levels")
        fields["levels"] = ref("Levels of both sides.", {"rows": "changes", "side": "[0] as side"}, "sided_levels")
    if kind == "fill":
        fields["fee"] = ref("The fees of the fill; left out: unknown.", {"asset": "feeCoin", "amount": "fee"}, "fee")
    if kind == "rule":
        doc = "Holds while the pair takes orders; where it does not, the pair is known and halted."
        fields["open"] = ref(doc, {"status": "trading"}, "match")
    return fields


def _rows() -> dict[str, Term]:
    return {
        "rows": ref("Where the rows stand; left out: the message is the one row.", "data", "path"),
        "only": ref("Only rows of which this holds.", {"status": "trading"}, "match"),
        "shape": name("The shape laid under this record.", "order"),
    }


def _symbols() -> dict[str, Term]:
    return {f"^symbol[.]{NAME}$": ref("The exchange's symbol in this form.", "symbol", "reading")}


def _record(kind: str) -> Term:
    patterns = _symbols() if kind == "rule" else {}
    keys = _rows() | _fields(kind)
    if kind == "order":
        doc = "The envelope of each row; a row that fails is its order's error. Only in a cancel_order with `list`."
        keys["envelope"] = name(doc, "item")
    term = table(f"A {kind.replace('_', ' ')} record.", {"rows": "data"}, keys, patterns=patterns)
    return one_or_more(term | {"minProperties": 1})


def _rights() -> Term:
    matches = {
        right: ref(f"Holds where the key may {right}.", {"rights": {"contains": right}}, "match")
        for right in MATCH_FIELDS["rights"]
    }
    term = table("What the key may do.", {"withdraw": {"rights": {"contains": "withdraw"}}}, _rows() | matches)
    return one_or_more(term)


def _level_keys() -> dict[str, Term]:
    return {
        "rows": ref("Where the levels stand.", "bids", "path"),
        "price": ref("The price within a level; [0] when left out.", "price", "path"),
        "size": ref("The size within a level; [1] when left out.", "size", "path"),
    }


def _levels() -> Term:
    return table("Levels of one side.", {"rows": "bids"}, _level_keys(), ("rows",))


def _sided_levels() -> Term:
    keys = _level_keys() | {
        "side": ref("The side of the level.", "[0] as side", "reading"),
        "gone": ref("The level is deleted, besides those of size 0.", {"[1]": {"zero": True}}, "match"),
    }
    return table(
        "Levels of both sides in one list.", {"rows": "changes", "side": "side as side"}, keys, ("rows", "side")
    )


def _fee() -> Term:
    keys = {
        "rows": ref("Where the fees stand; left out: in the fill's own row.", "fees", "path"),
        "asset": ref("The asset paid.", "feeCoin", "reading"),
        "amount": ref("What is paid; a rebate is negative.", "fee", "reading"),
    }
    return table("The fees of a fill.", {"asset": "feeCoin", "amount": "fee"}, keys, ("asset", "amount"))
