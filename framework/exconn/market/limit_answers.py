"""What an answer says of the limits: how much is used, when to come back, and that we are banned.

Rules: a 429 stops the pools of its request until the exchange says otherwise, a 418 stops all, and so does a 429 of a
request that no pool counts; without a header the pool's own period is waited, or for a ban what the user set. A header
that is no plain number is no news.
"""

from collections.abc import Mapping

from exconn.codec import Answer, Facts, Pool
from exconn.errors import Throttled
from exconn.market.limiter import Costs, Limiter

TOO_MANY = 429
BANNED = 418
_UNCOUNTED_WAIT = 10.0


def hear_limits(
    facts: Facts, limiter: Limiter, costs: Costs, answer: Answer, each: Mapping[str, str], now: float, ban: float
) -> None:
    """Tell the limiter what `answer` says. `now`: steady seconds; `ban`: how long a ban lasts that names no end."""
    for pool in facts.pools:
        if pool.used is not None and (used := number(answer.headers.get(pool.used.lower()))) is not None:
            limiter.hear(pool.name, used, each)
    if answer.status == BANNED:
        waits = [wait for pool in facts.pools if (wait := told_wait(pool, answer)) is not None]
        limiter.throttled(None, now + max(waits, default=_plain_wait(answer, ban)))
    elif answer.status == TOO_MANY and not costs:
        limiter.throttled(None, now + _plain_wait(answer, _UNCOUNTED_WAIT))
    elif answer.status == TOO_MANY:
        for pool in facts.pools:
            if any(name == pool.name for name, _ in costs):
                told = told_wait(pool, answer)
                limiter.throttled(pool.name, now + (pool.per if told is None else told))


def hear_handshake(limiter: Limiter, costs: Costs, refused: Throttled, now: float, ban: float) -> float:
    """As `hear_limits`, of a handshake that was refused; gives how long to leave the exchange alone, in seconds."""
    wait = refused.retry_after
    if refused.banned or not costs:
        wait = (ban if refused.banned else _UNCOUNTED_WAIT) if wait is None else wait
        limiter.throttled(None, now + wait)
        return wait
    for pool, _ in costs:
        limiter.throttled(pool, now + (limiter.period(pool) if wait is None else wait))
    return wait or 0.0


def _plain_wait(answer: Answer, otherwise: float) -> float:
    told = number(answer.headers.get("retry-after"))
    return otherwise if told is None else told


def told_wait(pool: Pool, answer: Answer) -> float | None:
    """Seconds, from the pool's header."""
    return None if pool.retry_after is None else number(answer.headers.get(pool.retry_after.lower()))


def number(text: str | None) -> int | None:
    """A plain count, None for everything else."""
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 10 else None
