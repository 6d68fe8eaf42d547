"""What a reply as a whole must say: placing, cancelling, lookups, preparations, pages."""

import itertools
from decimal import Decimal

import pytest

from exconn.codec import Arguments
from exconn.errors import ExchangeError, Meaning, Unread
from exconn.model import OrderReport, OrderState

ORDERS = """
endpoints:
  place_order:
    http: POST /orders
    json: {amount: "{amount}"}
    types: {LIMIT: {json: {px: "{price}"}}}
    reply: {order: {rows: data, exchange_order_id: id or none, client_id: cid or none}}
  cancel_order:
    http: DELETE /orders
  order_by_client_id:
    http: GET /orders
    reply: {order: {rows: data, exchange_order_id: id, state: st as state}}
  order_by_exchange_id:
    http: GET /orders/id
    reply: {order: {exchange_order_id: data.id, state: data.st as state}}
"""
BARE = """
envelopes: {other: {success: {ok: true}}}
endpoints:
  cancel_order: {http: DELETE /orders}
"""
NOT_FOUND = "order_by_client_id: order_not_found, 'the reply holds no order'"
NO_ORDER = "place_order: outcome_unknown, 'the reply reads as success, but shows no order'"


def test_a_placing(reading_of):
    reply = reading_of(ORDERS).reply("place_order", {"code": 0, "data": [{"id": "7", "status": "OPEN", "msg": "hi"}]})
    assert reply.reports == [OrderReport(exchange_order_id="7")]


@pytest.mark.parametrize(
    ("body", "error", "text"),
    [
        ({"code": 0, "data": []}, ExchangeError, NO_ORDER),
        ({"code": 0, "data": [{"cid": "a"}]}, ExchangeError, NO_ORDER),
        ({"code": 0}, Unread, "quay.yaml:15: rows of order: no rows are there; "),
        ({"code": 0, "data": [{}]}, Unread, "quay.yaml:15 row 1: exchange_order_id or client_id: required, "),
        ({}, ExchangeError, "place_order: unlisted, http 200"),
    ],
)
def test_a_placing_that_shows_no_order_has_an_unknown_outcome(reading_of, body, error, text):
    with pytest.raises(error) as told:
        reading_of(ORDERS).reply("place_order", body)
    assert str(told.value).startswith(text)
    assert not told.value.not_executed


def test_a_cancel_needs_no_reply(reading_of):
    assert reading_of(ORDERS).reply("cancel_order", {"code": 0}).reports == []
    with pytest.raises(ExchangeError, match="cancel_order: auth, code 401"):
        reading_of(ORDERS).reply("cancel_order", {"code": 401})


@pytest.mark.parametrize("body", [b"", b"done", b"{}"])
def test_without_envelope_and_reply_the_status_decides(reading_of, body):
    reading = reading_of(BARE)
    assert reading.reply("cancel_order", body, 204).reports == []
    with pytest.raises(ExchangeError) as told:
        reading.reply("cancel_order", b"{}", 400)
    assert told.value.meaning is Meaning.UNLISTED


def test_a_lookup(reading_of):
    found = OrderReport(exchange_order_id="7", state=OrderState.FILLED)
    for operation, data in (
        ("order_by_client_id", [{"id": "7", "st": "DONE"}]),
        ("order_by_client_id", {"id": "7", "st": "DONE"}),
        ("order_by_exchange_id", {"id": "7", "st": "DONE"}),
    ):
        assert reading_of(ORDERS).reply(operation, {"code": 0, "data": data}).reports == [found]


@pytest.mark.parametrize("data", [[], None, ""])
def test_a_lookup_without_rows_has_not_found_it(reading_of, data):
    with pytest.raises(ExchangeError) as told:
        reading_of(ORDERS).reply("order_by_client_id", {"code": 0, "data": data})
    assert (told.value.meaning, str(told.value)) == (Meaning.ORDER_NOT_FOUND, NOT_FOUND)


@pytest.mark.parametrize(
    ("operation", "data", "text"),
    [
        ("order_by_client_id", [{"id": "7", "st": "?"}], "quay.yaml:20 row 1: state: '?' is not a word of words.state"),
        ("order_by_client_id", [{}], "quay.yaml:20 row 1: exchange_order_id: required, but absent, null or empty"),
        ("order_by_client_id", {}, "quay.yaml:20 row 1: exchange_order_id: required, but absent, null or empty"),
        ("order_by_client_id", 5, "quay.yaml:20: rows of order: 5 is no list of rows"),
        ("order_by_exchange_id", None, "quay.yaml:23: exchange_order_id: required, but absent, null or empty"),
    ],
)
def test_a_lookup_whose_order_cannot_be_read_has_said_nothing(reading_of, operation, data, text):
    with pytest.raises(Unread) as told:
        reading_of(ORDERS).reply(operation, {"code": 0, "data": data})
    assert str(told.value) == text


