"""States of an order: what an old report may change."""

from msgspec.structs import replace

from exconn.market.tracking import Phase, announce

from ..mutant import mutant

_APPLY = "exconn.market.tracking.apply:"


@mutant(
    15, "an answer that comes after the end opens the order again", f"{_APPLY}_RULES[Accepted]", ["I6"], ["slow_ack"]
)
def late_answer_reopens(right):
    def accepted(order, fact, now):
        after, told = right(order, fact, now)
        return (replace(after, phase=Phase.OPEN) if order.is_closed else after), told

    return accepted


@mutant(16, "the last report is believed, whatever was known before", f"{_APPLY}_claimed", ["I6"], ["replica_lag"])
def newest_report_is_believed(right):
    def claimed(order, report, now):
        after = right(order, report, now)
        return after if report.filled is None else replace(after, told_filled=report.filled)

    return claimed


@mutant(17, "each report of an end tells the end", f"{_APPLY}_RULES[OrderReport]", ["I3"], ["duplicate_frame"])
def end_told_again(right):
    def reported(order, report, now):
        after, told = right(order, report, now)
        if order.is_closed and report.state is not None and report.state.is_final:
            after, told = replace(after, closed_at=now), (*told, announce.ended(after, now))
        return after, told

    return reported
