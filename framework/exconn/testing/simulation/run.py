"""One run: a seed's workload and faults on one exchange, then quiet, then the invariants.

Rules: everything is decided by the seed and the schedule, and by nothing else; the schedule is the seed's own unless
another is given, so that a run can be played again with less of it. Whatever breaks the run itself is a violation too.
Virtual seconds throughout; only `Outcome.spent` is time of this machine.
"""

import asyncio
import hashlib
import logging
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Context, Decimal, localcontext

from exconn.codec import Codec
from exconn.market import Market
from exconn.market.settings import MarketSettings
from exconn.sandbox import Dialect, Opening
from exconn.sandbox.faults import plan_faults
from exconn.testing.simulation.busy_trader import BusyTrader
from exconn.testing.simulation.chronicle import Chronicle
from exconn.testing.simulation.eavesdropper import Eavesdropper
from exconn.testing.simulation.invariants import Case, Judge, Violation
from exconn.testing.simulation.markets import market_in
from exconn.testing.simulation.resources import Resources
from exconn.testing.simulation.schedules import Schedule, draw_schedule
from exconn.testing.simulation.venue import Venue, origins_of, venue
from exconn.testing.simulation.wire import Wire
from exconn.testing.simulation.witness import BookWitness
from exconn.testing.virtual import Latency, Link, Route, World, virtual_world

BUSY, QUIET = 600.0, 300.0
_ACT_EVERY, _BEAT, _LIFE_EVERY = 10.0, 5.0, 20.0
_READY = 60.0
_PAIRS = 3
_WIRE = Latency(0.002, 0.06)
_PATIENCE = (2.0, 10.0)
"""Seconds after which a market gives a request up: an impatient one may do so before the exchange has taken it."""

_ARITHMETIC = Context(prec=40)
"""The trader's and the judge's: another library in this process may have set the thread's own."""

