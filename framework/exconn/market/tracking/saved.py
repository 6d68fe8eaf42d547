"""Tracked orders as JSON: what `tracking_states` hands out and `restore_tracking_states` takes back.

Rules: the outer object has the fields of the market contract, decimals as text and enums by name; all that exactly-once
needs beyond them (trade ids, phase, fence, what was told) is under `tracking`. An object without it, saved by another
program, is taken up only when nothing was executed, because executed amounts without trade ids would count twice.
"""

from decimal import Decimal
from typing import Any

import msgspec

from exconn.errors import UsageError
from exconn.market.tracking.fills import Fill, Fills
from exconn.market.tracking.order import Phase, TrackedOrder
from exconn.model import FeePaid, OrderState, OrderType, TradeType


class _Saved(msgspec.Struct, kw_only=True):
    """The part of a `TrackedOrder` that the contract has no field for."""

    quote_amount: Decimal | None = None
    created_ns: int = 0
    sees_ns: int | None = None
    tells_trades: bool = True
    id_comes_again: bool = False
    phase: int = 0
    created_told: bool = False
    fills: list[Fill] = []
    rounded: bool = False
    fees: list[FeePaid] = []
    told_filled: Decimal = Decimal(0)
    fence_ns: int | None = None
    fence_at: float | None = None
    absent_first_at: float | None = None
    absent_last_at: float | None = None
    end: OrderState | None = None
    end_filled: Decimal | None = None
    end_filled_quote: Decimal | None = None
    fills_read: bool = False
    held_since: float | None = None
    incomplete: bool = False
    closed_at: float | None = None
    cancel_wanted: bool = False
    cancel_error: str | None = None
    error: str | None = None
    error_type: str | None = None


_SAME = tuple(name for name in _Saved.__struct_fields__ if name not in ("phase", "fills", "fees"))


def order_to_json(order: TrackedOrder) -> dict[str, Any]:
    """Plain JSON values only."""
    same = {name: getattr(order, name) for name in _SAME}
    saved = _Saved(phase=int(order.phase), fills=list(order.fills), fees=list(order.fees), **same)
    return {
        "client_order_id": order.client_id,
        "exchange_order_id": order.exchange_order_id,
        "trading_pair": order.pair,
        "order_type": order.order_type.name,
        "trade_type": order.side.name,
        "price": str(order.price),
        "amount": str(order.amount),
        "executed_amount_base": str(order.executed_base),
        "executed_amount_quote": str(order.executed_quote),
        "fee_asset": order.fee_asset,
        "fee_paid": str(order.fee_paid),
        "last_state": order.last_state,
        "tracking": msgspec.json.decode(msgspec.json.encode(saved)),
    }


def order_from_json(data: dict[str, Any]) -> TrackedOrder:
    """The order as it was saved. UsageError where the object is not a saved order, or cannot be taken up safely."""
    name = data.get("client_order_id", "?")
    try:
        if "tracking" not in data and Decimal(data["executed_amount_base"]):
            raise UsageError(f"saved order {name} has executed amounts but no trade ids; settle it where it was saved")
        saved = msgspec.convert(data.get("tracking", {"phase": int(Phase.UNRESOLVED)}), _Saved)
        return _restored(data, saved)
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise UsageError(f"saved order {name} cannot be read: {type(error).__name__}: {error}") from None


def _restored(data: dict[str, Any], saved: _Saved) -> TrackedOrder:
    same = {name: getattr(saved, name) for name in _SAME}
    return TrackedOrder(
        client_id=data["client_order_id"],
        exchange_order_id=data["exchange_order_id"] or None,
        pair=data["trading_pair"],
        order_type=OrderType[data["order_type"]],
        side=TradeType[data["trade_type"]],
        price=Decimal(data["price"]),
        amount=Decimal(data["amount"]),
        executed_base=Decimal(data["executed_amount_base"]),
        executed_quote=Decimal(data["executed_amount_quote"]),
        phase=Phase(saved.phase),
        fills=Fills(tuple(saved.fills)),
        fees=tuple(saved.fees),
        **same,
    )
