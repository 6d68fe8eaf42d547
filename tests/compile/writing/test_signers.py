"""Signing requests that are no operation of the spec: the same signatures as the spec's own requests have."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from exconn.codec import Request, Unsigned
from exconn.errors import UsageError

BenchOf = Callable[..., Any]

KEY = {"api_key": "key-1", "secret_key": "secret"}
SECTIONS = """
credentials: {api_key: {secret: false}, secret_key: {secret: true}}
signing:
  rest:
    nonce: increasing_ms
    %s
endpoints:
  fills_of_order:
    http: %s
    signed: rest
    %s
"""
EVERYTHING = (
    'values: {s: {hmac_sha256: "{method}{host}{path}{http_path}{path_query}{query}{query_sorted}{params}{params_plain}'
    '{body}{content_type}{time_ms}{nonce}{api_key}{d}", key: secret_key, as: hex}, d: {sha256: "{body}", as: hex}}'
)


def signed(bench: Any, **parts: Any) -> Request:
    unsigned = Unsigned(origin="https://api.tidal.example", **parts)
    request: Request = bench.codec.signers["rest"].sign(unsigned, bench.fresh, bench.context)
    return request


@pytest.mark.parametrize(
    ("http", "own", "parts"),
    [
        ("GET /f", "", {}),
        ("GET /f/x", 'query: {b: "a b", a: 1}', {"query": {"b": "a b", "a": 1}}),
        ("POST /f", "form: {b: é, a: 1}", {"form": {"b": "é", "a": 1}}),
        ("POST /f", "json: {a: x, b: {c: [1, true, null]}}", {"json": {"a": "x", "b": {"c": [1, True, None]}}}),
    ],
)
@pytest.mark.parametrize(
    "around",
    [
        'after: {headers: {Sign: "{s}"}}',
        'before: {headers: {K: "{api_key}"}}\n    after: {query: {s: "{s}"}}',
        'before: {query: {n: "{nonce}"}}\n    after: {params: {s: "{s}"}}',
        'before: {headers: {K: "{method} {host}{path}"}}\n    after: {headers: {Sign: "{s}"}}',
        'before: {params: {n: "{nonce}"}}\n    after: {params: {s: "{s}"}}',
        'before: {params: {n: "{nonce}"}, own: first}\n    after: {params: {s: "{s}"}}',
        'after: {headers: {Sign: "{s}", Content-Type: text/y}}',
    ],
)
def test_the_same_request_as_the_endpoint_builds(
    bench_of: BenchOf, around: str, http: str, own: str, parts: dict[str, object]
) -> None:
    bench = bench_of(SECTIONS % (f"{EVERYTHING}\n    {around}", http, own), KEY)
    method, path = http.split()
    built, made = bench.build("fills_of_order"), signed(bench, method=method, path=path, **parts)
    assert (made.target, made.body) == (built.target, built.body)
    assert sorted(made.headers) == sorted(built.headers)
    assert bench.codec.signers["rest"].nonce == "ms"


@pytest.mark.parametrize(
    ("http", "own", "target", "body"),
    [
        ("GET /f", "query: {b: 2, a: 1}", "/f?b=2&a=1&n=17", b""),
        ("GET /f", "", "/f?n=17", b""),
        ("POST /f", "form: {b: 2, a: 1}", "/f", b"b=2&a=1&n=17"),
        ("POST /f", "json: {b: 2, a: 1}", "/f", b'{"b":2,"a":1,"n":"17"}'),
    ],
)
def test_own_fields_stand_first(bench_of: BenchOf, http: str, own: str, target: str, body: bytes) -> None:
    around = 'before: {params: {n: "{nonce}"}, own: first}\n    after: {headers: {Sign: "{s}"}}'
    bench = bench_of(SECTIONS % (f"{EVERYTHING}\n    {around}", http, own), KEY)
    built = bench.build("fills_of_order")
    assert (built.target, built.body) == (target, body)


@pytest.mark.parametrize("place", ["form", "json"])
def test_a_body_that_the_recipe_begins(bench_of: BenchOf, place: str) -> None:
    recipe = f'{EVERYTHING}\n    before: {{{place}: {{nonce: "{{nonce}}"}}}}\n    after: {{{place}: {{s: "{{s}}"}}}}'
    bench = bench_of(SECTIONS % (recipe, "POST /f", f"{place}: {{a: x}}"), KEY)
    built, made = bench.build("fills_of_order"), signed(bench, method="POST", path="/f", **{place: {"a": "x"}})
    assert made == built


def test_a_body_that_is_not_sent(bench_of: BenchOf) -> None:
    recipe = 'values: {p: {base64: "{body}"}}\n    after: {headers: {P: "{p}"}, body: empty}'
    bench = bench_of(SECTIONS % (recipe, "POST /f", "json: {a: x}"), KEY)
    assert signed(bench, method="POST", path="/f", json={"a": "x"}) == bench.build("fills_of_order")


def test_money_and_flags(bench_of: BenchOf) -> None:
    bench = bench_of(SECTIONS % ('after: {headers: {K: "{api_key}"}}', "GET /f", ""), KEY)
    query = {"size": Decimal("1E-7"), "post": True, "n": 3}
    assert signed(bench, method="GET", path="/f", query=query).target == "/f?size=0.0000001&post=true&n=3"
    assert signed(bench, method="POST", path="/f", json={"l": (Decimal("0.10"),)}).body == b'{"l":["0.10"]}'


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"query": {"a": 0.1}}, "the parameter a is a float; pass a text, an int, a bool or a Decimal"),
        ({"json": {"a": [0.1]}}, "the parameter a holds a float; pass money as Decimal or text"),
        ({"query": {"a": Decimal("NaN")}}, "the parameter a: NaN cannot be written"),
        ({"form": {"a": 1}, "json": {"a": 1}}, "a request has one body: pass form or json, not both"),
    ],
)
def test_what_cannot_be_signed(bench_of: BenchOf, parts: dict[str, object], message: str) -> None:
    bench = bench_of(SECTIONS % ('after: {headers: {K: "{api_key}"}}', "GET /f", ""), KEY)
    with pytest.raises(UsageError, match=message):
        signed(bench, method="POST", path="/f", **parts)


def test_a_recipe_about_an_order_signs_nothing_else(bench_of: BenchOf) -> None:
    recipe = 'values: {s: {base64: "{client_id}"}}\n    after: {headers: {S: "{s}"}}'
    assert bench_of(SECTIONS % (recipe, "GET /f", ""), KEY).codec.signers == {}


@pytest.mark.parametrize(
    ("around", "http", "own", "parts"),
    [
        ('after: {json: {s: "{s}"}}', "POST /f", "", {}),
        ('after: {form: {s: "{s}"}}', "POST /f", "query: {a: x}", {"query": {"a": "x"}}),
        ('before: {form: {n: "{nonce}"}, params: {m: "1"}}\n    after: {params: {s: "{s}"}}', "POST /f", "", {}),
        (
            'before: {json: {n: "{nonce}"}}\n    after: {params: {s: "{s}"}}',
            "POST /f",
            "query: {a: x}",
            {"query": {"a": "x"}},
        ),
    ],
)
def test_a_body_of_the_recipe_alone(
    bench_of: BenchOf, around: str, http: str, own: str, parts: dict[str, object]
) -> None:
    bench = bench_of(SECTIONS % (f"{EVERYTHING}\n    {around}", http, own), KEY)
    method, path = http.split()
    assert signed(bench, method=method, path=path, **parts) == bench.build("fills_of_order")


@pytest.mark.parametrize(
    ("around", "place", "why"),
    [
        (
            'before: {json: {n: "{nonce}"}}',
            "form",
            "the recipe rest adds to a body of json, and this request has a form",
        ),
        ('after: {json: {s: "{s}"}}', "form", "the recipe rest adds to a body of json, and this request has a form"),
        (
            'before: {form: {n: "{nonce}"}}',
            "json",
            "the recipe rest adds to a body of form, and this request has a json",
        ),
        ('after: {form: {s: "{s}"}}', "json", "the recipe rest adds to a body of form, and this request has a json"),
    ],
)
def test_a_body_of_another_kind_than_the_recipes_is_refused(
    bench_of: BenchOf, around: str, place: str, why: str
) -> None:
    """No field of the recipe is left out in silence."""
    bench = bench_of(SECTIONS % (f"{EVERYTHING}\n    {around}", "POST /f", ""), KEY)
    with pytest.raises(UsageError, match=f"{why}; pass its parameters as"):
        signed(bench, method="POST", path="/f", **{place: {"a": "x"}})


@pytest.mark.parametrize("place", ["form", "json"])
def test_a_parameter_of_a_body_that_is_not_sent_is_refused(bench_of: BenchOf, place: str) -> None:
    around = 'after: {params: {s: "{s}"}, body: empty}'
    bench = bench_of(SECTIONS % (f"{EVERYTHING}\n    {around}", "POST /f", ""), KEY)
    with pytest.raises(UsageError, match="adds to the parameters of a body that it does not send; pass"):
        signed(bench, method="POST", path="/f", **{place: {"a": "x"}})


def test_http_path_is_the_path_before_it_was_encoded(bench_of: BenchOf) -> None:
    recipe = 'values: {s: {base64: "{path}|{http_path}"}}\n    after: {headers: {S: "{s}"}}'
    bench = bench_of(SECTIONS % (recipe, "'GET /f/{symbol.rest}'", "") + "symbols: {rest: learnt}\n", KEY)
    assert signed(bench, method="GET", path="/f/btc%2Fusdt") == bench.build("fills_of_order")


def test_a_recipe_named_as_the_signer_of_another_is_its_own(bench_of: BenchOf) -> None:
    more = """
  rest_request:
    values: {t: {hmac_sha512: "{path}", key: secret_key, as: hex}}
    after: {headers: {T: "{t}"}}
