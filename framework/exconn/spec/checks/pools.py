"""Rate limits: a pool is a window or a bucket, and one whose size is the user's says it for every choice.

Rules: what goes by a credential goes by one with a choice, and with a default, since what needs no key is limited too;
each word of the choice has its size, and no other word has one; what is counted for each connection is a frame, what is
counted for each symbol a request about a pair; costs by the age of an order begin at age 0 and rise in age.
"""

from itertools import pairwise

from exconn.document import Findings, quoted
from exconn.spec.placeholders import is_about_pair
from exconn.spec.tree import AgeCost, Pool, Spec

_SIZES = ("allow", "burst", "refill")


def check_pool(spec: Spec, pool: Pool, findings: Findings) -> None:
    if pool.by is None and not pool.sizes:
        _check_size(pool, f"the limit {quoted(pool.name)}", findings)
        return
    own = [size for size in _SIZES if getattr(pool, size) is not None] + (["per"] if pool.per else [])
    if own or pool.by is None or not pool.sizes:
        message = f"the limit {quoted(pool.name)} is neither one size nor of a size by a credential"
        findings.add("bad-limit", message, pool.span, "write the size itself, or by and sizes alone")
        return
    for word, size in pool.sizes.items():
        _check_size(size, f"the limit {quoted(pool.name)} for {quoted(word)}", findings)
    if pool.by in spec.credentials:
        _check_choice(spec, pool, pool.by, findings)


def _check_choice(spec: Spec, pool: Pool, by: str, findings: Findings) -> None:
    credential = spec.credentials[by]
    if not credential.choice or credential.default is None:
        message = f"the limit {quoted(pool.name)} goes by {quoted(by)}, which needs a choice and a default"
        hint = "write, as for a tier, {secret: false, choice: [starter, pro], default: starter}"
        findings.add("bad-limit", message, credential.span, hint)
        return
    for word in credential.choice:
        if word not in pool.sizes:
            message = f"the limit {quoted(pool.name)} has no size for {quoted(word)}"
            findings.add("bad-limit", message, pool.span, "add it to sizes")
    for word, size in pool.sizes.items():
        if word not in credential.choice:
            message = f"{quoted(word)} is no choice of {quoted(by)}"
            findings.add("bad-limit", message, size.span, f"the choices are {', '.join(credential.choice)}")


def _check_size(pool: Pool, what: str, findings: Findings) -> None:
    window = pool.allow is not None
    bucket = pool.burst is not None and pool.refill is not None
    half = (pool.burst is None) != (pool.refill is None)
    if window == bucket or half or (window and pool.burst is not None):
        message = f"{what} is neither a window nor a bucket"
        findings.add("bad-limit", message, pool.span, "write allow and per, or burst, refill and per")
    if pool.per <= 0:
        findings.add(
            "bad-limit",
            f"{what} has a period of 0 seconds",
            pool.span,
            "write the seconds of its window, or of its refill, under per",
        )


def check_costs(spec: Spec, findings: Findings) -> None:
    """What costs more than its limit ever holds would wait for ever."""
    costly = [(each.operation, each.costs, each.span) for each in spec.endpoints.values()]
    costly += [(each.name, each.costs, each.span) for each in spec.sockets.values()]
    for name, costs, span in costly:
        for pool, cost in costs:
            most = _most(spec.limits[pool]) if pool in spec.limits else None
            if most is not None and cost > most:
                message = f"{name} costs {cost} of the limit {quoted(pool)}, which never holds more than {most}"
                findings.add("bad-limit", message, span, "write what the exchange documents for both")


def check_ages(spec: Spec, findings: Findings) -> None:
    """Every age has one cost, of an order that a request is about alone."""
    for endpoint in spec.endpoints.values():
        if endpoint.costs_by_age and endpoint.list_at is not None:
            message = f"{endpoint.operation} costs by age, and is sent for several orders together"
            findings.add(
                "bad-limit", message, endpoint.span, "delete list and at_most, or write the greatest under costs"
            )
        for pool, rows in endpoint.costs_by_age.items():
            _check_ages(f"what {endpoint.operation} costs of {quoted(pool)}", rows, findings)
            if sum(name == pool for name, _ in endpoint.costs) > 1:
                message = f"{endpoint.operation} costs of {quoted(pool)} by age and whatever the age"
                findings.add("bad-limit", message, endpoint.span, "delete it from costs")


def _check_ages(what: str, rows: tuple[AgeCost, ...], findings: Findings) -> None:
    if rows[0].start != 0:
        message = f"{what} begins at an age of {rows[0].start} s"
        findings.add("bad-limit", message, rows[0].span, "begin with from: 0, so that every age has a cost")
    for before, row in pairwise(rows):
        if row.start <= before.start:
            message = f"{what} goes from an age of {before.start} s to {row.start} s"
            findings.add("bad-limit", message, row.span, "write the rows from the youngest orders to the oldest")


def check_each(spec: Spec, findings: Findings) -> None:
    """What is counted one by one is spent only by what is of one."""
    requests = [(each.operation, each.costs, each.span) for each in spec.endpoints.values()]
    connects = [(each.name, each.costs, each.span) for each in spec.sockets.values()]
    sends = [(each.name, ((each.sends, 1),), each.span) for each in spec.sockets.values() if each.sends is not None]
    for name, costs, span in (*requests, *connects, *sends):
        for pool in (spec.limits[pool] for pool, _ in costs if pool in spec.limits):
            message = f"the limit {quoted(pool.name)} is counted for each {pool.each}, and {name} is of none"
            if pool.each == "symbol" and not is_about_pair(name):
                findings.add("bad-limit", message, span, "count it by another limit, or delete each")
            elif pool.each == "connection" and (name, costs, span) not in sends:
                findings.add("bad-limit", message, span, "name the limit under sends of a socket, or delete each")


def _most(pool: Pool) -> int | None:
    """What a limit holds at most, with the smallest of its sizes."""
    held = [size.allow or size.burst for size in (pool, *pool.sizes.values())]
    return min((each for each in held if each is not None), default=None)
