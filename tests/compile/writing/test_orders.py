"""Orders: one function a type and side, fences, pages, and what is refused before anything is signed."""

import hashlib
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exconn.codec import Arguments, plain, read_decimal
from exconn.errors import UsageError
from exconn.model import OrderType, TradeType

BenchOf = Callable[..., Any]
BUY, SELL = TradeType.BUY, TradeType.SELL
LIMIT, MAKER, MARKET = OrderType.LIMIT, OrderType.LIMIT_MAKER, OrderType.MARKET

SECTIONS = """
symbols: {rest: learnt}
words: {side: {buy: bid, sell: [ask, offer]}}
endpoints:
  place_order:
    http: POST /orders
    fence: {kind: window, seconds: "1.5"}
    json: {side: "{side}", id: "{client_id}"}
    types:
      LIMIT: {json: {size: "{amount}", price: "{price}"}}
      LIMIT_MAKER: {http: "POST /maker/{side:upper}", json: {size: "{signed_amount}", price: "{price:number}"}}
      MARKET buy: {json: {funds: "{quote_amount}"}}
"""


@pytest.mark.parametrize(
    ("kind", "side", "target", "body"),
    [
        (LIMIT, BUY, "/orders", '{"side":"bid","id":"mine-1","size":"0.10","price":"65000.00"}'),
        (LIMIT, SELL, "/orders", '{"side":"ask","id":"mine-1","size":"0.10","price":"65000.00"}'),
        (MAKER, BUY, "/maker/BID", '{"side":"bid","id":"mine-1","size":"0.10","price":65000.00}'),
        (MAKER, SELL, "/maker/ASK", '{"side":"ask","id":"mine-1","size":"-0.10","price":65000.00}'),
        (MARKET, BUY, "/orders", '{"side":"bid","id":"mine-1","funds":"12.5"}'),
    ],
)
def test_each_type_and_side(bench_of: BenchOf, kind: OrderType, side: TradeType, target: str, body: str) -> None:
    request = bench_of(SECTIONS).order(kind, side, quote_amount=Decimal("12.5"))
    assert (request.method, request.target, request.body) == ("POST", target, body.encode())


def test_a_type_that_is_not_offered(bench_of: BenchOf) -> None:
    bench = bench_of(SECTIONS)
    with pytest.raises(UsageError, match=r"takes no MARKET SELL orders; see the codec's facts.offers"):
        bench.order(MARKET, SELL)
    assert bench.codec.facts.offers == ((LIMIT, BUY), (LIMIT, SELL), (MAKER, BUY), (MAKER, SELL), (MARKET, BUY))


def test_a_fence_is_counted_from_signing(bench_of: BenchOf) -> None:
    bench = bench_of(SECTIONS)
    assert bench.order(LIMIT, BUY).fence_ns == bench.fresh.time_ns + 1_500_000_000
    assert bench.codec.facts.fence.kind == "window"


@pytest.mark.parametrize(
    ("template", "sent"),
    [
        ("{fence_ms}", "5250"),
        ("{fence_at_ms}", "1767225605500"),
        ("{fence_at_s}", "1767225605"),
        ("{fence_at_iso_ms}", "2026-01-01T00%3A00%3A05.500Z"),
    ],
)
def test_fences_as_they_are_sent(bench_of: BenchOf, template: str, sent: str) -> None:
    text = f"""
endpoints:
  cancel_order: {{http: DELETE /o, fence: {{kind: deadline, seconds: "5.25"}}, query: {{f: "{template}"}}}}
"""
    bench = bench_of(text)
    request = bench.build("cancel_order")
    assert request.target == f"/o?f={sent}"
    assert request.fence_ns == bench.fresh.time_ns + 5_250_000_000


def test_no_fence_is_none(bench_of: BenchOf) -> None:
    text = "endpoints: {cancel_order: {http: DELETE /o, fence: {kind: none}}, balances: {http: GET /b}}"
    bench = bench_of(text)
    assert bench.build("cancel_order").fence_ns is None
    assert bench.build("balances").fence_ns is None