endpoints:
  balances: {http: GET /b, signed: rest_request}"""
    recipe = 'values: {s: {hmac_sha256: "{path}", key: secret_key, as: hex}}\n    after: {headers: {S: "{s}"}}'
    text = (SECTIONS % (recipe, "GET /f", "")).replace("\nendpoints:", more)
    bench = bench_of(text, KEY)
    assert [name for name, _ in bench.build("balances").headers] == ["T"]
    assert [name for name, _ in bench.build("fills_of_order").headers] == ["S"]


def test_a_text_that_is_no_unicode_is_refused_wherever_it_is_signed(bench_of: BenchOf) -> None:
    recipe = 'values: {s: {sha256: "{params_plain}", as: hex}}\n    after: {headers: {S: "{s}"}}'
    bench = bench_of(SECTIONS % (recipe, "GET /f", 'query: {o: "{exchange_order_id}"}'), KEY)
    with pytest.raises(UsageError, match="not valid Unicode"):
        bench.build("fills_of_order", exchange_order_id="\ud800")


def test_what_cannot_be_sent_is_refused_without_being_shown(bench_of: BenchOf) -> None:
    bench = bench_of(
        SECTIONS % (f'{EVERYTHING}\n    after: {{headers: {{Sign: "{{s}}"}}}}', "POST /f", "json: {a: x}"), KEY
    )
    with pytest.raises(UsageError, match="not valid Unicode and cannot be sent"):
        signed(bench, method="POST", path="/f", json={"a": ["\ud800secret"]})