NEGATIVE = """
envelopes: {default: {success: {error: {empty: true}, fault: {present: false}, code: {not: 7}}, code: error}}
endpoints:
  cancel_order: {http: DELETE /orders}
  order_by_client_id:
    http: GET /orders
    reply: {order: {rows: data, exchange_order_id: id, state: st as state}}
"""


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        *itertools.product(["cancel_order", "order_by_client_id"], [b"null", b'"ok"', b"true", b"0"]),
        ("order_by_client_id", b"{}"),
        ("order_by_client_id", b"[]"),
    ],
)
def test_an_envelope_that_asks_for_nothing_is_no_success_of_what_could_hold_nothing(reading_of, operation, body):
    with pytest.raises(ExchangeError) as told:
        reading_of(NEGATIVE).reply(operation, body)
    assert str(told.value) == f"{operation}: unlisted, http 200"
    assert not told.value.not_executed


def test_an_envelope_that_asks_for_nothing_is_the_success_of_an_object(reading_of):
    assert reading_of(NEGATIVE).reply("cancel_order", b"{}").reports == []
    with pytest.raises(ExchangeError, match="the reply holds no order"):
        reading_of(NEGATIVE).reply("order_by_client_id", b'{"error": [], "data": []}')


GIVES = """
endpoints:
  session:
    http: POST /session
    lasts: session
    gives:
      token: data.token
      account: data.id as integer
      rate: data.rate as decimal
      period: data.every as duration_ms
      extra: data.extra or none
"""


def test_a_preparation_gives_texts(reading_of):
    data = {"token": "abc", "id": "0017", "rate": "1e-3", "every": 18000, "extra": None}
    given = reading_of(GIVES).reply("session", {"code": 0, "data": data}).given
    assert given == {"token": "abc", "account": "17", "rate": "0.001", "period": "18"}


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({}, "quay.yaml:15: token: required, but absent, null or empty"),
        (
            {"token": "abc", "id": "x"},
            "quay.yaml:16: account: not of the form its reading asks for; it is not shown, because it may be a secret",
        ),
    ],
)
def test_a_preparation_that_gives_too_little(reading_of, data, text):
    with pytest.raises(Unread) as told:
        reading_of(GIVES).reply("session", {"code": 0, "data": data})
    assert str(told.value) == text


PAGED = """
endpoints:
  fills_since:
    http: GET /fills
    query: {{limit: 2}}
    pages: {{{pages}, send: {{after: "{{cursor}}"}}}}
    reply:
      fill: {{rows: data, trade_id: id, price: p, amount: p, exchange_order_id: p}}
"""


@pytest.mark.parametrize(
    ("pages", "extra", "count", "cursor", "following"),
    [
        ("by: cursor, next: next", {"next": "c1"}, 2, None, "c1"),
        ("by: cursor, next: next", {"next": 17}, 0, None, 17),
        ("by: cursor, next: next", {"next": None}, 2, "c1", None),
        ("by: cursor, next: next", {"next": "c1"}, 0, "c1", None),
        ("by: cursor, next: next, more: {more: true}", {"next": "c1", "more": True}, 2, None, "c1"),
        ("by: cursor, next: next, more: {more: true}", {"next": "c1", "more": False}, 2, None, None),
        ("by: row, next: id, size: 2", {}, 2, None, "1"),
        ("by: row, next: id, size: 2", {}, 1, "c", None),
        ("by: row, next: id", {}, 0, "c", None),
        ("by: since, next: id", {}, 1, "0", None),
        ("by: since, next: id, more: {more: true}", {"more": True}, 2, "0", "1"),
        ("by: since, next: id, more: {more: true}", {"more": False}, 2, "1", None),
        ("by: offset, size: 2", {}, 2, 4, 6),
        ("by: offset, size: 2", {}, 1, 4, None),
        ("by: number, size: 2", {}, 2, None, 2),
        ("by: offset, more: {more: true}", {"more": True}, 1, 4, 5),
        ("by: offset, more: {more: true}", {"more": False}, 0, 4, None),
        ("by: number, more: {more: true}", {"more": True}, 2, 2, 3),
        ("by: number, more: {more: true}", {"more": True}, 0, 2, 3),
        ("by: number, more: {more: true}", {"more": False}, 2, 2, None),
    ],
)
def test_pages(reading_of, pages, extra, count, cursor, following):
    rows = [{"id": str(number), "p": "1"} for number in range(count)]
    arguments = Arguments(since_ns=0, cursor=cursor)
    body = {"code": 0, "data": rows, **extra}
    reply = reading_of(PAGED.format(pages=pages)).reply("fills_since", body, arguments=arguments)
    assert (len(reply.reports), reply.next) == (count, following)


