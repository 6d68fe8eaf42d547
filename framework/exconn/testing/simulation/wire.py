"""What a market sent, as the exchange sees it come, and what the exchange's limits said to it.

Rules: requests are read off the wire, by their first line, so that what a fault keeps from the exchange counts too; a
ban begins when the exchange has sent it, and what was under way then is no breach of it. Where more than one fault may
have been the one that struck, the mildest of them counts. Moments are virtual seconds.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from exconn.sandbox.dialect.endpoints import Endpoint
from exconn.sandbox.dialect.socket_rules import SocketRules
from exconn.sandbox.faults import Fault
from exconn.sandbox.faults.targets import meets_request
from exconn.testing.simulation.eavesdropper import Eavesdropper
from exconn.testing.simulation.venue import Venue

_REQUEST = re.compile(rb"(GET|POST|PUT|DELETE|PATCH) ([^ ?]+)\S* HTTP/1\.1\r\n")
_UNDER_WAY = 0.25
"""Seconds that an answer and a request may take to arrive together."""
_BANNED = 418
_SHARE = 0.75
"""Of the handshakes that an exchange allows, what reconnecting may use: the rest is for whoever trades beside it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request or a handshake."""

    at: float
    method: str
    path: str


@dataclass(frozen=True, slots=True)
class Ban:
    """Nothing of `pools` (None: nothing at all) may come between two moments."""

    begins: float
    ends: float
    pools: frozenset[str] | None


class Wire:
    """Listens to all that comes to the exchange, by its hand on the wire."""

    def __init__(
        self, exchange: Venue, faults: Sequence[Fault], now: Callable[[], float], eavesdropper: Eavesdropper
    ) -> None:
        self._eavesdropper = eavesdropper
        self._exchange = exchange
        self._faults = [fault for fault in faults if fault.kind.name == "rate_limited"]
        self._now = now
        self._sent: list[Sent] = []
        self._bans: list[Ban] = []
        self._struck = 0
        self._read = self._refused = 0
        self._handshakes: dict[str, deque[float]] = {}
        self._endpoints = {(each.method, each.path): each for each in exchange.sandbox.dialect.endpoints.values()}
        exchange.alter = self._hear

    def _hear(self, data: bytes) -> bytes:
        self._eavesdropper.see(data)
        found = _REQUEST.match(data)
        if found is not None:
            self._sent.append(Sent(self._now(), found[1].decode(), found[2].decode("latin-1")))
        return data

    def too_many_connects(self) -> Iterator[str]:
        """The pools of handshakes of which reconnecting took more than its share, since what `sent_while_banned` read
        last."""
        for socket in self._exchange.sandbox.dialect.sockets.values():
            if socket.handshakes is not None:
                made = self._handshakes.setdefault(socket.handshakes, deque())
                made.extend(each.at for each in self._sent if _enters(socket, each.path))
        for name, made in self._handshakes.items():
            pool = self._exchange.sandbox.dialect.pools[name]
            moments = sorted(made)
            made.clear()
            made.extend(at for at in moments if at > self._now() - pool.per / 1e9)
            if len(made) > _SHARE * pool.allow:
                yield f"{len(made)} handshakes in {pool.per / 1e9:g} s, where {name} allows {pool.allow}"

    def refused_by_limits(self) -> Iterator[str]:
        """The requests that the exchange's own count refused since the last call; those of faults are no matter."""
        entries = self._exchange.refusals(self._read)
        own = [each for each in entries if each["meaning"] == "rate_limited"]
        self._read = self._exchange.sandbox.log.latest
        self._refused += len(own)
        injected = self._exchange.faults.counts["rate_limited"]
        if self._refused > injected:
            last = own[-1]
            what = f"{last['method']} {last['path']}" if "path" in last else last["kind"]
            yield f"the exchange's limits refused {what}: {last['text']}"
            self._refused = injected

    def sent_while_banned(self) -> Iterator[str]:
        """What was sent since the last call though a fault had forbidden it."""
        self._bans += self._new_bans()
        self._bans = [ban for ban in self._bans if ban.ends >= (self._sent[0].at if self._sent else 0.0)]
        sent, self._sent = self._sent, []
        for each in sent:
            for ban in self._bans:
                if ban.begins < each.at < ban.ends and self._is_meant(ban, each):
                    what = "everything" if ban.pools is None else ", ".join(sorted(ban.pools))
                    until = f"{what} was forbidden until {ban.ends:.3f} s"
                    yield f"{each.method} {each.path} came at {each.at:.3f} s; {until}"

    def _new_bans(self) -> Iterator[Ban]:
        happened = [each for each in self._exchange.faults.happened if each.kind == "rate_limited"]
        new, self._struck = happened[self._struck :], len(happened)
        for each in new:
            faults = [fault for fault in self._faults if fault.at <= each.at and self._may_strike(fault, each.what)]
            wait = min((fault.args["retry_after"] or 0 for fault in faults), default=0)
            if wait:
                is_ban = all(fault.args["status"] == _BANNED for fault in faults)
                endpoint = self._exchange.sandbox.dialect.endpoints.get(each.what)
                yield Ban(each.at + _UNDER_WAY, each.at + wait, None if is_ban else _costs(endpoint))

    def _may_strike(self, fault: Fault, endpoint: str) -> bool:
        return meets_request(fault, self._exchange.sandbox.dialect.endpoints.get(endpoint))

    def _is_meant(self, ban: Ban, sent: Sent) -> bool:
        if ban.pools is None:
            return True
        return not ban.pools.isdisjoint(_costs(self._endpoints.get((sent.method, sent.path))))


def _enters(socket: SocketRules, path: str) -> bool:
    return any(entrance.topics_of(path, {}) is not None for entrance in socket.entrances)


def _costs(endpoint: Endpoint | None) -> frozenset[str]:
    return frozenset() if endpoint is None else frozenset(endpoint.costs)
