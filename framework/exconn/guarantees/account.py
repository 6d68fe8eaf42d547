"""Guarantees about books, time, limits, rules and the key.

Rules: a book is published or withheld, so that a guarantee about it says what is noticed; of limits, what the exchange
tells counts more than what we count.
"""

from exconn.spec import Spec

from .facts import answered, counted, error_rows, streamed
from .guarantee import Guarantee, Judgement, given_up, holds, weaker

_NOTICING = ("range", "link", "count")


def _gaps(spec: Spec) -> Judgement:
    book = spec.order_book
    if book is None or not streamed(spec, "book_snapshot", "book_update"):
        return Judgement("polled", "order_book", None if book is None else book.span)
    if book.start == "whole":
        outcome = "whole"
    elif book.chain in _NOTICING:
        outcome = "chained"
    else:
        outcome = "summed" if book.checksum is not None else book.chain
    return Judgement(outcome, "order_book.chain", book.span, {"chain": book.chain})


def _checksum(spec: Spec) -> Judgement:
    book = spec.order_book
    if book is None or book.checksum is None:
        return Judgement("none", "order_book.checksum")
    return Judgement("compared", "order_book.checksum", book.checksum.span)


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


def _minimums(spec: Spec) -> Judgement:
    wanted = ("min_size", "min_notional")
    (rule, *_) = answered(spec, "rule")
    missing = [field for field in wanted if field not in rule.fields]
    outcome = "read" if not missing else "partly"
    return Judgement(outcome, "endpoints.trading_rules.reply.rule", rule.span, {"missing": " and ".join(missing)})


def _halts(spec: Spec) -> Judgement:
    for rule in answered(spec, "rule"):
        if "open" in rule.matches:
            return Judgement("told", "endpoints.trading_rules.reply.rule.open", rule.matches["open"].span)
    return Judgement("untold", "endpoints.trading_rules.reply.rule.open")


def _switch(spec: Spec) -> Judgement:
    end = spec.endpoints.get("dead_mans_switch")
    if end is None:
        return Judgement("none", "endpoints.dead_mans_switch")
    return Judgement("offered", "endpoints.dead_mans_switch", end.span)


def _rights(spec: Spec) -> Judgement:
    end = spec.endpoints.get("key_rights")
    if end is None:
        return Judgement("unseen", "endpoints.key_rights")
    return Judgement("asked", "endpoints.key_rights", end.span)


def _fee_rates(spec: Spec) -> Judgement:
    end = spec.endpoints.get("fee_rates")
    if end is not None:
        return Judgement("asked", "endpoints.fee_rates", end.span)
    if spec.fees is not None:
        return Judgement("stated", "fees", spec.fees.span)
    return Judgement("unknown", "endpoints.fee_rates")


def _open_orders(spec: Spec) -> Judgement:
    end = spec.endpoints.get("open_orders")
    if end is None:
        return Judgement("one by one", "endpoints.open_orders")
    return Judgement("listed", "endpoints.open_orders", end.span)


GUARANTEES = (
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
    Guarantee(
        "book-gaps-are-seen",
        "a book that lost an update is withheld and mended, that pair only",
        ("35", "36", "39"),
        {
            "chained": holds("updates are chained ({chain}): each says what it follows"),
            "whole": holds("every frame is the whole book"),
            "polled": weaker(
                "no socket tells the book: it is read by REST, whole and late",
                "add a socket with book_update, if the exchange has one",
            ),
            "summed": weaker(
                "updates carry no sequence: one that was lost shows in the next checksum, if its levels are counted in",
                "say chain: range, link or count, if updates carry what it reads",
            ),
            "newer": weaker(
                "updates only grow (chain: newer): one that was lost is not noticed",
                "say chain: range, link or count, if updates carry what it reads",
            ),
            "none": given_up(
                "updates carry no sequence: one that was lost is not noticed",
                "say chain: range, link or count, if updates carry what it reads",
            ),
        },
        _gaps,
    ),
    Guarantee(
        "book-is-verified",
        "a book whose levels are wrong is withheld and mended",
        ("37", "38"),
        {
            "compared": holds("the exchange's checksum is compared, and a crossed top is never published"),
            "none": weaker(
                "a crossed top is never published, but other wrong levels are not noticed",
                "add order_book.checksum, if the exchange sends one",
            ),
        },
        _checksum,
    ),
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
            "known": holds("errors.time_skew is listed: the clock is set, and what may be sent again is"),
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
            "known": holds("errors.rate_limited is listed"),
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
    Guarantee(
        "rules-are-complete",
        "what the exchange would refuse for its size is refused before it is sent",
        ("13",),
        {
            "read": holds("steps, least size and least value are read"),
            "partly": weaker(
                "{missing} is not read: the exchange is the one to refuse", "add it, if the exchange tells it"
            ),
        },
        _minimums,
    ),
    Guarantee(
        "halts-are-known",
        "a pair that is halted takes no new orders, and keeps its open ones",
        ("49",),
        {
            "told": holds("rule.open says which pairs trade"),
            "untold": weaker(
                "rules do not say whether a pair trades: an order on a halted one is refused by the exchange",
                "add open: {{PATH: STATUS}} to the rule of trading_rules",
            ),
        },
        _halts,
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
    Guarantee(
        "keys-cannot-withdraw",
        "a key that could withdraw is refused at the start",
        ("S12",),
        {
            "asked": holds("key_rights is asked"),
            "unseen": given_up("nobody tells what the key may do", "add key_rights, if the exchange tells it"),
        },
        _rights,
    ),
    Guarantee(
        "fee-rates-are-ours",
        "fees are reckoned with the account's own rates",
        ("48",),
        {
            "asked": holds("fee_rates is asked"),
            "stated": weaker("the spec's own figures are used, whatever the account's rates are", "add fee_rates"),
            "unknown": given_up("no rate is known, and no fee can be reckoned", "add fee_rates, or fees as published"),
        },
        _fee_rates,
    ),
)
