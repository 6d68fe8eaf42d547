"""Guarantees about finding an order: what is known when its answer is missing, and what proves that there is none.

Rules: a fence counts only where lookups can use it: by our id, with the time after which a new order shows; whatever is
not proven stays tracked and reserved, so that leaving something out costs time, and never an order.
"""

from exconn.spec import Spec
from exconn.spec.tree import Endpoint

from .facts import by_status_alone, error_rows, lookups_by_client_id, number
from .guarantee import Guarantee, Judgement, given_up, holds, weaker

_FENCE = "endpoints.place_order.fence"
_STAYS = "an order without an answer stays tracked and reserved until it is seen, however long that takes"
_FENCES = "add a fence of the kind window or deadline, if the exchange refuses a request that comes too late"


def _lost_answer(spec: Spec) -> Judgement:
    place = spec.endpoints["place_order"]
    fence = place.fence
    if fence is None or fence.kind == "none":
        return Judgement("no fence", _FENCE, None if fence is None else fence.span)
    if fence.kind == "resend":
        return Judgement("sent again", _FENCE, fence.span)
    lookups = lookups_by_client_id(spec)
    if not lookups or not any(each.sees for each in spec.endpoints.values()):
        return Judgement("no lookup", _FENCE, fence.span)
    if fence.kind == "nonce" and any(_nonce(spec, each) != _nonce(spec, place) for each in lookups):
        return Judgement("no nonce", _FENCE, fence.span)
    if fence.seconds is None:
        return Judgement(fence.kind, _FENCE, fence.span)
    return Judgement("fenced", _FENCE, fence.span, {"kind": fence.kind, "seconds": number(fence.seconds)})


def _nonce(spec: Spec, endpoint: Endpoint) -> str | None:
    """What the nonce of an operation is drawn from."""
    return None if endpoint.signed is None else spec.signing[endpoint.signed].nonce


def _found_by_our_id(spec: Spec) -> Judgement:
    found = lookups_by_client_id(spec)
    if not found:
        return Judgement("no lookup", "endpoints.order_by_client_id")
    return Judgement("one" if len(found) == 1 else "two", f"endpoints.{found[0].operation}", found[0].span)


def _shows_new(spec: Spec) -> Judgement:
    told = [(end.sees.new_after, name, end.span) for name, end in spec.endpoints.items() if end.sees is not None]
    if not told:
        return Judgement("untold", "endpoints.order_by_client_id.sees")
    seconds, name, span = max(told, key=lambda each: each[0])
    return Judgement("told", f"endpoints.{name}.sees", span, {"seconds": number(seconds)})


def _shows_closed(spec: Spec) -> Judgement:
    for end in lookups_by_client_id(spec):
        if end.sees is not None and end.sees.closed_for is not None:
            seconds = {"seconds": number(end.sees.closed_for)}
            return Judgement("told", f"endpoints.{end.operation}.sees", end.span, seconds)
    return Judgement("untold", "endpoints.order_by_client_id.sees.closed_for")


def _not_found(spec: Spec) -> Judgement:
    lookups = lookups_by_client_id(spec) or [end for name, end in spec.endpoints.items() if name.startswith("order_by")]
    rows = [row for end in lookups for row in error_rows(spec, end, "order_not_found")]
    status = next((row for row in rows if by_status_alone(row)), None)
    if status is not None:
        http = {"http": ", ".join(map(str, status.http))}
        return Judgement("status", "errors.order_not_found", status.span, http)
    if rows:
        return Judgement("codes", "errors.order_not_found", rows[0].span)
    if all(end.envelope is not None for end in lookups):
        return Judgement("rows", f"endpoints.{lookups[0].operation}", lookups[0].span)
    return Judgement("never", "errors.order_not_found")


def _open_orders(spec: Spec) -> Judgement:
    end = spec.endpoints.get("open_orders")
    if end is None:
        return Judgement("one by one", "endpoints.open_orders")
    return Judgement("listed", "endpoints.open_orders", end.span)


GUARANTEES = (
    Guarantee(
        "lost-answer",
        "an order whose answer was lost is told as failed only when it can no longer arrive",
        ("1", "3", "4", "28"),
        {
            "fenced": holds("a {kind} of {seconds} s: after it, two lookups that find nothing prove it"),
            "no lookup": given_up(
                f"the fence ends, but nothing proves an absence then: {_STAYS}",
                "add order_by_client_id with sees: {{new_after: SECONDS}}",
            ),
            "nonce": holds("a lookup takes a higher nonce: after it, two more that find nothing prove it"),
            "no nonce": given_up(
                f"a higher nonce is the fence, but the lookups draw none of the same kind: {_STAYS}", _FENCES
            ),
            "cancel_by_client_id": holds("after a cancel of our id that finds nothing, two such lookups prove it"),
            "sent again": weaker(
                f"sent again, the order is there, later than it was wanted; where that is refused, {_STAYS}", _FENCES
            ),
            "no fence": given_up(f"nothing says when a request is too old to be executed: {_STAYS}", _FENCES),
        },
        _lost_answer,
    ),
    Guarantee(
        "found-by-our-id",
        "an order can be found when the exchange's id was never learnt, open or closed",
        ("1", "2", "12"),
        {
            "one": holds("one lookup takes our id"),
            "two": holds("two lookups take our id, and only both together say that there is none"),
            "no lookup": given_up(
                "only the exchange's id finds an order; one of lost answer is seen by events and lists alone",
                "add order_by_client_id, or open_order_by_client_id and closed_order_by_client_id",
            ),
        },
        _found_by_our_id,
    ),
    Guarantee(
        "new-orders-show",
        "a lookup that finds nothing is believed only when a new order would show by now",
        ("3", "16", "28"),
        {
            "told": holds("a new order shows within {seconds} s"),
            "untold": given_up(
                "no lookup says when a new order shows, so that none is ever believed to be absent",
                "add sees: {{new_after: SECONDS}} to the lookups, as documented or generously measured",
            ),
        },
        _shows_new,
    ),
    Guarantee(
        "closed-orders-show",
        "an order that ended while nobody looked can still be read",
        ("2", "53"),
        {
            "told": holds("a closed order shows for {seconds} s"),
            "untold": weaker(
                "how long a closed order shows is not said; after a long absence its end may not be found",
                "add closed_for: SECONDS to sees of the lookup by client id",
            ),
        },
        _shows_closed,
    ),
    Guarantee(
        "not-found-is-told",
        "that there is no such order is told by the exchange, and never guessed",
        ("25", "28"),
        {
            "codes": holds("order_not_found has codes"),
            "rows": holds("a successful answer without rows says so"),
            "status": weaker(
                "order_not_found is told by the HTTP status {http} alone, which a proxy can send too",
                "add the code that comes with it",
            ),
            "never": given_up(
                "no answer says that there is no such order", "add errors: {{order_not_found: [CODE]}}, or an envelope"
            ),
        },
        _not_found,
    ),
    Guarantee(
        "open-orders-are-listed",
        "working orders are read again at one stroke",
        ("16", "53"),
        {
            "listed": holds("one list shows them; what is missing from it is looked up by itself"),
            "one by one": weaker(
                "each order is looked up by itself, which costs a request each",
                "add open_orders, if the exchange has it",
            ),
        },
        _open_orders,
    ),
)
