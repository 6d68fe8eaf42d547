"""Fee rates: an answer's rates of one pair add up, a later answer replaces them, and the spec's stand until then."""

from decimal import Decimal

import pytest

from exconn.codec import FeeFacts
from exconn.errors import UsageError
from exconn.market.fees import FeeRates
from exconn.model import FeeRate, OrderType, Report

D = Decimal
PAIR, OTHER = "BTC-USDT", "ETH-USDT"
STATED = FeeFacts(maker=D("0.0009"), taker=D("0.001"))

# the answers, then what the pair and another one cost a maker and a taker
ANSWERS: list[tuple[list[list[Report]], tuple[str, str], tuple[str, str]]] = [
    ([], ("0.0009", "0.001"), ("0.0009", "0.001")),
    ([[FeeRate(D("0.0002"), D("0.0004"), PAIR)]], ("0.0002", "0.0004"), ("0.0009", "0.001")),
    ([[FeeRate(D("0.0002"), D("0.0004"))]], ("0.0002", "0.0004"), ("0.0002", "0.0004")),
    (
        [[FeeRate(D("0.00000010"), D("0.00000020"), PAIR), FeeRate(D("0.01"), D("0.02"), PAIR)]],
        ("0.01000010", "0.02000020"),
        ("0.0009", "0.001"),
    ),
    (
        [[FeeRate(D("0.1"), D("0.2"), PAIR)], [FeeRate(D("0.3"), D("0.4"), PAIR)]],
        ("0.3", "0.4"),
        ("0.0009", "0.001"),
    ),
]


@pytest.mark.parametrize(("answers", "own", "others"), ANSWERS)
def test_rates_of_one_answer_add_up(answers: list[list[Report]], own: tuple[str, str], others: tuple[str, str]) -> None:
    rates = FeeRates(STATED)
    for answer in answers:
        rates.load(answer)
    for pair, (maker, taker) in ((PAIR, own), (OTHER, others)):
        assert rates.estimate(pair, OrderType.LIMIT_MAKER).percent == D(maker)
        assert rates.estimate(pair, OrderType.LIMIT).percent == D(taker)


def test_a_rate_that_nobody_told_is_not_guessed() -> None:
    with pytest.raises(UsageError, match="no fee rate of BTC-USDT is known"):
        FeeRates(None).rate(PAIR)
