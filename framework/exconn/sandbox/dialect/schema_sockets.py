"""The schema of what is said over websockets: messages, channels, deadlines, closes."""

from __future__ import annotations

from exconn.sandbox.candles import MONTH, WEEK
from exconn.sandbox.checksums import DIGITS, ORDERS

from .channels import EVENTS
from .meanings import MEANINGS
from .schema_http import CHECKS, ENDPOINT
from .schema_pieces import FORMATS, NAME, READINGS, TEMPLATE, TEXT, choice, flag, listed, mapping, table, text, whole
from .socket_rules import CLOSES
from .verbs import SOCKET_VERBS, VERBS

_ANY = {"type": ["string", "integer", "boolean", "array", "object"]}
_ANY_MATCH = {"type": ["string", "integer", "boolean", "array", "object", "null"]}
_READS = {**READINGS, "description": "Arguments, by dotted path of the frame."}
_ERROR = mapping(
    "The frame that answers a refused one.",
    {
        "reads": {**_READS, "examples": [["request_id from id"]]},
        "give": {**TEMPLATE, "description": "The frame.", "examples": [{"op": "error", "msg": "{text}"}]},
    },
    ["give"],
)
_MESSAGE = mapping(
    "One thing that a client may say.",
    {
        "match": table("What its frame has.", _ANY, {"op": "ping"}),
        "does": choice("The action.", *SOCKET_VERBS, *VERBS),
        "reads": {**_READS, "examples": [["topics as topics"]]},
        "calls": {**NAME, "description": "The endpoint that it asks for.", "examples": ["place"]},
        "rules": {**ENDPOINT["properties"]["rules"]},
        "costs": {**ENDPOINT["properties"]["costs"]},
        "errors": {**ENDPOINT["properties"]["errors"]},
        "deadline": {**ENDPOINT["properties"]["deadline"]},
        "signed": {**NAME, "description": "The signature that it needs.", "examples": ["login"]},
        "right": text("The right that the key needs.", "read"),
        "before_login": flag("Allowed before login."),
        "with": table("Constants for the action.", _ANY, {"closed_for": 86400}),
        "refused": choice("The error that answers it always.", *MEANINGS),
        "topic": text("Its topics, made of arguments; a list makes one an item.", "book:{depth}:{symbols}"),
        "each": listed("Lists for each item of which it is done and answered by itself.", NAME, ["order_refs"]),
        "error": {**_ERROR, "description": "How it is refused, where that is not as the socket refuses."},
        "bare": flag("Its answer is not wrapped."),
        "answer": {**TEMPLATE, "description": "The frame that answers.", "examples": [{"op": "pong"}]},
    },
    ["match"],
)
_CHANNEL = mapping(
    "One channel.",
    {
        "topic": {
            "type": ["string", "array"],
            "minLength": 1,
            "items": TEXT,
            "description": "Its topic, or topics; with {symbol.FORM} one for each symbol, {token} for any token.",
            "examples": ["book:{symbol.rest}"],
        },
        "intervals": table(
            "Seconds of its intervals; or week, from Monday on, or month.",
            {"anyOf": [{"type": "integer", "minimum": 1}, {"enum": [WEEK, MONTH]}]},
            {"1m": 60, "1w": "week"},
        ),
        "offset": {
            "type": "integer",
            "description": "Seconds by which the days of its candles begin before those of UTC.",
            "examples": [28800],
        },
        "window": whole("Seconds that its tickers are of, those of the last day if left out.", 3600, 60),
        "minutes": whole("Minutes of its average price.", 5, 1),
        "every_ms": whole("How often gathered book changes are sent.", 100, 1),
        "depth": {
            "type": ["integer", "array"],
            "minimum": 1,
            "minItems": 1,
            "items": {"type": "integer", "minimum": 1},
            "description": "Levels or rows of its snapshots; several make several channels, {depth} in the topic.",
            "examples": [25],
        },
        "limited": flag("Updates are of the best levels only, as many as its depth."),
        "checksum": mapping(
            "What {checksum} is over: CRC32 of the best levels' digits.",
            {
                "levels": whole("Levels a side.", 10, 1),
                "order": choice("One side after the other, or level by level.", *ORDERS),
                "digits": choice("Without point and zeros in front, or as written.", *DIGITS),
                "join": {"type": "string", "description": "What stands between them.", "examples": [":"]},
                "signed": flag("As a signed number."),
            },
            ["levels", "order", "digits"],
        ),
        "frames": listed(
            "What it sends, and when.",
            mapping(
                "One frame.",
                {
                    "event": choice("What has happened.", *EVENTS),
                    "only": table("What its record must have; any when left out.", _ANY_MATCH, {"change": "trigger"}),
                    "asked_by": {**NAME, "description": "The argument that asks for it.", "examples": ["snapshot"]},
                    "give": {**TEMPLATE, "description": "The frame.", "examples": [{"topic": "orders"}]},
                },
                ["event", "give"],
            ),
            [{"event": "trades"}],
        ),
    },
    ["topic", "frames"],
)
SOCKET = mapping(
    "One websocket endpoint.",
    {
        "doc": text("Where it is documented.", "https://docs.example#stream"),
        "path": text("Its path.", "/v1/public"),
        "entrances": listed(
            "Its paths, where there are several, or topics in them.",
            mapping(
                "One way in.",
                {
                    "path": text("The path.", "/stream"),
                    "topics": text("Where the address names topics: path, or a parameter of the query.", "streams"),
                    "wrapped": flag("Whether events are wrapped for who comes by here."),
                },
                ["path"],
            ),
            [{"path": "/stream", "topics": "streams", "wrapped": True}],
        ),
        "event": {**TEMPLATE, "description": "How events are wrapped.", "examples": [{"data": "{reply}"}]},
        "numbered": flag("Subscriptions have numbers, and an account is heard once."),
        "unknown_topics": choice("What becomes of topics that are none.", "refused", "kept"),
        "formats": {**FORMATS, "description": "Habits of writing that differ here.", "examples": [{"time": "us"}]},
        "handshakes": {**NAME, "description": "The pool of handshakes.", "examples": ["connects"]},
        "frames": {**NAME, "description": "The pool of the client's frames.", "examples": ["frames"]},
        "most_bytes": whole("Most bytes of a client's frame.", 16384, 1),
        "topics": mapping(
            "How many topics.",
            {"frame": whole("In one frame.", 100, 1), "all": whole("On one connection.", 200, 1)},
        ),
        "silence": whole("Seconds without a frame of the client until it is closed.", 30, 1),
        "pings": mapping(
            "Pings that it sends; who leaves one unanswered is closed.",
            {
                "every": whole("Seconds between them.", 20, 1),
                "patience": whole("Seconds in which each is to be answered.", 60, 1),
            },
            ["every", "patience"],
        ),
        "login_within": whole("Seconds to log in.", 10, 1),
        "lives": whole("Greatest age in seconds.", 86400, 1),
        "behind": whole("Frames that may wait for a slow reader.", 1000, 1),
        "closes": {
            **table("Why it is closed, and with which code.", {"type": "integer"}, {"silence": 4000}),
            "propertyNames": {"enum": list(CLOSES)},
        },
        "checks": mapping(
            "The steps of its messages, which make them requests as over HTTP.",
            {kind: CHECKS["properties"][kind] for kind in ("open", "signed")},
            ["open", "signed"],
        ),
        "reads": {
            **_READS,
            "description": "Arguments of every message.",
            "examples": [["x_rates from rates as flag or none"]],
        },
        "params": text("Where the arguments of its requests stand.", "params"),
        "signed": table("How what endpoints sign is signed here.", NAME, {"rest": "frames"}),
        "reply": {**TEMPLATE, "description": "How its answers are wrapped.", "examples": [{"result": "{reply}"}]},
        "messages": listed("What it understands; the first match holds.", _MESSAGE, [{"match": {"op": "ping"}}]),
        "error": _ERROR,
        "errors": {**ENDPOINT["properties"]["errors"], "description": "Errors that are said in another way here."},
        "topics_once": flag("A topic that is heard already, and the end of one that is not, are refused."),
        "greeting": {**TEMPLATE, "description": "The first frame of a connection.", "examples": [{"op": "hello"}]},
        "heartbeat": mapping(
            "What is said when there is nothing else to say to a subscriber.",
            {
                "seconds": whole("After so much silence.", 1, 1),
                "give": {**TEMPLATE, "description": "The frame.", "examples": [{"op": "heartbeat"}]},
            },
            ["seconds", "give"],
        ),
        "channels": table("What it sends.", _CHANNEL, {"book": {"topic": "book:{symbol.rest}"}}),
    },
    ["messages", "error", "channels"],
)
