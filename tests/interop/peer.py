"""ccxt without a network: what it would send is caught, and what it is told is read by it.

Rules: its own public functions are called as a trader calls them; its clock stands still; its markets are those that it
reads in the samples or messages that it is given; each peer has dummy keys, and none of its sockets is ever opened.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

TIME_MS = 1_700_000_000_123
OPTIONS: dict[str, dict[str, Any]] = {
    "binance": {
        "fetchMarkets": {"types": ["spot"]},
        "fetchMargins": False,
        "fetchOpenOrders": {"warnWithoutSymbol": False},
    },
}


class Caught(Exception):
    """A request that was not sent."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What would have been sent."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: str


@dataclass(slots=True)
class Peer:
    """A client of one exchange. `sent`: its newest request. `answers`: part of an address -> the answer."""

    client: Any
    sent: Sent | None = None
    answers: dict[str, str] = field(default_factory=dict)

    def fetch(self, url: str, method: str = "GET", headers: Any = None, body: Any = None) -> Any:
        """In place of the network: the answer of the longest part of the address that has one."""
        self.sent = Sent(method, url, dict(headers or {}), body or "")
        for part in sorted(self.answers, key=len, reverse=True):
            if part in url:
                return self.client.parse_json(self.answers[part])
        raise Caught(url)

    def asked(self, ask: Callable[[Any], Any]) -> Sent:
        """What it sends when it is asked."""
        self.answers, self.sent = {}, None
        with suppress(Caught):
            ask(self.client)
        assert self.sent is not None
        return self.sent

    def told(self, answer: str, ask: Callable[[Any], Any]) -> Any:
        """What it makes of an answer to whatever it asks for."""
        self.answers = {"": answer}
        return ask(self.client)


def peer_of(name: str, credentials: Mapping[str, str]) -> Peer:
    """A client that knows no market yet."""
    import ccxt  # all its exchanges at once, which whoever only collects tests need not wait for

    keys = {"apiKey": credentials["api_key"], "secret": credentials["secret_key"], "enableRateLimit": False}
    client = getattr(ccxt, name)({**keys, "options": OPTIONS.get(name, {})})
    client.milliseconds = lambda: TIME_MS
    peer = Peer(client)
    client.fetch = peer.fetch
    return peer


def learn(peer: Peer, rules: str) -> None:
    """Let it read its markets."""
    peer.answers = {"": rules, "/Assets": '{"error": [], "result": {}}'}
    peer.client.set_markets(peer.client.fetch_markets())


def know(peer: Peer, symbols: Mapping[str, Mapping[str, str]]) -> None:
    """Give it markets like its first one, for all pairs that `symbols` (form -> pair -> symbol) names."""
    client = peer.client
    model = next(iter(client.markets.values()))
    names: dict[str, list[str]] = {}
    for pairs in symbols.values():
        for pair, text in pairs.items():
            names.setdefault(pair, []).append(text)
    made = []
    for pair, texts in names.items():
        base, quote = pair.split("-")
        own = {"symbol": f"{base}/{quote}", "base": base, "quote": quote, "baseId": base, "quoteId": quote}
        made.append({**model, **own, "id": texts[1 % len(texts)], "altname": texts[0], "wsId": texts[-1]})
    client.set_markets(made)
    client.options["marketsByAltname"] = {market["altname"]: market for market in made}
