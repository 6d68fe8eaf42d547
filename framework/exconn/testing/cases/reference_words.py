"""What the words of the cases language mean, where a schema can only list them: for the reference, `docs/cases.md`.

Rules: a table a list of words, in the order of the list; a test holds each table's words equal to the list that the
schema and the code use, so that no word goes without a meaning and none outlives its list.
"""

from types import MappingProxyType
from typing import Final

# What a reply comes to; exactly one of these stands in its case.
REPLY_ENDINGS: Final = MappingProxyType(
    {
        "gives": "It is a success; these records are read from it, in this order, and nothing else. `[]`: none.",
        "error": "It is an error of the exchange, told by its envelope, its status or an absent record.",
        "unread": "It is a success that makes no sense: a required value is absent or of another form.",
        "unanswered": "It is no answer of the exchange at all (no JSON, a page of a proxy): the outcome is unknown.",
        "redirected": "It sends us elsewhere, which is never followed.",
    }
)

FRAME_KINDS: Final = MappingProxyType(
    {
        "message": "Data: `gives` says the records, which may be none.",
        "subscribed": "The answer to a subscription, or to the end of one.",
        "logged_in": "The answer to a login.",
        "pong": "The answer to our ping.",
        "ignored": "Known, and of no interest.",
        "reconnect": "The exchange asks us to connect anew.",
        "error": "An error of the exchange: `error` says which.",
        "server_ping": "A ping of the exchange: `answer` says what must be sent back.",
        "unknown": "No line of the spec claims it.",
        "unreadable": "It is claimed, and yet cannot be read: no JSON, or a value is absent or of another form.",
    }
)

UTTERANCES: Final = MappingProxyType(
    {
        "connect": "The handshake: `sends`.",
        "login": "The login: `frames`; none where the socket has no login.",
        "subscribe": "The subscription to `pairs`: `frames`, in their order.",
        "unsubscribe": "The end of it: `frames`.",
        "ask_snapshot": "The asking for the books of `pairs`: `frames`, one a pair.",
        "ping": "What keeps the socket alive: `frames`, or `protocol_ping: true` for a ping of the protocol itself.",
    }
)

EFFECTS: Final = MappingProxyType(
    {
        "ask_snapshot": "Ask for a snapshot, by REST or by a frame.",
        "resubscribe": "Leave and join the channel of the pair again.",
        "reconnect": "Close the connection and make a new one.",
        "load": "Replace the whole book.",
        "change": "Set levels; size 0 deletes one.",
        "withhold": "The book is stale from here on: nobody may read it.",
        "go_live": "The book is in step and may be read.",
    }
)

MEANINGS: Final = MappingProxyType(
    {
        "rejected": "The exchange refuses the order.",
        "insufficient_balance": "The funds do not suffice.",
        "would_cross": "An order that may only rest would trade at once.",
        "duplicate_client_id": "Our id was used before.",
        "order_not_found": "There is no such order, or none any more.",
        "already_requested": "The same was asked for before, and is under way.",
        "rate_limited": "Too many requests.",
        "time_skew": "The time that was signed is too far from the exchange's.",
        "bad_nonce": "The nonce was used before or is too small.",
        "auth": "Key, signature or rights are wrong.",
        "maintenance": "The exchange is not at work.",
        "outcome_unknown": "The exchange itself does not know what became of it.",
        "unlisted": "No row of the spec's `errors` matches.",
    }
)

ORDER_TYPES: Final = MappingProxyType(
    {
        "LIMIT": "An order at a price, which may take.",
        "LIMIT_MAKER": "An order at a price, which may only rest.",
        "MARKET": "An order that takes at any price.",
    }
)
SIDES: Final = MappingProxyType({"buy": "We buy the base asset.", "sell": "We sell it."})
NONCES: Final = MappingProxyType(
    {"us": "Microseconds since 1970.", "ms": "Milliseconds since 1970.", "s": "Seconds since 1970."}
)

# Our words in records and arguments.
OUR_WORDS: Final = MappingProxyType(
    {
        "type": "`LIMIT`, `LIMIT_MAKER`, `MARKET`",
        "side": "`buy`, `sell`",
        "liquidity": "`maker`, `taker`",
        "state": "`pending`, `open`, `filled`, `canceling`, `canceled`, `expired`, `rejected`",
    }
)
