"""Frames: every kind, the dispatch, what one bad record costs, and that nothing is ever raised."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exconn.codec import FrameKind
from exconn.errors import Meaning
from exconn.model import BalanceReport, LastPrice, OrderReport, OrderState, Unreadable

SOCKET = """
sockets:
  user:
    connect: {{host: ws, path: /u}}
    frames: json
    {route}
    silence: 30
    subscribe: [{{send: {{op: "{{verb}}"}}}}]
    errors: {{bad_nonce: [12]}}
    control:
      subscribed: {{op: [subscribe, unsubscribe], ok: true}}
      logged_in: {{op: login}}
      pong: {pong}
      ignored: [{{op: info}}, {{heartbeat: {{present: true}}}}]
      reconnect: {{op: {{starts: restart}}}}
      error: {{match: {{ok: false}}, code: code, text: why}}
      server_ping: {{match: {{ping: {{present: true}}}}, answer: {{pong: "{{/ping:number}}", for: "{{/from.name}}"}}}}
    messages:
      - match: {{ch: orders, kind: 1}}
        order: {{rows: data, exchange_order_id: id, state: st as state}}
      - match: {{ch: orders, kind: [2, 3]}}
        order: {{exchange_order_id: id, state: always canceled}}
      - match: {{ch: wallet}}
        balance: {{rows: data, asset: a, total: t}}
        price: {{rows: prices, price: p}}
      - match: {{"[0]": 7}}
        price: {{price: "[1]"}}
"""
ROUTES = ["route: [op, ch]", "route: [ch]", "route: ['[0]']", ""]
PONGS = ["{word: pong}", "{op: pong}"]
WORDED, MATCHED = PONGS


@pytest.fixture(params=ROUTES)
def frames(request, reading_of):
    return reading_of(SOCKET.format(route=request.param, pong=MATCHED))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"op": "subscribe", "ok": True}, FrameKind.SUBSCRIBED),
        ({"op": "unsubscribe", "ok": True}, FrameKind.SUBSCRIBED),
        ({"op": "subscribe"}, FrameKind.UNKNOWN),
        ({"op": "login"}, FrameKind.LOGGED_IN),
        ({"op": "pong"}, FrameKind.PONG),
        ({"op": "info", "ch": "x"}, FrameKind.IGNORED),
        ({"heartbeat": 0}, FrameKind.IGNORED),
        ({"op": "restarting"}, FrameKind.RECONNECT),
        ({"op": "x", "ok": False}, FrameKind.ERROR),
        ({"ping": 5, "from": {"name": "q"}}, FrameKind.SERVER_PING),
        ({"ch": "orders", "kind": 1, "data": []}, FrameKind.MESSAGE),
        ({"ch": "orders", "kind": 3, "id": 1}, FrameKind.MESSAGE),
        ({"ch": "orders", "kind": 4}, FrameKind.UNKNOWN),
        ({"ch": "orders", "kind": True}, FrameKind.UNKNOWN),
        ([7, "1.5"], FrameKind.MESSAGE),
        ([True, "1.5"], FrameKind.UNKNOWN),
        ({}, FrameKind.UNKNOWN),
        ({"op": ["info"]}, FrameKind.UNKNOWN),
        ("pong", FrameKind.UNREADABLE),
        (7, FrameKind.UNKNOWN),
        (None, FrameKind.UNKNOWN),
        (b"", FrameKind.UNREADABLE),
        (b"\xff\xfe", FrameKind.UNREADABLE),
        (b'{"op": "login"', FrameKind.UNREADABLE),
        (b"[" * 100_000, FrameKind.UNREADABLE),
        ({"ping": {"a": 1}}, FrameKind.UNREADABLE),
        ({"ping": "five", "from": {"name": "q"}}, FrameKind.UNREADABLE),
    ],
)
def test_the_kind_of_a_frame(frames, data, kind):
    assert frames.frame(data).kind is kind


@pytest.mark.parametrize(
    ("data", "kind"),
    [("pong", FrameKind.PONG), (b"pong", FrameKind.PONG), ({"op": "pong"}, FrameKind.UNKNOWN)],
)
def test_a_word_is_a_frame_of_plain_text(reading_of, data, kind):
    assert reading_of(SOCKET.format(route=ROUTES[0], pong=WORDED)).frame(data).kind is kind


@pytest.mark.parametrize(
    ("code", "meaning"),
    [(401, Meaning.AUTH), (12, Meaning.BAD_NONCE), (99, Meaning.UNLISTED), (None, Meaning.UNLISTED)],
)
def test_an_error_frame(frames, code, meaning):
    error = frames.frame({"ok": False, "code": code, "why": "because"}).error
    assert (error.operation, error.meaning, error.text, error.http) == ("user", meaning, "because", None)
    assert error.code == (None if code is None else str(code))


def test_the_answer_to_a_ping_is_made_of_the_frame(frames):
    answer = frames.frame({"ping": 1767225600000, "from": {"name": 'q"\n'}}).answer
    assert answer == '{"pong":1767225600000,"for":"q\\"\\n"}'
    assert msgspec.json.decode(answer) == {"pong": 1767225600000, "for": 'q"\n'}


def test_records_are_read(frames):
    message = frames.frame({"ch": "orders", "kind": 1, "data": [{"id": 1, "st": "NEW"}, {"id": 2, "st": "DONE"}]})
    assert message.reports == [
        OrderReport(exchange_order_id="1", state=OrderState.OPEN),
        OrderReport(exchange_order_id="2", state=OrderState.FILLED),
    ]
    single = frames.frame({"ch": "orders", "kind": 2, "id": "9"})
    assert single.reports == [OrderReport(exchange_order_id="9", state=OrderState.CANCELED)]


def test_a_bad_record_costs_only_itself(frames):
    wallet = frames.frame({"ch": "wallet", "data": [{"a": "BTC", "t": 1}, {"a": "ETH", "t": "x"}], "prices": None})
    kinds = [type(each) for each in wallet.reports]
    assert kinds == [Unreadable, Unreadable, BalanceReport]
    assert [each.why.partition(":")[0] for each in wallet.reports[:2]] == ["total", "rows of price"]
    other = frames.frame({"ch": "wallet", "data": "x", "prices": [{"p": "2"}]})
    assert [type(each) for each in other.reports] == [Unreadable, LastPrice]


def test_a_bad_row_of_its_own(frames):
    (report,) = frames.frame({"ch": "orders", "kind": 2}).reports
    assert report.why == "exchange_order_id: required, but absent, null or empty"
    assert report.where.startswith("quay.yaml:") and "row" not in report.where


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-9, 9),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=3),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["op", "ch", "kind", "ok", "data", "id", "st", "ping", "from", "a", "t"]), inner
        ),
    ),
    max_leaves=8,
)
TAGS = st.fixed_dictionaries({"ch": st.sampled_from(["orders", "wallet"]), "kind": st.integers(0, 3), "data": JSON})


@given(data=st.one_of(JSON, TAGS))
def test_no_frame_raises(reading_of, data):
    text = msgspec.json.encode(data)
    kinds = {reading_of(SOCKET.format(route=route, pong=MATCHED)).frame(text).kind for route in ROUTES}
    assert len(kinds) == 1, "the dispatch changes the speed, never the outcome"
