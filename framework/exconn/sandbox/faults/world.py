"""Faults of the world: what happens at the exchange, or to it, without any request of the client.

Rules: each is done as the exchange's own operation would be, so that its streams tell of it; what cannot be done (no
such order, an order that the rules refuse) is an entry of the log and no fault that happened; what lasts is undone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

from exconn.sandbox.engine import Instrument, Kind, NewOrder, Rejected, Side

from .fault import Fault

if TYPE_CHECKING:
    from exconn.sandbox.server import Sandbox

OFF = {Side.BUY: Decimal("0.95"), Side.SELL: Decimal("1.05")}


class CannotHappen(Exception):
    """The world is not such that this could happen; the text says why."""


Effect = Callable[["Sandbox", Fault], str]


def _step_clock(sandbox: Sandbox, fault: Fault) -> str:
    sandbox.clock.step(fault.args["seconds"])
    return "clock"


def _drift_clock(sandbox: Sandbox, fault: Fault) -> str:
    sandbox.clock.drift(fault.args["ppm"])
    return "clock"


def _maintain(sandbox: Sandbox, fault: Fault) -> str:
    sandbox.set_maintenance(True)
    return sandbox.dialect.name


def _expire_tokens(sandbox: Sandbox, fault: Fault) -> str:
    account: str | None = fault.args["account"]
    if not sandbox.desk.tokens.expire(account, sandbox.now_ns()):
        raise CannotHappen(f"{account} has no token" if account else "there is no token")
    return account or "tokens"


def _delist(sandbox: Sandbox, fault: Fault) -> str:
    _listed(sandbox, fault.symbol)
    sandbox.exchange.delist(fault.symbol, sandbox.now_ns())
    return "symbol"


def _change_rules(sandbox: Sandbox, fault: Fault) -> str:
    _listed(sandbox, fault.symbol)
    if not fault.args["factor"]:
        raise CannotHappen("a step of 0 is none")
    sandbox.desk.change_rules(fault.symbol, fault.args["factor"], sandbox.now_ns())
    return "symbol"


def _place(sandbox: Sandbox, fault: Fault) -> str:
    instrument, args = _listed(sandbox, fault.symbol), fault.args
    side, account = Side(args["side"]), _account(sandbox, fault)
    is_limit = args["type"] == "limit"
    price = args["price"] or _resting_price(sandbox, instrument, side)
    order = NewOrder(
        instrument.symbol,
        side,
        Kind.LIMIT if is_limit else Kind.MARKET,
        args["amount"] or _least_amount(sandbox, instrument, price),
        price if is_limit else None,
        client_id=args.get("client_id"),
    )
    placed = sandbox.exchange.place(account, order, sandbox.now_ns())
    if isinstance(placed, Rejected):
        raise CannotHappen(placed.detail)
    return account


def _cancel(sandbox: Sandbox, fault: Fault) -> str:
    account = _account(sandbox, fault)
    orders = sandbox.exchange.orders(account, fault.symbol or None, open_only=True)
    if not orders:
        raise CannotHappen(f"{account} has no open order")
    for order in {"oldest": orders[:1], "newest": orders[-1:], "all": orders}[fault.args["which"]]:
        sandbox.exchange.cancel(account, order.id, sandbox.now_ns())
    return account


def _listed(sandbox: Sandbox, symbol: str) -> Instrument:
    instrument = sandbox.exchange.instrument(symbol)
    if instrument is None:
        raise CannotHappen(f"{symbol} is not listed")
    return instrument


def _account(sandbox: Sandbox, fault: Fault) -> str:
    account: str | None = fault.args["account"]
    return account or sandbox.exchange.accounts()[0]


def _resting_price(sandbox: Sandbox, instrument: Instrument, side: Side) -> Decimal:
    last = sandbox.exchange.last_price(instrument.symbol) or sandbox.dialect.venue.prices[instrument.symbol]
    ticks = (last * OFF[side] / instrument.tick).quantize(Decimal(1), ROUND_HALF_EVEN)
    return ticks * instrument.tick


def _least_amount(sandbox: Sandbox, instrument: Instrument, price: Decimal) -> Decimal:
    notional = max(instrument.min_notional, sandbox.dialect.venue.min_notionals.get(instrument.symbol, Decimal(0)))
    least = max(instrument.min_size, notional / price, instrument.lot)
    return (least / instrument.lot).to_integral_value(ROUND_CEILING) * instrument.lot


EFFECTS: Mapping[str, Effect] = {
    "clock_step": _step_clock,
    "clock_drift": _drift_clock,
    "maintenance": _maintain,
    "expire_tokens": _expire_tokens,
    "delist": _delist,
    "change_rules": _change_rules,
    "manual_order": _place,
    "manual_cancel": _cancel,
    "foreign_order": _place,
}
"""What each kind does; gives what it happened to."""

ENDS: Mapping[str, Callable[[Sandbox], None]] = {
    "clock_drift": lambda sandbox: sandbox.clock.drift(0),
    "maintenance": lambda sandbox: sandbox.set_maintenance(False),
}
"""How what lasts ends."""
