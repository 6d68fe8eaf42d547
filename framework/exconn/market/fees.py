"""What an order is about to cost: the account's rates where the exchange tells them, else the spec's.

Rules: a LIMIT_MAKER pays the maker's rate, all else is reckoned at the taker's; rates are fractions; those of one pair
in one answer add up, as a commission and a tax do; what a fill really paid is in its report and never computed here.
"""

from collections.abc import Iterable

from exconn.codec import FeeFacts
from exconn.errors import UsageError
from exconn.market.tracking.fills import EXACT
from exconn.model import FeeRate, OrderType, Report, TradeFee


class FeeRates:
    """The rates in force."""

    def __init__(self, facts: FeeFacts | None) -> None:
        self._all = None if facts is None else FeeRate(facts.maker, facts.taker)
        self._by_pair: dict[str, FeeRate] = {}

    def load(self, reports: Iterable[Report]) -> None:
        """Take over what one answer says of this account's rates."""
        rates: dict[str | None, FeeRate] = {}
        for report in reports:
            if isinstance(report, FeeRate):
                before = rates.get(report.pair)
                rates[report.pair] = report if before is None else _added(before, report)
        self._all = rates.pop(None, self._all)
        self._by_pair |= {pair: rate for pair, rate in rates.items() if pair is not None}

    def rate(self, pair: str) -> FeeRate:
        """The rate of a pair. UsageError where neither the exchange nor its spec has told any."""
        rate = self._by_pair.get(pair, self._all)
        if rate is None:
            raise UsageError(f"no fee rate of {pair} is known: the exchange tells none and its spec states none")
        return rate

    def estimate(self, pair: str, order_type: OrderType) -> TradeFee:
        rate = self.rate(pair)
        return TradeFee(rate.maker if order_type is OrderType.LIMIT_MAKER else rate.taker)


def _added(one: FeeRate, other: FeeRate) -> FeeRate:
    return FeeRate(EXACT.add(one.maker, other.maker), EXACT.add(one.taker, other.taker), one.pair)
