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
from exconn.market.tracking.soundness import unsound
from exconn.model import FeePaid, OrderState, OrderType, TradeType, s_decimal_0

_NONCE_DIGITS = 16
_EARLIEST_US, _LATEST_US = 1_262_304_000_000_000, 4_102_444_800_000_000  # 2010 to 2100


class _Saved(msgspec.Struct, kw_only=True):
    """The part of a `TrackedOrder` that the contract has no field for."""

    quote_amount: Decimal | None = None
    reckoned_price: Decimal | None = None
    created_ns: int = 0
    earliest_ns: int | None = None
    sees_ns: int | None = None
    tells_trades: bool = True
    id_comes_again: bool = False
    id_is_taken: bool = False
    phase: int = 0
    created_told: bool = False
    fills: list[Fill] = []
    rounded: bool = False
    fees: list[FeePaid] = []
    told_filled: Decimal = Decimal(0)
    told_amount: Decimal = Decimal(0)
    sent_ns: int | None = None
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


def order_from_json(data: Any) -> TrackedOrder:
    """The order as it was saved. UsageError where the object is not a saved order, or cannot be taken up safely."""
    if not isinstance(data, dict):
        raise UsageError(f"a saved order is a JSON object, not {type(data).__name__}")
    name = data.get("client_order_id", "?")
    try:
        if "tracking" not in data and _money(data, "executed_amount_base"):
            raise UsageError(f"saved order {name} has executed amounts but no trade ids; settle it where it was saved")
        saved = msgspec.convert(data["tracking"], _Saved) if "tracking" in data else _of_others(data)
        order = _restored(data, saved)
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise UsageError(f"saved order {name} cannot be read: {type(error).__name__}: {error}") from None
    if (why := unsound(order)) is not None:
        raise UsageError(f"saved order {name} cannot be taken up: {why}")
    return order


def _of_others(data: dict[str, Any]) -> _Saved:
    """What the contract's fields alone tell: an order with an exchange's id was accepted, and that was told."""
    is_accepted = bool(data["exchange_order_id"])
    phase = Phase.OPEN if is_accepted else Phase.UNRESOLVED
    return _Saved(phase=int(phase), created_told=is_accepted, created_ns=_made_ns(data))


def _made_ns(data: dict[str, Any]) -> int:
    """When the order was made: as later releases save it, else by the microseconds in which an id of the contract ends;
    0 where neither tells."""
    told = data.get("creation_timestamp")
    if isinstance(told, int | float) and told > 0:
        return round(told * 1_000_000_000)
    return made_ns(str(data["client_order_id"]))


def made_ns(client_id: str) -> int:
    """The microseconds in which an id of the contract ends, 0 where this one does not."""
    digits = client_id[-_NONCE_DIGITS:]
    is_nonce = len(digits) == _NONCE_DIGITS and digits.isascii() and digits.isdecimal()
    return int(digits) * 1_000 if is_nonce and _EARLIEST_US < int(digits) < _LATEST_US else 0


def _money(data: dict[str, Any], name: str) -> Decimal:
    """Money is saved as text; a float has lost digits already."""
    if not isinstance(data[name], str):
        raise TypeError(f"{name} must be a text, not {data[name]!r}")
    return Decimal(data[name])


def _price(data: dict[str, Any]) -> Decimal:
    """Others save a market order's price as NaN."""
    price = _money(data, "price")
    return s_decimal_0 if price.is_nan() and data["order_type"] == OrderType.MARKET.name else price


def _restored(data: dict[str, Any], saved: _Saved) -> TrackedOrder:
    same = {name: getattr(saved, name) for name in _SAME}
    return TrackedOrder(
        client_id=data["client_order_id"],
        exchange_order_id=data["exchange_order_id"] or None,
        pair=data["trading_pair"],
        order_type=OrderType[data["order_type"]],
        side=TradeType[data["trade_type"]],
        price=_price(data),
        amount=_money(data, "amount"),
        executed_base=_money(data, "executed_amount_base"),
        executed_quote=_money(data, "executed_amount_quote"),
        phase=Phase(saved.phase),
        fills=Fills(tuple(saved.fills)),
        fees=tuple(saved.fees),
        **same,
    )