@pytest.mark.parametrize(
    ("http", "own", "first", "later"),
    [
        ("GET /f", "query: {a: 1}", ("/f?a=1", b""), ("/f?a=1&c=n%2F2", b"")),
        ("GET /f", "", ("/f", b""), ("/f?c=n%2F2", b"")),
        ("POST /f", "form: {a: 1}", ("/f", b"a=1"), ("/f", b"a=1&c=n%2F2")),
        ("POST /f", 'json: {a: "{client_id}"}', ("/f", b'{"a":"mine-1"}'), ("/f", b'{"a":"mine-1","c":"n/2"}')),
    ],
)
@pytest.mark.parametrize("late", [False, True])
def test_a_cursor_is_sent_from_the_second_page_on(
    bench_of: BenchOf, http: str, own: str, first: tuple[str, bytes], later: tuple[str, bytes], late: bool
) -> None:
    recipe = 'signing: {r: {after: {query: {z: "9"}}}}' if late else "signing: {r: {after: {headers: {Z: a}}}}"
    text = f"""
{recipe}
endpoints:
  fills_of_order:
    http: {http}
    signed: r
    {own}
    pages: {{by: cursor, send: {{c: "{{cursor}}"}}, next: next}}
"""
    bench = bench_of(text)
    assert bench.codec.endpoints["fills_of_order"].paged
    for cursor, (target, body) in ((None, first), ("n/2", later)):
        request = bench.build("fills_of_order", cursor=cursor)
        expected = target + (("&" if "?" in target else "?") + "z=9" if late else "")
        assert (request.target, request.body) == (expected, body)


@pytest.mark.parametrize(
    ("before", "own", "target", "body"),
    [
        ("form: {n: 1}", "", "/f", "n=1&c=n%2F2"),
        ("json: {n: 1}", "", "/f", '{"n":1,"c":"n/2"}'),
        ("form: {n: 1}", "query: {limit: 5}", "/f?limit=5&c=n%2F2", "n=1"),
        ("headers: {n: 1}", "", "/f?c=n%2F2", ""),
    ],
)
def test_the_cursor_of_an_endpoint_without_parameters_goes_into_the_body_of_its_recipe(
    bench_of: BenchOf, before: str, own: str, target: str, body: str
) -> None:
    text = f"""
signing:
  rest:
    before: {{{before}}}
    values: {{digest: {{sha256: "{{body}}", as: hex}}}}
    after: {{headers: {{d: "{{digest}}"}}}}
endpoints:
  fills_of_order:
    http: POST /f
    signed: rest
    pages: {{by: cursor, send: {{c: "{{cursor}}"}}, next: next}}
    {own}
"""
    request = bench_of(text).build("fills_of_order", cursor="n/2")
    assert (request.target, request.body.decode()) == (target, body)
    assert dict(request.headers)["d"] == hashlib.sha256(request.body).hexdigest()


def test_a_numeric_cursor(bench_of: BenchOf) -> None:
    text = """
endpoints:
  fills_of_order: {http: GET /f, pages: {by: offset, send: {from: "{cursor}"}, size: 100}}
"""
    assert bench_of(text).build("fills_of_order", cursor=100).target == "/f?from=100"


@given(st.from_regex(r"^[0-9]{1,18}(\.[0-9]{1,18})?$", fullmatch=True))
def test_amounts_go_through_unchanged(text: str) -> None:
    number = read_decimal(text)
    assert Decimal(plain(number)) == Decimal(text)
    whole, point, decimals = text.partition(".")
    assert plain(number) == (whole.lstrip("0") or "0") + point + decimals


def test_the_arguments_of_other_operations_may_be_left_out(bench_of: BenchOf) -> None:
    bench = bench_of("endpoints: {balances: {http: GET /b}}")
    request = bench.codec.endpoints["balances"].build(Arguments(), bench.fresh, bench.context)
    assert repr(request) == "<Request GET https://api.tidal.example, 0 bytes>"
