"""Failed replies to errors: which row wins, what an envelope tells, what nothing lists."""

import pytest

from exconn.errors import ExchangeError, Meaning, Redirected, Unanswered

ERRORS = """
errors:
  auth: [401, "0401"]
  rate_limited: [{http: 429}]
  time_skew: [{code: {starts: T}}]
  rejected: [{code: 7, text: lot}, {code: [20, 21]}]
  insufficient_balance: [{code: 7}]
  maintenance: [{http: [503, 504]}]
  outcome_unknown: [{code: 7, text: lot, http: 500}]
limits:
  trades: {allow: 5, per: 1, retry_after: X-Wait}
endpoints:
  cancel_order:
    http: DELETE /orders
    errors:
      order_not_found: [20]
      would_cross: [{http: 409}]
      already_requested: [{code: 401, text: twice}]
  open_orders:
    http: GET /orders
    costs: {trades: 1}
    reply: {order: {rows: data, exchange_order_id: id, state: always open}}
"""


@pytest.mark.parametrize(
    ("operation", "status", "body", "meaning"),
    [
        ("open_orders", 200, {"code": 401}, Meaning.AUTH),
        ("open_orders", 200, {"code": "0401"}, Meaning.AUTH),
        ("open_orders", 200, {"code": "401"}, Meaning.UNLISTED),
        ("open_orders", 200, {"code": "T9"}, Meaning.TIME_SKEW),
        ("open_orders", 200, {"code": 20}, Meaning.REJECTED),
        ("cancel_order", 200, {"code": 20}, Meaning.ORDER_NOT_FOUND),
        ("cancel_order", 200, {"code": 21}, Meaning.REJECTED),
        ("cancel_order", 409, {"code": 401}, Meaning.WOULD_CROSS),
        ("cancel_order", 409, {"code": 401, "msg": "asked twice"}, Meaning.ALREADY_REQUESTED),
        ("open_orders", 200, {"code": 7, "msg": "too little"}, Meaning.INSUFFICIENT_BALANCE),
        ("open_orders", 200, {"code": 7, "msg": "bad lot size"}, Meaning.REJECTED),
        ("open_orders", 500, {"code": 7, "msg": "bad lot size"}, Meaning.OUTCOME_UNKNOWN),
        ("open_orders", 400, {"code": 7}, Meaning.INSUFFICIENT_BALANCE),
        ("open_orders", 429, {}, Meaning.RATE_LIMITED),
        ("open_orders", 429, {"code": 20}, Meaning.REJECTED),
        ("open_orders", 503, {"code": 401}, Meaning.AUTH),
        ("open_orders", 429, b"<html>", Meaning.RATE_LIMITED),
        ("open_orders", 503, b"", Meaning.MAINTENANCE),
        ("open_orders", 504, b"", Meaning.MAINTENANCE),
        ("open_orders", 200, {}, Meaning.UNLISTED),
        ("open_orders", 200, [], Meaning.UNLISTED),
        ("open_orders", 200, {"code": True}, Meaning.UNLISTED),
        ("open_orders", 200, {"code": 9}, Meaning.UNLISTED),
        ("open_orders", 400, {"code": 0}, Meaning.UNLISTED),
        ("open_orders", 500, {"code": 0, "data": []}, Meaning.UNLISTED),
    ],
)
def test_an_error(reading_of, operation, status, body, meaning):
    with pytest.raises(ExchangeError) as told:
        reading_of(ERRORS).reply(operation, body, status)
    assert told.value.meaning is meaning
    assert (told.value.operation, told.value.http) == (operation, status)


def test_what_an_error_carries(reading_of):
    with pytest.raises(ExchangeError) as told:
        headers = {"x-wait": "7", "retry-after": "9"}
        reading_of(ERRORS).reply("open_orders", {"code": 21, "msg": "x" * 500}, 400, headers)
    error = told.value
    assert (error.code, error.text, error.retry_after, error.not_executed) == ("21", "x" * 200, 7.0, True)


