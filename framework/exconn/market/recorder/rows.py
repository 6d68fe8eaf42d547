"""What the recorder gives back, one record a row.

Rules: frozen; money is Decimal again; moments are milliseconds since 1970; enums are by name, as they are kept.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class OrderRow:
    """`id`: the client's. `last_status`: the name of the event told last; of a closed order that of its end."""

    id: str
    config_file_path: str
    strategy: str
    market: str
    symbol: str
    base_asset: str
    quote_asset: str
    creation_timestamp: int
    order_type: str
    amount: Decimal
    price: Decimal
    last_status: str
    last_update_timestamp: int
    exchange_order_id: str | None


@dataclass(frozen=True, slots=True)
class OrderStatusRow:
    order_id: str
    timestamp: int
    status: str


@dataclass(frozen=True, slots=True)
class TradeFillRow:
    """`trade_fee`: `{"percent": text, "flat_fees": [{"asset", "amount": text}]}`, percent as a fraction."""

    config_file_path: str
    strategy: str
    market: str
    symbol: str
    base_asset: str
    quote_asset: str
    timestamp: int
    order_id: str
    trade_type: str
    order_type: str
    price: Decimal
    amount: Decimal
    trade_fee: dict[str, Any]
    exchange_trade_id: str


def to_row(kind: type[Any], row: Any) -> Any:
    """A record of `kind` from a row of its table: columns by name, money from its text."""
    values = {name: row[name] for name in kind.__dataclass_fields__}
    money = [name for name, field in kind.__dataclass_fields__.items() if field.type is Decimal]
    return kind(**values | {name: Decimal(values[name]) for name in money})
