"""Guarantees about placing and cancelling: what is known of an order when its answer, or the proof of it, is missing.

Rules: a fence counts only where lookups can use it: by our id, with the time after which a new order shows; whatever is
not proven stays tracked and reserved, so that leaving something out costs time, and never an order.
"""

from exconn.spec import Spec
from exconn.spec.tree import Endpoint
from exconn.spec.walk import hole_names, request_templates

from .facts import by_status_alone, by_text_alone, error_rows, lookups_by_client_id, number, streamed
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


def _no_second(spec: Spec) -> Judgement:
    place = spec.endpoints["place_order"]
    repeats = place.same_id in ("refused", "same_order")
    span = None if place.same_id is None else place.span
    return Judgement("repeats" if repeats else "once", "endpoints.place_order.same_id", span)


def _client_id(spec: Spec) -> Judgement:
    ids = spec.client_id
    return Judgement("none", "client_id") if ids is None else Judgement("sent", "client_id", ids.span)


def _unique(spec: Spec) -> Judgement:
    ids = spec.client_id
    if ids is None:
        return Judgement("no id", "client_id")
    outcome = "forever" if ids.unique == "forever" else "again"
    return Judgement(outcome, "client_id.unique", ids.span, {"unique": ids.unique})


def _id_in_events(spec: Spec) -> Judgement:
    told = streamed(spec, "order", "fill")
    if not told:
        return Judgement("no stream", "sockets.*.messages")
    silent = next((record for record in told if "client_id" not in record.fields), None)
    if silent is not None:
        return Judgement("silent", f"sockets.*.messages.{silent.kind}.client_id", silent.span, {"kind": silent.kind})
    return Judgement("told", "sockets.*.messages", told[0].span)


def _refusals(spec: Spec) -> Judgement:
    place = spec.endpoints["place_order"]
    rows = error_rows(spec, place, "rejected", "insufficient_balance", "would_cross")
    proven = error_rows(spec, place, "rejected", "insufficient_balance", "would_cross", "rate_limited", "time_skew")
    proven += error_rows(spec, place, "bad_nonce", "auth", "duplicate_client_id", "already_requested")
    if not rows:
        return Judgement("none", "errors.rejected")
    for test, outcome in ((by_status_alone, "status"), (by_text_alone, "text")):
        first = next((row for row in proven if test(row)), None)
        if first is not None:
            shown = {"meaning": first.meaning, "http": ", ".join(map(str, first.http)), "text": first.text or ""}
            return Judgement(outcome, f"errors.{first.meaning}", first.span, shown)
    return Judgement("codes", "errors", rows[0].span, {"rows": str(len(proven))})


def _success(spec: Spec) -> Judgement:
    place = spec.endpoints["place_order"]
    if place.envelope is None:
        return Judgement("bare", "envelopes")
    return Judgement("envelope", f"envelopes.{place.envelope.name}", place.envelope.span)


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


def _cancel_done(spec: Spec) -> Judgement:
    cancel = spec.endpoints["cancel_order"]
    span = None if cancel.effect is None else cancel.span
    return Judgement("done" if cancel.effect == "done" else "requested", "endpoints.cancel_order.effect", span)


def _cancel_by_our_id(spec: Spec) -> Judgement:
    cancel = spec.endpoints["cancel_order"]
    ours = "client_id" in hole_names(request_templates(cancel))
    return Judgement("ours" if ours else "theirs", "endpoints.cancel_order", cancel.span)


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
        "no-second-order",
        "a placing that was provably not executed is sent again, and can never make two orders",
        ("9", "41", "42"),
        {
            "repeats": holds("a second order with the same client id is impossible"),
            "once": weaker(
                "a second order with the same id is possible or unknown, so that no placing is ever repeated",
                "add same_id: refused or same_order, if the documents say so",
            ),
        },
        _no_second,
    ),
    Guarantee(
        "client-ids",
        "each order carries an id of ours",
        ("1", "10", "12"),
        {
            "sent": holds("ids are unique over restarts and clones"),
            "none": given_up(
                "the exchange takes no ids of ours: an order of lost answer cannot be told from others",
                "add client_id, if the exchange takes one",
            ),
        },
        _client_id,
    ),
    Guarantee(
        "ids-come-once",
        "a report with our id is about our order, and no older one",
        ("10", "11"),
        {
            "forever": holds("the exchange never lets an id come again"),
            "again": weaker(
                "an id is unique: {unique}; a report must agree in price and amount until the exchange's id is known",
                "nothing, unless the documents promise unique: forever",
            ),
            "no id": given_up("there are no ids of ours", "add client_id, if the exchange takes one"),
        },
        _unique,
    ),
    Guarantee(
        "events-carry-our-id",
        "an event that overtakes the answer to its order is booked at once",
        ("12", "14"),
        {
            "told": holds("orders and fills of the stream carry our id"),
            "silent": weaker(
                "a {kind} of the stream does not carry our id: before the answer it is nobody's, and read again later",
                "add client_id: PATH to it, if the exchange sends it",
            ),
            "no stream": weaker("there are no events; REST is polled", "add a socket with order and fill messages"),
        },
        _id_in_events,
    ),
    Guarantee(
        "refusals-are-proven",
        "only what proves that nothing was executed ends an order",
        ("4", "5", "7"),
        {
            "codes": holds("{rows} rows of errors name codes; every other error leaves the order tracked"),
            "status": weaker(
                "{meaning} is told by the HTTP status {http} alone, which a proxy can send too: that it proves"
                " anything is the writer's own word",
                "add the code that comes with it",
            ),
            "text": weaker(
                "{meaning} is told by the text {text!r} alone, which may be reworded: then it proves nothing any more",
                "add the code that comes with it",
            ),
            "none": given_up(
                "no refusal of an order is listed: each one is of unknown outcome until a lookup decides",
                "list the documented codes under errors: rejected, insufficient_balance, would_cross",
            ),
        },
        _refusals,
    ),
    Guarantee(
        "success-is-told",
        "a reply is a success because it says so",
        ("7", "8"),
        {
            "envelope": holds("an order counts as accepted when the envelope says success and an id is read"),
            "bare": weaker(
                "place_order has no envelope: a 2xx with an order id in it is a success",
                "add an envelope with success, if replies say it",
            ),
        },
        _success,
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
        "cancels-are-evidence",
        "the answer to a cancel says that the order is out of the book",
        ("23", "25", "26"),
        {
            "done": holds("effect: done"),
            "requested": weaker(
                "the answer says only that the cancel was received: the order's end is told by an event or a lookup",
                "add effect: done, if the documents say that the order is out of the book by then",
            ),
        },
        _cancel_done,
    ),
    Guarantee(
        "cancel-by-our-id",
        "an order can be cancelled before the exchange's id is known",
        ("12", "26"),
        {
            "ours": holds("cancel_order sends our id"),
            "theirs": weaker(
                "cancel_order sends the exchange's id: an order of lost answer is cancelled only when it was found",
                "send {{client_id}} in cancel_order, if the exchange takes it",
            ),
        },
        _cancel_by_our_id,
    ),
)
