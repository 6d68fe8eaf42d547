"""Status and body to a message, or to the error they stand for."""

from decimal import Decimal

import pytest

from exconn.codec import Answer
from exconn.codec.answers import accepted, answered, exchange_error, frame_error, looked_up, needed_one, placed
from exconn.errors import ExchangeError, Meaning, Redirected, Unanswered, Unread
from exconn.model import FillReport, OrderReport, ServerTime, Unreadable


def refusal(message, answer):
    """An endpoint whose only row is `rate_limited: [{http: 429}]`."""
    meaning = Meaning.RATE_LIMITED if answer.status == 429 else Meaning.UNLISTED
    code = message.get("code") if isinstance(message, dict) else None
    return exchange_error("open_orders", meaning, code, None, answer, ("x-wait", "retry-after"))


def test_a_good_answer():
    assert answered("open_orders", Answer(200, {}, b'{"code": 0}'), refusal) == {"code": 0}


@pytest.mark.parametrize("status", [200, 204])
def test_an_operation_without_reply_is_accepted_unread(status):
    assert accepted("cancel_order", Answer(status, {}, b"anything"), refusal) is None


@pytest.mark.parametrize("judge", [answered, accepted])
@pytest.mark.parametrize(
    ("status", "body", "error", "text"),
    [
        (302, b"", Redirected, "open_orders: HTTP 302, a redirect; redirects are never followed"),
        (400, b'{"code": 7}', ExchangeError, "open_orders: unlisted, code 7, http 400"),
        (429, b'{"code": 7}', ExchangeError, "open_orders: rate_limited, code 7, http 429"),
        (429, b"<html>", ExchangeError, "open_orders: rate_limited, http 429"),
        (
            504,
            b"<html>",
            Unanswered,
            "open_orders: HTTP 504, the body is not readable JSON: JSON is malformed: invalid character (byte 0)",
        ),
    ],
)
def test_a_bad_status(judge, status, body, error, text):
    with pytest.raises(error) as told:
        judge("open_orders", Answer(status, {}, body), refusal)
    assert (type(told.value), str(told.value)) == (error, text)


@pytest.mark.parametrize(
    ("code", "text", "shown"),
    [
        ("7", "no such channel", "user: unlisted, code 7, 'no such channel'"),
        (None, "no such channel", "user: unlisted, 'no such channel'"),
        (None, None, "user: unlisted, without a code or a text that is read"),
    ],
)
def test_an_error_of_a_frame_shows_what_is_read_of_it(code, text, shown):
    assert str(frame_error("user", Meaning.UNLISTED, code, text)) == shown


def test_a_good_status_with_a_broken_body_proves_nothing():
    with pytest.raises(Unanswered, match=r"^open_orders: HTTP 200, the body is not readable JSON: Input data") as told:
        answered("open_orders", Answer(200, {}, b'{"code"'), refusal)
    assert not told.value.not_executed


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "0.25"}, 0.25),
        ({"x-wait": "2", "retry-after": "9"}, 2.0),
        ({"x-wait": "soon", "retry-after": "9"}, 9.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "1e9"}, None),
        ({"retry-after": "NaN"}, None),
    ],
)
def test_when_to_come_back(headers, wait):
    assert refusal(None, Answer(429, headers, b"")).retry_after == wait


@pytest.mark.parametrize(
    ("code", "shown"),
    [("51008", "51008"), (7, "7"), (Decimal("7.0"), "7.0"), (None, None), ([1], None), (True, None), ("", None)],
)
def test_the_code_of_an_error_is_a_text(code, shown):
    error = exchange_error("balances", Meaning.UNLISTED, code, None, Answer(400, {}, b""), ())
    assert error.code == shown


def test_a_placing_shows_the_orders_id():
    assert placed("place_order", [OrderReport(exchange_order_id="7")], True) is None
    assert placed("place_order", [OrderReport(client_id="a")], False) is None


@pytest.mark.parametrize(
    ("reports", "error", "text"),
    [
        (
            [],
            ExchangeError,
            "place_order: outcome_unknown, 'the reply reads as success, but shows no order'",
        ),
        (
            [OrderReport(client_id="a")],
            ExchangeError,
            "place_order: outcome_unknown, 'the reply reads as success, but shows no order'",
        ),
        ([Unreadable("x.yaml:7 row 1", "price: bad")], Unread, "x.yaml:7 row 1: price: bad"),
    ],
)
def test_a_placing_without_an_id_has_an_unknown_outcome(reports, error, text):
    with pytest.raises(error) as told:
        placed("place_order", reports, True)
    assert str(told.value) == text
    assert not told.value.not_executed


@pytest.mark.parametrize(
    ("reports", "error", "text"),
    [
        ([], ExchangeError, "order_by_client_id: order_not_found, 'the reply holds no order'"),
        ([Unreadable("x.yaml:7", "state: bad")], Unread, "x.yaml:7: state: bad"),
    ],
)
def test_a_lookup_that_finds_nothing(reports, error, text):
    with pytest.raises(error) as told:
        looked_up("order_by_client_id", reports)
    assert str(told.value) == text


def test_a_lookup_of_fills_alone_holds_no_order():
    fill = FillReport(trade_id="1", price=Decimal(1), amount=Decimal(1))
    with pytest.raises(Unread, match="the reply holds no order"):
        looked_up("order_by_client_id", [fill])


def test_the_one_thing_that_was_asked_for():
    assert needed_one([ServerTime(1)], ServerTime, "x.yaml:3", "time") is None
    with pytest.raises(Unread, match=r"^x\.yaml:3: the reply holds no time$"):
        needed_one([], ServerTime, "x.yaml:3", "time")
