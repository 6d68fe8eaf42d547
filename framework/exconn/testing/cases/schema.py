"""The JSON Schema of cases, version 1: every key described, with an example.

Rules: a section a kind of case, so that nothing has to guess what a case is; each case has an id and a source; payloads
are texts, as the documents print them, or names of sample files; `x-` keys are free.
"""

from functools import cache
from typing import Any

from exconn.spec.schema.terms import Term, flag, free, listed, name, named, one_of, ref, table, text, whole
from exconn.spec.vocabulary import ERROR_MEANINGS, NAME

from . import reference_words as words
from .broken import FORM as BROKEN
from .field_meanings import ARGUMENT_MEANINGS, field_meaning
from .opinions import opinions_term
from .schema_frames import told_beside
from .schema_records import error, moment, records, value
from .survivors import survivors_term
from .vocabulary import ARGUMENTS, CODE_MARK, EFFECTS

_ID = "^[a-z0-9][a-z0-9.-]{0,80}$"
_PAIR = "^[A-Z0-9]+-[A-Z0-9]+$"
_URL = "^(GET|POST|PUT|DELETE|PATCH) (https|wss)://[!-~]+$"


@cache
def load_schema() -> dict[str, Any]:
    """JSON Schema draft 2020-12 of a file of cases. Callers must not change it."""
    keys = {
        "cases": {"description": "The version of the language.", "examples": [1], "const": 1},
        "spec": name("The exchange whose spec these cases are about.", "quay"),
        "credentials": _texts("Dummy credentials, as the documents' examples use them.", {"api_key": "demo"}),
        "symbols": _symbols(),
        "hosts": _texts("Name -> origin, where it is not that of the spec's first group.", _ORIGIN),
        "given": _texts("Values that preparations gave.", {"token": "abc"}),
        "requests": _section("Requests as they are sent.", _request()),
        "signatures": _section("Worked examples of signing, whatever their request is.", _signature()),
        "replies": _section("Answers, and what must be read from them.", _reply()),
        "errors": _section("Tables of error codes, all in one form of answer.", _errors()),
        "frames": _section("Frames of the sockets, and what must be read from them.", _frame()),
        "sent": _section("What we send over the sockets.", _sent()),
        "books": _section("Books, from a snapshot and frames in their order.", _book()),
        "survivors": survivors_term(),
        "opinions": opinions_term(),
    }
    root = table(
        "Documented requests and payloads, with what must come of them.", {"cases": 1}, keys, ("cases", "spec")
    )
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "exconn cases, version 1"}
    return {**head, **root, "$defs": _definitions()}


_ORIGIN = {"rest": "https://localhost:8443"}
_SENDS = {"http": "GET https://api.exchange.example/v1/time"}
_FRAME = '{"topic": "orders", "data": {}}'


def _definitions() -> dict[str, Term]:
    return {"records": records(), "sends": _sends(), "error": error(), "with": _arguments(), "fresh": _fresh()}


def _section(doc: str, case: Term) -> Term:
    return listed(doc, [case["examples"][0]], case)


def _case(doc: str, keys: dict[str, Term], required: tuple[str, ...]) -> Term:
    head = {
        "id": text("The case's name in reports, unlike any other.", "place-limit-buy", pattern=_ID),
        "source": text("Where the documents show it.", "docs/api.md#orders"),
    }
    head["id"]["x-hint"] = "small letters, digits, . and -"
    example = {each: (head | keys)[each]["examples"][0] for each in ("id", "source", *required)}
    return table(doc, example, head | keys, ("id", "source", *required))


def _texts(doc: str, example: dict[str, str]) -> Term:
    return free(doc, example, {"type": "string", "minLength": 1})


def _symbols() -> Term:
    pairs = free("Pair -> the exchange's symbol.", {"BTC-USDT": "BTCUSDT"}, {"type": "string", "minLength": 1})
    pairs["propertyNames"] = {"pattern": _PAIR, "description": "BASE-QUOTE, in capitals"}
    return named("Symbol form -> pair -> symbol, known to every case.", {"rest": {"BTC-USDT": "BTCUSDT"}}, pairs)


def _arguments() -> Term:
    keys = {each: value(ARGUMENT_MEANINGS.get(each, ""), field) for each, field in ARGUMENTS.items()}
    keys["type"] = one_of("The order type.", words.ORDER_TYPES)
    keys["side"] = one_of("Our side.", words.SIDES)
    keys["pair"] = text("The pair.", "BTC-USDT", pattern=_PAIR)
    further = table("One.", {"client_id": "demo-0002"}, dict(keys))
    keys["also"] = listed("Further orders of the same request.", [{"client_id": "demo-0002"}], further)
    return table("What the request is about.", {"pair": "BTC-USDT"}, keys)


