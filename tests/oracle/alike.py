"""Our reading of a message beside the unified reading of another library: what both say must be the same.

Rules: `theirs` are the unified structures of ccxt, whose numbers are floats, so numbers are compared as floats; what
only one side says is no difference, but for the fields that a record is nothing without, and for rows: both
sides have the same ones. A price of 0 is no price. Each function gives the differences, in words.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from math import isclose
from typing import Any, Final

from exconn.model import (
    BalanceReport,
    BookSnapshot,
    BookUpdate,
    FillReport,
    LastPrice,
    Liquidity,
    OrderReport,
    OrderState,
    PublicTrade,
    ServerTime,
    TradeType,
    TradingRule,
)

Unified = Mapping[str, Any]

_STATES: Final = {
    "open": {OrderState.PENDING, OrderState.OPEN, OrderState.CANCELING},
    "closed": {OrderState.FILLED},
    "canceling": {OrderState.CANCELING},
    "canceled": {OrderState.CANCELED},
    "expired": {OrderState.EXPIRED},
    "rejected": {OrderState.REJECTED},
}
_ORDER: Final = {
    "client_id": "clientOrderId",
    "pair": "symbol",
    "side": "side",
    "price": "price",
    "amount": "amount",
    "filled": "filled",
    "filled_quote": "cost",
    "average_price": "average",
}
_FILL: Final = {
    "exchange_order_id": "order",
    "pair": "symbol",
    "side": "side",
    "price": "price",
    "amount": "amount",
    "quote_amount": "cost",
    "liquidity": "takerOrMaker",
    "time_ns": "timestamp",
}
_TRADE: Final = {
    "trade_id": "id",
    "pair": "symbol",
    "side": "side",
    "price": "price",
    "amount": "amount",
    "time_ns": "timestamp",
}
_RULE: Final = {
    "min_order_size": ("limits", "amount", "min"),
    "max_order_size": ("limits", "amount", "max"),
    "min_price": ("limits", "price", "min"),
    "max_price": ("limits", "price", "max"),
    "min_notional_size": ("limits", "cost", "min"),
    "max_notional_size": ("limits", "cost", "max"),
    "min_base_amount_increment": ("precision", "amount"),
    "min_price_increment": ("precision", "price"),
    "is_open": ("active",),
}


def orders(ours: Sequence[OrderReport], theirs: Sequence[Unified], must: Iterable[str] = ()) -> Iterator[str]:
    """`must`: what our reports may not leave out, where the others have it."""
    yield from _rows("order", _by(ours, "exchange_order_id"), _by(theirs, "id"))
    for our, their in _matched(_by(ours, "exchange_order_id"), _by(theirs, "id")):
        yield from _fields("order", our, their, _ORDER, must)
        status = their.get("status")
        if status is not None and our.state is None and "state" in must:
            yield f"order.state: expected {status!r}, got nothing"
        if status is not None and our.state is not None and our.state not in _STATES.get(status, set()):
            yield f"order.state: expected {status!r}, got {our.state.value!r}"
        yield from _moment("order", our, their, ("timestamp", "lastUpdateTimestamp", "lastTradeTimestamp"))


def fills(ours: Sequence[FillReport], theirs: Sequence[Unified]) -> Iterator[str]:
    """Fills of our own orders, with their fees."""
    yield from _rows("fill", _by(ours, "trade_id"), _by(theirs, "id"))
    for our, their in _matched(_by(ours, "trade_id"), _by(theirs, "id")):
        yield from _fields("fill", our, their, _FILL, ("exchange_order_id", "price"))
        yield from _fees(our, their)


def trades(ours: Sequence[PublicTrade], theirs: Sequence[Unified]) -> Iterator[str]:
    """Rows of the tape, by their ids; in the order of the message where somebody has none."""
    if all(our.trade_id is not None for our in ours) and all(their.get("id") is not None for their in theirs):
        held, known = _by(ours, "trade_id"), _by(theirs, "id")
        yield from _rows("trade", held, known)
        both = list(_matched(held, known))
    else:
        both = list(zip(ours, theirs, strict=False))
        if len(ours) != len(theirs):
            yield f"trades: expected {len(theirs)}, got {len(ours)}"
    for our, their in both:
        yield from _fields("trade", our, their, _TRADE, ())


def balances(ours: Sequence[BalanceReport], theirs: Unified) -> Iterator[str]:
    """`theirs`: asset -> free, used and total, among other keys."""
    held = {report.asset: report for report in ours}
    known = {key: each for key, each in theirs.items() if key.isupper() and isinstance(each, Mapping) and each}
    yield from _rows("balance", held, known)
    for our, their in _matched(held, known):
        for name, value in (("total", our.total), ("free", our.available)):
            if their.get(name) is not None and value is not None and not _same(value, their[name]):
                yield f"balance {our.asset}.{name}: expected {their[name]!r}, got {value}"


def rules(ours: Sequence[TradingRule], theirs: Sequence[Unified]) -> Iterator[str]:
    """Markets, by their pair; what they do not limit is not compared."""
    held = {report.trading_pair: report for report in ours}
    known = {f"{each['base']}-{each['quote']}": each for each in theirs}
    yield from _rows("rule", held, known)
    for our, their in _matched(held, known):
        for name, path in _RULE.items():
            expected, got = _at(their, path), getattr(our, name)
            if expected is not None and not _same(got, expected):
                yield f"rule {our.trading_pair}.{name}: expected {expected!r}, got {got}"


def book(ours: BookSnapshot | BookUpdate, theirs: Unified) -> Iterator[str]:
    """Levels of both sides, price and size."""
    for side in ("bids", "asks"):
        got = [(float(price), float(size)) for price, size in getattr(ours, side)]
        expected = [(float(row[0]), float(row[1])) for row in theirs[side]]
        if got != expected:
            yield f"book.{side}: expected {expected}, got {got}"
    if theirs.get("nonce") is not None and ours.last_id is not None and ours.last_id != theirs["nonce"]:
        yield f"book.last_id: expected {theirs['nonce']}, got {ours.last_id}"


def price(ours: LastPrice, theirs: Unified) -> Iterator[str]:
    """The last price of a ticker."""
    if not _same(ours.price, theirs["last"]):
        yield f"price: expected {theirs['last']!r}, got {ours.price}"


def moment(ours: ServerTime, theirs: int) -> Iterator[str]:
    """The exchange's clock, in milliseconds."""
    if ours.time_ns // 1_000_000 != theirs:
        yield f"time: expected {theirs} ms, got {ours.time_ns} ns"


