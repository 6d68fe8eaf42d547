"""Recipes: each step against the standard library, what is signed against what is sent, and where results stand."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest

from exconn.codec import sorted_pairs
from exconn.compile import finish
from exconn.document import DocumentError
from exconn.errors import UsageError

BenchOf = Callable[..., Any]

KEY = {"api_key": "key-1", "secret_key": base64.b64encode(b"secret bytes").decode()}
SECTIONS = """
symbols: {rest: learnt}
credentials: {api_key: {secret: false}, secret_key: {secret: true, encoding: base64}}
signing:
  rest:
    %s
endpoints:
  fills_of_order:
    http: %s
    signed: rest
    %s
"""


def mac(message: bytes, algorithm: str = "sha256") -> bytes:
    return hmac.new(b"secret bytes", message, algorithm).digest()


def hexed(data: bytes) -> str:
    return data.hex()


def coded(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.mark.parametrize(
    ("values", "signed"),
    [
        ('{s: {sha256: "{client_id}", as: hex}}', hexed(hashlib.sha256(b"mine-1").digest())),
        ('{s: {sha384: "{client_id}", as: hex}}', hexed(hashlib.sha384(b"mine-1").digest())),
        ('{s: {sha512: "{client_id}", as: base64}}', coded(hashlib.sha512(b"mine-1").digest())),
        ('{s: {hmac_sha256: "{nonce}", key: secret_key, as: hex}}', hexed(mac(b"17"))),
        ('{s: {hmac_sha384: "{nonce}", key: secret_key, as: base64}}', coded(mac(b"17", "sha384"))),
        ('{s: {hmac_sha512: "{nonce}", key: secret_key, as: hex}}', hexed(mac(b"17", "sha512"))),
        ('{s: {base64: "{client_id}:é"}}', coded("mine-1:é".encode())),
        ("{s: {json: 'a\"{client_id}'}}", '"a\\"mine-1"'),
        (
            '{d: {sha256: "{nonce}{body}", as: bytes}, s: {hmac_sha512: "{path}{d}", key: secret_key, as: base64}}',
            coded(mac(b"/fills" + hashlib.sha256(b"17").digest(), "sha512")),
        ),
        ('{d: {sha256: x, as: bytes}, s: {base64: "{d}"}}', coded(hashlib.sha256(b"x").digest())),
        (
            '{s: {sha256: "{d}!", as: hex}, d: {sha512: y, as: hex}}',
            hexed(hashlib.sha256(hashlib.sha512(b"y").hexdigest().encode() + b"!").digest()),
        ),
    ],
)
def test_steps(bench_of: BenchOf, values: str, signed: str) -> None:
    recipe = f'values: {values}\n    after: {{headers: {{Sign: "{{s}}"}}}}'
    request = bench_of(SECTIONS % (recipe, "GET /fills", ""), KEY).build("fills_of_order")
    assert request.headers == (("Sign", signed),)


@pytest.mark.parametrize(
    ("message", "http", "own", "expected"),
    [
        ("{method} {host}", "GET /f", "", "GET api.tidal.example"),
        ("{path}|{path_query}|{query}", "GET /f", "query: {b: 2, a: 1}", "/f|/f?b=2&a=1|b=2&a=1"),
        ("{query_sorted}", "GET /f", 'query: {b: 2, a: "x y"}', "a=x%20y&b=2"),
        ("{query_sorted}", "GET /f", 'query: {b: "{client_id}", a: 1}', "a=1&b=mine-1"),
        ("{path}|{path_query}|{query}|{query_sorted}", "GET /f", "", "/f|/f||"),
        ("{path}|{http_path}", "'GET /f/{symbol.rest}'", "", "/f/btc%2Fusdt|/f/btc/usdt"),
        ("{params}|{params_plain}", "GET /f", 'query: {s: "{symbol.rest}"}', "s=btc%2Fusdt|s=btc/usdt"),
        ("{params}|{params_plain}", "POST /f", 'form: {s: "{symbol.rest}", t: 1}', "s=btc%2Fusdt&t=1|s=btc/usdt&t=1"),
        ("{params}|{params_plain}", "POST /f", "json: {s: a b, l: [1], n: 3}", "s=a%20b&l=%5B1%5D&n=3|s=a b&l=[1]&n=3"),
        ("{body}|{content_type}", "POST /f", 'json: {s: "{client_id}"}', '{"s":"mine-1"}|application/json'),
        ("{body}|{content_type}", "POST /f", "form: {s: 1}", "s=1|application/x-www-form-urlencoded"),
        ("{body}|{content_type}|{query}", "DELETE /f", "query: {s: 1}", "||s=1"),
        ("{content_type}", "POST /f", "json: {s: 1}\n    headers: {content-type: text/x}", "text/x"),
        ("{time_ms}{time_ms}{uuid_hex:upper}", "GET /f", "", "17672256002501767225600250" + "0123456789ABCDEF" * 2),
        ("{api_key}:{symbol.rest:url}", "GET /f", "", "key-1:btc%2Fusdt"),
    ],
)
def test_what_can_be_signed(bench_of: BenchOf, message: str, http: str, own: str, expected: str) -> None:
    recipe = f'values: {{s: {{base64: "{message}"}}}}\n    after: {{headers: {{Sign: "{{s}}"}}}}'
    request = bench_of(SECTIONS % (recipe, http, own), KEY).build("fills_of_order")
    assert base64.b64decode(dict(request.headers)["Sign"]).decode() == expected


def test_the_host_signed_is_the_host_used(bench_of: BenchOf) -> None:
    recipe = 'values: {s: {base64: "{host}"}}\n    after: {headers: {Sign: "{s}"}}'
    bench = bench_of(SECTIONS % (recipe, "GET /f", ""), KEY)
    for origin, host in [
        ("http://127.0.0.1:8123", "127.0.0.1:8123"),
        ("https://x.example:443", "x.example"),
        ("http://[::1]:9", "[::1]:9"),
    ]:
        bench.context.hosts = {"rest": origin}
        request = bench.build("fills_of_order")
        assert request.origin == origin
        assert base64.b64decode(dict(request.headers)["Sign"]).decode() == host


@pytest.mark.parametrize(
    ("place", "http", "own", "signed", "target", "body"),
    [
        ("query", "GET /f", "query: {a: 1}", "a=1", "/f?a=1&sig=%s", b""),
        ("query", "GET /f", "", "", "/f?sig=%s", b""),
        ("params", "GET /f", "query: {a: 1}", "a=1", "/f?a=1&sig=%s", b""),
        ("form", "POST /f", "form: {a: 1}", "a=1", "/f", b"a=1&sig=%s"),
        ("params", "POST /f", "form: {a: '{client_id}'}", "a=mine-1", "/f", b"a=mine-1&sig=%s"),
        ("json", "POST /f", "json: {a: x}", '{"a":"x"}', "/f", b'{"a":"x","sig":"%s"}'),
        ("params", "POST /f", "json: {a: '{client_id}'}", '{"a":"mine-1"}', "/f", b'{"a":"mine-1","sig":"%s"}'),
    ],
)
def test_where_the_signature_is_placed(
    bench_of: BenchOf, place: str, http: str, own: str, signed: str, target: str, body: bytes
) -> None:
    recipe = f'values: {{s: {{sha256: "{{query}}{{body}}", as: hex}}}}\n    after: {{{place}: {{sig: "{{s}}"}}}}'
    request = bench_of(SECTIONS % (recipe, http, own), KEY).build("fills_of_order")
    signature = hashlib.sha256(signed.encode()).hexdigest()
    assert request.target == (target % signature if "%s" in target else target)
    assert request.body == (body % signature.encode() if b"%s" in body else body)


@pytest.mark.parametrize(
    ("before", "http", "own", "target", "body"),
    [
        ("query: {t: '{time_s}'}", "GET /f", "query: {a: 1}", "/f?t=1767225600&a=1", b""),
        ("form: {nonce: '{nonce}'}", "POST /f", "form: {a: 1}", "/f", b"nonce=17&a=1"),
        ("form: {nonce: '{nonce}'}", "POST /f", "", "/f", b"nonce=17"),
        (
            "json: {nonce: '{nonce:number}', path: '{path}'}",
            "POST /f",
            "json: {a: 1}",
            "/f",
            b'{"nonce":17,"path":"/f","a":1}',
        ),
        ("params: {t: 1}", "GET /f", "query: {a: 1}", "/f?t=1&a=1", b""),
        ("params: {t: 1}", "POST /f", "form: {a: 1}", "/f", b"t=1&a=1"),
        ("params: {t: 1}", "POST /f", "json: {a: 1}", "/f", b'{"t":"1","a":1}'),
        ("params: {t: 1}", "POST /f", "", "/f?t=1", b""),
    ],
)
def test_what_goes_in_before(bench_of: BenchOf, before: str, http: str, own: str, target: str, body: bytes) -> None:
    recipe = f'before: {{{before}}}\n    values: {{s: {{base64: "{{path_query}} {{body}}"}}}}'
    recipe += '\n    after: {headers: {Sign: "{s}"}}'
    request = bench_of(SECTIONS % (recipe, http, own), KEY).build("fills_of_order")
    assert (request.target, request.body) == (target, body)
    assert base64.b64decode(dict(request.headers)["Sign"]) == target.encode() + b" " + body


def test_a_body_that_is_signed_and_not_sent(bench_of: BenchOf) -> None:
    recipe = 'values: {payload: {base64: "{body}"}}\n    after: {headers: {Payload: "{payload}"}, body: empty}'
    request = bench_of(SECTIONS % (recipe, "POST /f", "json: {a: 1}"), KEY).build("fills_of_order")
    assert request.body == b""
    assert request.headers == (("Payload", coded(b'{"a":1}')),)


def test_an_expiry(bench_of: BenchOf) -> None:
    recipe = (
        'expires_in: 10\n    values: {s: {base64: "{expires_s} {expires_ms}"}}\n    after: {headers: {Sign: "{s}"}}'
    )
    request = bench_of(SECTIONS % (recipe, "GET /f", ""), KEY).build("fills_of_order")
    assert base64.b64decode(dict(request.headers)["Sign"]) == b"1767225610 1767225610250"


def test_several_results_and_one_call(bench_of: BenchOf) -> None:
    recipe = (
        'values: {a: {sha256: x, as: hex}, b: {sha512: "{a}", as: hex}}'
        '\n    after: {headers: {A: "{a}", B: "{b}"}, query: {c: "{a}"}}'
    )
    bench = bench_of(SECTIONS % (recipe, "GET /f", ""), KEY)
    request = bench.build("fills_of_order")
    first = hashlib.sha256(b"x").hexdigest()
    assert dict(request.headers) == {"A": first, "B": hashlib.sha512(first.encode()).hexdigest()}
    assert request.target == f"/f?c={first}"
    assert bench.build("fills_of_order") == request


def test_a_missing_key(bench_of: BenchOf) -> None:
    recipe = 'values: {s: {hmac_sha256: x, key: secret_key, as: hex}}\n    after: {headers: {Sign: "{s}"}}'
    bench = bench_of(SECTIONS % (recipe, "GET /f", ""), {"api_key": "key-1"})
    with pytest.raises(UsageError, match="this request needs the credential 'secret_key'; give it to the market"):
        bench.build("fills_of_order")


def test_sorted_pairs(bench_of: BenchOf) -> None:
    recipe = 'values: {s: {sorted_pairs: "{body}"}}\n    after: {headers: {Sign: "{s}"}}'
    bench = bench_of(SECTIONS % (recipe, "POST /f", "json: {b: {d: 1, c: [x, 2]}, a: true}"), KEY)
    assert dict(bench.build("fills_of_order").headers)["Sign"] == "atruebcx2d1"


@pytest.mark.parametrize(
    ("text", "flat"),
    [
        ("", ""),
        ("{}", ""),
        ('{"b":0.10,"a":-1e400}', "a-1e400b0.10"),
        (
            '{"n":12345678901234567890123.4500,"m":null,"t":true,"f":false}',
            "ffalsemnulln12345678901234567890123.4500ttrue",
        ),
        ('{"z":[{"b":1,"a":"x"},[],"y"],"é":"ü"}', "zaxb1yéü"),
    ],
)
def test_sorted_pairs_keep_the_spelling(text: str, flat: str) -> None:
    assert sorted_pairs(text) == flat


def test_sorted_pairs_of_what_is_no_object(bench_of: BenchOf) -> None:
    recipe = 'values: {s: {sorted_pairs: "{client_id}"}}\n    after: {headers: {Sign: "{s}"}}'
    bench = bench_of(SECTIONS % (recipe, "GET /f", ""), KEY)
    with pytest.raises(UsageError, match="sorted_pairs needs a JSON object"):
        bench.build("fills_of_order")


def unsealed(token: str) -> list[Any]:
    """Header and claims of a token."""
    return [json.loads(base64.urlsafe_b64decode(f"{part}==")) for part in token.split(".")[:2]]


def test_a_token(bench_of: BenchOf) -> None:
    recipe = (
        'expires_in: 10\n    values:\n      s: {jwt: HS512, header: {kid: "{api_key}"}, key: secret_key,'
        ' claims: {n: "{time_s:number}", e: "{expires_ms:number}", on: true, deep: {list: [1, "{d}"]}, p: "{path}"}}'
        '\n      d: {sha256: x, as: hex}\n    after: {headers: {Sign: "Bearer {s}"}}'
    )
    request = bench_of(SECTIONS % (recipe, "GET /f", ""), KEY).build("fills_of_order")
    signed, _, signature = dict(request.headers)["Sign"].removeprefix("Bearer ").rpartition(".")
    claims = {"n": 1767225600, "e": 1767225610250, "on": True, "p": "/f"}
    claims["deep"] = {"list": [1, hashlib.sha256(b"x").hexdigest()]}
    assert unsealed(signed) == [{"alg": "HS512", "kid": "key-1"}, claims]
    assert base64.urlsafe_b64decode(f"{signature}==") == mac(signed.encode(), "sha512")


@pytest.mark.parametrize(
    ("own", "message", "expected"),
    [
        (
            'json: {a: "{client_id}", b: {d: [x, 1], c: "{symbol.rest}"}}',
            "{body.a}|{body.b}",
            'mine-1|{"d":["x",1],"c":"btc/usdt"}',
        ),
        ("json: {a-B: 7, c: true, d: null, e: 'q\"'}", "{body.a-B}{body.c}{body.d}{body.e}", '7truenullq"'),
        ('json: {a: "{client_id}-{nonce}", b: "{client_id}+{nonce}"}', "{body.b}{body.a}", "mine-1+17mine-1-17"),
    ],
)
def test_fields_of_the_body(bench_of: BenchOf, own: str, message: str, expected: str) -> None:
    recipe = f'values: {{s: {{base64: "{message}"}}}}\n    after: {{headers: {{Sign: "{{s}}"}}}}'
    request = bench_of(SECTIONS % (recipe, "POST /f", own), KEY).build("fills_of_order")
    assert base64.b64decode(dict(request.headers)["Sign"]).decode() == expected


PUBLISHED = (
    "symbol: LTCBTC, side: BUY, type: LIMIT, timeInForce: GTC, quantity: 1, price: '0.1', recvWindow: 5000,"
    " timestamp: 1499827319559"
)


@pytest.mark.parametrize(("http", "place"), [("POST /api/v3/order", "query"), ("POST /api/v3/order", "form")])
def test_a_published_signature(bench_of: BenchOf, http: str, place: str) -> None:
    """binance: https://developers.binance.com/docs/binance-spot-api-docs/rest-api/request-security"""
    recipe = (
        'values: {s: {hmac_sha256: "{query}{body}", key: secret_key, as: hex}}\n    after: {params: {signature: "{s}"}}'
    )
    secret = base64.b64encode(b"NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j").decode()
    bench = bench_of(SECTIONS % (recipe, http, f"{place}: {{{PUBLISHED}}}"), {"secret_key": secret})
    request = bench.build("fills_of_order")
    sent = request.target.partition("?")[2] or request.body.decode()
    assert sent == (
        "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559"
        "&signature=c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"
    )


