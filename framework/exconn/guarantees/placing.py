"""Guarantees about placing and cancelling: ids of ours, and what an answer proves.

Rules: an answer proves what the spec lists as proof, and no more; every other one leaves the order tracked.
"""

from exconn.spec import Spec
from exconn.spec.walk import hole_names, request_templates

from .facts import by_status_alone, by_text_alone, error_rows, streamed
from .guarantee import Guarantee, Judgement, given_up, holds, weaker


def _no_second(spec: Spec) -> Judgement:
    place = spec.endpoints["place_order"]
    outcome = "once" if place.same_id in ("refused", "same_order") else "again"
    return Judgement(outcome, "endpoints.place_order.same_id", place.same_id_span)


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


def _cancel_done(spec: Spec) -> Judgement:
    cancel = spec.endpoints["cancel_order"]
    span = None if cancel.effect is None else cancel.span
    return Judgement("done" if cancel.effect == "done" else "requested", "endpoints.cancel_order.effect", span)


def _cancel_by_our_id(spec: Spec) -> Judgement:
    cancel = spec.endpoints["cancel_order"]
    ours = "client_id" in hole_names(request_templates(cancel))
    return Judgement("ours" if ours else "theirs", "endpoints.cancel_order", cancel.span)


def _switch(spec: Spec) -> Judgement:
    end = spec.endpoints.get("dead_mans_switch")
    if end is None:
        return Judgement("none", "endpoints.dead_mans_switch")
    return Judgement("offered", "endpoints.dead_mans_switch", end.span)


GUARANTEES = (
    Guarantee(
        "no-second-order",
        "a placing that is sent again can never make two orders",
        ("9", "41", "42"),
        {
            "once": holds("the exchange takes an id once, for ever: a second order with it is impossible"),
            "again": weaker(
                "an id may be taken again, or nothing is known of it: a placing is sent again only after a refusal for"
                " its moment or its nonce, once, and that the first was not executed is the refusal's word alone",
                "add same_id: refused or same_order with unique: forever, if an id stays taken after its order ended",
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
    Guarantee(
        "orders-die-with-us",
        "the exchange cancels all orders when this program is gone",
        ("56",),
        {
            "offered": holds("dead_mans_switch is refreshed while the market runs, where the user asks for it"),
            "none": given_up(
                "orders outlive a program that is cut off; a stop in good order can cancel them (cancel_on_stop)",
                "add dead_mans_switch, if the exchange has it",
            ),
        },
        _switch,
    ),
)
