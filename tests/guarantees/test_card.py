"""Every outcome of every guarantee, each by a small spec that differs from a good one in what decides."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from exconn.document import Mapping, load
from exconn.guarantees import Verdict, card_of, located, render_json, render_text
from exconn.guarantees.failures import FAILURES
from exconn.guarantees.table import GUARANTEES, NAMES
from exconn.spec import Spec, load_spec, read_spec

ROOT = Path(__file__).parents[2]
FULL = ROOT / "exchanges" / "myexchange.yaml"
BARE = ROOT / "tests" / "spec" / "good" / "minimal.yaml"
BY_NAME = {guarantee.name: guarantee for guarantee in GUARANTEES}

_LOOKUP = """  order_by_client_id:
    http: GET /orders/{client_id}
    signed: rest
"""
_TYPES = "    types:\n      LIMIT:"
_FENCE = '    fence: {kind: window, seconds: 5}\n    query: {window: "{fence_ms}"}\n'
_CHAIN = "{start: rest, chain: range, on_gap: resnapshot}"
_SUMMED = _CHAIN[:-1] + ", checksum: {algorithm: crc32, levels: 10, layout: asks_then_bids, number: wire}}"
_FILLS = """  fills_since:
    http: GET /fills
    signed: rest
    query: {since: "{since_ms}"}
    reply: {fill: {rows: data, trade_id: id, exchange_order_id: order, price: price, amount: size}}
"""
_MESSAGE = "      - match: {topic: book}"
_LOGIN = """    login: {send: {op: login, key: "{api_key}"}}
    control: {logged_in: {op: login}}
"""
_ORDERS = """      - match: {topic: orders}
        order: {exchange_order_id: id, state: status as state}
"""
_SUBSCRIBE = """    subscribe:
      - {send: {op: "{verb}", topics: ["book:{symbol.rest}"]}, list: topics, at_most: 20}
"""
_NO_ID = (
    ("client_id: {kind: text, length: 32, unique: forever}\n", ""),
    (', id: "{client_id}"', ""),
    ("DELETE /orders/{client_id}", "DELETE /orders/{exchange_order_id}"),
    (_LOOKUP, _LOOKUP.replace("client", "exchange").replace("{exchange_id}", "{exchange_order_id}")),
)
_TWO = tuple(
    (
        _LOOKUP.replace("order_by", f"{half}_order_by")
        + "    sees: {new_after: 1}\n    reply: {order: {rows: data, exchange_order_id: id, state: status as state}}\n"
    )
    for half in ("open", "closed")
)
_REPLY = "    reply: {order: {exchange_order_id: data.id, state: data.status as state}}\n"
_LOOKUP_ROWS = "    reply: {order: {rows: data, exchange_order_id: id, state: status as state}}\n"

_FILL = """      - match: {topic: fills}
        fill: {trade_id: id, client_id: o, price: p, amount: a}
"""
_FEE = _FILL.replace("amount: a", "amount: a, fee: {asset: c, amount: f}")
_TOTALS = """      - match: {topic: wallet}
        balance: {asset: a, total: t}
"""
_SEES = "    sees: {new_after: 1}\n"
_NONCE = (
    ("    values:\n", "    nonce: increasing_ms\n    values:\n"),
    ("{time_ms}{method}", "{nonce}{method}"),
    ("{time_ms}", "{nonce}"),
)
_PLAIN = """signing:
  plain:
    values:
      signature: {hmac_sha256: "{time_s}{path_query}", key: secret_key, as: hex}
    after:
      headers: {Q-KEY: "{api_key}", Q-TIME: "{time_s}", Q-SIGN: "{signature}"}
