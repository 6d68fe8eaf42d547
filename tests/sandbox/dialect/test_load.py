"""Dialect files: what is wrong with them is found, at its line, with what to do; all of a pass at once."""

from typing import Any

import pytest

from exconn.document import DocumentError
from exconn.sandbox.actions import ACTIONS
from exconn.sandbox.dialect import load_dialect
from exconn.sandbox.dialect.meanings import MEANINGS
from exconn.sandbox.dialect.records import RECORDS
from exconn.sandbox.dialect.schema import SCHEMA
from exconn.sandbox.dialect.steps import PLACING_CHECKS, STEPS
from exconn.sandbox.dialect.values import Kind
from exconn.sandbox.dialect.verbs import SOCKET_VERBS, VERBS
from exconn.sandbox.dialect.vocabulary import WORDS
from exconn.sandbox.engine import Reject
from exconn.sandbox.order_checks import CHECKS
from exconn.sandbox.reception import RUN

# (what is replaced in the shipped file, by what, code, message, hint)
CHANGES: list[tuple[str, str, str, str, str | None]] = [
    ("most_body: 16384", "most_bodies: 1", "unknown-key", "unknown key 'most_bodies'", "did you mean most_body?"),
    ("dialect: 1\n", "dialect: 2\n", "not-one-of", "'dialect' is '2'; it must be 1", None),
    ("fees:\n  maker", "x-fees:\n  maker", "missing-key", "the key 'fees' is missing", None),
    ('name: "{quote}_{base}"', "name: fixed", "bad-symbol-form", "'fixed' is no template of a symbol", None),
    ('"{quote}_{base}"', '"{quote}"', "names-clash", "form 'name' gives two instruments one name", None),
    ('"{quote}_{base}"', '"{quote.x}{base}"', "unknown-form", "there is no asset form 'x'", "the asset forms are none"),
    ("    buy: bid\n", "", "words-missing", "no word for buy", "add them, or say 'otherwise'"),
    ("    buy: bid\n", "    bye: bid\n", "unknown-word", "'bye' is no word of side", "the words are buy, sell"),
    (
        "of: address, used: MX-USED-PUBLIC",
        "of: address, first_fill: {taker: 1, maker: 5}",
        "bad-pool",
        "only a pool of keys hears of fills",
        "write of: key",
    ),
    ("maker: 0.0008", "maker: half", "not-a-number", "'half' is no number", "write plain digits, as 0.01"),
    ("  token: MXT\n", "", "missing-token", "fees are paid in a token, and none is named", "add token"),
    ("size as money", "size as monye", "unknown-type", "there is no type 'monye'", "did you mean money?"),
    ("    list:\n      of: text", "    list:\n      of: texts", "unknown-type", "there is no type 'texts'", None),
    ("side as side", "side as side as side", "bad-reading", "'side as side as side' is no reading", None),
    ("depth or 100", "depth or many", "bad-default", "'many' is not of the type 'depth'", "give one that is"),
    (
        "side as side\n",
        "side from symbol\n        - side\n",
        "repeated-argument",
        "the argument 'side' is read twice",
        None,
    ),
    (
        "amount from size",
        "amont from size",
        "unknown-argument",
        "the action 'place_order' has no argument 'amont'",
        None,
    ),
    ("side as side\n", "price from side\n", "missing-argument", "the action 'place_order' needs 'side'", None),
    ("needs: [price]", "needs: [cost]", "unknown-argument", "no reading gives 'cost'", None),
    (
        "    gated: true\n",
        "    gated: true\n    deadline: {nearest: 1, farthest: 9}\n",
        "missing-argument",
        "no reading gives 'deadline', and there is no usual one",
        "read it, or say which is usual",
    ),
    ("GET /v1/ticker", "GET /v1/{x}", "path-mismatch", "the path has x, and read is none", None),
    ("length: [88, 88]", "length: [88]", "wrong-size", "'length' has 1 items; it must have at least 2", None),
    ("match: {op: ping}", "match: {op: {like: ping}}", "bad-match", "this is nothing to match", None),
    ("discount: 0.25", "discount: 25", "out-of-range", "the discount is 25", "write a fraction from 0 to 1"),
    ("    of: level", "    of: levels", "not-one-of", "'of' is 'levels'; it must be order", "did you mean level?"),
    ("    gtc: GTC", "    gtc: []", "empty", "'gtc' is empty", None),
    ("costs: {orders: 1}", "costs: {order: 1}", "unknown-pool", "there is no pool 'order'", None),
    ("signed: rest", "signed: best", "unknown-name", "'best' is not declared", "did you mean rest?"),
    ("http: GET /v1/ticker", "http: GET /v1/book", "repeated-route", "GET /v1/book is 'book' already", None),
    ("does: ticker", "does: tickerz", "not-one-of", "'does' is 'tickerz'; it must be nothing", "did you mean ticker?"),
    ('"{filled}"', '"{fillet}"', "unknown-placeholder", "there is no value 'fillet' here", "did you mean {filled}?"),
    ('"{filled}"', '"{filled:ms}"', "unknown-suffix", "':ms' does not fit a value of kind money", None),
    (
        '"{filled}"',
        '{formats: {id: hex}, give: "{filled}"}',
        "unknown-format",
        "'id: hex' is no habit of writing",
        "id is text, number",
    ),
    (
        '"{filled}"',
        '{formats: {money: text, colour: red}, give: "{filled}"}',
        "unknown-format",
        "'colour: red' is no habit of writing",
        "habits: money, digits, time, id",
    ),
    (
        '"{filled}"',
        '{formats: text, give: "{filled}"}',
        "wrong-type",
        "'formats' is a mapping of habits",
        "write {HABIT: WAY}",
    ),
    ('"{filled}"', "{formats: null}", "wrong-type", "'formats' is a mapping of habits", "write {HABIT: WAY}"),
    (
        '"{filled}"',
        '{either: "{filled}"}',
        "wrong-type",
        "'either' is a list of templates",
        "write [TEMPLATE, TEMPLATE]",
    ),
    ('"{filled}"', '"{filled"', "bad-template", "'{filled' has a brace that begins no placeholder", None),
    (
        "{sent.size}",
        "{sent.sizes}",
        "unknown-placeholder",
        "no reading reads 'sizes' from the wire",
        "did you mean size?",
    ),
    ('"{symbol.name}"', '"{symbol}"', "unknown-form", "there is no symbol form ''", "forms of symbols: name"),
    ("{each: bids,", "{each: beds,", "unknown-rows", "there are no rows 'beds' here", "there is bids, asks"),
    (
        "{shape: level}",
        "{shape: order}",
        "wrong-shape",
        "the shape 'order' is of order, and here is something else",
        None,
    ),
    (
        "reply: {shape: order}",
        "reply: {shape: ordre}",
        "unknown-shape",
        "there is no shape 'ordre'",
        "did you mean order?",
    ),
    ("shapes:\n", "shapes:\n  a: {of: fill, give: {}}\n", "unused-shape", "nothing uses the shape 'a'", "delete it"),
    ('topic: "book:{symbol.name}"', 'topic: "{x}"', "bad-topic", "'{x}' is no topic", None),
    ("event: fill\n", "event: trades\n", "unknown-placeholder", "there is no value 'trade_id' here", None),
    ("    path: /v1/public\n", "", "no-entrance", "a socket has a path or entrances", None),
    ("        does: login\n", "        calls: time\n", "bad-call", "'time' cannot be called here", None),
    ("costs: {orders: 5}", "costs_when: [{sent: {x: 1}, costs: {ordrs: 5}}]", "unknown-pool", "there is no pool", None),
    ("handshakes: connects", "handshakes: x", "unknown-pool", "there is no pool 'x'", None),
    ("        signed: login\n", "", "login-unsigned", "a login names its signature, and nothing else does", None),
    ("pieces: [time, nonce, method", "pieces: [tyme", "unknown-piece", "'tyme' is nothing to sign", None),
    ("    nonce: increasing\n", "", "nonce-unused", "a nonce is read but not judged, or judged but not read", None),
    ("time:\n      ahead: 1000\n      window: 5000\n", "x-a: 1\n", "unknown-key", "unknown key 'x-a'", None),
    ("key from MX-KEY as key", '""', "bad-reading", "'' is no reading", None),
    ("key from MX-KEY as key", "kay from MX-KEY", "unknown-field", "a signature has no field 'kay'", None),
    (
        "key from MX-KEY as key",
        "passphrase from X",
        "missing-field",
        "the signature's 'key' is not read",
        "add a reading of key",
    ),
    ("    joined_mac:", "    joined_mack:", "unknown-key", "unknown key 'joined_mack'", "did you mean joined_mac?"),
    (
        "  internal: {code",
        "  infernal: {code",
        "bad-name",
        "'infernal' cannot be a name here",
        "did you mean internal?",
    ),
    (
        "[limits, body,",
        "[limit, body,",
        "not-one-of",
        "this item is 'limit'; it must be limits",
        "did you mean limits?",
    ),
    ("quote: BTC\n", "quote: ETH\n", "same-asset", "base and quote are both ETH", "give two assets"),
]


