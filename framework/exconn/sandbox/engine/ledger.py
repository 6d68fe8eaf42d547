"""The ledger: everything the engine knows, as plain data for a comparison from outside.

Rules:
- Only dicts, lists and strings; numbers in their shortest exact text (`amounts.plain`), absent values as "".
- Orders, fills and accounts stand in order of time; house accounts show their open orders and balances only.
"""

from decimal import Decimal
from typing import Any

from .accounts import Account, Accounts
from .amounts import plain
from .book import BookSnapshot
from .order import Fill, Order
from .store import Store
from .venue import Listing, Venue

Text = dict[str, str]


def ledger(accounts: Accounts, store: Store, venue: Venue) -> dict[str, Any]:
    """`accounts` by name (kind, balances, orders, fills) and `instruments` by symbol (status, last, book)."""
    return {
        "accounts": {account.name: _account(account, store) for account in accounts},
        "instruments": {listing.instrument.symbol: _listing(listing) for listing in venue},
    }


def _account(account: Account, store: Store) -> dict[str, object]:
    return {
        "kind": "house" if account.house else "client",
        "balances": {
            asset: {"total": plain(b.total), "held": plain(b.held), "available": plain(b.available)}
            for asset, b in account.balances.items()
        },
        "orders": [order_text(order) for order in store.all_orders(account.name)],
        "fills": [fill_text(fill) for fill in store.fills(account.name)],
    }


def _listing(listing: Listing) -> dict[str, object]:
    book = listing.book.snapshot()
    return {
        "status": str(listing.instrument.status),
        "last": _maybe(listing.tape.last),
        "trades": str(listing.tape.count),
        "sequence": str(book.sequence),
        "bids": _levels(book, bids=True),
        "asks": _levels(book, bids=False),
    }


def _levels(book: BookSnapshot, *, bids: bool) -> list[list[str]]:
    return [[plain(price), plain(size)] for price, size in (book.bids if bids else book.asks)]


def order_text(order: Order) -> Text:
    """One order; `fills` counts its fills, `fees` are not repeated here."""
    return {
        "id": str(order.id),
        "client_id": order.client_id or "",
        "symbol": order.symbol,
        "side": str(order.side),
        "kind": str(order.kind),
        "time_in_force": str(order.time_in_force),
        "post_only": "yes" if order.post_only else "no",
        "price": _maybe(order.price),
        "amount": plain(order.amount),
        "quote_amount": _maybe(order.quote_amount),
        "state": str(order.state),
        "reason": str(order.reason or ""),
        "filled": plain(order.filled),
        "filled_quote": plain(order.filled_quote),
        "average_price": _maybe(order.average_price),
        "held": plain(order.held),
        "held_asset": order.held_asset,
        "fills": str(len(order.fills)),
        "created": str(order.created),
        "updated": str(order.updated),
    }


def fill_text(fill: Fill) -> Text:
    """One fill; `trade_id` is unique in the exchange."""
    return {
        "trade_id": str(fill.trade_id),
        "number": str(fill.number),
        "order_id": str(fill.order_id),
        "client_id": fill.client_id or "",
        "symbol": fill.symbol,
        "side": str(fill.side),
        "liquidity": str(fill.liquidity),
        "price": plain(fill.price),
        "amount": plain(fill.amount),
        "quote": plain(fill.quote),
        "fee": plain(fill.fee),
        "fee_asset": fill.fee_asset,
        "time": str(fill.time),
    }


def _maybe(value: Decimal | None) -> str:
    return "" if value is None else plain(value)
