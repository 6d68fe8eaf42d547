"""Schema of endpoints: what every operation may say, and what only some may."""

from exconn.spec.vocabulary import HISTORIES, LOOKUPS, NAME, OPERATIONS

from . import choices, meanings
from .pieces import PATH, parts
from .records import record, record_example
from .terms import Term, decimal, listed, named, one_of, page, period, ref, table, text, whole

_TYPES = tuple(f"{kind}{side}" for kind in ("LIMIT", "LIMIT_MAKER", "MARKET") for side in ("", " buy", " sell"))
_HTTP = f"^(GET|POST|PUT|DELETE|PATCH) {PATH}$"


def endpoints() -> Term:
    operations = {operation: _operation(operation) for operation in OPERATIONS}
    doc = "Operations of the closed list; any other name is a preparation that gives values."
    example = {"server_time": {"http": "GET /v1/time", "reply": {"time": {"at": "data.time as ms"}}}}
    return named(doc, example, _preparation(), properties=operations)


def _http() -> Term:
    hint = "write the method in capitals, a blank and the path; parameters stand under query"
    return text("Method and path.", "POST /v1/orders", pattern=_HTTP, maxLength=500) | {"x-hint": hint}


def _request() -> dict[str, Term]:
    return {
        "doc": page("Where the exchange describes it.", "https://docs.exchange.example/orders"),
        "http": _http(),
        "host": text("The host's name; rest when left out.", "rest", pattern=f"^{NAME}$"),
        "signed": text("The recipe that signs it.", "rest", pattern=f"^{NAME}$"),
        "costs": ref("What it costs of which pool.", {"orders": 1}, "costs"),
        "envelope": text("The envelope of its replies; default when left out, none for none.", "item"),
        **parts(),
        "errors": ref("Its own errors, looked at before those of all.", {"rejected": ["51000"]}, "errors"),
    }


def _operation(operation: str) -> Term:
    keys = _request()
    required = ["http"]
    kinds = {kind: record(kind) for kind in OPERATIONS[operation]}
    reply = {first: record_example(first) for first in OPERATIONS[operation][:1]}
    if kinds:
        keys["reply"] = table("What its reply says.", reply, kinds, minProperties=1)
    if operation == "place_order":
        keys |= {"fence": _fence(), "same_id": _same_id(), "types": _order_types()}
        required += ["types", "reply"]
    elif operation == "cancel_order":
        keys["effect"] = one_of("What the reply says of the order; requested when left out.", choices.EFFECT)
        keys["list"] = text("The dotted path, in `json`, of the array whose one element is repeated an order.", "ids")
        keys["at_most"] = whole("Orders that one request takes.", 100, 1, 1000)
        keys["costs_by_age"] = _costs_by_age()
    elif operation == "dead_mans_switch":
        keys["switch"] = _switch()
        required.append("switch")
    else:
        required.append("reply")
    if operation in LOOKUPS:
        keys["sees"] = _sees()
    if operation in HISTORIES:
        keys["reach"] = period("How many seconds back it shows.", 604800)
    if operation in HISTORIES or operation in ("open_orders", "trading_rules", "balances"):
        keys["pages"] = _pages()
    method = {"place_order": "POST", "cancel_order": "DELETE", "dead_mans_switch": "POST"}.get(operation, "GET")
    example: Term = {"http": f"{method} /v1/{operation.replace('_', '-')}"} | ({"reply": reply} if kinds else {})
    if operation == "dead_mans_switch":
        example |= {"switch": _switch()["examples"][0], "json": {"timeout": "{switch_s}"}}
    if operation == "place_order":
        example["types"] = {"LIMIT": {"json": {"price": "{price}"}}, "MARKET": {"json": {"type": "market"}}}
    return table(meanings.OPERATIONS[operation], example, keys, tuple(required))


