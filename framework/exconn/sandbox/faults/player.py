"""The player: lets faults happen, each at its moment and its place.

Rules:
- It is the sandbox's `Interference`. At each place the server asks, the player asks the agenda whether a fault strikes
  now, and the file of that place does what the fault is.
- Every fault that takes effect is noted, with the moment and what it happened to.
- It draws from the agenda alone and waits by the loop's timers alone: the same seed and schedule give the same faults.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from aiohttp import hdrs, web

from exconn.sandbox.actions.call import Records
from exconn.sandbox.actions.market_data import BookRow
from exconn.sandbox.dialect.endpoints import Endpoint
from exconn.sandbox.dialect.meanings import Refused
from exconn.sandbox.interference import ENDPOINT, Answer, Delivery, Frame, FramedRequest

from . import books, connections, framed, frames, replies, world
from .agenda import Agenda, Armed
from .emptiness import without_rows
from .fault import Fault, Happened
from .kind import Place
from .looking import Looking
from .replica import Replica
from .schedule import Names
from .targets import meets_connection, meets_request, meets_topic

if TYPE_CHECKING:
    from exconn.sandbox.connection import Connection
    from exconn.sandbox.server import Sandbox


class Player:
    """Plays faults on one sandbox. `seed` decides their chances."""

    __slots__ = ("_agenda", "_queues", "_replica", "_sandbox")

    def __init__(self, sandbox: Sandbox, seed: int = 0) -> None:
        self._sandbox = sandbox
        self._agenda = Agenda(seed, self._begin, self._end)
        self._queues = frames.Queues()
        self._replica = Replica(sandbox.exchange, sandbox.clock.true_ns)

    @property
    def names(self) -> Names:
        """What faults of this sandbox may name."""
        return Names(self._sandbox.dialect, self._sandbox.exchange.accounts())

    @property
    def happened(self) -> Sequence[Happened]:
        """The latest faults that took effect, oldest first."""
        return tuple(self._agenda.happened)

    @property
    def counts(self) -> Counter[str]:
        """How often each kind took effect."""
        return self._agenda.counts

    def play(self, faults: Iterable[Fault]) -> None:
        """Let faults come, each at its moment from now.

        Raises ValueError on a sandbox with an interference of its own, which is asked in place of the player.
        """
        coming = tuple(faults)
        if coming and self._sandbox.interference is not self:
            raise ValueError("this sandbox was given an interference of its own, and no fault would be played")
        self._agenda.add(coming)

    def clear(self) -> None:
        """Forget what is to come, and end what is there."""
        self._agenda.clear()

    def pending(self) -> list[Fault]:
        """What is to come, and what may strike yet."""
        return self._agenda.pending()

    async def reply(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        endpoint = request.get(ENDPOINT)
        handshake = endpoint is None and request.headers.get(hdrs.UPGRADE, "").lower() == "websocket"
        fault = self._agenda.strike(Place.REPLY, lambda each: meets_request(each, endpoint, handshake=handshake))
        if fault is None:
            return await answer()
        self._agenda.note(fault, request.path if endpoint is None else endpoint.name)
        return await replies.EFFECTS[fault.kind.name](self._sandbox, fault, request, answer)

    def framed(self, request: FramedRequest) -> None:
        connection, endpoint = request.connection, request.endpoint
        name = found.name if (found := self._sandbox.dialect.endpoints.get(endpoint.name)) else endpoint.verb.name
        fault = self._agenda.strike(
            Place.REPLY, lambda each: each.kind.name in framed.EFFECTS and meets_request(each, endpoint)
        )
        if fault is not None:
            self._agenda.note(fault, name)
            framed.EFFECTS[fault.kind.name](self._sandbox, fault, request)
        elif request.judge(connection.say):
            fault = self._agenda.strike(Place.GATE, lambda each: meets_request(each, endpoint))
            if fault is None:
                request.act(connection.say)
                return
            self._agenda.note(fault, name)
            # it has been let in: it is done even where the connection ends meanwhile
            asyncio.get_running_loop().call_later(fault.args["delay"], request.act, connection.say)

    async def gate(self, endpoint: str) -> None:
        found = self._sandbox.dialect.endpoints[endpoint]
        fault = self._agenda.strike(Place.GATE, lambda each: meets_request(each, found))
        if fault is not None:
            self._agenda.note(fault, endpoint)
            await asyncio.sleep(fault.args["delay"])

    def records(self, endpoint: Endpoint | None, current: Records) -> Records:
        if not (self._agenda.is_there(Place.RECORDS) or self._agenda.is_there(Place.SNAPSHOT)):
            return current
        return Looking(self._sandbox, self._agenda, self._replica, endpoint, current)

    def row(self, endpoint: Endpoint, row: Any) -> Any:
        emptied = without_rows(endpoint, row)
        if emptied is None:
            return row
        fault = self._agenda.strike(Place.ROW, lambda each: meets_request(each, endpoint))
        if fault is None:
            return row
        self._agenda.note(fault, endpoint.name)
        return emptied

    def book(self, connection: Connection, channel: str, row: BookRow) -> BookRow:
        exchange = self._sandbox.exchange

        def fits(each: Fault) -> bool:
            is_meant = meets_topic(each, connection.rules.name, channel, row.symbol)
            return is_meant and books.EFFECTS[each.kind.name](exchange, row) is not None

        fault = self._agenda.strike(Place.BOOK, fits)
        if fault is None:
            return row
        self._agenda.note(fault, channel, row.symbol)
        return books.EFFECTS[fault.kind.name](exchange, row) or row

    def frames(self, frame: Frame) -> Sequence[Delivery]:
        if not (self._agenda.is_there(Place.FRAME) or self._queues):
            return (Delivery(frame.data),)
        topic = frame.connection.name, frame.channel, frame.topic
        now = asyncio.get_running_loop().time()
        fault = self._agenda.strike(Place.FRAME, lambda each: _meets_frame(each, frame))
        if fault is None:
            return (Delivery(frame.data, self._queues.wait(topic, now)),)
        self._agenda.note(fault, frame.channel, frame.topic)
        sent = frames.EFFECTS[fault.kind.name](fault, frame.data)
        if fault.kind.name == "delay":
            return [Delivery(each.data, self._queues.hold(topic, now, each.after)) for each in sent]
        return [Delivery(each.data, each.after + self._queues.wait(topic, now)) for each in sent]

    def subscribe(self, connection: Connection, topics: Mapping[str, tuple[str, str]]) -> None:
        socket = connection.rules.name
        for topic, (channel, symbol) in topics.items():
            fault = self._agenda.strike(
                Place.SUBSCRIBE, partial(meets_topic, socket=socket, channel=channel, topic=symbol)
            )
            if fault is not None:
                self._agenda.note(fault, channel, symbol)
                raise Refused(fault.args["meaning"], topic=topic)

    def passes(self, connection: Connection) -> bool:
        return not any(meets_connection(each.fault, connection) for each in self._agenda.at(Place.SILENCE))

    def meet(self, connection: Connection) -> None:
        for armed in self._agenda.at(Place.CONNECTION):
            self._strike(armed.fault, connection)

    def _begin(self, armed: Armed) -> None:
        place, fault = armed.fault.kind.place, armed.fault
        if place is Place.WORLD:
            self._change_world(fault)
        elif place is Place.CONNECTION:
            for connection in self._sandbox.connections:
                self._strike(fault, connection)
            if fault.lasts is None:
                self._agenda.stop(armed)
        elif place is Place.SILENCE:
            self._agenda.note(fault, fault.socket or fault.channel, fault.symbol)

    def _end(self, armed: Armed) -> None:
        kind = armed.fault.kind
        end = world.ENDS.get(kind.name)
        if end is None:
            return
        end(self._sandbox)
        others = [each.fault for each in self._agenda.at(kind.place) if each.fault.kind is kind]
        if others:  # the world is as the latest of those that last says
            world.EFFECTS[kind.name](self._sandbox, others[-1])

    def _strike(self, fault: Fault, connection: Connection) -> None:
        if meets_connection(fault, connection) and connections.EFFECTS[fault.kind.name](connection, fault):
            self._agenda.note(fault, connection.name)

    def _change_world(self, fault: Fault) -> None:
        try:
            what = world.EFFECTS[fault.kind.name](self._sandbox, fault)
        except world.CannotHappen as reason:
            self._sandbox.log.add("fault without effect", fault=fault.kind.name, reason=str(reason))
        else:
            self._agenda.note(fault, what, fault.symbol)


def _meets_frame(fault: Fault, frame: Frame) -> bool:
    if fault.kind.name == "book_gap" and frame.event != "book_update":
        return False
    return meets_topic(fault, frame.connection.rules.name, frame.channel, frame.topic)