@pytest.mark.parametrize(("old", "new", "code", "message", "hint"), CHANGES, ids=[each[1][:40] for each in CHANGES])
def test_one_mistake(dialect_text: str, old: str, new: str, code: str, message: str, hint: str | None) -> None:
    assert old in dialect_text
    with pytest.raises(DocumentError) as raised:
        load_dialect(dialect_text.replace(old, new, 1).encode(), "d.yaml")
    found = [each for each in raised.value.diagnostics if each.code == code and each.message.startswith(message)]
    assert found, str(raised.value)
    if hint is not None:
        assert found[0].hint == hint
    if code != "missing-key":
        line = dialect_text[: dialect_text.index(old)].count("\n") + 1
        assert abs(found[0].span.line - line) <= 12


def test_all_mistakes_of_a_pass_come_at_once(dialect_text: str) -> None:
    text = dialect_text.replace('"{filled}"', '"{fillet}"').replace("side as side", "side as site")
    with pytest.raises(DocumentError) as raised:
        load_dialect(text.encode(), "d.yaml")
    assert [each.code for each in raised.value.diagnostics].count("unknown-placeholder") >= 1
    assert "unknown-type" in {each.code for each in raised.value.diagnostics}


@pytest.mark.parametrize("data", [b"", b"dialect: 1", b"[]", b"\xff", b"dialect: &a 1", b"a: {" * 40])
def test_whatever_the_bytes_only_findings_come(data: bytes) -> None:
    with pytest.raises(DocumentError):
        load_dialect(data, "d.yaml")


