"""The aiohttp connector that leads into the memory network instead of a socket.

It overrides the one method that aiohttp's own connectors override, and fails as they fail: ClientConnectorDNSError for
an unknown host, ClientConnectorError for a refusal, a timeout when connecting takes longer than `sock_connect`.
"""

import asyncio
import socket
from collections.abc import Iterator, MutableSet
from typing import TYPE_CHECKING, Any, TypeVar, cast

import aiohttp
from aiohttp import BaseConnector, ClientConnectorDNSError, ClientConnectorError, ClientTimeout

from exconn.testing.virtual.network import Network

if TYPE_CHECKING:
    from aiohttp.client_proto import ResponseHandler
    from aiohttp.tracing import Trace

__all__ = ["MemoryConnector", "connector"]

_T = TypeVar("_T")


class _InOrder(MutableSet[_T]):
    """A set that is walked in the order of insertion: aiohttp closes a connector's connections by walking one."""

    def __init__(self) -> None:
        self._items: dict[_T, None] = {}

    def __contains__(self, item: object) -> bool:
        return item in self._items

    def __iter__(self) -> Iterator[_T]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def add(self, value: _T) -> None:
        self._items[value] = None

    def discard(self, value: _T) -> None:
        self._items.pop(value, None)


class MemoryConnector(BaseConnector):
    """Connects one named client to the origins of a memory network; options are BaseConnector's."""

    def __init__(self, network: Network, client: str, **options: Any) -> None:
        super().__init__(**options)
        self._acquired = cast("set[ResponseHandler]", _InOrder())
        self._network = network
        self._client = client

    async def _create_connection(
        self, req: aiohttp.ClientRequest, traces: "list[Trace]", timeout: ClientTimeout
    ) -> "ResponseHandler":
        if req.proxy is not None:
            raise ValueError(f"the memory network has no proxies, but {req.proxy.host} was asked for")
        try:
            async with asyncio.timeout(timeout.sock_connect):
                made = await self._network.connect(req.url, self._client, self._factory)
        except socket.gaierror as error:
            raise ClientConnectorDNSError(req.connection_key, error) from error
        except ConnectionError as error:
            raise ClientConnectorError(req.connection_key, error) from error
        return cast("ResponseHandler", made)


def connector(network: Network, client: str = "client", **options: Any) -> MemoryConnector:
    """A connector for `aiohttp.ClientSession(connector=...)`; call it within the running world."""
    return MemoryConnector(network, client, **options)
