"""The schema of what is answered over HTTP: endpoints, signatures, limits, and the order of checks."""

from __future__ import annotations

from .meanings import MEANINGS
from .readings import PLACES
from .schema_pieces import (
    NAME,
    NATURAL,
    READINGS,
    TEMPLATE,
    TEXT,
    Schema,
    amount,
    choice,
    flag,
    listed,
    mapping,
    table,
    text,
    whole,
)
from .steps import PLACING_CHECKS, STEPS
from .verbs import VERBS

READS = mapping(
    "Arguments by the place where the wire has them; the list order is that of naming mistakes.",
    {
        place: {**READINGS, "description": f"Readings of the {place}.", "examples": [["symbol as symbol.rest"]]}
        for place in PLACES
    },
)
_SAYING: dict[str, Schema] = {
    "code": {"type": ["integer", "string"], "description": "Its code, as {code} shows it.", "examples": [1021]},
    "text": {**TEXT, "description": "Its text, with {placeholders}.", "examples": ["unknown key"]},
    "http": {**NATURAL, "description": "HTTP status, 200 when left out.", "examples": [429]},
    "headers": table("Headers of the reply.", TEXT, {"Retry-After": "{retry_after}"}),
}
_SAID_OF = mapping("How it is said of one field.", _SAYING, ["code", "text"])
_ERROR = mapping(
    "How the exchange says one error.",
    {
        **_SAYING,
        "of": table("Fields, pools or topics of which it says it differently.", _SAID_OF, {"side": {"code": 1117}}),
    },
    ["code", "text"],
)
ERRORS: Schema = {
    **table("Meanings and how they are said.", _ERROR, {"internal": {"code": 1500, "text": "internal error"}}),
    "propertyNames": {"enum": list(MEANINGS)},
}
_WHEN = table("For which of our words the rule holds.", {"type": ["string", "array"]}, {"type": ["LIMIT"]})
_ARGS = listed("Arguments.", NAME, ["client_id"])
_RULE = mapping(
    "A rule between arguments.",
    {
        "when": _WHEN,
        "one_of": {**_ARGS, "description": "Exactly one of them is given."},
        "any_of": {**_ARGS, "description": "At least one of them is given."},
        "not_both": {**_ARGS, "description": "Not all of them are given."},
        "needs": {**_ARGS, "description": "They must be given."},
        "refuses": {**_ARGS, "description": "They must not be given."},
        "allows": table(
            "Our words that an argument may have.", {"type": ["string", "array"]}, {"time_in_force": "gtc"}
        ),
        "apart": mapping(
            "Two moments are not further apart.",
            {
                "from": {**NAME, "description": "The earlier one.", "examples": ["since"]},
                "to": {**NAME, "description": "The later one.", "examples": ["until"]},
                "most": whole("How many seconds they may be.", 86400, 1),
            },
            ["from", "to", "most"],
        ),
        "assumes": table(
            "What is meant when it is left out.",
            {"type": ["string", "boolean"], "minLength": 1},
            {"time_in_force": "ioc"},
        ),
        "becomes": table("Arguments that mean another one.", NAME, {"price": "trigger_price"}),
    },
)
RULES = listed("Rules between arguments, in order.", _RULE, [{"one_of": ["client_id", "exchange_order_id"]}])
ENDPOINT = mapping(
    "One endpoint.",
    {
        "doc": text("Where it is documented.", "https://docs.example#time"),
        "http": {
            "type": "string",
            "pattern": "^(ANY|(GET|POST|PUT|DELETE|PATCH)([|](GET|POST|PUT|DELETE|PATCH))*) /.*$",
            "description": "Method (or methods as GET|POST, or ANY) and path; {name} in it is an argument, * any end.",
            "examples": ["GET /v1/time"],
        },
        "does": choice("The action.", *VERBS),
        "signed": {**NAME, "description": "The signature it needs.", "examples": ["rest"]},
        "right": text("The right that the key needs.", "trade"),
        "costs": table("What it takes from pools.", {"type": "integer", "minimum": 0}, {"public": 1}),
        "costs_when": listed(
            "What it costs otherwise; the first that holds.",
            mapping(
                "Costs of some requests.",
                {
                    "sent": table("What such a request sends.", {}, {"symbol": {"present": False}}),
                    "costs": table("What it takes from pools then.", {"type": "integer", "minimum": 0}, {"public": 9}),
                },
                ["sent", "costs"],
            ),
            [{"sent": {"symbol": {"present": False}}, "costs": {"public": 9}}],
        ),
        "envelope": {**NAME, "description": "The wrapping, default when left out.", "examples": ["default"]},
        "deadline": mapping(
            "Until when a request may reach the engine, by its argument deadline; in milliseconds from when it came.",
            {
                "nearest": whole("How near a deadline may be.", 2000),
                "farthest": whole("How far it may be.", 60000),
                "usual": whole("That of a request which names none.", 5000),
            },
            ["nearest", "farthest"],
        ),
        "gated": flag("Time is judged again just before it is done."),
        "reads": READS,
        "rules": RULES,
        "with": table("Constants for the action.", {"type": ["integer", "string", "boolean"]}, {"closed_for": 86400}),
        "errors": {**ERRORS, "description": "How it says some errors, where that is not as the file says them."},
        "reply": {**TEMPLATE, "description": "The answer.", "examples": [{"time": "{now}"}]},
    },
    ["http", "does", "reply"],
)
_JOINED_MAC = mapping(
    "A MAC over joined pieces of the request.",
    {
        "algorithm": choice("The hash of the HMAC.", "sha512", "sha384", "sha256"),
        "encoding": choice("How its bytes are written.", "base64", "hex"),
        "secret": choice("How the secret's text becomes bytes.", "utf8", "base64", "hex"),
        "pieces": listed("What is signed, in order; a text stands in quotes.", TEXT, ["time", "method", "'LOGIN'"]),
        "key_pairs": listed("Key pairs that sign in its place.", {"enum": ["ed25519", "rsa"]}, ["ed25519"]),
        "named": text("The wire's name of the signature among other parameters.", "signature"),
        "pairs_only": flag("Accounts that have no such key cannot sign."),
        "any_case": flag("Hex in upper case is right too."),
        "join": {"type": "string", "description": "What stands between them.", "examples": ["\n"]},
    },
    ["algorithm", "encoding", "pieces"],
)
_HASHED_MAC = mapping(
    "A MAC over pieces of the request, one of them the digest of others.",
    {
        "hash": choice("The inner hash.", "sha256", "sha512"),
        "hashed": listed("What the inner hash is over, in order.", TEXT, ["nonce", "body"]),
        "algorithm": choice("The hash of the HMAC.", "sha512", "sha384", "sha256"),
        "encoding": choice("How its bytes are written.", "base64", "hex"),
        "secret": choice("How the secret's text becomes bytes.", "utf8", "base64", "hex"),
        "pieces": listed("What is signed, in order; digest is the inner hash.", TEXT, ["path", "digest"]),
    },
    ["hash", "hashed", "algorithm", "encoding", "pieces"],
)
SIGNATURE = mapping(
    "One way to sign.",
    {
        "doc": text("Where it is documented.", "https://docs.example#signing"),
        "reads": {
            "type": ["array", "object"],
            "description": "Its fields: by place, or one list for a frame.",
            "examples": [{"headers": ["key from API-KEY"]}],
        },
        "time": mapping(
            "How a request's time is judged.",
            {
                "ahead": whole("Milliseconds that it may be in the future.", 1000),
                "window": whole("Milliseconds that it may be old, unless the request says.", 5000),
            },
            ["ahead", "window"],
        ),
        "nonce": choice("How a nonce is judged.", "increasing"),
        "joined_mac": _JOINED_MAC,
        "hashed_mac": _HASHED_MAC,
        "key_alone": flag("Nothing is signed: the key is enough."),
        "token_alone": flag("Nothing is signed: a token says whose request it is."),
    },
    ["reads"],
)
LIMIT = mapping(
    "A pool: how much in how long, counted of whom.",
    {
        "allow": whole("The costs that fit into a period.", 20, 1),
        "per": whole("The period in seconds.", 1, 1),
        "of": choice("Who is counted.", "address", "key", "connection"),
        "used": {
            "type": ["string", "array"],
            "items": TEXT,
            "description": "The header, or headers, that tell what is used.",
            "examples": ["X-USED"],
        },
        "shown": {**TEMPLATE, "description": "How {limits} shows it.", "examples": [{"max": "{allowed}"}]},
        "aligned": flag("Periods of the clock rather than a sliding window."),
        "bans": mapping(
            "When who goes on is refused for a time, twice as long each time.",
            {
                "after": whole("After so many refusals in a row.", 10, 1),
                "first": whole("Seconds of the first time.", 120, 1),
                "most": whole("The most seconds.", 259200, 1),
            },
            ["after", "first", "most"],
        ),
        "first_fill": mapping(
            "By how much the count of a key falls when an order of its account fills for the first time.",
            {"taker": whole("Where the order took.", 1), "maker": whole("Where it rested.", 5)},
            ["taker", "maker"],
        ),
        "decay": amount("A counter in place of periods: by how much it falls a second.", "0.33"),
    },
    ["allow", "of"],
)
_STEPS: Schema = {"enum": list(STEPS)}
CHECKS = mapping(
    "What is looked at, in which order: the first check that fails gives the answer.",
    {
        "open": listed("Requests that are not signed.", _STEPS, ["limits", "missing"]),
        "signed": listed("Signed requests.", _STEPS, ["key", "signature", "limits"]),
        "placing": listed("New orders; the engine checks the rest.", {"enum": list(PLACING_CHECKS)}, ["halted"]),
    },
    ["open", "signed", "placing"],
)