def test_every_cut_of_the_file_is_refused_or_loads(dialect_text: str) -> None:
    lines = dialect_text.splitlines(keepends=True)
    for index in range(0, len(lines), 9):
        try:
            load_dialect("".join(lines[:index] + lines[index + 1 :]).encode(), "d.yaml")
        except DocumentError as error:
            assert error.diagnostics


def described(schema: Any, path: str = "") -> list[str]:
    """The paths of keys that lack a description or an example."""
    if not isinstance(schema, dict):
        return []
    bare = [
        f"{path}.{key}"
        for key, each in schema.get("properties", {}).items()
        if "description" not in each or "examples" not in each
    ]
    for name in ("properties", "items", "additionalProperties"):
        inner = schema.get(name)
        if isinstance(inner, dict):
            for key, each in inner.items() if name == "properties" else [("*", inner)]:
                bare += described(each, f"{path}.{key}")
    return bare


def test_every_key_of_the_schema_is_described_with_an_example() -> None:
    assert described(SCHEMA) == []


def test_the_tables_hold_together() -> None:
    assert set(ACTIONS) == set(VERBS)
    assert not set(VERBS) & set(SOCKET_VERBS)
    assert set(RUN) == set(STEPS)
    assert set(PLACING_CHECKS) == {"duplicate_client_id", "unknown_symbol", *CHECKS}
    assert set(PLACING_CHECKS) - {"price_too_far"} <= set(map(str, Reject)) <= set(MEANINGS)
    assert set(PLACING_CHECKS) <= set(MEANINGS)
    assert len(MEANINGS) == len(set(MEANINGS))
    for record in RECORDS.values():
        for value in record.values():
            assert value.kind is not Kind.ROWS or value.of in RECORDS
            assert value.kind is not Kind.WORD or value.of in WORDS
