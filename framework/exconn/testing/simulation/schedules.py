"""Schedules of faults from a seed: which kinds a run has, how often, and what they are told.

Rules: swarm testing, so each seed leaves most kinds out and gives the others rates of their own: everything at once
hides what any one of them breaks. A schedule is plain data, as a file would have it. Nothing is drawn that breaks what
the exchange has promised (how late a read may be, that a refusal means nothing was done): a market is judged by what it
does under its exchange's promises.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from exconn.codec import Facts
from exconn.sandbox import Dialect
from exconn.sandbox.faults import KINDS, possible
from exconn.testing.virtual import fork

Schedule: TypeAlias = list[dict[str, Any]]

BEGINS = 5.0
"""Virtual seconds of trading before the first fault."""
_PARTS = ((0.6, ("place",)), (0.75, ("cancel",)), (0.9, ("read",)), (1.0, ()))
_FEW, _SOME, _MANY = (1, 2), (1, 4), (2, 8)


@dataclass(frozen=True, slots=True)
class Draw:
    """What a recipe draws from and may name. `lag`: how old a read may be by the exchange's own word, None where it
    gives none; `window`: how long a signed request stays good."""

    source: random.Random
    pairs: Sequence[str]
    lag: float | None
    window: float

    def seconds(self, low: float, high: float) -> float:
        return round(self.source.uniform(low, high), 3)

    def pair(self) -> dict[str, Any]:
        return {"symbol": self.source.choice(self.pairs)}

    def requests(self) -> dict[str, Any]:
        """At which requests, how often: a few, or with a chance for a while."""
        roll = self.source.random()
        on = next(roles for below, roles in _PARTS if roll < below)
        return {"on": list(on), **self.times()} if on else self.times()

    def times(self) -> dict[str, Any]:
        if self.source.random() < 0.5:
            return {"count": self.source.randint(1, 3)}
        return {"for": self.seconds(5, 60), **self.chance(0.05, 0.6)}

    def chance(self, low: float, high: float) -> dict[str, Any]:
        return {"chance": self.seconds(low, high), "seed": self.source.randrange(1000)}


Recipe: TypeAlias = Callable[[Draw], dict[str, Any]]


def _error(draw: Draw) -> dict[str, Any]:
    accepted = draw.source.random() < 0.5
    meaning = "internal" if accepted else draw.source.choice(("internal", "maintenance", "bad_nonce"))
    status = draw.source.choice((None, 200, 400, 500)) if meaning == "internal" else None
    return {**draw.requests(), "meaning": meaning, "accepted": accepted, **({"status": status} if status else {})}


def _gateway(draw: Draw) -> dict[str, Any]:
    flags = {"accepted": draw.source.random() < 0.5, "html": draw.source.random() < 0.7}
    return {**draw.requests(), "status": draw.source.choice((500, 502, 503, 504, 525)), **flags}


def _limited(draw: Draw) -> dict[str, Any]:
    wait = draw.source.choice((None, 1, 5, 20))
    told = {"count": 1, "status": draw.source.choice((429, 429, 418)), **({"retry_after": wait} if wait else {})}
    return {**draw.requests(), **told} if draw.source.random() < 0.7 else told


def _truncated(draw: Draw) -> dict[str, Any]:
    keep = {"keep": draw.source.randint(0, 200)} if draw.source.random() < 0.5 else {}
    return {**draw.requests(), **keep, "cut": draw.source.random() < 0.5}


def _replica(draw: Draw) -> dict[str, Any]:
    return {"on": ["read"], "for": draw.seconds(10, 120), "seconds": draw.seconds(0.1, draw.lag or 0.1)}


def _line(draw: Draw) -> dict[str, Any]:
    return {"for": draw.seconds(1, 30)} if draw.source.random() < 0.3 else {}


def _frames(draw: Draw) -> dict[str, Any]:
    if draw.source.random() < 0.5:
        return {"count": draw.source.randint(1, 3)}
    return {"for": draw.seconds(10, 120), **draw.chance(0.02, 0.3)}


def _order(draw: Draw) -> dict[str, Any]:
    kind, side = draw.source.choice(("limit", "market")), draw.source.choice(("buy", "sell"))
    return {**draw.pair(), "side": side, "type": kind}


_RECIPES: Mapping[str, tuple[tuple[int, int], Recipe]] = {
    "lost": (_MANY, lambda draw: draw.requests()),
    "accepted_then_reset": (_MANY, lambda draw: draw.requests()),
    "accepted_then_hang": (_SOME, lambda draw: {**draw.requests(), "delay": draw.seconds(1, 60)}),
    "accepted_late": (_MANY, lambda draw: {**draw.requests(), "delay": draw.seconds(0, 2 * draw.window)}),
    "slow_ack": (_MANY, lambda draw: {**draw.requests(), "delay": draw.seconds(0, 15)}),
    "gateway_error": (_MANY, _gateway),
    "error_envelope": (_MANY, _error),
    "rate_limited": (_SOME, _limited),
    "truncated": (_SOME, _truncated),
    "mis_encoded": (_SOME, lambda draw: {**draw.requests(), "how": draw.source.choice(("utf8", "gzip"))}),
    "replica_lag": (_SOME, _replica),
    "empty_list": (_SOME, lambda draw: {"on": ["read"], **draw.times()}),
    "redirect": (_FEW, lambda draw: draw.requests()),
    "close": (_SOME, lambda draw: {**_line(draw), "code": draw.source.choice((1000, 1001, 1011, 1012))}),
    "cut": (_SOME, _line),
    "stall": (_SOME, lambda draw: {"for": draw.seconds(2, 120)}),
    "drop_frame": (_MANY, _frames),
    "duplicate_frame": (_MANY, lambda draw: {**_frames(draw), "delay": draw.seconds(0, 60)}),
    "reorder": (_SOME, lambda draw: {**_frames(draw), "delay": draw.seconds(0.05, 5)}),
    "delay": (_SOME, lambda draw: {**_frames(draw), "seconds": draw.seconds(0.05, 10)}),
    "garbage_frame": (_SOME, lambda draw: {**_frames(draw), "text": draw.source.choice(('{"half": ', "<html>", "[]"))}),
    "expire_login": (_FEW, lambda draw: {"silent": draw.source.random() < 0.5}),
    "refuse_subscribe": (_FEW, lambda draw: {"count": draw.source.randint(1, 3)}),
    "book_gap": (_MANY, lambda draw: {**draw.pair(), "count": draw.source.randint(1, 2)}),
    "bad_checksum": (_SOME, lambda draw: {**draw.pair(), "count": 1}),
    "old_snapshot": (_SOME, lambda draw: {**_frames(draw), "age": draw.seconds(0.5, 60)}),
    "crossed_book": (_SOME, lambda draw: {**draw.pair(), "count": 1}),
    "clock_step": (_FEW, lambda draw: {"seconds": draw.seconds(-10, 10)}),
    "clock_drift": (_FEW, lambda draw: {"for": draw.seconds(60, 600), "ppm": draw.source.choice((-200, 50, 200))}),
    "maintenance": ((1, 1), lambda draw: {"for": draw.seconds(5, 90)}),
    "delist": ((1, 1), lambda draw: {"symbol": draw.pairs[-1]}),
    "change_rules": ((1, 1), lambda draw: {**draw.pair(), "factor": draw.source.choice((2, 10))}),
    "manual_order": (_SOME, _order),
    "manual_cancel": (_SOME, lambda draw: {"which": draw.source.choice(("oldest", "newest"))}),
    "foreign_order": (_SOME, _order),
    "expire_tokens": (_FEW, lambda draw: {}),
}
"""Kind -> how often it comes in a run that has it, and what it is told."""
_SELDOM = frozenset({"delist", "maintenance", "change_rules", "clock_step"})
"""Kinds that change a whole run: few seeds have them."""
FOREIGN = "foreign-"
"""What the client ids of foreign orders begin with."""


def kinds_for(dialect: Dialect, facts: Facts) -> tuple[str, ...]:
    """The kinds of fault that a market of this exchange is to stand. A book without a checksum cannot show that one of
    its sizes is wrong; a read without a promise may lag by any time."""
    has_checksum = facts.book is not None and facts.book.checksum is not None
    stood = {"bad_checksum": has_checksum, "replica_lag": bool(facts.sees)}
    return tuple(name for name, kind in KINDS.items() if possible(kind, dialect) and stood.get(name, True))


def draw_schedule(seed: int, dialect: Dialect, facts: Facts, pairs: Sequence[str], seconds: float) -> Schedule:
    """The faults of a seed, in the order of their moments; the first `BEGINS`, the last before `seconds`."""
    source = fork(seed, "faults")
    lag = min((sees.new_after for sees in facts.sees.values()), default=None)
    draw = Draw(source, pairs, lag, facts.fence.seconds or 5.0)
    share = source.uniform(0.05, 0.5)
    found: Schedule = []
    for name in kinds_for(dialect, facts):
        wanted = source.random() < (share / 3 if name in _SELDOM else share)
        own = random.Random(source.getrandbits(64))
        if wanted:
            found += _faults_of(name, Draw(own, draw.pairs, draw.lag, draw.window), seconds)
    found.sort(key=lambda fault: float(fault["at"]))
    return list(_named(found))


def _faults_of(name: str, draw: Draw, seconds: float) -> Schedule:
    (least, most), recipe = _RECIPES[name]
    count = draw.source.randint(least, most)
    moments = [draw.seconds(BEGINS, seconds * 0.97) for _ in range(count)]
    return [_within({"at": at, "fault": name, **recipe(draw)}, seconds) for at in moments]


def _within(fault: dict[str, Any], seconds: float) -> dict[str, Any]:
    """What lasts is over when the quiet begins."""
    return {**fault, "for": min(fault["for"], round(seconds - fault["at"], 3))} if "for" in fault else fault


def _named(faults: Schedule) -> Iterator[dict[str, Any]]:
    """Each foreign order has a client id of its own."""
    for number, fault in enumerate(faults):
        yield {**fault, "client_id": f"{FOREIGN}{number}"} if fault["fault"] == "foreign_order" else fault
