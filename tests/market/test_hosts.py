"""Which origins a market may use, and which URLs pass the check that is made as they are sent."""

from collections.abc import Callable

import hypothesis
import pytest
from hypothesis import strategies as st
from yarl import URL

from exconn.codec import Request
from exconn.errors import ExconnError, HostRefused, UsageError
from exconn.market.hosts import PinnedHosts, choose_hosts, choose_learnt

GROUPS = {
    "main": {"rest": "https://api.x.example", "ws": "wss://stream.x.example"},
    "test": {"rest": "https://test.x.example", "ws": "wss://test.x.example"},
}
PINNED = PinnedHosts(GROUPS["main"])


@pytest.mark.parametrize(
    ("given", "rest"),
    [
        (None, "https://api.x.example"),
        ("test", "https://test.x.example"),
        ({}, "https://api.x.example"),
        ({"rest": "https://other.example", "ws": "wss://other.example"}, "https://other.example"),
        ({"rest": "http://127.0.0.1:8080", "ws": "ws://127.0.0.1:8080"}, "http://127.0.0.1:8080"),
        ({"ws": "ws://[::1]:8080", "rest": "http://[::1]:8080/"}, "http://[::1]:8080"),
    ],
)
def test_the_hosts_in_force(given: dict[str, str] | str | None, rest: str) -> None:
    chosen = choose_hosts(GROUPS, given)
    assert chosen["rest"] == rest
    assert list(chosen) == ["rest", "ws"]


@pytest.mark.parametrize(
    ("given", "kind", "message"),
    [
        ("prod", UsageError, "unknown group of hosts 'prod'; this exchange has main, test"),
        ({"api": "https://x"}, UsageError, "unknown host 'api'; this exchange has rest, ws"),
        ({"rest": "http://api.x.example"}, HostRefused, "plain http and ws only go to 127.0.0.1 or [::1], not 'api.x"),
        ({"rest": "http://localhost:1"}, HostRefused, "not 'localhost'"),
        ({"rest": "http://127.0.0.1.evil.example"}, HostRefused, "not '127.0.0.1.evil.example'"),
        ({"rest": "http://10.0.0.1"}, HostRefused, "not '10.0.0.1'"),
        ({"rest": "ftp://127.0.0.1"}, HostRefused, "must be https or wss"),
        ({"rest": "https://a@api.x.example"}, HostRefused, "must be an origin"),
        ({"rest": "https://api.x.example/v1"}, HostRefused, "must be an origin"),
        ({"rest": "api.x.example"}, HostRefused, "host 'rest' is no URL with a host, as https://api.x.com"),
        ({"rest": "http://127.0.0.1:1"}, UsageError, "an origin for each of rest, ws; ws is missing"),
    ],
)
def test_hosts_that_are_refused(given: dict[str, str] | str, kind: type[ExconnError], message: str) -> None:
    with pytest.raises(kind) as caught:
        choose_hosts(GROUPS, given)
    assert message in str(caught.value)


LEARNT = {"main": {"push": ("wss://push.x.example",)}, "test": {"push": ("wss://test.x.example",)}}


def test_where_learnt_addresses_may_lead() -> None:
    given = {"rest": "http://127.0.0.1:1", "ws": "ws://127.0.0.1:1", "push": "ws://127.0.0.1:1"}
    assert choose_learnt(LEARNT, None) == LEARNT["main"]
    assert choose_learnt(LEARNT, "test") == LEARNT["test"]
    assert choose_learnt(LEARNT, given) == {"push": ("ws://127.0.0.1:1",)}
    assert list(choose_hosts(GROUPS, given, ["push"])) == ["rest", "ws"]
    with pytest.raises(UsageError, match="an origin for each of rest, ws, push; push is missing"):
        choose_hosts(GROUPS, {name: given[name] for name in ("rest", "ws")}, ["push"])


def test_a_plain_origin_of_a_spec_is_refused() -> None:
    with pytest.raises(HostRefused, match="host 'rest' of this exchange is not https or wss"):
        choose_hosts({"main": {"rest": "http://127.0.0.1:80"}}, None)


@pytest.mark.parametrize(
    ("origin", "target"),
    [
        ("https://api.x.example", "/v1/a?b=%7E&c=%2F&d=a+b&e=%20"),
        ("https://api.x.example", "/v1/a//b/../c;x=1?"[:-1]),
        ("https://api.x.example:443", "/"),
        ("wss://stream.x.example", "/ws?token=%3D"),
    ],
)
def test_a_target_is_sent_as_it_is_signed(origin: str, target: str) -> None:
    assert PINNED.url_of(Request("GET", origin, target)).raw_path_qs == target


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/v1",
        "https://api.x.example@evil.example/v1",
        "https://api.x.example.evil.example/v1",
        "https://user@api.x.example/v1",
        "https://user:pass@api.x.example/v1",
        "https://api.x.example:8443/v1",
        "http://api.x.example/v1",
        "ws://stream.x.example/v1",
        "https://stream.x.example:80/v1",
        "https://127.0.0.1/v1",
    ],
)
def test_urls_of_other_places_are_refused(url: str) -> None:
    with pytest.raises(HostRefused, match="is not a host of this exchange; nothing was sent"):
        PINNED.check(URL(url, encoded=True))


@pytest.mark.parametrize(
    "target",
    ["@evil.example/x", "[]@", ".evil.example", ":8443/x", "\\@evil.example", "/a#b", "/a b", "/a\r\nX: 1", "/é", ""],
)
def test_targets_that_would_change_the_url_are_refused(target: str) -> None:
    with pytest.raises(HostRefused):
        PINNED.url_of(Request("GET", "https://api.x.example", target))


@hypothesis.example("[]@", "")
@hypothesis.given(
    st.text(st.sampled_from('/?#&=%@:;[]\\"{}| \t\n\x7féab.'), max_size=12), st.sampled_from(["", "/", "/v1"])
)
def test_a_plain_target_gives_the_url_that_parsing_gives(rest: str, start: str) -> None:
    request = Request("GET", "https://api.x.example", start + rest)
    made = [_url_or_none(way, request) for way in (PINNED.url_of, PINNED._checked)]
    assert made[0] == made[1]
    assert str(made[0]) == str(made[1])


def _url_or_none(way: Callable[[Request], URL], request: Request) -> URL | None:
    try:
        return way(request)
    except HostRefused:
        return None