def _fresh() -> Term:
    keys = {
        "time": moment("The time of signing, by the exchange's clock.", "1767225600250 ms"),
        "nonce": whole("The nonce.", 1767225600250001, 0, 2**62),
        "uuid": text("32 hexadecimal digits.", "0123456789abcdef0123456789abcdef", pattern="^[0-9a-f]{32}$"),
        "request_id": whole("The number of the frame.", 1, 0),
    }
    return table("This request's own values.", {"time": "1767225600250 ms"}, keys)


def _sends() -> Term:
    keys = {
        "http": text("Method and whole URL, exactly.", _SENDS["http"], pattern=_URL),
        "headers": free("All headers.", {"X-KEY": "demo"}, {"type": ["string", "integer"], "minLength": 1}),
        "body": text("The body, to the byte.", '{"symbol":"BTCUSDT"}'),
        "fence": moment("The moment after which it cannot execute.", "1767225605250 ms"),
    }
    return table("The request as it is sent; what is not listed must be absent.", _SENDS, keys, ("http",))


def _operation(doc: str, example: str) -> Term:
    """An operation's name, or a preparation's and `.renew`."""
    return text(doc, example, pattern=f"^{NAME}([.]renew)?$")


def _request() -> Term:
    keys = {
        "operation": _operation("The operation.", "place_order"),
        "with": ref("What it is about.", {"pair": "BTC-USDT"}, "with"),
        "fresh": ref("Its own values.", {"time": "1767225600250 ms"}, "fresh"),
        "sends": ref("The request as it is sent.", _SENDS, "sends"),
        "refused": text("It is not built, with an error that holds this.", "price"),
        "nonce": _nonce(),
    }
    return _case("A request that an operation sends.", keys, ("operation",))


def _signature() -> Term:
    keys = {
        "recipe": name("The recipe of `signing`.", "rest"),
        "http": text("Method and whole URL of the example.", "GET https://api.exchange.example/v1/fills", pattern=_URL),
        "body": text("The body of the example: JSON, or a form.", '{"symbol":"BTCUSDT"}'),
        "fresh": ref("Its own values.", {"time": "1767225600250 ms"}, "fresh"),
        "sends": ref("The request as it is sent.", _SENDS, "sends"),
        "nonce": _nonce(),
    }
    return _case("A worked example of a signature.", keys, ("recipe", "http", "sends"))


def _nonce() -> Term:
    return one_of("What the nonce is counted in; not asked about when left out.", words.NONCES)


def _payload(doc: str, key: str, example: str) -> dict[str, Term]:
    return {
        key: text(doc, example),
        "sample": text("Its file in `samples/<spec>/`.", "symbols.json", pattern="^[A-Za-z0-9_-][A-Za-z0-9._-]{0,80}$"),
    }


def _needs(example: str) -> Term:
    path = text("Keys and indexes that lead to it.", example, pattern=BROKEN, maxLength=200)
    return listed("Values without each of which it must be unreadable, a case each.", [example], path)


def _reply() -> Term:
    ids = {each: value(field_meaning("order", each), ARGUMENTS[each]) for each in ("exchange_order_id", "client_id")}
    failure = ref("Its error.", {"meaning": "order_not_found"}, "error")
    example = {"client_id": "demo-0002", "error": {"meaning": "order_not_found"}}
    refused = table("One order.", example, {**ids, "error": failure}, ("error",))
    keys = {
        "operation": _operation("The operation that is answered.", "balances"),
        "with": ref("What was asked.", {"pair": "BTC-USDT"}, "with"),
        "http": _status(),
        "headers": free("Headers of the answer.", {"Retry-After": 1}, {"type": ["string", "integer"], "minLength": 1}),
        **_payload("The body of the answer.", "body", '{"code": 0, "data": []}'),
        "needs": _needs("data.0.total"),
        "gives": ref("The records in it, in their order.", [{"balance": {"asset": "BTC", "total": "1"}}], "records"),
        "next": value("The cursor of the next page.", ARGUMENTS["cursor"]),
        "given": _texts("Values of a preparation.", {"token": "abc"}),
        "refuses": listed("Orders of a list that failed, each with its error.", [refused["examples"][0]], refused),
        "error": ref("The error it stands for.", {"meaning": "rejected", "code": "2003"}, "error"),
        "unread": text("It makes no sense, with an error that holds this.", "required, but absent"),
        "unanswered": text("It is no answer: the outcome is unknown, with an error that holds this.", "JSON"),
        "redirected": text("It is a redirect, with an error that holds this.", "redirect"),
    }
    return _case("A documented answer.", keys, ("operation",))


