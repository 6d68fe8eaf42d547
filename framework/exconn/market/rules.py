"""The trading rules of a market: read whole, taken over whole, one bad row costing one pair.

Rules: an empty answer changes nothing; an answer that drops more than a fifth of the pairs, or a pair with open orders,
is believed only when the next one says the same. A pair that is gone takes no new orders, while its old ones stay
readable and cancellable. A symbol that would stand for two pairs is refused and named.
"""

import logging
from collections.abc import Callable, Iterable, Sequence

from exconn.codec import Symbols
from exconn.codec.book_checksum import Decimals
from exconn.errors import UsageError
from exconn.model import Report, TradingRule, Unreadable

_SHARE_AT_MOST = 0.2
_log = logging.getLogger(__name__)


class TradingRules:
    """`rules`: pair -> rule, the same dict throughout. `in_use`: the pairs that open orders are on."""

    def __init__(self, symbols: Symbols, in_use: Callable[[], Iterable[str]]) -> None:
        self.rules: dict[str, TradingRule] = {}
        self._symbols = symbols
        self._in_use = in_use
        self._doubted: frozenset[str] = frozenset()

    def get(self, pair: str) -> TradingRule:
        """The rule of a pair. UsageError where the exchange does not trade it, or the rules are not loaded."""
        rule = self.rules.get(pair)
        if rule is None:
            raise UsageError(
                f"{pair!r} is not traded here at present; pairs are written BASE-QUOTE"
                if self.rules
                else "the trading rules are not loaded yet; wait until the market is ready"
            )
        return rule

    def decimals(self, pair: str) -> Decimals:
        """Decimals of a pair's prices and sizes, None where its rule does not say them."""
        rule = self.rules.get(pair)
        return Decimals(None, None) if rule is None else Decimals(rule.price_decimals, rule.size_decimals)

    def load(self, reports: Iterable[Report]) -> list[TradingRule]:
        """Take an answer over, or leave everything as it was; gives the rules that are in force now."""
        rules = self.readable(reports)
        gone = frozenset(self.rules) - frozenset(rule.trading_pair for rule in rules)
        if not rules:
            _log.warning("an answer without a single trading rule changes nothing")
        elif self._is_doubtful(gone) and gone != self._doubted:
            _log.warning("trading rules: %d pairs are gone at once; asked again before it is believed", len(gone))
            self._doubted = gone
        else:
            self._doubted = frozenset()
            self._replace(rules)
        return list(self.rules.values())

    @property
    def is_doubting(self) -> bool:
        """Whether an answer waits for a second one that says the same."""
        return bool(self._doubted)

    def readable(self, reports: Iterable[Report]) -> list[TradingRule]:
        """The rules among reports; what could not be read is logged and skipped."""
        rules = []
        for report in reports:
            if isinstance(report, TradingRule):
                rules.append(report)
            elif isinstance(report, Unreadable):
                _log.warning("Error parsing the trading pair rule at %s: %s. Skipping.", report.where, report.why)
        return rules

    def _is_doubtful(self, gone: frozenset[str]) -> bool:
        too_many = len(gone) > _SHARE_AT_MOST * len(self.rules)
        return too_many or any(pair in gone for pair in self._in_use())

    def _replace(self, rules: Sequence[TradingRule]) -> None:
        refused = self._symbols.learn(rules)
        for report in refused:
            _log.warning("%s refused: %s", report.where, report.why)
        named = {report.where for report in refused}
        self.rules.clear()
        self.rules.update((rule.trading_pair, rule) for rule in rules if f"rule of {rule.trading_pair}" not in named)
