"""What the sandbox trades and how: instruments, fees and the engine's policy, as the file states them.

Rules:
- The engine knows an instrument as `BASE-QUOTE` in our assets; every amount is Decimal from the file's text.
- Where an exchange asks less of market orders than the engine would, the engine is told less and the checks of
  placing (see `order_checks`) ask the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from exconn.sandbox.engine import (
    ClientIds,
    FeeAsset,
    FeeSchedule,
    ImmediateTriggers,
    Instrument,
    MarketFunds,
    MarketSell,
    Policy,
    Reject,
    Rounding,
    SelfTrade,
)
from exconn.sandbox.order_counter import ACTIONS, BATCH, CounterRules
from exconn.sandbox.order_counter import Cost as OrderCost
from exconn.sandbox.price_band import PriceBand

from .names import symbol_of
from .place import Place

_AMOUNTS = ("min_size", "max_size", "min_price", "max_price", "min_notional", "max_notional", "quote_step")
_TRAILS = ("min_trail", "max_trail")
BIP = Decimal("0.0001")
_COUNTS = ("max_open", "max_waiting", "max_icebergs", "iceberg_parts")


@dataclass(frozen=True, slots=True)
class Venue:
    """All that the engine is set up with. `prices` are where the living market starts.

    `client_id_length` is that of the ids which orders get that come without one; None: they get none. `past_days` is
    how far back candles are made up.
    """

    instruments: tuple[Instrument, ...]
    prices: Mapping[str, Decimal]
    min_notionals: Mapping[str, Decimal]
    price_bands: Mapping[str, PriceBand]
    fees: FeeSchedule
    policy: Policy
    first_order: int
    first_trade: int
    first_sequence: int
    market_orders_have_notional: bool
    delisted_shown: int
    client_id_length: int | None
    order_counter: CounterRules | None = None
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    past_days: int = 0


def build_venue(place: Place) -> Venue:
    """Instruments, fees, policy and ids of a file. Policy figures in seconds become ns."""
    pairs = list(place.items("instruments"))
    policy = place.get("policy", {})
    of_market = policy.get("min_notional_of_market", True)
    instruments = [_instrument(pair, of_market) for pair in pairs]
    ids = place.get("ids", {})
    return Venue(
        tuple(instruments),
        {symbol_of(pair): decimal_at(pair, "price") or Decimal(1) for pair in pairs},
        {symbol_of(pair): decimal_at(pair, "min_notional") or Decimal(0) for pair in pairs},
        {symbol_of(pair): _price_band(pair.at("price_band")) for pair in pairs if "price_band" in pair},
        _fees(place),
        _policy(place),
        ids.get("orders_from", 1),
        ids.get("trades_from", 1),
        ids.get("sequence_from", 0),
        of_market,
        policy.get("delisted_shown", 0) * 1_000_000_000,
        ids.get("client_ids"),
        _order_counter(place),
        {symbol_of(pair): tuple(pair.get("groups", ())) for pair in pairs},
        place.get("past", {}).get("days", 0),
    )


def _instrument(pair: Place, min_notional_of_market: bool) -> Instrument:
    amounts: dict[str, Any] = {name: value for name in _AMOUNTS if (value := decimal_at(pair, name)) is not None}
    amounts |= {name: pair.get(name) for name in _COUNTS if name in pair}
    amounts |= {name: Decimal(pair.get(f"{name}_bips")) * BIP for name in _TRAILS if f"{name}_bips" in pair}
    if not min_notional_of_market:
        amounts.pop("min_notional", None)
    tick, lot = decimal_at(pair, "price_step") or Decimal(1), decimal_at(pair, "size_step") or Decimal(1)
    base, quote = pair.get("base"), pair.get("quote")
    if base == quote:
        pair.at("quote").error("same-asset", f"base and quote are both {base}", "give two assets")
        quote = f"{quote}-"
    return Instrument(symbol_of(pair), base, quote, tick, lot, **amounts)


def _price_band(place: Place) -> PriceBand:
    bounds = [
        decimal_at(place.at(side), bound) or Decimal(0) for side in ("buy", "sell") for bound in ("least", "most")
    ]
    return PriceBand(place.get("minutes"), *bounds)


def _fees(place: Place) -> FeeSchedule:
    fees = place.at("fees")
    asset = FeeAsset(fees.get("asset", "received"))
    if asset is FeeAsset.TOKEN and "token" not in fees:
        fees.error("missing-token", "fees are paid in a token, and none is named", "add token")
        asset = FeeAsset.RECEIVED
    discount = decimal_at(fees, "discount") or Decimal(0)
    if discount > 1:
        fees.at("discount").error("out-of-range", f"the discount is {discount}", "write a fraction from 0 to 1")
        discount = Decimal(1)
    return FeeSchedule(
        decimal_at(fees, "maker") or Decimal(0),
        decimal_at(fees, "taker") or Decimal(0),
        asset,
        fees.get("token"),
        discount,
        fees.get("digits", 8),
        Rounding(fees.get("rounding", "down")),
        valued_in=fees.get("valued_in"),
    )


def _policy(place: Place) -> Policy:
    policy = place.get("policy", {})
    return Policy(
        ClientIds(policy.get("client_ids", "while_open")),
        MarketFunds(policy.get("market_funds", "exact")),
        SelfTrade(policy.get("self_trade", "cancel_newest")),
        frozenset(Reject(reason) for reason in policy.get("closes", ())),
        MarketSell(policy.get("market_sell_holds", "matched")),
        policy.get("cancels_while_halted", False),
        ImmediateTriggers(policy.get("immediate_triggers", "fire")),
    )


def _order_counter(place: Place) -> CounterRules | None:
    if "order_counter" not in place:
        return None
    rules = place.at("order_counter")
    costs = {
        action: OrderCost(rules.get(action).get("count", 0), tuple(map(tuple, rules.get(action).get("early", ()))))
        for action in ACTIONS
        if action in rules
    }
    if (batch := decimal_at(rules, BATCH)) is not None:
        costs[BATCH] = OrderCost(Fraction(batch))
    return CounterRules(rules.get("allow"), Fraction(decimal_at(rules, "decay") or 1), costs)


def decimal_at(place: Place, key: str) -> Decimal | None:
    """The number that a key holds, or None where it is not written."""
    if key not in place:
        return None
    try:
        number = Decimal(str(place.get(key)))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0:
        place.at(key).error("not-a-number", f"'{place.get(key)}' is no number", "write plain digits, as 0.01")
        return Decimal(1)
    return number
