"""The schema of what is traded and of the values on the wire: instruments, fees, policy, words, types."""

from __future__ import annotations

from exconn.sandbox.engine import ClientIds, FeeAsset, ImmediateTriggers, MarketFunds, MarketSell, Rounding, SelfTrade
from exconn.sandbox.engine.reasons import MAY_CLOSE

from .identifiers import KINDS as ID_KINDS
from .schema_http import RULES
from .schema_pieces import READINGS, TEXT, Schema, amount, choice, flag, listed, mapping, table, text, whole

_ASSET: Schema = {"type": "string", "pattern": "^[A-Za-z0-9.]{1,20}$"}
_BOUNDS = mapping(
    "Factors between which a price must lie.",
    {"least": amount("The least.", "0.2"), "most": amount("The greatest.", "5")},
    ["least", "most"],
)
INSTRUMENT = mapping(
    "One instrument: its assets as we call them, its rules, and the price where its living market starts.",
    {
        "base": {**_ASSET, "description": "The asset that is traded.", "examples": ["BTC"]},
        "quote": {**_ASSET, "description": "The asset that it is priced in.", "examples": ["USDT"]},
        "price": amount("Where the living market starts.", "65000"),
        "price_step": amount("A price is a multiple of it.", "0.01"),
        "size_step": amount("A size is a multiple of it.", "0.00001"),
        "min_size": amount("Least size, base.", "0.0001"),
        "max_size": amount("Greatest size, base.", "100"),
        "min_price": amount("Least price.", "0.01"),
        "max_price": amount("Greatest price.", "1000000"),
        "min_notional": amount("Least price times size, quote.", "5"),
        "max_notional": amount("Greatest price times size, quote.", "1000000"),
        "max_open": whole("Most open orders of an account.", 200),
        "max_waiting": whole("Most of them that wait for a price.", 5),
        "max_icebergs": whole("Most of them that are icebergs.", 10),
        "iceberg_parts": whole("Most parts of an iceberg.", 10),
        "min_trail_bips": whole("Least trail, in hundredths of a percent.", 10),
        "max_trail_bips": whole("Greatest trail, in hundredths of a percent.", 2000),
        "quote_step": amount("A size given in quote is a multiple of it.", "0.01"),
        "price_band": mapping(
            "How far a price may be from the average of the last minutes.",
            {
                "minutes": whole("How many minutes; 0 for the last price.", 5),
                "buy": {**_BOUNDS, "description": "Factors of it for buy orders."},
                "sell": {**_BOUNDS, "description": "Factors of it for sell orders."},
            },
            ["minutes", "buy", "sell"],
        ),
        "groups": listed("What the exchange counts it among, by its own names.", TEXT, ["SPOT"]),
        "names": table("Symbol forms in which it is an exception.", TEXT, {"rest": "XBTUSD"}),
    },
    ["base", "quote", "price", "price_step", "size_step"],
)
FEES = mapping(
    "What trading costs: fractions, and how they are charged.",
    {
        "maker": amount("The maker's rate.", "0.0008"),
        "taker": amount("The taker's rate.", "0.001"),
        "asset": choice("What fees are paid in.", *map(str, FeeAsset)),
        "token": text("The token that they are paid in.", "BNB"),
        "valued_in": text("The asset in which value and token are compared; the quote asset when left out.", "USDT"),
        "discount": amount("The part waived when paid in the token.", "0.25"),
        "digits": whole("Decimals that a fee keeps.", 8),
        "rounding": choice("Where its last digit goes.", *map(str, Rounding)),
    },
    ["maker", "taker"],
)
POLICY = mapping(
    "What the engine leaves to the exchange.",
    {
        "client_ids": choice("How long a client id stays taken.", *map(str, ClientIds)),
        "market_funds": choice("A market order that the funds do not cover.", *map(str, MarketFunds)),
        "self_trade": choice("An order that meets one of its own account.", *map(str, SelfTrade)),
        "closes": listed(
            "Reasons that close an order at once rather than refuse it.", {"enum": [*MAY_CLOSE]}, ["would_cross"]
        ),
        "min_notional_of_market": flag("Whether min_notional is asked of market orders."),
        "market_sell_holds": choice("What a market sell by amount must have and holds.", *map(str, MarketSell)),
        "immediate_triggers": choice("An order whose trigger is reached already.", *map(str, ImmediateTriggers)),
        "cancels_while_halted": flag("Whether orders of a halted symbol can be cancelled."),
        "delisted_shown": whole("Seconds that a delisted symbol is still shown.", 86400),
    },
)
_ORDER_COST = mapping(
    "What one action counts.",
    {
        "count": whole("Always.", 1),
        "early": listed(
            "[seconds, more], rising: so much more for an order that is younger.",
            {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2},
            [[5, 8]],
        ),
    },
)
PAST = mapping(
    "Candles of the time before the sandbox began.",
    {"days": {**whole("How many days of them are made up.", 500, 1), "maximum": 4000}},
    ["days"],
)
ORDER_COUNTER = mapping(
    "A counter of an account's orders in one pair, which falls by so much a second.",
    {
        "allow": whole("The most that it may be.", 180, 1),
        "decay": amount("By how much it falls a second.", "3.75"),
        "place": {**_ORDER_COST, "description": "Placing an order."},
        "batch": amount("What each of several placed at once counts; as placing one if left out.", "0.5"),
        "amend": {**_ORDER_COST, "description": "Amending one."},
        "edit": {**_ORDER_COST, "description": "Putting one in another's place."},
        "cancel": {**_ORDER_COST, "description": "Cancelling one: it is never refused."},
    },
    ["allow", "decay"],
)
IDS = mapping(
    "Where counters start.",
    {
        "orders_from": whole("The first order id.", 1),
        "trades_from": whole("The first trade id.", 1),
        "client_ids": whole("Length of ids made for orders that come without one.", 22, 1),
        "sequence_from": whole("A book's sequence before its first change.", 0),
        "forms": {
            **table("How ids are spelled: # is a letter or digit.", TEXT, {"order": "O#####-#####-######"}),
            "propertyNames": {"enum": list(ID_KINDS)},
        },
    },
)
_WIRE_WORD: Schema = {
    "type": ["string", "integer", "boolean", "array", "null"],
    "minItems": 1,
    "items": {"type": ["string", "integer"]},
}
WORDS_TABLE = table("Our word: theirs, or [written, read...], or null for nothing to say.", _WIRE_WORD, {"buy": "BUY"})
_SENT = choice("How JSON has it; a query's text is always text.", "text", "number", "either")
TYPE: Schema = {
    **mapping(
        "One type; its only key says what kind it is.",
        {
            "text": mapping(
                "Text.",
                {
                    "length": {
                        **listed("Least and greatest length.", {"type": "integer"}, [1, 32]),
                        "minItems": 2,
                        "maxItems": 2,
                    },
                    "alphabet": text("Its characters; A-Z, a-z and 0-9 stand for their ranges.", "A-Za-z0-9_-"),
                },
            ),
            "decimal": mapping(
                "A number without sign and exponent.",
                {
                    "whole": whole("Most digits before the point.", 18, 1),
                    "places": whole("Most digits after the point.", 18, 1),
                    "positive": flag("Zero is malformed."),
                    "most": whole("Greatest.", 60000),
                    "exponents": flag("A JSON number may have an exponent, as 1e-05."),
                    "sent": _SENT,
                },
            ),
            "object": mapping(
                "An object of JSON, as an item of a list.",
                {
                    "reads": {
                        **READINGS,
                        "description": "Its arguments, by dotted path.",
                        "examples": [["side as side", "amount from size as money"]],
                    },
                    "rules": RULES,
                    "passes_others": flag("Fields that nothing reads are passed over."),
                    "reads_as": text("It reads as this argument alone.", "symbol"),
                },
                ["reads"],
            ),
            "relative": mapping(
                "A price, or an offset from the market: +5, -5, #5, each perhaps with %.",
                {
                    "whole": whole("Most digits before the point.", 18, 1),
                    "places": whole("Most digits after the point.", 18, 1),
                    "sent": _SENT,
                },
            ),
            "integer": mapping(
                "A whole number.",
                {
                    "least": {"type": "integer", "description": "Least.", "examples": [1]},
                    "most": {"type": "integer", "description": "Greatest.", "examples": [500]},
                    "sent": _SENT,
                },
            ),
            "time": mapping(
                "A moment.",
                {
                    "unit": choice("Its unit, or iso for RFC 3339.", "ms", "s", "us", "ns", "iso"),
                    "offsets": flag("+5 is so much after now, and 0 is nothing."),
                    "sent": _SENT,
                    "fractions": flag("Its number may have a fraction."),
                    "ends": flag("It ends a span, and is its unit's last: 7 ms is read as 7.999999 ms."),
                    "finer": choice("The unit of numbers too large to be of this one.", "us", "ms", "ns"),
                },
                ["unit"],
            ),
            "choice": {
                "type": ["array", "object"],
                "items": TEXT,
                "additionalProperties": {"type": ["string", "integer", "null"]},
                "description": "One of some words of the wire, each with what is read for it if it is not itself.",
                "examples": [["ACK", "RESULT"]],
            },
            "any_of": listed("The first of these types that can read it.", TEXT, ["seconds", "id.order"]),
            "list": mapping(
                "Several of one type.",
                {
                    "of": text("The type of each.", "text"),
                    "json": flag("A query has it as a JSON array in text."),
                    "most": whole("Most items.", 100),
                    "least": whole("Least items.", 2),
                    "separated": text("What separates them in a query.", ","),
                    "once": flag("None may be there twice."),
                },
                ["of"],
            ),
            "zone": mapping(
                "How far a time zone is east of UTC, as 8, -1:00 or 05:45; read as seconds.",
                {
                    "least": {"type": "integer", "description": "Least hours.", "examples": [-12]},
                    "most": whole("Most hours.", 14),
                },
                ["least", "most"],
            ),
            "duration": mapping(
                "A number and its unit, as 15m; read as seconds. The keys are the units, with the most of each.",
                {
                    unit: whole(f"Most {name}.", most, 1)
                    for unit, name, most in (
                        ("s", "seconds", 59),
                        ("m", "minutes", 59),
                        ("h", "hours", 23),
                        ("d", "days", 7),
                    )
                },
            ),
            "contains": mapping(
                "Whether one word is among several.",
                {
                    "item": text("The word.", "post"),
                    "separated": text("What separates them in a text.", ","),
                },
                ["item", "separated"],
            ),
        },
    ),
    "minProperties": 1,
    "maxProperties": 1,
}
