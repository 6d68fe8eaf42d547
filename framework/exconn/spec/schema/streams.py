"""Schema of sockets and of the order book."""

from exconn.spec.vocabulary import MESSAGE_KINDS, NAME

from . import choices
from .pieces import PATH, match_or_matches
from .records import record, record_example
from .terms import Term, listed, named, one_of, page, period, ref, table, text, whole

_EXAMPLE: Term = {
    "connect": {"host": "ws", "path": "/v1/public"},
    "frames": "json",
    "silence": 30,
    "subscribe": [{"send": {"op": "{verb}", "topics": ["trades:{symbol.rest}"]}}],
    "messages": [{"match": {"topic": "trades"}, "trade": record_example("trade")}],
}


_CHAIN = (
    "By what an update follows the ones before it; known is the last id that was applied. What ends at known or before "
    "it is contained already, but for `none`; what neither follows nor is contained is a gap."
)


def sockets() -> Term:
    return named("Websockets.", {"public": _EXAMPLE}, _socket())


def order_book() -> Term:
    checksum = {
        "algorithm": one_of("What is computed.", choices.ALGORITHM),
        "levels": whole("Over how many levels a side.", 10, 1, 1000),
        "layout": one_of("In what order the levels stand.", choices.LAYOUT),
        "number": one_of("How numbers are written.", choices.NUMBER),
        "join": {
            "description": "What stands between numbers; nothing when left out.",
            "examples": [":"],
            "type": "string",
            "minLength": 1,
            "maxLength": 4,
        },
        "asks": one_of("How the sizes of asks are written; as those of bids when left out.", choices.ASKS),
        "absent": {
            "description": "The value that is sent where there is no checksum.",
            "examples": [0],
            "type": "integer",
        },
    }
    example = {"algorithm": "crc32", "levels": 10, "layout": "asks_then_bids", "number": "digits"}
    keys = {
        "start": one_of("Where a book begins.", choices.START),
        "chain": one_of(_CHAIN, choices.CHAIN),
        "depth": whole("Levels a side that the stream keeps up to date.", 1000, 1, 100_000),
        "on_gap": one_of("What mends a gap.", choices.ON_GAP),
        "levels": one_of("What prices and sizes are; float when left out.", choices.LEVELS),
        "checksum": table("How a book is proved.", example, checksum, ("algorithm", "levels", "layout", "number")),
    }
    doc = "How snapshots and updates become a book."
    return table(doc, {"start": "rest", "chain": "range", "on_gap": "resnapshot"}, keys, ("start", "chain", "on_gap"))


def _socket() -> Term:
    keys = {
        "doc": page("Where the exchange describes it.", "https://docs.exchange.example/ws"),
        "connect": _connect(),
        "frames": _frames(),
        "route": listed("The first of these that a frame has names its type.", ["topic"], {"$ref": "#/$defs/path"}),
        "ping": _ping(),
        "silence": period("Seconds without a frame after which the socket is dead.", 30),
        "lives": period("Its greatest age in seconds.", 86400),
        "login": _login(),
        "subscribe": listed("Frames that subscribe.", [{"send": {"op": "{verb}"}}], _subscription()),
        "ask_snapshot": _ask_snapshot(),
        "control": _control(),
        "opened": _opened(),
        "counter": ref("Where frames hold one count of the whole connection; a gap ends it.", "sequence_num", "path"),
        "orders_arrive": one_of("How an order's events arrive; any_order when left out.", choices.ORDERS_ARRIVE),
        "messages": listed("What the frames say.", _EXAMPLE["messages"], _message(), maxItems=100),
        "errors": ref("Its own errors, looked at before those of all.", {"auth": [1023]}, "errors"),
        "costs": ref("What connecting costs.", {"connects": 1}, "costs"),
        "sends": text("The pool that each frame sent costs 1 of.", "frames", pattern=f"^{NAME}$"),
    }
    required = ("connect", "frames", "silence", "subscribe", "messages")
    return table("A websocket.", _EXAMPLE, keys, required)


def _frames() -> Term:
    doc = (
        "What a frame holds. json: JSON, as text or as bytes; gzip_json, deflate_json: JSON in bytes packed by gzip or "
        "by raw deflate (RFC 1951); or the message of a .proto file, read as proto3 JSON."
    )
    keys = {
        "protobuf": text("The exchange's file beside the spec.", "frames.proto", maxLength=120),
        "message": text("The message that each frame of bytes is.", "PushDataWrapper", maxLength=200),
        "text": one_of("What frames of text hold; left out: there are none.", choices.TEXT_FRAMES),
    }
    term = table(doc, "json", keys, ("protobuf", "message"), type=["string", "object"])
    hint = "write json, gzip_json, deflate_json, or {protobuf: FILE, message: NAME}"
    return {**term, "pattern": "^(json|gzip_json|deflate_json)$", "x-hint": hint}


def _connect() -> Term:
    keys = {
        "host": text("The host's name.", "ws", pattern=f"^{NAME}$"),
        "path": text("The path.", "/v1/public", pattern=f"^{PATH}$", maxLength=500)
        | {"x-hint": "write the path alone; parameters stand under query"},
        "url": ref("In place of path: the address that a preparation gave.", "{ws_url}", "template"),
        "query": ref("Query parameters.", {"token": "{token}"}, "query"),
        "signed": text("The recipe that signs the handshake.", "ws", pattern=f"^{NAME}$"),
    }
    return table("Where it connects.", {"host": "ws", "path": "/v1/public"}, keys, ("host",))