_RULES_EVERY = 120.0
"""Seconds between two readings of the rules, so that they are read again while there are faults."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is simulated: an exchange and its codec, in whichever mode. The first account is the market's."""

    codec: Codec
    dialect: Dialect
    accounts: tuple[Opening, ...]

    @property
    def pairs(self) -> tuple[str, ...]:
        """The pairs that are traded."""
        return tuple(self.dialect.venue.prices)[:_PAIRS]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a seed. `happened`: how often each kind of fault took effect; `trace`: a hash of all that went over
    the wire and of all that was told; `spent`: processor seconds."""

    seed: int
    schedule: Schedule
    violations: tuple[Violation, ...]
    happened: Mapping[str, int]
    orders: int
    fills: int
    trace: str
    spent: float


@dataclass(slots=True)
class _Result:
    """What is known of a run, however it ended."""

    violations: list[Violation] = field(default_factory=list)
    happened: Mapping[str, int] = field(default_factory=dict)
    orders: int = 0
    fills: int = 0
    told: str = ""
    trace: str = ""


def simulate(subject: Subject, seed: int, schedule: Schedule | None = None) -> Outcome:
    """Run a seed, with its own schedule or the one given. Raises DocumentError for a schedule that cannot be."""
    began = time.process_time()
    if schedule is None:
        schedule = draw_schedule(seed, subject.dialect, subject.codec.facts, subject.pairs, BUSY)
    result = _Result()
    with warnings.catch_warnings(), _quiet_logs(), localcontext(_ARITHMETIC):
        warnings.simplefilter("error", ResourceWarning)
        try:
            with virtual_world(seed) as world:
                world.run(_live(world, subject, schedule, result), timeout_virtual=2 * (BUSY + QUIET))
                result.trace = world.trace.hexdigest()
        except Exception as error:
            result.violations.append(Violation("I13", BUSY + QUIET, f"{type(error).__name__}: {error}"))
    trace = hashlib.sha256(f"{result.trace}\n{result.told}".encode()).hexdigest()
    spent = time.process_time() - began
    violations = tuple(result.violations)
    return Outcome(seed, schedule, violations, result.happened, result.orders, result.fills, trace, spent)


async def _live(world: World, subject: Subject, schedule: Schedule, result: _Result) -> None:
    world.network.set_route(Route(up=Link(_WIRE), down=Link(_WIRE), entry_latency=_WIRE))
    origins, chronicle = origins_of(subject.codec.facts), Chronicle(world.time)
    patience = world.fork("patience").choice(_PATIENCE)
    settings = MarketSettings(request_timeout=patience, rules_every=_RULES_EVERY)
    async with (
        venue(world, subject.dialect, subject.accounts, origins, life_every=_LIFE_EVERY) as exchange,
        market_in(
            world, subject.codec, subject.pairs, subject.accounts[0], store=chronicle, settings=settings
        ) as market,
    ):
        chronicle.listen(market)
        await market.wait_ready(_READY)
        case = _case(world, subject, schedule, exchange, market, chronicle)
        judge = Judge(case)
        result.violations = judge.violations
        complaints = _Complaints(case.complaints)
        with (
            case.witness.watching(),
            _heard("exconn.market", complaints, case.eavesdropper),
            _heard("exconn.sandbox", complaints),
        ):
            await _trade_and_rest(case, judge)
        result.happened = dict(exchange.faults.counts)
        lives = case.lives()
        result.orders, result.fills = len(lives), sum(len(life.fills) for life in lives)
        result.told = "\n".join(line for life in lives for line in life.lines)


def _case(
    world: World, subject: Subject, schedule: Schedule, exchange: Venue, market: Market, chronicle: Chronicle
) -> Case:
    prices = subject.dialect.venue.prices
    worth = {pair: _worth(pair.partition("-")[2], prices) for pair in subject.pairs}
    trader = BusyTrader(market, subject.pairs, world.fork("trader"), chronicle, prices, worth)
    faults = plan_faults(schedule, exchange.faults.names)
    exchange.faults.play(faults)
    secrets = subject.accounts[0].secrets
    keys = (subject.accounts[0].api_key, secrets.secret_key, secrets.passphrase)
    ear = Eavesdropper([each for each in keys if each is not None])
    return Case(
        market,
        exchange,
        subject.accounts[0].name,
        subject.pairs,
        chronicle,
        trader,
        BookWitness(exchange, market, world.time),
        Wire(exchange, faults, world.time, ear),
        Resources(world, exchange, subject.codec.name),
        dict(subject.accounts[0].balances),
        world.time,
        ear,
    )


def _worth(asset: str, prices: Mapping[str, Decimal]) -> Decimal:
    """What one of an asset is worth in that which it is priced in; 1 for what has no price."""
    return next((price for pair, price in prices.items() if pair.partition("-")[0] == asset), Decimal(1))


async def _trade_and_rest(case: Case, judge: Judge) -> None:
    beats = asyncio.create_task(_beat(judge), name="judge")
    try:
        await case.trader.run(BUSY, _ACT_EVERY)
        case.exchange.faults.clear()
        await case.trader.finish()
        await asyncio.sleep(QUIET)
    finally:
        beats.cancel()
    judge.conclude()


async def _beat(judge: Judge) -> None:
    while True:
        await asyncio.sleep(_BEAT)
        judge.beat()


class _Complaints(logging.Handler):
    """Keeps what is logged with a traceback: a task of the market, or of the exchange, that failed."""

    def __init__(self, kept: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._kept = kept

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info is not None and record.exc_info[1] is not None:
            error = record.exc_info[1]
            self._kept.append(f"{record.getMessage()}: {type(error).__name__}: {error}")


@contextmanager
def _heard(name: str, *handlers: logging.Handler) -> Iterator[None]:
    log = logging.getLogger(name)
    for handler in handlers:
        log.addHandler(handler)
    try:
        yield
    finally:
        for handler in handlers:
            log.removeHandler(handler)


@contextmanager
def _quiet_logs() -> Iterator[None]:
    """A run has faults by the dozen; what matters of the logs is heard by `_Complaints` and the eavesdropper."""
    log = logging.getLogger("exconn.market")
    before, silent = (log.propagate, log.level), logging.NullHandler()
    log.addHandler(silent)
    log.propagate, log.level = False, logging.DEBUG
    try:
        yield
    finally:
        log.removeHandler(silent)
        log.propagate, log.level = before
