"""What sockets send: handshakes, logins, subscriptions in every form, pings."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from exconn.document import DocumentError

BenchOf = Callable[..., Any]
PAIRS = ["BTC-USDT", "ETH-USDT"]

SECTIONS = """
symbols: {ws: learnt}
credentials: {api_key: {secret: false}, secret_key: {secret: true}}
signing:
  ws: {nonce: increasing_us, values: {s: {sha256: "{nonce}{api_key}", as: hex}}}
sockets:
  feed:
    connect: {host: ws, path: "/feed"}
    %s
    messages: []
"""


def sent(bench_of: BenchOf, lines: str, pairs: list[str], verb: str = "subscribe") -> list[str]:
    bench = bench_of(SECTIONS % lines, {"api_key": "k"})
    frames: list[str] = bench.codec.sockets["feed"].subscribe(pairs, verb, bench.fresh, bench.context)
    return frames


@pytest.mark.parametrize(
    ("send", "frames"),
    [
        ("{send: {op: '{verb}', ch: all}}", ['{"op":"subscribe","ch":"all"}']),
        (
            "{send: {op: '{verb:upper}', ch: 'book-{symbol.ws}'}}",
            ['{"op":"SUBSCRIBE","ch":"book-btc/usdt"}', '{"op":"SUBSCRIBE","ch":"book-eth/usdt"}'],
        ),
        (
            "{send: {op: '{verb}', args: [{ch: t, id: '{symbol.ws}'}]}, list: args, at_most: 50}",
            ['{"op":"subscribe","args":[{"ch":"t","id":"btc/usdt"},{"ch":"t","id":"eth/usdt"}]}'],
        ),
        (
            "{send: {op: '{verb}', p: {l: ['{symbol.ws}']}}, list: p.l, at_most: 1}",
            ['{"op":"subscribe","p":{"l":["btc/usdt"]}}', '{"op":"subscribe","p":{"l":["eth/usdt"]}}'],
        ),
        (
            "{send: {op: '{verb}', l: ['{base:lower}{quote:lower}']}, list: l}",
            ['{"op":"subscribe","l":["btcusdt","ethusdt"]}'],
        ),
    ],
)
def test_subscriptions(bench_of: BenchOf, send: str, frames: list[str]) -> None:
    assert sent(bench_of, f"subscribe: [{send}]", PAIRS) == frames


def test_leaving(bench_of: BenchOf) -> None:
    both = "subscribe: [{send: {op: '{verb}', s: '{symbol.ws}'}}, {send: {join: all}}]"
    assert sent(bench_of, both, PAIRS[:1]) == ['{"op":"subscribe","s":"btc/usdt"}', '{"join":"all"}']
    assert sent(bench_of, both, PAIRS[:1], "unsubscribe") == ['{"op":"unsubscribe","s":"btc/usdt"}']


@pytest.mark.parametrize("at_most", ["", ", at_most: 2"])
def test_no_pairs_no_list(bench_of: BenchOf, at_most: str) -> None:
    assert sent(bench_of, f"subscribe: [{{send: {{v: '{{verb}}', l: ['{{symbol.ws}}']}}, list: l{at_most}}}]", []) == []


def test_following_frames_take_following_ids(bench_of: BenchOf) -> None:
    frames = sent(
        bench_of,
        "subscribe: [{send: {v: '{verb}', id: '{request_id:number}', u: '{uuid_hex}', s: '{symbol.ws}'}}]",
        PAIRS,
    )
    assert frames == [
        '{"v":"subscribe","id":5,"u":"0123456789abcdef0123456789abcdef","s":"btc/usdt"}',
        '{"v":"subscribe","id":6,"u":"0123456789abcdef0123456789abcdf0","s":"eth/usdt"}',
    ]


def test_a_signed_subscription(bench_of: BenchOf) -> None:
    frames = sent(bench_of, "subscribe: [{send: {v: '{verb}', n: '{nonce:number}', s: '{s}'}, signed: ws}]", [])
    assert frames == [f'{{"v":"subscribe","n":17,"s":"{hashlib.sha256(b"17k").hexdigest()}"}}']


def test_a_login(bench_of: BenchOf) -> None:
    bench = bench_of(
        SECTIONS % "login: {signed: ws, send: {op: login, args: ['{api_key}', '{s}', '{nonce}']}}", {"api_key": 'k"'}
    )
    socket = bench.codec.sockets["feed"]
    assert socket.login is not None
    digest = hashlib.sha256(b'17k"').hexdigest()
    assert socket.login(bench.fresh, bench.context) == f'{{"op":"login","args":["k\\"","{digest}","17"]}}'
    assert socket.nonces == {"login": "us"}


def test_a_handshake(bench_of: BenchOf) -> None:
    text = """
credentials: {api_key: {secret: false}}
signing:
  shake: {values: {s: {sha256: "{method} {host}{path_query}", as: hex}}, after: {headers: {X-Sign: "{s}"}}}
sockets:
  feed:
    connect: {host: ws, path: "/feed/{api_key}", query: {v: 2}, signed: shake}
    messages: []
"""
    bench = bench_of(text, {"api_key": "k"})
    request = bench.codec.sockets["feed"].connect(bench.fresh, bench.context)
    assert (request.method, request.origin, request.target) == ("GET", "wss://ws.tidal.example", "/feed/k?v=2")
    assert request.headers == (("X-Sign", hashlib.sha256(b"GET ws.tidal.example/feed/k?v=2").hexdigest()),)


@pytest.mark.parametrize(
    ("lines", "frame", "every", "after_silence"),
    [
        ("ping: {word: ping, every: 20}", "ping", 20.0, None),
        ("ping: {send: {op: ping, id: '{request_id}'}, after_silence: '7.5'}", '{"op":"ping","id":"5"}', None, 7.5),
        ("ping: {every: 9}", None, 9.0, None),
    ],
)
def test_pings(
    bench_of: BenchOf, lines: str, frame: str | None, every: float | None, after_silence: float | None
) -> None:
    bench = bench_of(SECTIONS % lines, {"api_key": "k"})
    ping = bench.codec.sockets["feed"].ping
    assert ping is not None
    assert (ping.frame and ping.frame(bench.fresh, bench.context)) == frame
    assert (ping.every, ping.after_silence) == (every, after_silence)


def test_a_list_that_is_not_there(bench_of: BenchOf) -> None:
    with pytest.raises(DocumentError, match=r"list args.x does not name an array of one element in `send`"):
        sent(bench_of, "subscribe: [{send: {args: ['{symbol.ws}']}, list: args.x}]", [])