def _ping() -> Term:
    keys = {
        "word": text("A frame of plain text.", "ping"),
        "send": ref("A JSON frame; with neither, a ping of the websocket protocol.", {"op": "ping"}, "json"),
        "every": period("Seconds from one to the next.", 20),
        "after_silence": period("Seconds without a frame of theirs.", 20),
    }
    return table("How we keep it alive.", {"word": "ping", "after_silence": 20}, keys)


def _login() -> Term:
    keys = {
        "signed": text("The recipe whose values the frame holds.", "ws", pattern=f"^{NAME}$"),
        "send": ref("The frame.", {"op": "login", "sign": "{signature}"}, "json"),
    }
    return table("The login frame.", {"signed": "ws", "send": {"op": "login"}}, keys, ("send",))


def _ask_snapshot() -> Term:
    keys = {"send": ref("The frame, with the pair in it.", {"req": "book.{symbol.rest}"}, "json")}
    example = {"send": {"req": "book.{symbol.rest}"}}
    return table("Asks for the book of a pair; the answer is a message with book_snapshot.", example, keys, ("send",))


def _subscription() -> Term:
    keys = {
        "send": ref("The frame.", {"op": "{verb}", "topics": ["book:{symbol.rest}"]}, "json"),
        "signed": text("The recipe whose values the frame holds.", "ws", pattern=f"^{NAME}$"),
        "with": _words(),
        "list": text("The array in the frame that repeats its one element for each symbol.", "topics"),
        "join": text("What stands between the symbols, where `list` names a text.", ",", maxLength=4),
        "at_most": whole("Symbols in one frame.", 50, 1, 10_000),
    }
    return table("One frame.", {"send": {"op": "{verb}"}}, keys, ("send",))


def _words() -> Term:
    word: Term = {"type": "string", "minLength": 1, "maxLength": 100}
    words = {**word, "type": ["string", "array"], "minItems": 1, "maxItems": 50, "uniqueItems": True, "items": word}
    doc = "Name -> a word, or a list of words: the frame is sent once for each combination."
    return named(doc, {"channel": ["orders", "fills"]}, words, maxProperties=2)


_SERVER_PING = {"match": {"ping": {"present": True}}, "answer": {"pong": "{/ping:number}"}}


_RECONNECT = (
    "Frames upon which a new connection is made: the exchange asks for it, or ends a subscription by itself. A match, "
    "or a list of them."
)


def _control() -> Term:
    def match(doc: str, word: str) -> Term:
        return ref(doc, {"op": word}, "match")

    error = {
        "match": match("What it is.", "error"),
        "code": ref("Its code.", "code", "path"),
        "text": ref("Its text.", "msg", "path"),
    }
    answer = ref("Our answer; {/path} reads the frame answered.", {"pong": "{/ping:number}"}, "json")
    server_ping = {"match": ref("What it is.", _SERVER_PING["match"], "match"), "answer": answer}
    keys = {
        "subscribed": match("The answer to a subscription: one is counted for each frame.", "subscribe"),
        "logged_in": match("The answer to a good login.", "login"),
        "pong": ref("The answer to our ping; {word: pong} is a frame of plain text.", {"word": "pong"}, "match"),
        "ignored": listed("Frames without interest.", [{"op": "info"}], {"$ref": "#/$defs/match"}, maxItems=50),
        "reconnect": match_or_matches(_RECONNECT, {"op": "reconnect"}),
        "error": table(
            "An error; one that answers nothing of ours ends the connection, unless it is about pace.",
            {"match": {"op": "error"}, "code": "code"},
            error,
            ("match",),
        ),
        "server_ping": table("The exchange's ping.", _SERVER_PING, server_ping, ("match", "answer")),
    }
    return table("Frames that are no messages.", {"subscribed": {"op": "subscribe"}}, keys, minProperties=1)


_OPENED = {"match": {"event": "opened"}, "number": "id", "kind": "channel", "symbol": "pair", "frames": "[0]"}


def _opened() -> Term:
    keys = {
        "match": ref(
            "The frame that opens a channel; it is the answer to the subscription too.", {"event": "opened"}, "match"
        ),
        "number": ref("Where that frame holds the channel's number.", "id", "path"),
        "kind": ref("Where it says what the channel carries, which messages name as opened_as.", "channel", "path"),
        "symbol": ref("Where it says the symbol, for `from opened`.", "pair", "path"),
        "frames": ref("Where later frames hold the number.", "[0]", "path"),
    }
    doc = "Channels that get a number when they are opened, by which later frames name them."
    return table(doc, _OPENED, keys, ("match", "number", "kind", "frames"))


def _message() -> Term:
    kinds = {kind: record(kind) for kind in MESSAGE_KINDS}
    opened_as = text("Frames of an opened channel of this kind.", "book")
    keys = {"match": ref("Which frames these are.", {"topic": "orders"}, "match"), "opened_as": opened_as, **kinds}
    example = {"match": {"topic": "orders"}, "order": {"rows": "data", "shape": "order"}}
    return table("One type of frame, told by match, opened_as, or both.", example, keys, minProperties=2)
