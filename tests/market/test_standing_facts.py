"""Fee rates are read for the account as a whole, or pair by pair where the exchange tells them so."""

import asyncio
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


async def test_rates_that_are_refused_are_asked_for_less_and_less(monkeypatch: pytest.MonkeyPatch) -> None:
    rest: Any = FakeRest(is_signed=True, away="")
    rest.settings = SimpleNamespace(rules_every=1000.0, rules_retry=5.0)
    standing, _ = facts_of(rest, is_pair_by_pair=False)
    pauses: list[float] = []

    async def wait(seconds: float) -> None:
        pauses.append(seconds)
        rest.away = "" if len(pauses) < 6 else "none"
        if len(pauses) == 8:
            raise asyncio.CancelledError

    async def read_rules() -> None:
        return None

    monkeypatch.setattr(standing, "update_rules", read_rules)
    monkeypatch.setattr(standing, "_wait", wait)
    monkeypatch.setattr(standing, "_rules", SimpleNamespace(is_doubting=False, rules={"BTC-USDT": 1}))
    with pytest.raises(asyncio.CancelledError):
        await standing.poll_rules()
    assert pauses == [5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 1000.0, 1000.0]
