"""Addresses that were learnt: where they lead, what is sent, and what is refused without being shown."""

import pytest

from exconn.codec import Context, Keyring, Symbols, learnt_request
from exconn.errors import HostRefused
from exconn.market.hosts import PinnedHosts

LISTED = ("wss://ws.x.example", "wss://push.x.example:8443", "ws://127.0.0.1:8080", "ws://[::1]:8080")
HERE = Context(Keyring((), {}), {}, Symbols(), {}, learnt={"ws": LISTED})


@pytest.mark.parametrize(
    ("address", "query", "origin", "target"),
    [
        ("wss://ws.x.example", "", "wss://ws.x.example", "/"),
        ("wss://ws.x.example/", "token=t", "wss://ws.x.example", "/?token=t"),
        ("wss://ws.x.example/a/b?c=d", "token=t", "wss://ws.x.example", "/a/b?c=d&token=t"),
        ("wss://ws.x.example?c=d", "", "wss://ws.x.example", "/?c=d"),
        ("wss://WS.x.example:443/a", "", "wss://ws.x.example", "/a"),
        ("wss://push.x.example:8443/a", "", "wss://push.x.example:8443", "/a"),
        ("ws://127.0.0.1:8080/a", "", "ws://127.0.0.1:8080", "/a"),
        ("ws://[::1]:8080/a", "", "ws://[::1]:8080", "/a"),
    ],
)
def test_where_an_address_leads(address: str, query: str, origin: str, target: str) -> None:
    request = learnt_request(HERE, "ws", address, query)
    assert (request.method, request.origin, request.target) == ("GET", origin, target)
    PinnedHosts({}, {"ws": LISTED}).url_of(request)


NOT_LISTED = [
    "wss://ws.x.example.evil.example/",
    "wss://evil.example/ws.x.example",
    "wss://push.x.example/a",
    "wss://ws.x.example:8443/a",
    "ws://ws.x.example/a",
    "wss://x.example/a",
    "wss://ws.x.example./a",
]
NO_ADDRESS = [
    "",
    "https://ws.x.example/secret",
    "wss://ws.x.example@evil.example/secret",
    "wss://user:secret@ws.x.example/",
    "wss://ws.x.example#@evil.example/secret",
    "wss://ws.x.example/a#secret",
    "wss://ws.x.example\\@evil.example/secret",
    "wss://ws.x.example/a\\secret",
    "wss://ws.x.example /secret",
    "wss://ws.x.example/a secret",
    "wss://ws.x.example/secret\r\nX: y",
    "//ws.x.example/secret",
    "wss:///secret",
    "wss://ws.x.ex\u0430mple/secret",
    " wss://ws.x.example/secret",
    "wss://ws.x.example:/secret",
]


@pytest.mark.parametrize("address", NOT_LISTED)
def test_a_host_that_is_not_listed(address: str) -> None:
    with pytest.raises(HostRefused, match="for 'ws', which is not listed; nothing was sent"):
        learnt_request(HERE, "ws", address, "")


@pytest.mark.parametrize("address", NO_ADDRESS)
def test_no_address(address: str) -> None:
    with pytest.raises(HostRefused) as raised:
        learnt_request(HERE, "ws", address, "token=secret")
    assert str(raised.value) == "what the exchange gave as the address of 'ws' is no wss:// URL; nothing was sent"


def test_another_name_lists_nothing() -> None:
    with pytest.raises(HostRefused, match="which is not listed"):
        learnt_request(HERE, "push", "wss://ws.x.example/", "")