def _by(rows: Iterable[Any], key: str) -> dict[str, Any]:
    return {str(row.get(key) if isinstance(row, Mapping) else getattr(row, key)): row for row in rows}


def _rows(kind: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{kind} {key}: we do not read it" for key in theirs if key not in ours)
    yield from (f"{kind} {key}: only we read it" for key in ours if key not in theirs)


def _matched(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    return ((our, theirs[key]) for key, our in ours.items() if key in theirs)


def _fields(kind: str, our: Any, their: Unified, names: Mapping[str, str], must: Iterable[str]) -> Iterator[str]:
    for name, key in names.items():
        got, expected = getattr(our, name), their.get(key)
        if expected is None or (name in ("price", "average_price") and got == 0):
            continue
        if got is None:
            if name in must:
                yield f"{kind}.{name}: expected {expected!r}, got nothing"
        elif not _same(got, expected):
            yield f"{kind}.{name}: expected {expected!r}, got {_shown(got)}"


def _moment(kind: str, our: Any, their: Unified, names: Sequence[str]) -> Iterator[str]:
    known = [their[name] for name in names if their.get(name) is not None]
    if our.time_ns is not None and known and our.time_ns // 1_000_000 not in known:
        yield f"{kind}.time: expected {' or '.join(map(str, known))} ms, got {our.time_ns} ns"


def _fees(our: FillReport, their: Unified) -> Iterator[str]:
    fee = their.get("fee") or {}
    told = [each for each in their.get("fees") or [fee] if each.get("cost") is not None]
    expected = [each for each in told if each.get("currency") is not None or float(each["cost"]) != 0]
    got = [(each.asset, each.amount) for each in our.fees or ()]
    if len(got) != len(expected):
        yield f"fill.fees: expected {len(expected)}, got {len(got)}"
    for (asset, amount), each in zip(got, expected, strict=False):
        if asset != each.get("currency") or not _same(amount, float(each["cost"])):
            yield f"fill.fees: expected {each['cost']} {each.get('currency')}, got {amount} {asset}"


def _at(their: Unified, path: Sequence[str]) -> Any:
    found: Any = their
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def _same(got: Any, expected: Any) -> bool:
    if isinstance(got, bool) or isinstance(expected, bool):
        return got is expected
    if isinstance(got, Decimal | float):
        return isclose(float(got), float(expected), rel_tol=1e-12, abs_tol=0.0)
    if isinstance(got, int):  # a moment
        return got // 1_000_000 == expected
    return bool(_word(got) == str(expected).replace("/", "-") or _word(got) == str(expected))


def _word(got: Any) -> str:
    if isinstance(got, TradeType | Liquidity):
        return got.name.lower()
    return got.value if isinstance(got, Enum) else str(got)


def _shown(got: Any) -> str:
    return _word(got) if isinstance(got, Enum) else str(got)