def test_a_published_payload(bench_of: BenchOf) -> None:
    """gemini: https://developer.gemini.com/authentication/api-key; its JSON is printed, and signed, with blanks."""
    payload = base64.b64encode(
        b'{\n    "request": "/v1/order/status",\n    "nonce": 123456,\n\n    "order_id": 18834\n}\n'
    )
    values = f'{{s: {{hmac_sha384: "{payload.decode()}", key: secret_key, as: hex}}}}'
    recipe = f'values: {values}\n    after: {{headers: {{Sign: "{{s}}"}}}}'
    bench = bench_of(SECTIONS % (recipe, "POST /f", ""), {"secret_key": base64.b64encode(b"1234abcd").decode()})
    assert dict(bench.build("fills_of_order").headers)["Sign"] == (
        "337cc8b4ea692cfe65b4a85fcc9f042b2e3f702ac956fd098d600ab15705775017beae402be773ceee10719ff70d710f"
    )


def test_bytes_cannot_be_placed(bench_of: BenchOf) -> None:
    recipe = 'values: {s: {sha256: x, as: bytes}}\n    after: {headers: {Sign: "{s}"}}'
    with pytest.raises(
        DocumentError, match=r"tidal.yaml:\d+:\d+: error\[cannot-compile\] {s} is bytes; only signing steps"
    ):
        finish(bench_of(SECTIONS % (recipe, "GET /f", ""), KEY).codec)