@pytest.mark.parametrize(
    ("status", "body", "error", "text"),
    [
        (301, b"", Redirected, "open_orders: HTTP 301, a redirect; redirects are never followed"),
        (200, b"", Unanswered, "open_orders: HTTP 200, the body is not readable JSON: Input data was truncated"),
        (200, b"<html>", Unanswered, "open_orders: HTTP 200, the body is not readable JSON: "),
        (502, b"<html>", Unanswered, "open_orders: HTTP 502, the body is not readable JSON: "),
    ],
)
def test_what_is_no_answer(reading_of, status, body, error, text):
    with pytest.raises(error) as told:
        reading_of(ERRORS).reply("open_orders", body, status)
    assert type(told.value) is error
    assert str(told.value).startswith(text)
    assert not told.value.not_executed


def test_a_message_is_never_shown(reading_of):
    with pytest.raises(Unanswered) as told:
        reading_of(ERRORS).reply("open_orders", b'{"balance": "canary-7f"')
    assert "canary" not in str(told.value)


CODE_BY_FUNCTION = """
envelopes: {default: {success: {ok: true}, code: "join('.', errors)", text: "errors[0]"}}
errors: {auth: [E.1]}
endpoints:
  cancel_order: {http: DELETE /orders}
"""


@pytest.mark.parametrize(
    ("body", "code", "meaning"),
    [
        ({"errors": ["E", "1"]}, "E.1", Meaning.AUTH),
        ({"errors": [1]}, None, Meaning.UNLISTED),
        ([], None, Meaning.UNLISTED),
    ],
)
def test_a_code_that_cannot_be_followed_is_no_code(reading_of, body, code, meaning):
    with pytest.raises(ExchangeError) as told:
        reading_of(CODE_BY_FUNCTION).reply("cancel_order", body)
    assert (told.value.code, told.value.meaning) == (code, meaning)


ORDER = """
errors:
{rows}
endpoints:
  cancel_order:
    http: DELETE /orders
"""
ROWS = [
    '  rejected: [{text: "order"}, {code: {starts: "1"}}]',
    "  rate_limited: [{http: 418}]",
    '  outcome_unknown: ["15", {text: "order timed out"}, {http: 418, text: "limit"}]',
    '  would_cross: [{text: "timed"}]',
]


@pytest.mark.parametrize("rows", [ROWS, ROWS[::-1]], ids=["as written", "the other way"])
@pytest.mark.parametrize(
    ("status", "body", "meaning"),
    [
        (200, {"code": "12", "msg": ""}, Meaning.REJECTED),
        (200, {"code": "15", "msg": ""}, Meaning.OUTCOME_UNKNOWN),
        (200, {"code": "9", "msg": "the order timed out"}, Meaning.OUTCOME_UNKNOWN),
        (418, {"code": "9", "msg": "limit of an order"}, Meaning.OUTCOME_UNKNOWN),
        (418, {"code": "9", "msg": "no such order"}, Meaning.REJECTED),
        (418, {"code": "9", "msg": ""}, Meaning.RATE_LIMITED),
    ],
)
def test_the_order_of_the_rows_decides_nothing(reading_of, rows, status, body, meaning):
    with pytest.raises(ExchangeError) as told:
        reading_of(ORDER.format(rows="\n".join(rows))).reply("cancel_order", body, status)
    assert told.value.meaning is meaning


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("7\nINFO all is well", "'7\\nINFO all is well'"),
        ("x" * 5000, "'" + "x" * 24 + "...'"),
        ("7\u202e", "'7\\u202e'"),
        (7, "7"),
        ("E-7", "E-7"),
    ],
)
def test_a_code_writes_no_line_of_its_own_into_a_log(reading_of, code, shown):
    with pytest.raises(ExchangeError) as told:
        reading_of(ERRORS).reply("open_orders", {"code": code})
    assert told.value.code == shown
    assert str(told.value) == f"open_orders: unlisted, code {shown}, http 200" or code == 7