"""
_NO_LIMITS = (("limits:\n  requests: {allow: 10, per: 1}\n", ""), ("    costs: {requests: 1}\n", ""))
_PUSHED = (_SUBSCRIBE, _LOGIN + _SUBSCRIBE)

Change = tuple[str, str]
VARIANTS: list[tuple[str, str, Path, tuple[Change, ...]]] = [
    ("lost-answer", "no lookup", BARE, ((_TYPES, _FENCE + _TYPES),)),
    ("lost-answer", "sent again", BARE, ((_TYPES, "    fence: {kind: resend}\n    same_id: refused\n" + _TYPES),)),
    ("lost-answer", "cancel_by_client_id", BARE, (
        (_TYPES, "    fence: {kind: cancel_by_client_id}\n" + _TYPES), (_LOOKUP, _LOOKUP + _SEES))),
    ("lost-answer", "nonce", BARE, (
        *_NONCE, (_TYPES, "    fence: {kind: nonce}\n" + _TYPES), (_LOOKUP, _LOOKUP + _SEES))),
    ("lost-answer", "no nonce", BARE, (
        *_NONCE, (_TYPES, "    fence: {kind: nonce}\n" + _TYPES),
        ("signing:\n", _PLAIN),
        (_LOOKUP, _LOOKUP.replace("signed: rest", "signed: plain") + _SEES))),
    ("found-by-our-id", "two", BARE, ((_LOOKUP + _REPLY, "".join(_TWO)),)),
    ("found-by-our-id", "no lookup", BARE, _NO_ID),
    ("client-ids", "none", BARE, _NO_ID),
    ("ids-come-once", "no id", BARE, _NO_ID),
    ("ids-come-once", "again", BARE, (("unique: forever", "unique: day"),)),
    ("events-carry-our-id", "silent", BARE, (_PUSHED, (_MESSAGE, _ORDERS + _MESSAGE))),
    ("refusals-are-proven", "status", BARE, (("order_not_found: [404]", "order_not_found: [404]\n  rejected: [9]"),)),
    ("refusals-are-proven", "text", BARE, (("rate_limited: [{http: 429}]", "rejected: [{text: too small}]"),)),
    ("success-is-told", "bare", BARE, (("POST /orders\n", "POST /orders\n    envelope: none\n"),)),
    ("not-found-is-told", "status", BARE, (("order_not_found: [404]", "order_not_found: [{http: 404}]"),)),
    ("not-found-is-told", "rows", BARE, (
        ("  order_not_found: [404]\n", ""), (_LOOKUP + _REPLY, _LOOKUP + _LOOKUP_ROWS),
        ("DELETE /orders/{client_id}\n", "DELETE /orders/{client_id}\n    errors: {order_not_found: [404]}\n"))),
    ("not-found-is-told", "never", BARE, (
        ("  order_not_found: [404]\n", ""), (_LOOKUP + _REPLY, _LOOKUP + "    envelope: none\n" + _LOOKUP_ROWS),
        ("DELETE /orders/{client_id}\n", "DELETE /orders/{client_id}\n    errors: {order_not_found: [404]}\n"))),
    ("cancel-by-our-id", "theirs", BARE, (("DELETE /orders/{client_id}", "DELETE /orders/{exchange_order_id}"),)),
    ("fills-are-complete", "no history", BARE, (
        (_FILLS, ""), _PUSHED, (_MESSAGE, _FILL + _MESSAGE))),
    ("history-is-whole", "no history", BARE, (
        (_FILLS, ""), _PUSHED, (_MESSAGE, _FILL + _MESSAGE))),
    ("fees-are-told", "some", BARE, (_PUSHED, (_MESSAGE, _FEE + _MESSAGE))),
    ("balances-are-pushed", "totals", BARE, (_PUSHED, (_MESSAGE, _TOTALS + _MESSAGE))),
    ("silence-is-noticed", "late", BARE, (("silence: 40", "silence: 300"),)),
    ("subscriptions-are-confirmed", "told", BARE, (
        (_SUBSCRIBE, _SUBSCRIBE + "    control: {subscribed: {op: [subscribe, unsubscribe]}}\n"),)),
    ("book-gaps-are-seen", "newer", BARE, (("chain: range", "chain: newer"),)),
    ("book-gaps-are-seen", "none", BARE, (("chain: range", "chain: none"),)),
    ("book-gaps-are-seen", "summed", BARE, (
        ("first_id: first,", "first_id: first, checksum: crc,"),
        (_CHAIN, _CHAIN[:-1].replace("range", "none")
            + ", checksum: {algorithm: crc32, levels: 10, layout: asks_then_bids, number: wire}}"))),
    ("book-gaps-are-seen", "whole", BARE, (
        (_CHAIN, "{start: whole, chain: none, on_gap: resubscribe}"), ("book_update:", "book_snapshot:"))),
    ("book-is-verified", "compared", BARE, (
        ("first_id: first,", "first_id: first, checksum: crc,"), (_CHAIN, _SUMMED))),
    ("book-is-verified", "passed over", BARE, (
        ("first_id: first,", "first_id: first, checksum: crc,"),
        (_CHAIN, _SUMMED.replace("number: wire", "number: wire, absent: 0")))),
    ("book-is-verified", "not always", BARE, (
        ("first_id: first,", "first_id: first, checksum: crc or none,"), (_CHAIN, _SUMMED))),
    ("nonces-are-in-order", "unknown", BARE, _NONCE),
    ("limits-are-kept", "none", BARE, _NO_LIMITS),
    ("limits-are-shared", "counted", BARE, _NO_LIMITS),
    ("waits-are-told", "usual", BARE, _NO_LIMITS),
    ("waits-are-told", "told", BARE, (("{allow: 10, per: 1}", "{allow: 10, per: 1, retry_after: Wait}"),)),
    ("rate-refusals-are-known", "unknown", BARE, (("  rate_limited: [{http: 429}]\n", ""),)),
    ("halts-are-known", "told", BARE, (("price_step: tick", "price_step: tick, open: {status: trading}"),)),
    ("fee-rates-are-ours", "stated", BARE, ((_CHAIN, _CHAIN + '\nfees: {maker: "0.001", taker: "0.002"}'),)),
]  # fmt: skip
_SWITCH = """  dead_mans_switch:
    http: POST /switch
    signed: rest
    switch: {seconds: 60, refresh: 20}
    json: {timeout: "{switch_ms}"}
