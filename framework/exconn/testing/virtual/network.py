"""A network in memory: origins that listen, clients that connect, and the faults between them.

An origin is `scheme://host:port`; ws and wss are http and https by another name. TLS is not played: an https origin is
carried in clear, but only https reaches it. What a client meets is the most specific `Route` set: for (origin, client),
then origin, then client, then everyone. Setting a route changes live connections too. All is decided by virtual time
and one random source.
"""

import asyncio
import errno
import os
import random
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from aiohttp import web
from yarl import URL

from exconn.testing.virtual.connection import Connection
from exconn.testing.virtual.link import Route
from exconn.testing.virtual.trace import Mark, Trace

__all__ = ["Change", "Listener", "Network", "origin_of"]

Listener = Callable[[], asyncio.BaseProtocol]
"""Makes the protocol of one accepted connection; an `aiohttp.web.Server` is one."""

Sever = Literal["reset", "close"]

_PLAIN = {"http": "http", "https": "https", "ws": "http", "wss": "https"}


@dataclass(frozen=True, slots=True)
class Change:
    """One step of a fault schedule: at virtual time `at`, set `route` and/or break the live connections.

    `origin` and `client` say whose; None is everyone's.
    """

    at: float
    route: Route | None = None
    sever: Sever | None = None
    origin: str | None = None
    client: str | None = None


def _change_time(change: Change) -> float:
    return change.at


def origin_of(url: str | URL) -> str:
    """`scheme://host:port` of a URL, with the port always given; ValueError if it names no http or ws origin."""
    parsed = URL(url)
    scheme = _PLAIN.get(parsed.scheme)
    if scheme is None or not parsed.host or not parsed.port:
        raise ValueError(f"{str(url)!r} is not the URL of an http, https, ws or wss origin")
    return f"{scheme}://{parsed.host}:{parsed.port}"


class Network:
    """All connections of one virtual world. `connections` are the live ones, oldest first."""

    def __init__(self, loop: asyncio.AbstractEventLoop, source: random.Random, trace: Trace) -> None:
        self.trace = trace
        self.connections: list[Connection] = []
        self._loop = loop
        self._source = source
        self._made = 0
        self._listeners: dict[str, Listener] = {}
        self._hosts: dict[str, str] = {}
        self._runners: list[web.BaseRunner] = []
        self._routes: dict[tuple[str | None, str | None], Route] = {}
        self._clients: dict[str, str] = {}
        self._route_set: asyncio.Future[None] | None = None

    def listen(self, origin: str, listener: Listener) -> None:
        """Accept connections to `origin`; ValueError if something listens there."""
        key = origin_of(origin)
        if key in self._listeners:
            raise ValueError(f"{key} is taken: stop listening there first")
        self._hosts.setdefault(URL(key).host or "", f"127.2.0.{len(self._hosts) + 1}")
        self._listeners[key] = listener

    def stop_listening(self, origin: str) -> None:
        """Refuse connections to `origin` from now on; live ones stay."""
        self._listeners.pop(origin_of(origin), None)

    async def serve(self, origin: str, app: web.Application | web.BaseRunner) -> None:
        """Serve an aiohttp application at `origin`; `close` cleans up a runner that was set up here."""
        runner = web.AppRunner(app, access_log=None) if isinstance(app, web.Application) else app
        if runner.server is None:
            await runner.setup()
            self._runners.append(runner)
        server = runner.server
        if not callable(server):
            raise TypeError(f"{runner!r} has no server to make connections with")
        self.listen(origin, server)

    async def close(self) -> None:
        """Stop listening, shut the served applications down in order, and reset what is still connected."""
        self._listeners.clear()
        while self._runners:
            await self._runners.pop().cleanup()
        self.sever("reset")
        await asyncio.sleep(0)

    def set_route(self, route: Route, *, origin: str | None = None, client: str | None = None) -> None:
        """What `client` (None: each) meets on its way to `origin` (None: each), on live connections too."""
        before = {
            connection.number: self._route(connection.origin, connection.client) for connection in self.connections
        }
        self._routes[None if origin is None else origin_of(origin), client] = route
        for connection in self.connections:
            new, old = self._route(connection.origin, connection.client), before[connection.number]
            if new.up != old.up:
                connection.up.set_link(new.up)
            if new.down != old.down:
                connection.down.set_link(new.down)
        if self._route_set is not None:
            self._route_set.set_result(None)
            self._route_set = None

    def sever(self, how: Sever, *, origin: str | None = None, client: str | None = None) -> None:
        """Reset or close the live connections of `client` to `origin`; None is all."""
        wanted = None if origin is None else origin_of(origin)
        for connection in list(self.connections):
            if wanted in (None, connection.origin) and client in (None, connection.client):
                (connection.reset if how == "reset" else connection.close)()

    def schedule(self, changes: Iterable[Change]) -> None:
        """Make each change at its virtual time, those already due at once; equal times keep the order given."""
        for at, group in groupby(sorted(changes, key=_change_time), key=_change_time):
            if at <= self._loop.time():
                self._apply_all(tuple(group))
            else:
                self._loop.call_at(at, self._apply_all, tuple(group))

    def apply(self, change: Change) -> None:
        """Make one change now."""
        if change.route is not None:
            self.set_route(change.route, origin=change.origin, client=change.client)
        if change.sever is not None:
            self.sever(change.sever, origin=change.origin, client=change.client)

    def _apply_all(self, changes: tuple[Change, ...]) -> None:
        for change in changes:
            self.apply(change)

    async def connect(self, url: str | URL, client: str, factory: Listener) -> asyncio.BaseProtocol:
        """Connect a protocol from `factory` to what listens at the URL's origin; returns the protocol.

        Raises socket.gaierror for a host nobody serves, ConnectionRefusedError for a refusal.
        """
        origin = origin_of(url)
        await asyncio.sleep(self._route(origin, client).entry_latency.draw(self._source))
        while (entry := self._route(origin, client).entry) == "stall":
            await self._next_route()
        listener = self._listeners.get(origin)
        if (host := URL(origin).host or "") not in self._hosts:
            known = ", ".join(self._hosts) or "none"
            raise socket.gaierror(socket.EAI_NONAME, f"no such host in the memory network; its hosts: {known}")
        if entry == "refuse" or listener is None:
            self._record("refused", 0, f"{client} {origin}".encode())
            raise ConnectionRefusedError(errno.ECONNREFUSED, f"{os.strerror(errno.ECONNREFUSED)} by {origin}")
        return self._join(origin, client, host, factory(), listener())

    def _join(
        self, origin: str, client: str, host: str, near: asyncio.BaseProtocol, far: asyncio.BaseProtocol
    ) -> asyncio.BaseProtocol:
        self._made += 1
        route = self._route(origin, client)
        connection = Connection(
            self._loop, self._made, client, origin, self._source, route, self._record, self.connections.remove
        )
        self.connections.append(connection)
        own = self._clients.setdefault(client, f"127.1.0.{len(self._clients) + 1}")
        connection.attach(near, far, (own, 32768 + self._made % 28232), (self._hosts[host], URL(origin).port or 0))
        return near

    def _route(self, origin: str, client: str) -> Route:
        keys = ((origin, client), (origin, None), (None, client), (None, None))
        return next((self._routes[key] for key in keys if key in self._routes), Route())

    async def _next_route(self) -> None:
        if self._route_set is None:
            self._route_set = self._loop.create_future()
        await asyncio.shield(self._route_set)

    def _record(self, mark: Mark, number: int, data: bytes) -> None:
        self.trace.add(self._loop.time(), mark, number, data)
