"""The two-way table between our pairs and an exchange's symbols, learnt from its trading rules.

Rules: `texts[form][pair]` is what is written, `pairs[form][text]` what is read; the table must be a bijection a form, a
rule that would break it is refused and named, and costs only itself; a pair once known is never forgotten, because an
order on a delisted pair must stay readable.
"""

from collections.abc import Iterable

from exconn.model import TradingRule, Unreadable


class Symbols:
    """`texts`: form -> pair -> the exchange's text; `pairs`: form -> the exchange's text -> pair."""

    __slots__ = ("pairs", "texts")

    def __init__(self, forms: Iterable[str] = ()) -> None:
        self.texts: dict[str, dict[str, str]] = {form: {} for form in forms}
        self.pairs: dict[str, dict[str, str]] = {form: {} for form in forms}

    def learn(self, rules: Iterable[TradingRule]) -> list[Unreadable]:
        """Add what the rules say; returns the rules that were refused, because two pairs would share one symbol."""
        refused: list[Unreadable] = []
        for rule in rules:
            clash = self._clash(rule)
            if clash is not None:
                refused.append(Unreadable(f"rule of {rule.trading_pair}", clash))
                continue
            for form, text in rule.symbols.items():
                self.texts[form][rule.trading_pair] = text
                self.pairs[form][text] = rule.trading_pair
        return refused

    def _clash(self, rule: TradingRule) -> str | None:
        for form, text in rule.symbols.items():
            owner = self.pairs[form].get(text)
            if owner is not None and owner != rule.trading_pair:
                return f"symbol.{form} {text!r} already stands for {owner}"
            known = self.texts[form].get(rule.trading_pair)
            if known is not None and known != text:
                return f"symbol.{form} of this pair is {known!r} already, not {text!r}"
        return None
