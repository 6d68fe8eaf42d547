"""The exchange of a simulation: a sandbox served on the spec's own origins in the memory network, in virtual time.

Rules: the unmodified aiohttp server runs the sandbox's application; the exchange has a clock of its own, right until it
is stepped; pairs are ours (BASE-QUOTE); the sandbox never sees a spec, only the origins that it has to answer at. When
the block ends nothing listens any more and the application is shut down in order.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from yarl import URL

from exconn.codec import Facts
from exconn.sandbox import Dialect, Opening, Sandbox, plan_faults
from exconn.sandbox.history import PastBook
from exconn.testing.simulation.tap import Alter, Tap
from exconn.testing.virtual import World

_LONG = 100_000_000
_TOKEN = "in-process"  # noqa: S105 - nobody is asked for it: a simulation calls the sandbox itself


def origins_of(facts: Facts, group: str | None = None) -> tuple[str, ...]:
    """The origins of one group of an exchange's hosts, the first group unless told otherwise; learnt ones too."""
    name = group or next(iter(facts.hosts))
    learnt = facts.learnt.get(name, {}).values()
    return (*facts.hosts[name].values(), *(origin for origins in learnt for origin in origins))


class Venue:
    """`sandbox` is the exchange itself, `clock` its clock, `faults` its player of faults; `alter`: see `Tap`."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.clock = sandbox.clock
        self.faults = sandbox.faults
        self.alter: Alter | None = None

    def play(self, *faults: Mapping[str, Any]) -> None:
        """Let faults happen, written as in a schedule, whose beginning is now. Raises DocumentError."""
        self.faults.play(plan_faults(faults, self.faults.names))

    def take_down(self, path: str) -> None:
        """From now on a gateway answers at a path, until `faults.clear()`. Raises StopIteration for no such path."""
        endpoint = next(each.name for each in self.sandbox.dialect.endpoints.values() if each.path == path)
        self.play({"fault": "gateway_error", "on": [endpoint], "for": _LONG})

    def account(self, name: str) -> Mapping[str, Any]:
        """The ledger's entry of an account: balances, orders, fills. Raises KeyError."""
        found: Mapping[str, Any] = self.sandbox.state()["accounts"][name]
        return found

    def refusals(self, number: int = 0) -> list[Mapping[str, Any]]:
        """What the exchange has refused lately, oldest first: meaning, code, and the text for requests; of its log
        only what came after entry `number`."""
        return [entry for entry in self.sandbox.log.since(number) if entry["kind"] in ("refused", "refused frame")]

    def book_at(self, pair: str, sequence: int) -> PastBook | None:
        """A pair's book right after change number `sequence`, None where there was no such."""
        return self.sandbox.book_at(pair, sequence)

    def kill_sockets(self, socket: str | None = None, code: int | None = None) -> int:
        """Cut the websockets of one kind, or all; with a code they are closed. The number of them."""
        kind = "cut" if code is None else "close"
        before = self.faults.counts[kind]
        told = {} if code is None else {"code": code}
        self.play({"fault": kind, **told, **({} if socket is None else {"socket": socket})})
        return self.faults.counts[kind] - before

    def drop_diff(self, pair: str, count: int = 1) -> None:
        """The next `count` book updates of a pair never arrive."""
        self.play({"fault": "book_gap", "symbol": pair, "count": count})

    def duplicate_diff(self, pair: str, count: int = 1) -> None:
        """The next `count` book updates of a pair arrive twice."""
        channel = self._carrier("book_update")[1]
        self.play({"fault": "duplicate_frame", "channel": channel, "symbol": pair, "count": count})

    def socket_of(self, event: str) -> str:
        """The socket that carries an event of the dialect's, as `book_update`. Raises LookupError."""
        return self._carrier(event)[0]

    def _carrier(self, event: str) -> tuple[str, str]:
        for socket in self.sandbox.dialect.sockets.values():
            for channel in socket.channels.values():
                if any(frame.event == event for frame in channel.frames):
                    return socket.name, channel.name
        raise LookupError(f"{self.sandbox.dialect.name} has no channel of {event}")


@asynccontextmanager
async def venue(
    world: World,
    dialect: Dialect,
    accounts: Sequence[Opening],
    origins: Iterable[str],
    *,
    seed: int | None = None,
    life_every: float | None = 0.25,
) -> AsyncIterator[Venue]:
    """Serve an exchange at `origins` for the block. `seed`: the world's unless given; `life_every`: as in `Sandbox`.

    Raises ValueError for an origin that is no http or ws URL, or that is taken.
    """
    served = tuple(dict.fromkeys(origins))
    sandbox = Sandbox(
        dialect,
        accounts,
        now_ns=world.wall_ns,
        token=_TOKEN,
        seed=world.seed if seed is None else seed,
        hosts=[URL(origin).host or "" for origin in served],
        life_every=life_every,
    )
    exchange = Venue(sandbox)
    runner = web.AppRunner(sandbox.app, access_log=None, handle_signals=False, shutdown_timeout=1.0)
    await runner.setup()
    server = runner.server
    assert server is not None, "the runner was set up"
    heard: list[str] = []
    try:
        for origin in served:
            world.network.listen(origin, lambda: Tap(server(), lambda: exchange.alter))
            heard.append(origin)
        yield exchange
    finally:
        for origin in heard:
            world.network.stop_listening(origin)
        await runner.cleanup()
