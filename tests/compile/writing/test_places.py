"""Every placeholder, in every place of a request, with what each place does to a value."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from exconn.errors import UsageError

BenchOf = Callable[..., Any]

SECTIONS = """
symbols: {rest: learnt}
assets: {names: {BTC: [XXBT, XBT]}}
credentials: {api_key: {secret: false}}
endpoints:
  fills_of_order:
    http: "%s"
    %s
"""


@pytest.mark.parametrize(
    ("template", "sent"),
    [
        ("{symbol.rest}", "btc%2Fusdt"),
        ("{symbol.rest:upper}", "BTC%2FUSDT"),
        ("{symbol.rest:url}", "btc%252Fusdt"),
        ("{base}.{quote}", "XXBT.USDT"),
        ("{base:lower}", "xxbt"),
        ("{client_id}", "mine-1"),
        ("{exchange_order_id}", "a%20b%2Bc"),
        ("{created_date}", "2026-01-01"),
        ("{since_ms}", "1767225600250"),
        ("{since_s}", "1767225600"),
        ("{since_iso}", "2026-01-01T00%3A00%3A00.250Z"),
        ("{time_ms}", "1767225600250"),
        ("{time_s}", "1767225600"),
        ("{time_us}", "1767225600250999"),
        ("{time_iso_ms}", "2026-01-01T00%3A00%3A00.250Z"),
        ("{time_iso_s}", "2026-01-01T00%3A00%3A00Z"),
        ("{time_utc}", "2026-01-01T00%3A00%3A00"),
        ("{nonce}", "17"),
        ("{request_id}", "5"),
        ("{uuid_hex}", "0123456789abcdef0123456789abcdef"),
        ("{uuid}", "01234567-89ab-cdef-0123-456789abcdef"),
        ("{api_key}", "k%C3%A9y"),
        ("é ~*", "%C3%A9%20~%2A"),
        ("{amount:number}", "0.10"),
        ("{price}", "65000.00"),
        ("{quote_amount}", "12"),
    ],
)
def test_a_query(bench_of: BenchOf, template: str, sent: str) -> None:
    bench = bench_of(SECTIONS % ("GET /fills", f'query: {{v: "{template}"}}'), {"api_key": "kéy"})
    request = bench.build(
        "fills_of_order",
        exchange_order_id="a b+c",
        created_ns=bench.fresh.time_ns,
        since_ns=bench.fresh.time_ns,
        amount=Decimal("0.10"),
        price=Decimal("65000.00"),
        quote_amount=Decimal("1.2E+1"),
    )
    assert request.target == f"/fills?v={sent}"
    assert request.body == b""
    assert request.headers == ()


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        (
            '{flag: true, none: null, n: 4096, t: "0", list: [1, two]}',
            '{"flag":true,"none":null,"n":4096,"t":"0","list":[1,"two"]}',
        ),
        ('{z: 1, a: {y: 2, b: "{client_id}"}}', '{"z":1,"a":{"y":2,"b":"mine-1"}}'),
        ('{a: "{amount:number}", p: "{price}"}', '{"a":0.10,"p":"65000.00"}'),
        ('{x: "é\\"\\\\", y: \'{exchange_order_id}\'}', '{"x":"é\\"\\\\","y":"\\"ü\\\\"}'),
        ('{t: "{time_ms:number}", s: "-{symbol.rest}-"}', '{"t":1767225600250,"s":"-btc/usdt-"}'),
    ],
)
def test_a_json_body(bench_of: BenchOf, body: str, sent: str) -> None:
    bench = bench_of(SECTIONS % ("POST /fills", f"json: {body}"))
    request = bench.build("fills_of_order", exchange_order_id='"ü\\', amount=Decimal("0.10"), price=Decimal("65000.00"))
    assert request.body == sent.encode()
    assert request.headers == (("Content-Type", "application/json"),)


def test_a_form(bench_of: BenchOf) -> None:
    bench = bench_of(SECTIONS % ("POST /fills", 'form: {z: "a b", s: "{symbol.rest}", e: ""}'))
    request = bench.build("fills_of_order")
    assert request.body == b"z=a%20b&s=btc%2Fusdt&e="
    assert request.headers == (("Content-Type", "application/x-www-form-urlencoded"),)


def test_a_path_and_headers(bench_of: BenchOf) -> None:
    bench = bench_of(
        SECTIONS % ("GET /a/{symbol.rest}/{client_id}", 'headers: {X-Id: "v {exchange_order_id}", Y: "1 2"}')
    )
    request = bench.build("fills_of_order", client_id="ü?", exchange_order_id="7 8")
    assert request.target == "/a/btc%2Fusdt/%C3%BC%3F"
    assert request.headers == (("X-Id", "v 7 8"), ("Y", "1 2"))
    assert request.origin == "https://api.tidal.example"


@pytest.mark.parametrize("text", ["q\r\nX-Evil: 1", "é", " qq", "qq ", "q\x00"])
def test_what_a_header_cannot_hold(bench_of: BenchOf, text: str) -> None:
    bench = bench_of(SECTIONS % ("GET /a", 'headers: {X-Id: "{client_id}"}'))
    with pytest.raises(UsageError, match=r"^client_id cannot stand in a header: it has a blank end") as caught:
        bench.build("fills_of_order", client_id=text)
    assert text not in str(caught.value)


@pytest.mark.parametrize("text", [".", ".."])
def test_what_a_path_cannot_hold(bench_of: BenchOf, text: str) -> None:
    bench = bench_of(SECTIONS % ("GET /a/{client_id}", ""))
    with pytest.raises(UsageError, match=r"cannot stand in the path of a request"):
        bench.build("fills_of_order", client_id=text)


def test_a_bare_number_must_be_one(bench_of: BenchOf) -> None:
    bench = bench_of(SECTIONS % ("POST /a", 'json: {id: "{exchange_order_id:number}"}'))
    assert bench.build("fills_of_order", exchange_order_id="120").body == b'{"id":120}'
    for text in ("012", "1e5", "x", "1,2", "NaN"):
        with pytest.raises(UsageError, match="exchange_order_id must be a number here"):
            bench.build("fills_of_order", exchange_order_id=text)


@pytest.mark.parametrize(
    ("template", "arguments", "message"),
    [
        ("{symbol.rest}", {"pair": ""}, "pass it as BASE-QUOTE"),
        ("{symbol.rest}", {"pair": "DOGE-USDT"}, "unknown trading pair 'DOGE-USDT': load the trading rules"),
        ("{base}", {"pair": "BTCUSDT"}, "'BTCUSDT' is no trading pair; pass it as BASE-QUOTE"),
        ("{client_id}", {"client_id": None}, "this request needs a client_id; pass client_id=..."),
        ("{exchange_order_id}", {}, "this request needs an exchange_order_id"),
        ("{since_ms}", {}, "this request needs a since_ns"),
        ("{amount}", {}, r"this order needs an amount; pass amount=Decimal"),
        ("{price}", {"price": Decimal(0)}, "price must be above zero, not 0"),
        ("{price}", {"price": Decimal("NaN")}, "price NaN cannot be written in 18 digits"),
        ("{price}", {"price": Decimal("1e-19")}, "price 1E-19 cannot be written in 18 digits"),
        ("{api_key}", {}, "this request needs the credential 'api_key'"),
    ],
)
def test_what_is_missing(bench_of: BenchOf, template: str, arguments: dict[str, object], message: str) -> None:
    bench = bench_of(SECTIONS % ("GET /fills", f'query: {{v: "{template}"}}'))
    with pytest.raises(UsageError, match=message):
        bench.build("fills_of_order", **arguments)


def test_a_value_that_a_preparation_gives(bench_of: BenchOf) -> None:
    text = (
        SECTIONS % ("GET /fills", 'query: {v: "{listen}"}')
        + "  token: {http: POST /token, gives: {listen: key as text}}\n"
    )
    bench = bench_of(text)
    with pytest.raises(UsageError, match="needs 'listen', which a preparation gives; it has not run, or has run out"):
        bench.build("fills_of_order")
    bench.context.given["listen"] = "a/b"
    assert bench.build("fills_of_order").target == "/fills?v=a%2Fb"
