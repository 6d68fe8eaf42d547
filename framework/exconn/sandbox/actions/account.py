"""Actions on an account: fills, balances, fee rates, the key's rights.

Rules:
- Fills come oldest first, in pages; a cursor names the last fill of the page before, so it never expires.
- `reach` (seconds) is how far back fills go, and how long a closed order's fills can be asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Any

from exconn.sandbox.dialect.meanings import Refused
from exconn.sandbox.dialect.scope import Scope
from exconn.sandbox.dialect.wire import Unknown
from exconn.sandbox.engine import FeeAsset, Fill
from exconn.sandbox.engine.amounts import exact
from exconn.sandbox.limits import SECOND

from .call import Call
from .pages import first_page

_CURSOR = "t"


@dataclass(frozen=True, slots=True)
class FillsRow:
    """One page. `next` is the cursor of the following one, None when there is nothing more."""

    fills: Sequence[Fill]
    next: str | None


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """What an account has of one asset."""

    asset: str
    total: Decimal
    available: Decimal
    held: Decimal


@dataclass(frozen=True, slots=True)
class BalancesRow:
    """Balances by name of the asset."""

    balances: Sequence[BalanceRow]
    time: int


@dataclass(frozen=True, slots=True)
class FeeRatesRow:
    """An account's rates; no token where fees are not paid in one."""

    maker: Decimal
    taker: Decimal
    token: str | None
    token_discount: Decimal | None


@dataclass(frozen=True, slots=True)
class KeyRightsRow:
    """What a key may do."""

    key: str
    rights: Sequence[str]


def fills(call: Call) -> FillsRow:
    """A page of the account's fills: the first from where it begins, or the `latest`.

    Refused: unknown_order, malformed (of the cursor).
    """
    args = call.args
    found = _fills_in_reach(call)
    if args.get("exchange_order_id") is not None:
        reach = args.get("reach")
        order = call.desk.find_order(
            call.records,
            call.account,
            call.now,
            client_id=None,
            order_id=args["exchange_order_id"],
            closed_for=None if reach is None else reach * SECOND,
        )
        found = [fill for fill in found if fill.order_id == order.id]
    if args.get("symbol") is not None:
        symbol = call.desk.known_symbol(args["symbol"], call.now)
        found = [fill for fill in found if fill.symbol == symbol]
    if args.get("from_number") is not None:
        found = [fill for fill in found if fill.number >= args["from_number"]]
    if args.get("cursor") is not None:
        after = _read_cursor(call, args["cursor"])
        found = [fill for fill in found if fill.trade_id > after]
    limit = args.get("limit") or len(found)
    if args.get("latest") and args.get("from_number") is None and args.get("since") is None:
        return FillsRow(found[max(len(found) - limit, 0) :], None)
    page = first_page(found, limit, attrgetter("trade_id"))
    return FillsRow(page, f"{_CURSOR}{page[-1].trade_id}" if len(found) > len(page) else None)


def _fills_in_reach(call: Call) -> Sequence[Fill]:
    """Fills since the moment asked for, or as far back as they reach; a clock set back leaves them in no order."""
    since, until, reach = (call.args.get(name) for name in ("since", "until", "reach"))
    start = max(since or 0, 0 if reach is None else call.now - reach * SECOND)
    return [
        fill
        for fill in call.records.fills(call.account)
        if start <= fill.time and (until is None or fill.time <= until)
    ]


def _read_cursor(call: Call, cursor: str) -> int:
    digits = cursor.removeprefix(_CURSOR)
    if digits == cursor or not digits.isdecimal() or len(digits) > 18:
        raise Refused("malformed", field="cursor")
    return int(digits)


def balances(call: Call) -> BalancesRow:
    """All balances that the account ever had, by name of the asset."""
    found = call.records.balances(call.account)
    rows = [BalanceRow(asset, each.total, each.available, each.held) for asset, each in sorted(found.items())]
    return BalancesRow(rows, call.now)


def fee_rates(call: Call) -> FeeRatesRow:
    """The account's rates, as fractions."""
    if call.args.get("symbol") is not None:
        call.desk.known_symbol(call.args["symbol"], call.now)
    fees = call.desk.exchange.fee_schedule(call.account)
    in_token = fees.asset is FeeAsset.TOKEN
    return FeeRatesRow(fees.maker, fees.taker, fees.token if in_token else None, fees.discount if in_token else None)


@dataclass(frozen=True, slots=True)
class LimitsRow:
    """Pools as the dialect shows them."""

    limits: Sequence[Any]


def limits(call: Call) -> LimitsRow:
    """How the pools stand that the request was counted in (at a cost of 0, too): all, or those `of` one subject."""
    of, scope = call.args.get("of"), Scope(call.now)
    counted = (count for count in call.counts if of in (None, count.pool.of))
    return LimitsRow([count.pool.shown(count, scope) for count in counted if count.pool.shown is not None])


@dataclass(frozen=True, slots=True)
class WorthRow:
    """What all balances together are worth in one asset, and what of that is available."""

    total: Decimal
    available: Decimal


@exact
def worth(call: Call) -> WorthRow:
    """The balances by the last prices against `asset`; what has none counts nothing. Refused: unknown_asset."""
    asset, exchange = call.args["asset"], call.desk.exchange
    if isinstance(asset, Unknown):
        raise Refused("unknown_asset")
    prices = {each.base: exchange.last_price(each.symbol) for each in exchange.instruments() if each.quote == asset}
    total = available = Decimal(0)
    for name, balance in call.records.balances(call.account).items():
        price = Decimal(1) if name == asset else prices.get(name) or Decimal(0)
        total, available = total + balance.total * price, available + balance.available * price
    return WorthRow(total, available)


def key_rights(call: Call) -> KeyRightsRow:
    """The key that signed, and its rights."""
    key = call.key
    if key is None:
        raise LookupError("key_rights needs a signed request")
    return KeyRightsRow(key.api_key, key.rights)
