"""Guarantees about events: orders, fills and balances, pushed or polled.

Rules: what a stream loses is read again by REST, so that a guarantee is given up only where neither tells it; the pace
of polling without a stream is the market's: 5 s, and 15 s beside a stream while orders are open.
"""

from exconn.spec import Spec
from exconn.spec.vocabulary import HISTORIES

from .facts import answered, number, present, streamed
from .guarantee import Guarantee, Judgement, given_up, holds, weaker


def _events(spec: Spec) -> Judgement:
    told = streamed(spec, "order", "fill")
    return Judgement("pushed", "sockets", told[0].span) if told else Judgement("polled", "sockets.*.messages.order")


def _in_order(spec: Spec) -> Judgement:
    socket = next((each for each in spec.sockets.values() if each.orders_arrive == "in_order"), None)
    if socket is not None:
        return Judgement("in order", f"sockets.{socket.name}.orders_arrive", socket.span)
    return Judgement("any order", "sockets.*.orders_arrive")


def _fills(spec: Spec) -> Judgement:
    pushed, read = streamed(spec, "fill"), answered(spec, "fill")
    histories = present(spec, *HISTORIES)
    if not histories:
        return Judgement("no history", "endpoints.fills_since", (pushed or read)[0].span)
    outcome = "both" if pushed else "history"
    return Judgement(outcome, f"endpoints.{histories[0].operation}", histories[0].span)


def _reach(spec: Spec) -> Judgement:
    histories = present(spec, *HISTORIES)
    told = [end for end in histories if end.reach is not None]
    if not told:
        return Judgement("untold", "endpoints.fills_since.reach", histories[0].span if histories else None)
    first = min(told, key=lambda end: end.reach or 0)
    seconds = {"seconds": number(first.reach or 0)}
    return Judgement("told", f"endpoints.{first.operation}.reach", first.span, seconds)


def _pages(spec: Spec) -> Judgement:
    histories = present(spec, *HISTORIES)
    cut = next((end for end in histories if end.pages is None), None)
    if cut is not None:
        return Judgement("one answer", f"endpoints.{cut.operation}.pages", cut.span, {"operation": cut.operation})
    if not histories:
        return Judgement("no history", "endpoints.fills_since")
    return Judgement("paged", f"endpoints.{histories[0].operation}.pages", histories[0].span)


def _fees(spec: Spec) -> Judgement:
    fills = [*streamed(spec, "fill"), *answered(spec, "fill")]
    silent = [record for record in fills if record.fee is None]
    if not silent:
        return Judgement("told", "fill.fee", fills[0].span)
    return Judgement("untold" if len(silent) == len(fills) else "some", "fill.fee", silent[0].span)


def _amounts(spec: Spec) -> Judgement:
    told = [record for record in (*streamed(spec, "order"), *answered(spec, "order")) if "state" in record.fields]
    silent = next((record for record in told if not record.fields.keys() & {"filled", "filled_quote"}), None)
    if silent is None:
        return Judgement("told", "order.filled", told[0].span)
    return Judgement("untold", "order.filled", silent.span)


def _balances(spec: Spec) -> Judgement:
    told = streamed(spec, "balance")
    alone = next((each for each in told if not each.fields.keys() & {"available", "held"}), None)
    if alone is not None:
        return Judgement("totals", "sockets.*.messages.balance", alone.span)
    if told:
        return Judgement("pushed", "sockets.*.messages.balance", told[0].span)
    return Judgement("computed", "sockets.*.messages.balance")


GUARANTEES = (
    Guarantee(
        "events-are-pushed",
        "what happens to an order is known at once",
        ("14", "20", "21"),
        {
            "pushed": holds("a socket tells orders or fills; REST is read again beside it"),
            "polled": given_up(
                "nothing is pushed: what happens is known with the next poll, 5 s later at most",
                "add a socket with order and fill messages, if the exchange has one",
            ),
        },
        _events,
    ),
    Guarantee(
        "order-of-events",
        "the same events give the same end, in whatever order they come",
        ("16", "22"),
        {
            "in order": holds("the exchange promises an order; nothing relies on it"),
            "any order": holds("no order is promised, and none is needed"),
        },
        _in_order,
    ),
    Guarantee(
        "fills-are-complete",
        "every fill is booked, once, whatever a stream loses",
        ("18", "19", "20", "21", "27", "30"),
        {
            "both": holds("fills are pushed, and read again from a history; a trade's id counts once"),
            "history": weaker(
                "fills come from the history alone, and so with the next poll",
                "add a fill record to a message, if the exchange pushes trades",
            ),
            "no history": given_up(
                "there is no history of fills: one that its stream loses is lost for good",
                "add fills_since or fills_of_order, if the exchange has it",
            ),
        },
        _fills,
    ),
    Guarantee(
        "history-reaches",
        "it is known how far back a history of fills shows",
        ("20", "27"),
        {
            "told": holds("it shows {seconds} s"),
            "untold": weaker(
                "how far back it shows is not said: after a long absence a fill may be missing without a sign",
                "add reach: SECONDS to the histories",
            ),
        },
        _reach,
    ),
    Guarantee(
        "history-is-whole",
        "a history is read to its end",
        ("20", "24"),
        {
            "paged": holds("every history says how it is read on"),
            "one answer": weaker(
                "{operation} has no pages: what does not fit into one answer is not read", "add pages, as documented"
            ),
            "no history": given_up("there is no history of fills", "add fills_since or fills_of_order"),
        },
        _pages,
    ),
    Guarantee(
        "fees-are-told",
        "each fill carries the fee that was paid",
        ("48",),
        {
            "told": holds("every fill reads asset and amount of its fee"),
            "some": weaker(
                "this fill has no fee: it is unknown until another answer tells it",
                "add fee: {{asset: PATH, amount: PATH}}",
            ),
            "untold": given_up(
                "no fill reads a fee: fees are unknown, which is not zero", "add fee: {{asset: PATH, amount: PATH}}"
            ),
        },
        _fees,
    ),
    Guarantee(
        "ends-carry-amounts",
        "an order's end waits for its last fill, and not longer",
        ("23", "24", "29"),
        {
            "told": holds("orders tell what is filled, so that a missing fill is known to be missing"),
            "untold": weaker(
                "this order does not tell what is filled: its end waits until a reading of fills proves them complete",
                "add filled: PATH, if the exchange sends it",
            ),
        },
        _amounts,
    ),
    Guarantee(
        "balances-are-pushed",
        "what is available is the exchange's own figure, at once",
        ("57",),
        {
            "pushed": holds("a socket tells balances; an older answer never overwrites them"),
            "totals": weaker(
                "a socket tells totals alone: what is available is read by REST, and reckoned in between from our own "
                "orders and fills",
                "add available: PATH or held: PATH to the balance record, if the exchange pushes it",
            ),
            "computed": weaker(
                "balances are read by REST, and reckoned in between from our own orders and fills",
                "add a balance record to a message, if the exchange pushes balances",
            ),
        },
        _balances,
    ),
)