def _status() -> Term:
    return whole("The HTTP status; 200 when left out.", 200, 100, 599)


def _errors() -> Term:
    codes = {"type": ["string", "integer"], "minLength": 1, "description": "A code, typed as on the wire."}
    meanings = {each: listed(f"Codes that mean {each}.", [2003], codes) for each in (*ERROR_MEANINGS, "unlisted")}
    keys = {
        "operations": listed(
            "The operations that are answered so.", ["place_order"], _operation("One.", "place_order")
        ),
        "sockets": listed("The sockets that say so.", ["user"], name("One.", "user")),
        "http": _status(),
        "body": text(f"The answer or frame; {CODE_MARK} stands for the code, as JSON.", '{"code": $code, "msg": "no"}'),
        "text": text("The error's text.", "no"),
        "meanings": table("Meaning -> codes.", {"rejected": [2003, 2004]}, meanings, minProperties=1),
    }
    return _case("Error codes, each a case of its own.", keys, ("body", "meanings"))


def _frame() -> Term:
    keys = {
        "socket": name("The socket.", "user"),
        **_payload("The frame.", "frame", _FRAME),
        **told_beside(_FRAME),
        "is": one_of("What kind of frame it is.", words.FRAME_KINDS),
        "needs": _needs("data.order_id"),
        "gives": ref("The records in it, in their order.", [{"order": {"client_id": "demo-0001"}}], "records"),
        "error": ref("The error it stands for.", {"meaning": "auth", "code": "1023"}, "error"),
        "answer": text("What must be sent back, as JSON.", '{"pong": 1}'),
    }
    return _case("A documented frame.", keys, ("socket", "is"))


def _sent() -> Term:
    keys = {
        "socket": name("The socket.", "user"),
        "what": one_of("What is done.", words.UTTERANCES),
        "pairs": listed("The pairs that are meant.", ["BTC-USDT"], text("One.", "BTC-USDT", pattern=_PAIR)),
        "fresh": ref("Its own values.", {"time": "1767225600250 ms"}, "fresh"),
        "frames": _spoken(),
        "protocol_ping": flag("The ping is one of the websocket protocol and no frame."),
        "sends": ref("The handshake.", {"http": "GET wss://ws.exchange.example/v1"}, "sends"),
        "nonce": _nonce(),
    }
    return _case("What we send over a socket.", keys, ("socket", "what"))


def _spoken() -> Term:
    doc = "The frames, in their order; JSON in any order of fields; none where nothing is said."
    return listed(doc, ['{"op": "ping"}'], {"type": "string"}) | {"minItems": 0}


def _book() -> Term:
    level = {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": ["string", "integer"]}}
    side = {"type": "array", "items": level}
    shown = {
        "last_id": whole("The newest sequence number in it.", 48212, 0, 2**62),
        "bids": {"description": "Bids, the highest first.", "examples": [[["64990.00", "0.8"]]], **side},
        "asks": {"description": "Asks, the lowest first.", "examples": [[["65010.00", "0.01"]]], **side},
    }
    effect = {"enum": list(EFFECTS)}
    step = {
        "frame": text("A frame of the stream.", _FRAME),
        "snapshot": text("The answer of book_snapshot.", '{"code": 0, "data": {}}'),
        "sample": _payload("", "frame", _FRAME)["sample"],
        "does": {
            "description": "What it does; nothing when left out.",
            "examples": [["load", "go_live"]],
            "type": "array",
            "items": effect,
        },
        "why": text("Why the book is withheld: a part of the reason.", "checksum"),
        "book": table("The whole book afterwards.", {"bids": [], "asks": []}, shown, ("bids", "asks")),
    }
    steps = listed("From the subscription on.", [{"snapshot": "..."}], table("One step.", {"frame": _FRAME}, step))
    keys = {
        "socket": name("The socket.", "public"),
        "pair": text("The pair.", "BTC-USDT", pattern=_PAIR),
        "decimals": table(
            "Decimals of the pair by its rule, where a checksum is over padded digits.",
            {"price": 1, "size": 8},
            {each: whole(f"Of a {each}.", 8, 0, 18) for each in ("price", "size")},
        ),
        "steps": steps,
    }
    return _case("A book, step by step.", keys, ("socket", "pair", "steps"))
