"""Trading rules are taken over whole, and only when the answer can be believed."""

import logging

import pytest

from exconn.codec import Symbols
from exconn.errors import UsageError
from exconn.market.rules import TradingRules
from exconn.model import TradingRule, Unreadable

NAMES = [f"A{number}-USDT" for number in range(10)]


def rules_of(*pairs: str) -> list[TradingRule]:
    return [TradingRule(trading_pair=pair, symbols={"rest": pair.replace("-", "")}) for pair in pairs]


def loaded(in_use: tuple[str, ...] = ()) -> TradingRules:
    rules = TradingRules(Symbols(("rest",)), lambda: in_use)
    rules.load(rules_of(*NAMES))
    return rules


# the pairs of open orders, the next answer, whether it is believed at once and the second time
ANSWERS = [
    ((), [], False, False),
    ((), NAMES[:9], True, True),
    ((), NAMES[:8], True, True),
    ((), NAMES[:7], False, True),
    ((NAMES[9],), NAMES[:9], False, True),
    ((NAMES[0],), NAMES[:9], True, True),
    ((), [*NAMES, "NEW-USDT"], True, True),
]


@pytest.mark.parametrize(("in_use", "answer", "at_once", "at_last"), ANSWERS)
def test_which_answers_are_believed(in_use: tuple[str, ...], answer: list[str], at_once: bool, at_last: bool) -> None:
    rules = loaded(in_use)
    same = rules.rules
    rules.load(rules_of(*answer))
    assert (list(rules.rules) == answer) == at_once
    assert rules.is_doubting == (bool(answer) and not at_once)
    rules.load(rules_of(*answer))
    assert (list(rules.rules) == answer) == at_last
    assert rules.rules is same


def test_a_doubted_answer_is_forgotten_when_the_next_one_is_good() -> None:
    rules = loaded()
    for answer in (NAMES[:5], NAMES, NAMES[:5]):
        rules.load(rules_of(*answer))
    assert list(rules.rules) == NAMES


def test_a_bad_row_costs_one_pair(caplog: pytest.LogCaptureFixture) -> None:
    rules = TradingRules(Symbols(("rest",)), lambda: ())
    clash = TradingRule(trading_pair="B-USDT", symbols={"rest": "A0USDT"})
    with caplog.at_level(logging.WARNING):
        rules.load([*rules_of("A0-USDT"), Unreadable("x.yaml:7 row 3", "no step"), clash, *rules_of("C-USDT")])
    assert list(rules.rules) == ["A0-USDT", "C-USDT"]
    assert "x.yaml:7 row 3: no step. Skipping." in caplog.text
    assert "already stands for A0-USDT" in caplog.text


def test_an_unknown_pair_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(UsageError, match="'X-Y' is not traded here at present; pairs are written BASE-QUOTE"):
        loaded().get("X-Y")
    with pytest.raises(UsageError, match="the trading rules are not loaded yet"):
        TradingRules(Symbols(), lambda: ()).get("X-Y")
