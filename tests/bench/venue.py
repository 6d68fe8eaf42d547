"""An exchange for the placing row, in a process of its own: it takes every order and every cancel, at once.

Rules: no framework, so that its cost is the same for all and small; it answers what the exchange answers, with the ids
it was given. `python -m tests.bench.venue` listens on a free port of loopback and prints it.
"""

import asyncio
import re
import sys
from itertools import count

_REQUEST = re.compile(rb"(\w+) [^?\s]*\??(\S*) HTTP/1\.1\r\n")
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)
_CLIENT_ID = re.compile(rb"(?:newClientOrderId|origClientOrderId)=([^&\s]+)")
_BODY = (
    b'{"symbol":"BTCUSDT","orderId":%d,"clientOrderId":"%b","origClientOrderId":"%b","transactTime":1700000000000,'
    b'"price":"50000.00000000","origQty":"1.00000000","executedQty":"0.00000000","status":"%b","timeInForce":"GTC",'
    b'"type":"LIMIT","side":"BUY"}'
)
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
_ORDERS: dict[bytes, int] = {}
"""Client id -> order id, of open orders."""
_NUMBERS = count(4_000_001)


class Exchange(asyncio.Protocol):
    """One connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._heard = transport, b""

    def data_received(self, data: bytes) -> None:
        self._heard += data
        while (end := self._heard.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._heard[:end])
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._heard) < whole:
                return
            request, self._heard = self._heard[:whole], self._heard[whole:]
            self._answer(request)

    def _answer(self, request: bytes) -> None:
        line, named = _REQUEST.match(request), _CLIENT_ID.search(request)
        assert line is not None
        client_id = named[1] if named else b""
        number = _ORDERS.pop(client_id, None) or next(_NUMBERS)
        if line[1] == b"POST":
            _ORDERS[client_id] = number
        body = _BODY % (number, client_id, client_id, b"NEW" if line[1] == b"POST" else b"CANCELED")
        self._transport.write(_HEAD % len(body) + body)


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(Exchange, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)  # until whoever began this is gone


if __name__ == "__main__":
    asyncio.run(serve())