"""
VARIANTS.append(("orders-die-with-us", "offered", BARE, (("  balances:\n", _SWITCH + "  balances:\n"),)))
NO_SOCKET = ("silence-is-noticed", "quiet-is-no-alarm", "ages-are-known", "subscriptions-are-confirmed")


def changed(path: Path, changes: tuple[Change, ...]) -> Spec:
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, f"the spec does not say {old!r} any more"
        text = text.replace(old, new)
    return load_spec(text.encode(), "varied.yaml")


def outcome_of(name: str, spec: Spec) -> str:
    return BY_NAME[name].judge(spec).outcome


@pytest.mark.parametrize(
    ("name", "outcome", "path", "changes"), VARIANTS, ids=[f"{name}: {outcome}" for name, outcome, *_ in VARIANTS]
)
def test_what_decides(name: str, outcome: str, path: Path, changes: tuple[Change, ...]) -> None:
    assert outcome_of(name, changed(path, changes)) == outcome
    assert outcome_of(name, changed(path, ())) != outcome or outcome in ("usual", "counted")


@pytest.mark.parametrize("name", NO_SOCKET)
def test_without_sockets_nothing_of_them_fails(name: str) -> None:
    assert outcome_of(name, replace(read_spec(BARE), sockets={})) == "no socket"


def test_an_acknowledgement_that_opens_a_channel_confirms_it() -> None:
    numbered = read_spec(ROOT / "tests" / "imaginary" / "numbered-channels.yaml")
    assert outcome_of("subscriptions-are-confirmed", numbered) == "told"


@pytest.mark.parametrize("topics", ["[orders, fills]", "{all: [{channel: orders}, {channel: fills}]}"])
def test_one_answer_is_counted_for_a_frame_of_several_channels(topics: str) -> None:
    spec = changed(FULL, (("topics: [orders, fills, balances]", f"topics: {topics}"),))
    judged = BY_NAME["subscriptions-are-confirmed"].judge(spec)
    assert (judged.outcome, judged.values) == ("joint", {"socket": "user", "count": "2"})


def test_a_book_without_a_socket_is_polled() -> None:
    assert outcome_of("book-gaps-are-seen", replace(read_spec(BARE), sockets={})) == "polled"


def test_every_outcome_is_shown() -> None:
    shown = {(name, outcome) for name, outcome, *_ in VARIANTS} | {(name, "no socket") for name in NO_SOCKET}
    shown |= {("book-gaps-are-seen", "polled")}
    shown |= {(name, outcome_of(name, read_spec(path))) for name in NAMES for path in (FULL, BARE)}
    every = {(guarantee.name, outcome) for guarantee in GUARANTEES for outcome in guarantee.outcomes}
    assert every - shown == set()


def test_every_variant_has_a_card_without_gaps() -> None:
    for _, _, path, changes in VARIANTS:
        for line in card_of(changed(path, changes)).lines:
            assert line.why and "{" not in line.why.replace("{}", "")
            assert bool(line.gain) is (line.verdict is not Verdict.HOLDS)


EXCHANGES = sorted(
    path
    for folder in ("exchanges", "tests/imaginary")
    for path in (ROOT / folder).glob("*.yaml")
    if not path.name.endswith((".cases.yaml", ".dialect.yaml"))
)


@pytest.mark.parametrize("path", EXCHANGES, ids=lambda path: path.stem)
def test_every_exchange_has_a_card(path: Path) -> None:
    lines = card_of(read_spec(path)).lines
    assert [line.name for line in lines] == list(NAMES)
    assert all(line.why and "{" not in line.why.replace("{}", "") for line in lines)


def test_names_and_failures_are_those_of_the_tables() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert {failure for guarantee in GUARANTEES for failure in guarantee.failures} == set(FAILURES)


def test_the_card_of_the_shipped_exchange() -> None:
    root = load(FULL.read_bytes(), "myexchange.yaml")
    assert isinstance(root, Mapping)
    card = located(card_of(load_spec(FULL.read_bytes(), "myexchange.yaml")), root)
    assert render_text(card) == Path(__file__).with_name("myexchange.card.txt").read_text(encoding="utf-8")


def test_json_has_the_same_lines() -> None:
    card = card_of(read_spec(BARE))
    told = json.loads(render_json(card))
    assert told["exchange"] == "quay"
    assert [row["name"] for row in told["guarantees"]] == list(NAMES)
    fence = told["guarantees"][0]
    assert (fence["verdict"], fence["line"], fence["key"]) == ("given up", None, "endpoints.place_order.fence")
    assert fence["failures"] == ["1", "3", "4", "28"]