TOLD = "more: {more: true}"
NO_CURSOR = "there is more, as the page says, but it gives no new cursor"
NO_ROW_CURSOR = "there is more, as the page says, but its last row gives no new cursor"
NO_ROWS = "there is more, as the page says, but it has no rows to count on from"
SAME_CURSOR = "a page with rows gives the cursor that it was asked by, so that it does not lead on"
REPEATED = "a page does not lead on: its last row gives the cursor that it was asked by, its first does not"


@pytest.mark.parametrize(
    ("pages", "extra", "ids", "cursor", "why"),
    [
        (f"by: cursor, next: next, {TOLD}", {"more": True, "next": None}, ["5"], "c1", NO_CURSOR),
        (f"by: cursor, next: next, {TOLD}", {"more": True}, ["5"], None, NO_CURSOR),
        (f"by: cursor, next: next, {TOLD}", {"more": True, "next": ""}, [], "c1", NO_CURSOR),
        (f"by: cursor, next: next, {TOLD}", {"more": True, "next": "c1"}, ["5"], "c1", NO_CURSOR),
        ("by: cursor, next: next", {"next": "c1"}, ["5"], "c1", SAME_CURSOR),
        ("by: row, next: id, size: 2", {}, ["5", "5"], "5", "a full page does not lead on: its last row gives no new"),
        (f"by: row, next: id, {TOLD}", {"more": True}, ["5"], "5", NO_ROW_CURSOR),
        (f"by: row, next: id, {TOLD}", {"more": True}, [], "5", NO_ROW_CURSOR),
        (f"by: since, next: id, {TOLD}", {"more": True}, ["5", "5"], "5", NO_ROW_CURSOR),
        ("by: row, next: other", {}, ["5"], None, "a page does not lead on: its last row gives no cursor"),
        ("by: row, next: id", {}, ["4", "5"], "5", REPEATED),
        ("by: since, next: id", {}, ["4", "5"], "5", REPEATED),
        (f"by: offset, {TOLD}", {"more": True}, [], 4, NO_ROWS),
    ],
)
def test_a_page_that_does_not_lead_on(reading_of, pages, extra, ids, cursor, why):
    body = {"code": 0, "data": [{"id": each, "p": "1"} for each in ids], **extra}
    with pytest.raises(Unread, match=rf"^quay\.yaml:14: pages: {why}"):
        reading = reading_of(PAGED.format(pages=pages))
        reading.reply("fills_since", body, arguments=Arguments(cursor=cursor))


def test_a_cursor_that_does_not_move_ends_nothing_where_rows_stand_in_two_places(reading_of):
    row = "trade_id: id, price: p, amount: p, exchange_order_id: p"
    one = f"{{rows: data, {row}}}"
    two = f"[{{rows: data, {row}}}, {{rows: others, {row}}}]"
    reading = reading_of(PAGED.format(pages="by: cursor, next: next").replace(one, two))
    body = {"code": 0, "data": [], "others": [{"id": "5", "p": "1"}], "next": "c1"}
    with pytest.raises(Unread, match=SAME_CURSOR):
        reading.reply("fills_since", body, arguments=Arguments(cursor="c1"))


def test_numbers_keep_the_digits_of_the_wire(reading_of):
    data = b'{"code": 0, "data": [{"id": 9007199254740993, "p": 0.10}]}'
    (fill,) = reading_of(PAGED.format(pages="by: offset, size: 2")).reply("fills_since", data).reports
    assert (fill.trade_id, str(fill.price)) == ("9007199254740993", "0.10")
    assert fill.price == Decimal("0.10")


UNWRAPPED = """
endpoints:
  order_by_client_id:
    http: GET /order
    envelope: none
    reply: {order: {rows: orders, exchange_order_id: id, state: status as state}}
"""


@pytest.mark.parametrize(
    ("body", "error"), [({"orders": []}, ExchangeError), ({"error": "down"}, Unread), ({}, Unread)]
)
def test_without_an_envelope_only_an_empty_list_proves_that_there_is_no_order(reading_of, body, error):
    with pytest.raises(error) as told:
        reading_of(UNWRAPPED).reply("order_by_client_id", body)
    assert getattr(told.value, "meaning", Meaning.ORDER_NOT_FOUND) is Meaning.ORDER_NOT_FOUND
