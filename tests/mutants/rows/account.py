"""The account and its pairs: whose orders, which balances, what is traded.

Rows 49 and 57 have no mutants: orders of a pair that goes are over before it is gone, and an old answer of balances is
put right by the next one before anybody looks; none of 200 seeds showed either.
"""

from exconn.market.tracking import TrackedOrder
from exconn.model import OrderReport, OrderType

from ..mutant import mutant


@mutant(
    43,
    "an order that somebody else placed is taken for ours",
    "exconn.market.tracking.tracker:Tracker.report",
    ["I5"],
    ["foreign_order"],
)
def foreign_order_adopted(right):
    def report(self, report, now):
        is_order = isinstance(report, OrderReport) and report.client_id is not None
        if is_order and self.find_report(report) is None and not report.state.is_final:
            self.start(
                TrackedOrder(
                    client_id=report.client_id,
                    pair=report.pair,
                    order_type=OrderType.LIMIT,
                    side=report.side,
                    price=report.price,
                    amount=report.amount,
                    created_ns=round(now * 1e9),
                )
            )
        return right(self, report, now)

    return report


@mutant(50, "an answer without rules is believed", "exconn.market.rules:TradingRules.load", ["I14"], ["empty_list"])
def empty_rules_believed(right):
    def load(self, reports):
        self._replace(self.readable(reports))
        return list(self.rules.values())

    return load
