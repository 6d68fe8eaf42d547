"""Guarantees about time and rates: what the exchange refuses for its moment, its nonce or its frequency.

Rules: of limits, what the exchange tells counts more than what we count.
"""

from exconn.spec import Spec

from .facts import counted, error_rows
from .guarantee import Guarantee, Judgement, given_up, holds, weaker


def _clock(spec: Spec) -> Judgement:
    end = spec.endpoints.get("server_time")
    if end is None:
        return Judgement("own", "endpoints.server_time")
    return Judgement("asked", "endpoints.server_time", end.span)


def _time_refusals(spec: Spec) -> Judgement:
    return _known(spec, "time_skew")


def _known(spec: Spec, meaning: str) -> Judgement:
    """Whether the errors of placing an order have a row of this meaning."""
    rows = error_rows(spec, spec.endpoints["place_order"], meaning)
    key = f"errors.{meaning}"
    return Judgement("known", key, rows[0].span) if rows else Judgement("unknown", key)


def _nonces(spec: Spec) -> Judgement:
    recipe = next((each for each in spec.signing.values() if each.nonce is not None), None)
    if recipe is None:
        return Judgement("none", "signing.*.nonce")
    rows = error_rows(spec, spec.endpoints["place_order"], "bad_nonce")
    outcome = "known" if rows else "unknown"
    return Judgement(outcome, "errors.bad_nonce", rows[0].span if rows else recipe.span, {"recipe": recipe.name})


def _limits(spec: Spec) -> Judgement:
    free = next((end for end in spec.endpoints.values() if not end.costs), None)
    if not spec.limits:
        return Judgement("none", "limits")
    if free is not None:
        return Judgement("some", f"endpoints.{free.operation}.costs", free.span, {"operation": free.operation})
    return Judgement("all", "limits", next(iter(spec.limits.values())).span)


def _used(spec: Spec) -> Judgement:
    pools = counted(spec)
    silent = next((pool for pool in pools if pool.used is None), None)
    if silent is not None:
        return Judgement("counted", f"limits.{silent.name}.used", silent.span, {"pool": silent.name})
    if not pools:
        return Judgement("counted", "limits.*.used", None, {"pool": "every limit"})
    return Judgement("told", f"limits.{pools[0].name}.used", pools[0].span)


def _retry_after(spec: Spec) -> Judgement:
    pools = counted(spec)
    silent = next((pool for pool in pools if pool.retry_after is None), None)
    if silent is not None:
        return Judgement("usual", f"limits.{silent.name}.retry_after", silent.span)
    if not pools:
        return Judgement("usual", "limits.*.retry_after")
    return Judgement("told", f"limits.{pools[0].name}.retry_after", pools[0].span)


def _rate_refusals(spec: Spec) -> Judgement:
    return _known(spec, "rate_limited")


def _maintenance(spec: Spec) -> Judgement:
    return _known(spec, "maintenance")


GUARANTEES = (
    Guarantee(
        "clock-is-the-exchanges",
        "signed moments are the exchange's time",
        ("41",),
        {
            "asked": holds("server_time is asked, and the shortest of several round trips believed"),
            "own": given_up("nobody tells the exchange's time: this machine's clock is believed", "add server_time"),
        },
        _clock,
    ),
    Guarantee(
        "time-refusals-are-mended",
        "a request refused for its moment is known as that",
        ("41",),
        {
            "known": holds(
                "errors.time_skew is listed: the clock is set by server_time, and what was refused is sent again, once"
            ),
            "unknown": weaker("no error means time_skew", "list its codes under errors: time_skew"),
        },
        _time_refusals,
    ),
    Guarantee(
        "nonces-are-in-order",
        "requests reach the exchange with rising nonces",
        ("42",),
        {
            "none": holds("no recipe has a nonce"),
            "known": holds("they are drawn, signed and written in order, and a refused one is mended"),
            "unknown": weaker(
                "they are drawn, signed and written in order, but no error says that one was refused ({recipe})",
                "list its codes under errors: bad_nonce",
            ),
        },
        _nonces,
    ),
    Guarantee(
        "limits-are-kept",
        "no request exceeds what the exchange allows",
        ("44",),
        {
            "all": holds("every request is counted"),
            "some": weaker("{operation} and perhaps others cost nothing, and are sent uncounted", "add costs to each"),
            "none": given_up(
                "no limit is known: the exchange's refusals are the only brake", "add limits, and costs to each"
            ),
        },
        _limits,
    ),
    Guarantee(
        "limits-are-shared",
        "what others use of the same limit is known",
        ("44",),
        {
            "told": holds("replies tell what is used"),
            "counted": weaker(
                "{pool} is counted here alone: what another program uses of it is not seen",
                "add used: HEADER to the limits, if replies carry it",
            ),
        },
        _used,
    ),
    Guarantee(
        "waits-are-told",
        "after a refusal for its rate, requests wait as long as the exchange says",
        ("44",),
        {
            "told": holds("limits name the header that says how long"),
            "usual": weaker(
                "the header Retry-After is looked for, else the limit's own period is waited",
                "add retry_after: HEADER to the limits",
            ),
        },
        _retry_after,
    ),
    Guarantee(
        "rate-refusals-are-known",
        "a refusal for its rate is known as one, and ends no order by mistake",
        ("44",),
        {
            "known": holds(
                "errors.rate_limited is listed: what costs of that limit waits; an order refused so has failed, and is"
                " not sent later"
            ),
            "unknown": weaker(
                "no error means rate_limited: only the statuses 429 and 418 make requests wait",
                "list its codes under errors: rate_limited",
            ),
        },
        _rate_refusals,
    ),
    Guarantee(
        "maintenance-is-known",
        "maintenance is known as such",
        ("50",),
        {
            "known": holds("errors.maintenance is listed"),
            "unknown": weaker("it is an error like others", "list its codes or statuses under errors: maintenance"),
        },
        _maintenance,
    ),
)
