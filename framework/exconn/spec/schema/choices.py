"""What each word of a choice means: `one_of` takes one of these tables, so that no word is listed without its meaning.

Rules: a table is named for what it chooses; a meaning is one line that says what the market does with the word, or what
the exchange must promise for it; a word that is also the default says so at the key, not here.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

Choices = Mapping[str, str]


def _choices(**words: str) -> Choices:
    return MappingProxyType(words)


ENCODING: Final = _choices(
    utf8="the text's own bytes",
    base64="the bytes that the text is the Base64 of",
    hex="the bytes that the text is the hexadecimal digits of",
    pem="a private key without a password: PEM, and for Ed25519 also base64 or hex of its bytes",
)
CLIENT_ID_KIND: Final = _choices(
    text="a text of `length` characters at most, which may begin with `prefix`",
    integer="an integer of `bits` bits at most",
)
UNIQUE: Final = _choices(
    forever="it is never free again, also not once its order has ended; `same_id: refused` and `same_order` need this",
    day="it is free again when the exchange's day is over",
    while_open="it is free again once its order has ended",
    never="it is always free: two open orders may have the same",
)
OTHERWISE: Final = _choices(
    refuse="an error of its row, which is unread",
    unchanged="itself, as it was read",
)
MATCH: Final = _choices(
    exact="the whole text is their word",
    prefix="the text begins with their word; the longest that fits counts",
)
JWT: Final = _choices(
    ES256="ECDSA on P-256 with SHA-256, by a private key",
    EdDSA="Ed25519, by a private key",
    HS256="HMAC-SHA256, by a secret",
    HS512="HMAC-SHA512, by a secret",
)
WRITTEN_AS: Final = _choices(
    hex="hexadecimal digits, in small letters",
    base64="Base64 of the usual alphabet, with `=` at its end",
    bytes="the bytes themselves, which only further steps can take",
)
OWN: Final = _choices(first="the endpoint's own fields come first, these after them")
BODY: Final = _choices(empty="the request is sent without the body that was signed")
NONCE: Final = _choices(
    increasing_ms="milliseconds since 1970, and always more than the one before",
    increasing_us="microseconds since 1970, and always more than the one before",
    increasing_s="seconds since 1970, and always more than the one before",
)
EACH: Final = _choices(
    symbol="each pair has a pool of its own; for operations about a pair",
    connection="each connection has a pool of its own; for `sends` of a socket",
)
EFFECT: Final = _choices(
    done="the answer proves that the order is out of the book",
    requested="the answer says that the cancel was received; an event or a lookup tells the order's end",
)
FENCE: Final = _choices(
    window="the exchange executes nothing that comes more than `seconds` after the moment it was signed at; "
    "`{fence_ms}` sends how long",
    deadline="the exchange executes nothing after the moment that `{fence_at_ms}` (or `_s`, `_iso_ms`) sends, "
    "`seconds` after the signing",
    nonce="once the exchange has taken a request with a higher nonce, it executes none with a lower one",
    resend="nothing proves that it never arrives: it is sent again with the same id, so that the order is there for "
    "sure; needs `same_id: refused` or `same_order`",
    cancel_by_client_id="once a cancel of our id was answered with order_not_found, it takes no order of this id",
    none="nothing is too late: an order without an answer stays tracked until it is seen",
)
SAME_ID: Final = _choices(
    refused="it is refused, also once the first has ended; needs `client_id.unique: forever`",
    same_order="none: the answer tells of the first order; needs `client_id.unique: forever`",
    second_order="another order, at any time or once the first has ended",
)
PAGES: Final = _choices(
    cursor="the answer holds the next cursor, at `next`; where there is none, it was the last page",
    row="the last row of the page holds the next cursor; `next` is a path within that row. Without `size` and `more`, "
    "a page that leads no further is the last",
    since="as `row`, and `send` may take the place of a field of the request, as of the moment it begins at",
    offset="how many rows were read so far",
    number="the number of the page; the first one is 1",
)
ALGORITHM: Final = _choices(
    crc32="the CRC-32 of zlib, from 0 upwards",
    crc32_signed="the same 32 bits as a number that may be negative",
)
LAYOUT: Final = _choices(
    asks_then_bids="all asks, then all bids, each side with its best first",
    bids_then_asks="all bids, then all asks, each side with its best first",
    interleaved="best bid, best ask, second bid and so on; a side that is out of levels is passed over",
)
NUMBER: Final = _choices(
    wire="as it stands on the wire",
    digits="its digits, without the point and the zeros in front",
    digits_padded="padded to the decimals of the pair's rule first, then its digits",
)
ASKS: Final = _choices(negative="the sizes of asks have a minus in front")
START: Final = _choices(
    rest="a snapshot by REST, which the updates that came meanwhile must meet",
    stream="a snapshot that the stream sends by itself after subscribing",
    asked="a snapshot that the stream sends when `ask_snapshot` has asked for it",
    first_frame="the first update after subscribing is the whole book",
    whole="every frame is the whole book",
)
CHAIN: Final = _choices(
    range="`first_id` is at most known + 1",
    link="`previous_id` is known, or less; one that names the known id follows whatever its own `last_id` is, so that "
    "a sequence may start again; one whose `last_id` is the known id changes nothing",
    count="`last_id` is known + 1",
    newer="`last_id` is above known; one that was lost is not noticed",
    none="every update follows the one before it; no ids are compared, and one that was lost is not noticed",
)
ON_GAP: Final = _choices(
    resnapshot="another snapshot is asked for, or by `start: whole` the next frame waited for",
    resubscribe="the pair's channel is left and joined again",
    reconnect="the connection is made anew, with all that it carries",
)
LEVELS: Final = _choices(
    float="floats, as order books of this field have them",
    exact="Decimals of the wire's own text",
)
ORDERS_ARRIVE: Final = _choices(
    in_order="the exchange promises to tell an order's events in their order; nothing relies on it",
    any_order="nothing is promised",
)
TEXT_FRAMES: Final = _choices(json="JSON")
