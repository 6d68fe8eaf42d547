"""The checks of a new order, in the order in which this exchange makes them.

Rules:
- A dialect lists reasons, of the engine or of a price band; each has one check here, straight from the instrument's
  rules and the book. The engine keeps the last word and refuses whatever is left; funds are its matter alone.
- The values beside a reason are those that texts of errors show: the rule, the best price of the other side, the
  notional, the asset that falls short.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .desk import Desk
from .dialect.meanings import Refused
from .dialect.wire import Unknown
from .engine import ClientIds, Kind, NewOrder, Reject, Side, Status
from .engine.amounts import exact, is_multiple
from .price_band import paid_lately
from .rule import Rule


@dataclass(frozen=True, slots=True)
class Proposal:
    """A new order under examination. `symbol` is Unknown when no instrument has that name."""

    desk: Desk
    account: str
    symbol: str | Unknown
    new: NewOrder
    now: int

    @property
    def rule(self) -> Rule | None:
        return self.desk.rule(self.symbol, self.now)

    @property
    def best_price(self) -> Decimal | None:
        """The best price of the other side."""
        if isinstance(self.symbol, Unknown):
            return None
        book = self.desk.exchange.book(self.symbol, depth=1)
        levels = book.asks if self.new.side is Side.BUY else book.bids
        return levels[0][0] if levels else None

    @property
    def trigger_price(self) -> Decimal | None:
        """The price of the order's trigger."""
        return None if self.new.trigger is None else self.new.trigger.price

    @property
    def prices(self) -> tuple[Decimal, ...]:
        """Every price that the order names."""
        return tuple(price for price in (self.new.price, self.trigger_price) if price is not None)

    @property
    def notional(self) -> Decimal | None:
        """Price times size; for a market order at the price of its trigger, or the best price."""
        price = self.new.price or self.trigger_price or self.best_price
        if self.new.quote_amount is not None:
            return self.new.quote_amount
        return None if price is None or self.new.amount is None else price * self.new.amount

    @property
    def values(self) -> dict[str, Any]:
        """What the text of an error about this order may show."""
        rule = self.rule
        if rule is None:
            return {}
        held = rule.instrument.quote if self.new.side is Side.BUY else rule.instrument.base
        return {"rule": rule, "best_price": self.best_price, "notional": self.notional, "asset": held}


Check = Callable[[Proposal, Rule], bool]


@exact
def examine(proposal: Proposal, reasons: tuple[str, ...]) -> None:
    """Make the checks named, in order. Raises Refused with the first reason that applies."""
    for reason in reasons:
        if reason == Reject.DUPLICATE_CLIENT_ID:
            broken = _is_duplicate(proposal)
        elif proposal.rule is None:
            broken = reason == Reject.UNKNOWN_SYMBOL
        else:
            broken = reason != Reject.UNKNOWN_SYMBOL and CHECKS[reason](proposal, proposal.rule)
        if broken:
            raise Refused(reason, **proposal.values)


def _is_duplicate(proposal: Proposal) -> bool:
    client_id, scope = proposal.new.client_id, proposal.desk.dialect.venue.policy.client_ids
    if client_id is None or scope is ClientIds.REUSABLE:
        return False
    holder = proposal.desk.exchange.order_by_client_id(proposal.account, client_id)
    return holder is not None and (scope is ClientIds.FOREVER or holder.is_open)


def _is_halted(proposal: Proposal, rule: Rule) -> bool:
    allowed = {
        str(Status.TRADING): True,
        str(Status.POST_ONLY): proposal.new.post_only,
        str(Status.LIMIT_ONLY): proposal.new.kind is Kind.LIMIT,
    }
    return not allowed.get(rule.status, False)


def _is_off_tick(proposal: Proposal, rule: Rule) -> bool:
    return not all(is_multiple(price, rule.price_step) for price in proposal.prices)


def _is_price_outside(proposal: Proposal, rule: Rule) -> bool:
    low, high = rule.min_price or 0, rule.max_price
    return any(price <= 0 or price < low or (high is not None and price > high) for price in proposal.prices)


def _is_price_too_far(proposal: Proposal, rule: Rule) -> bool:
    price, band = proposal.new.price, rule.price_band
    if price is None or band is None:
        return False
    paid = paid_lately(proposal.desk.exchange, rule.symbol, band.minutes, proposal.now)
    return paid is not None and not band.holds(proposal.new.side, price, paid)


def _is_off_lot(proposal: Proposal, rule: Rule) -> bool:
    return proposal.new.amount is not None and not is_multiple(proposal.new.amount, rule.size_step)


def _is_too_small(proposal: Proposal, rule: Rule) -> bool:
    return proposal.new.amount is not None and proposal.new.amount < rule.min_size


def _is_too_large(proposal: Proposal, rule: Rule) -> bool:
    amount, most = proposal.new.amount, rule.max_size
    return amount is not None and most is not None and amount > most


def _is_notional_too_small(proposal: Proposal, rule: Rule) -> bool:
    notional = proposal.notional
    asked = proposal.new.kind is Kind.LIMIT or proposal.desk.dialect.venue.market_orders_have_notional
    return asked and notional is not None and notional < rule.min_notional


def _is_notional_too_large(proposal: Proposal, rule: Rule) -> bool:
    notional, most = proposal.notional, rule.max_notional
    return notional is not None and most is not None and notional > most


def _has_no_liquidity(proposal: Proposal, rule: Rule) -> bool:
    new = proposal.new
    waits = new.trigger is not None or (new.starts is not None and new.starts > proposal.now)
    return new.kind is Kind.MARKET and not waits and proposal.best_price is None


CHECKS: dict[str, Check] = {
    str(Reject.HALTED): _is_halted,
    str(Reject.PRICE_OFF_TICK): _is_off_tick,
    str(Reject.PRICE_OUT_OF_RANGE): _is_price_outside,
    "price_too_far": _is_price_too_far,
    str(Reject.SIZE_OFF_LOT): _is_off_lot,
    str(Reject.SIZE_TOO_SMALL): _is_too_small,
    str(Reject.SIZE_TOO_LARGE): _is_too_large,
    str(Reject.NOTIONAL_TOO_SMALL): _is_notional_too_small,
    str(Reject.NOTIONAL_TOO_LARGE): _is_notional_too_large,
    str(Reject.NO_LIQUIDITY): _has_no_liquidity,
}
"""A check a reason; a test holds them against the reasons that a dialect may put in order."""
