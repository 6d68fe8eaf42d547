"""What others say to the exchange's websockets, beside our handshake, login and subscription of the same channel.

Rules: the sockets that carry what the action is about are asked, and the nearest counts; each expected message is
compared with the nearest of ours, so that further channels of ours are no difference; logins are verified.
"""

import json
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from exconn.codec import Context, Socket
from exconn.errors import UsageError

from .bench import Bench
from .requests import SETTLED, Case, arguments_of, before
from .verdict import Heard, Kind

_CARRIES: Final = {
    "ws_order_book": {"book", "book_snapshot", "book_update"},
    "ws_trades": {"trade"},
    "ws_user_orders": {"order"},
    "ws_user_trades": {"fill"},
    "ws_user_balances": {"balance"},
}


def hear(bench: Bench) -> Iterator[Heard]:
    """Every websocket vector of the exchange."""
    for case in bench.source.vectors(bench.name):
        if "expect_ws" in case:
            yield _hear(bench, case)


def _hear(bench: Bench, case: Case) -> Heard:
    id, action = str(case["id"]).partition("/")[2], case["action"]
    if action in SETTLED:
        return Heard(id, Kind.SOCKET, gap=SETTLED[action], settled=True)
    carriers = [each for each in bench.codec.sockets.values() if _CARRIES[action] & set(each.kinds)]
    if not carriers:
        return Heard(id, Kind.SOCKET, gap=f"no socket of the spec carries {' or '.join(sorted(_CARRIES[action]))}")
    context = bench.context(case["inputs"]["credentials"])
    pair = arguments_of(bench, case).pair
    try:
        found = [_differences(bench, case, socket, pair, context) for socket in carriers]
    except UsageError as error:
        return Heard(id, Kind.SOCKET, gap=str(error))
    return Heard(id, Kind.SOCKET, (*before(bench, case, context), *min(found, key=len)))


def _differences(bench: Bench, case: Case, socket: Socket, pair: str, context: Context) -> list[str]:
    messages, headers = said(bench, socket, pair, context)
    credentials = case["inputs"]["credentials"]
    found: list[str] = []
    for expected in case["expect_ws"]:
        bare = {**expected, "url": _without_default_port(expected["url"])}
        near = max(messages, key=lambda ours: _likeness(bare["message"], ours["message"]), default=None)
        if near is None:
            found.append("we say nothing")
        else:
            found += bench.source.compare.compare_ws(bench.name, [bare], [near], credentials, headers).differences
    return found


def _without_default_port(url: str) -> str:
    parts = urlsplit(url or "")
    return parts._replace(netloc=parts.netloc.removesuffix(":443" if parts.scheme == "wss" else ":80")).geturl()


def _likeness(theirs: Any, ours: Any) -> float:
    """The share of words that two messages have in common; numbers say which frame it was, or when."""
    both = set(_leaves(theirs, "")), set(_leaves(ours, ""))
    return len(both[0] & both[1]) / max(len(both[0] | both[1]), 1)


def _leaves(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(each, f"{place}.{key}")
    elif not isinstance(value, int):
        yield place, str(value)


def said(bench: Bench, socket: Socket, pair: str, context: Context) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Every frame of login and subscription with the address it goes to; and the headers of the handshake."""
    handshake = socket.connect(bench.fresh(socket.nonces.get("connect")), context)
    frames = [] if socket.login is None else [socket.login(bench.fresh(socket.nonces.get("login")), context)]
    pairs = [pair] if pair else []
    frames += socket.subscribe(pairs, "subscribe", bench.fresh(socket.nonces.get("subscribe")), context)
    url = handshake.origin + handshake.target
    return [{"url": url, "message": json.loads(frame)} for frame in frames], dict(handshake.headers)