def _costs_by_age() -> Term:
    keys = {
        "from": whole("The age in seconds from which on it holds.", 5, 0, 10_000_000),
        "cost": whole("What a cancel costs then; 0 for nothing.", 6, 0, 1_000_000),
    }
    rows = [{"from": 0, "cost": 8}, {"from": 5, "cost": 6}, {"from": 300, "cost": 0}]
    ages = listed("Rows from age 0 upwards.", rows, table("One row.", rows[0], keys, ("from", "cost")))
    return named("Pool -> what it costs by the age of the order.", {"orders": rows}, ages, minProperties=1)


def _preparation() -> Term:
    given = {"$ref": "#/$defs/reading"}
    lasts = "^([1-9][0-9]{0,8}|connection|session)$"
    keys = _request() | {
        "gives": named("Name -> reading of its reply.", {"token": "data.token"}, given),
        "lasts": {
            "description": "For how long. Seconds: asked for again at half of them; connection: asked for before each "
            "connection that carries a value of it; session: asked for once, at the start.",
            "examples": ["connection"],
            "type": ["integer", "string"],
            "pattern": lasts,
            "minimum": 1,
            "x-hint": "write seconds, connection or session",
        },
        "renew": _renewal(),
    }
    example = {"http": "POST /v1/token", "gives": {"token": "data.token"}, "lasts": "connection"}
    operations = f"the operations are {', '.join(OPERATIONS)}; any other name is a preparation, with gives and lasts"
    return table("A request that gives values.", example, keys, ("http", "gives", "lasts")) | {"x-hint": operations}


def _renewal() -> Term:
    keys = {
        "http": _http(),
        "every": whole("Seconds between two of these requests.", 1800, 1, 86_400),
        **parts(),
    }
    example = {"http": "PUT /v1/token", "query": {"token": "{token}"}, "every": 1800}
    doc = "The request that keeps what was given alive; signed, counted and judged as the preparation itself."
    return table(doc, example, keys, ("http", "every"))


def _switch() -> Term:
    keys = {
        "seconds": whole("After so many seconds without another request all orders are cancelled.", 60, 1, 86_400),
        "refresh": whole("Seconds between two requests; at most half of `seconds`.", 20, 1, 86_400),
    }
    return table("When it goes off.", {"seconds": 60, "refresh": 20}, keys, ("seconds", "refresh"))


def _fence() -> Term:
    keys = {
        "kind": one_of("What ends the time in which the order may still be executed.", choices.FENCE),
        "seconds": decimal("From signing to that moment.", 5),
    }
    return table("After which a request not seen cannot execute.", {"kind": "window", "seconds": 5}, keys, ("kind",))


def _same_id() -> Term:
    return one_of("What a second order with the same client id is; second_order when left out.", choices.SAME_ID)


def _order_types() -> Term:
    variant = table("What this type sends besides.", {"json": {"type": "limit"}}, {"http": _http(), **parts()})
    doc = "Order type, perhaps with a side -> what is laid over the request; an absent type is not offered."
    types = dict.fromkeys(_TYPES, variant)
    return table(doc, {"LIMIT": {"json": {"type": "limit", "price": "{price}"}}}, types, minProperties=1)


def _sees() -> Term:
    keys = {
        "new_after": decimal("A new order shows at most this many seconds after it was accepted.", 2),
        "closed_for": period("A closed order shows for this many seconds.", 86400),
    }
    return table("What the lookup shows.", {"new_after": 2, "closed_for": 86400}, keys, ("new_after",))


def _pages() -> Term:
    keys = {
        "by": one_of("What `{cursor}` is, by which the next page is asked for.", choices.PAGES),
        "send": ref("Where {cursor} goes, from the second page on.", {"cursor": "{cursor}"}, "query"),
        "next": ref("Where the next cursor stands.", "data.next", "path"),
        "more": ref("What holds while there is more; it alone decides then.", {"data.more": True}, "match"),
        "size": whole("Rows of a full page; a shorter one is the last.", 100, 1, 100_000),
    }
    example = {"by": "cursor", "send": {"cursor": "{cursor}"}, "next": "data.next"}
    return table("How a long answer is read on.", example, keys, ("by", "send"))
