"""The JSON Schema of a dialect file (draft 2020-12): every key with what it means and an example.

Rules:
- One discriminator a union, never a bare oneOf; unknown keys are refused wherever the file does not make the names.
- What a schema cannot say (names that exist, placeholders that fit) is checked when the file is built.
"""

from __future__ import annotations

from typing import Any

from .records import RECORDS
from .schema_http import CHECKS, ENDPOINT, ERRORS, LIMIT, SIGNATURE
from .schema_pieces import FORMATS, NAME, NATURAL, TEMPLATE, TEXT, choice, mapping, table
from .schema_sockets import SOCKET
from .schema_venue import FEES, IDS, INSTRUMENT, ORDER_COUNTER, PAST, POLICY, TYPE, WORDS_TABLE
from .wire import UNITS

_ENVELOPE = mapping(
    "How replies are wrapped.",
    {
        "reply": {**TEMPLATE, "description": "A success; {reply} is the answer.", "examples": ["{reply}"]},
        "error": {**TEMPLATE, "description": "An error, with {code} and {text}.", "examples": [{"code": "{code}"}]},
    },
    ["reply", "error"],
)
_SHAPE = mapping(
    "A template with a name.",
    {
        "of": choice("The record that it stands over.", *RECORDS),
        "give": {**TEMPLATE, "description": "The template.", "examples": [{"id": "{exchange_order_id}"}]},
    },
    ["of", "give"],
)

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "exconn dialect, version 1",
    "type": "object",
    "additionalProperties": False,
    "patternProperties": {"^x-.*$": {}},
    "required": [
        "dialect",
        "name",
        "instruments",
        "symbols",
        "fees",
        "words",
        "errors",
        "envelopes",
        "checks",
        "endpoints",
    ],
    "properties": {
        "dialect": {"const": 1, "description": "The version of the language.", "examples": [1]},
        "name": {**NAME, "description": "The exchange.", "examples": ["anexchange"]},
        "docs": {**TEXT, "description": "Where the exchange's documents are.", "examples": ["https://docs.example"]},
        "assets": table("Asset forms: ours to theirs.", table("Ours: theirs.", TEXT, {"BTC": "XXBT"}), {"rest": {}}),
        "facts": table(
            "What else is to be said of assets and symbols: {asset.FACT}.",
            table("Our name: its value.", {}, {"USD": 4}),
            {"digits": {"USD": 4}},
        ),
        "symbols": table("Symbol forms.", {**TEXT, "examples": ["{base}-{quote}"]}, {"rest": "{base}{quote}"}),
        "instruments": {
            "type": "array",
            "minItems": 1,
            "items": INSTRUMENT,
            "description": "What is traded.",
            "examples": [[{"base": "BTC", "quote": "USDT"}]],
        },
        "fees": FEES,
        "policy": POLICY,
        "ids": IDS,
        "formats": FORMATS,
        "time_units": mapping(
            "Units of moments that a client may ask for.",
            {
                "header": {**TEXT, "description": "The header of a request that asks.", "examples": ["X-Time-Unit"]},
                "query": {**TEXT, "description": "What asks in a websocket's address.", "examples": ["timeUnit"]},
                "words": table("Each word, and its unit.", {"enum": list(UNITS)}, {"MICROSECOND": "us"}),
            },
            ["header", "query", "words"],
        ),
        "words": table("Words tables.", WORDS_TABLE, {"side": {"buy": "BUY", "sell": "SELL"}}),
        "types": table("Types of readings.", TYPE, {"money": {"decimal": {"whole": 18}}}),
        "signatures": table("Ways to sign.", SIGNATURE, {"rest": {}}),
        "limits": table("Pools of requests.", LIMIT, {"public": {"allow": 20, "per": 1, "of": "address"}}),
        "order_counter": ORDER_COUNTER,
        "past": PAST,
        "most_body": {**NATURAL, "description": "Bytes that a request body may have.", "examples": [16384]},
        "checks": CHECKS,
        "errors": {**ERRORS, "required": ["internal", "no_path", "no_method"]},
        "envelopes": {**table("Wrappings by name.", _ENVELOPE, {"default": {}}), "required": ["default"]},
        "shapes": table("Templates by name.", _SHAPE, {"order": {"of": "order"}}),
        "endpoints": table("What is answered over HTTP.", ENDPOINT, {"time": {"http": "GET /time"}}),
        "sockets": table("What is said over websockets.", SOCKET, {"public": {"path": "/ws"}}),
    },
}
