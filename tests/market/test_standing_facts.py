"""Fee rates are read for the account as a whole, or pair by pair where the exchange tells them so."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from exconn.codec import Arguments
from exconn.errors import NotSent
from exconn.market.fees import FeeRates
from exconn.market.standing_facts import StandingFacts
from exconn.model import FeeRate

RATE = Decimal("0.001")


class FakeRest:
    """Tells the rates of the pair that is asked about, or of the account; `away`: the pair whose asking fails."""

    def __init__(self, is_signed: bool, away: str = "none") -> None:
        self.is_signed, self.away = is_signed, away
        self.asked: list[str] = []

    def offers(self, operation: str) -> bool:
        return operation == "fee_rates"

    def endpoint(self, operation: str) -> Any:
        return SimpleNamespace(signed=self.is_signed)

    async def ask(self, operation: str, arguments: Arguments) -> Any:
        self.asked.append(arguments.pair)
        if arguments.pair == self.away:
            raise NotSent("no connection")
        rate = FeeRate(RATE, RATE * 2, pair=arguments.pair or None)
        return SimpleNamespace(reply=SimpleNamespace(reports=[rate]))


def facts_of(rest: Any, is_pair_by_pair: bool, has_keys: bool = True) -> tuple[StandingFacts, FeeRates]:
    fees, needs, pairs = FeeRates(None), SimpleNamespace(pair=lambda _: is_pair_by_pair), ["BTC-USDT", "ETH-USDT"]
    nothing: Any = SimpleNamespace()
    standing = StandingFacts(rest, nothing, fees, has_keys, needs, lambda: pairs, lambda: None)  # type: ignore[arg-type]
    return standing, fees


@pytest.mark.parametrize(("is_pair_by_pair", "asked"), [(False, [""]), (True, ["BTC-USDT", "ETH-USDT"])])
async def test_whose_rates_are_asked_for(is_pair_by_pair: bool, asked: list[str]) -> None:
    rest: Any = FakeRest(is_signed=True)
    standing, fees = facts_of(rest, is_pair_by_pair)
    await standing.update_fees()
    assert rest.asked == asked
    assert [fees.rate(pair).taker for pair in ("BTC-USDT", "ETH-USDT")] == [RATE * 2] * 2


async def test_rates_that_were_read_stay_when_the_next_pair_fails() -> None:
    standing, fees = facts_of(FakeRest(is_signed=True, away="ETH-USDT"), is_pair_by_pair=True)
    with pytest.raises(NotSent):
        await standing.update_fees()
    assert fees.rate("BTC-USDT").maker == RATE


@pytest.mark.parametrize(("is_signed", "asked"), [(True, []), (False, [""])])
async def test_without_keys_only_public_rates_are_asked_for(is_signed: bool, asked: list[str]) -> None:
    rest: Any = FakeRest(is_signed)
    standing, _ = facts_of(rest, is_pair_by_pair=False, has_keys=False)
    await standing.update_fees()
    assert rest.asked == asked
