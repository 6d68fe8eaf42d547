"""I10 to I14: books, limits, secrets, resources and liveness.

Rules: as in `orders`. Resources are compared with what the market had when it had just become ready; liveness is asked
for when the faults have long been over. Sources: the reliability reference, section 2.1.
"""

from exconn.model import NetworkStatus
from exconn.testing.simulation.invariants.case import Case, Finding, Findings

_MARGIN = 1.0
"""Seconds beyond a socket's silence."""


def true_books(case: Case) -> Findings:
    """I10: every book that was published was the exchange's at the sequence that it claims, and not crossed."""
    differences, case.witness.differences = case.witness.differences, []
    for difference in differences:
        yield Finding(difference)
    for pair, book in case.market.order_books.items():
        if book.best_bid is not None and book.best_ask is not None and book.best_bid[0] >= book.best_ask[0]:
            yield Finding(f"the book of {pair} is published with {book.best_bid[0]} bid at {book.best_ask[0]} asked")


def heard_lately(case: Case) -> Findings:
    """I14, of streams: one that counts as live has been heard within the silence that its socket may keep."""
    market = case.market
    for stream in (*market.order_book_tracker.streams, *market.user_stream_tracker.streams):
        silent = market.current_timestamp - stream.last_recv_time
        if stream.is_live and silent > stream.socket.silence + _MARGIN:
            yield Finding(f"socket {stream.socket.name} counts as live, and nothing has come since {silent:.0f} s")


def rules_known(case: Case) -> Findings:
    """I14, of rules: one that was read is not lost while the exchange lists its pair."""
    for pair in case.traded_pairs():
        if pair not in case.market.trading_rules:
            yield Finding(f"{pair} is listed, and its trading rule is gone")


def patient_connects(case: Case) -> Findings:
    """I11: reconnecting does not use up the handshakes that the exchange allows."""
    for text in case.wire.too_many_connects():
        yield Finding(text)


def within_limits(case: Case) -> Findings:
    """I11: the exchange's own count of a pool never refused a request."""
    for text in case.wire.refused_by_limits():
        yield Finding(text)


def bans_kept(case: Case) -> Findings:
    """I11: nothing was sent that the exchange had just forbidden."""
    for text in case.wire.sent_while_banned():
        yield Finding(text)


def nothing_let_out(case: Case) -> Findings:
    """I12: no credential, no token of the exchange's, no signature in what the market logs, tells, saves or shows."""
    market, ear = case.market, case.eavesdropper
    ear.hear(f"{market!r} {market.auth!r} {market.last_error!r} {market.last_error} {market.tracking_states}")
    for text in ear.leaks(market._parts.ground.context.given.values()):
        yield Finding(text)


def nothing_died(case: Case) -> Findings:
    """I13: no task of the market failed, and none of the exchange."""
    complaints, case.complaints[:] = list(case.complaints), []
    for complaint in complaints:
        yield Finding(complaint)


def resources_returned(case: Case) -> Findings:
    """I13: tasks and websockets are what they were at the beginning, and no connection is kept without use."""
    for text in case.resources.differences():
        yield Finding(text)


def all_live(case: Case) -> Findings:
    """I14: the market is ready, its network connected, every stream and every book live."""
    is_whole = len(case.traded_pairs()) == len(case.pairs)
    for name, holds in case.market.status_dict.items():
        if not holds and (is_whole or name != "order_books_initialized"):
            yield Finding(f"not ready: {name}; last error: {case.market.last_error}")
    for pair in case.traded_pairs():
        if pair not in case.market.order_books:
            yield Finding(f"the book of {pair} is withheld")
    if case.market.network_status is not NetworkStatus.CONNECTED:
        yield Finding(f"the network is {case.market.network_status.name}: {case.market.last_error}")
