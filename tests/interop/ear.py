"""ccxt.pro without a connection: what it tells its listeners when it is given one frame.

Rules: a client hears one frame and is thrown away, as it remembers orders and balances; the frame itself (`info`) and
what it says nothing of are left out of what it tells.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from .peer import Peer

URLS = {
    ("binance", "public"): "wss://stream.binance.com:9443/ws/0",
    ("binance", "user"): "wss://ws-api.binance.com/ws-api/v3",
    ("kraken", "public"): "wss://ws.kraken.com/v2",
    ("kraken", "user"): "wss://ws-auth.kraken.com/v2",
}


class Ear:
    """In place of a connection: keeps what listeners are told."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.subscriptions: dict[str, Any] = {}
        self.futures: dict[str, Any] = {}
        self.told: list[Any] = []

    def resolve(self, result: Any, topic: str | None = None) -> Any:
        self.told.append(said(result))
        return result

    def reject(self, error: Any, topic: str | None = None) -> None:
        raise AssertionError(f"{topic}: {error!r}")


def heard(peer: Peer, name: str, socket: str, frame: str) -> list[Any]:
    """What ccxt tells of a frame, each thing once; `peer` knows its markets."""
    return asyncio.run(_heard(peer, name, socket, frame))


async def _heard(peer: Peer, name: str, socket: str, frame: str) -> list[Any]:
    import ccxt.pro

    client = getattr(ccxt.pro, name)({"apiKey": "key", "secret": "c2VjcmV0", "enableRateLimit": False})
    client.set_markets(list(peer.client.markets.values()))
    client.options["marketsByAltname"] = peer.client.options.get("marketsByAltname", {})
    client.balance = defaultdict(dict)
    ear = Ear(URLS[name, socket])
    try:
        client.handle_message(ear, client.parse_json(frame))
    finally:
        await client.close()
    return [each for number, each in enumerate(ear.told) if each and each not in ear.told[:number]]


def said(value: Any) -> Any:
    """Without what ccxt does not say, and without the frame itself."""
    if isinstance(value, Mapping):
        return {key: said(each) for key, each in value.items() if each is not None and key != "info"}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [said(each) for each in value]
    return value
