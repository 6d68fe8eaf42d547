"""The comparison of what a market told with the sandbox's own ledger: order by order, fill by fill, asset by asset.

Rules: the ledger is the truth; every difference is one line that names both sides; nothing is rounded and nothing is
forgiven; a fill is compared with its order, trade id, price, amount, fee asset and fee, and an exchange may know a
trade by an id of its own or by its number within the pair; an order that failed must not be in the ledger, and every
order in the ledger must have been told.
"""

from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from exconn.model import BuyOrderCreatedEvent, OrderFilledEvent, SellOrderCreatedEvent, TradeFee
from exconn.testing.demo.journal import Journal, OrderStory

FillKey = tuple[str, str, Decimal, Decimal, tuple[tuple[str, Decimal], ...]]
# how the engine's final states are told; an engine that ends an order by itself (time in force, self trade) expires it
ENDINGS = {
    "filled": {"completed"},
    "cancelled": {"cancelled"},
    "expired": {"expired", "cancelled"},
    "rejected": {"failed"},
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Counts of what was compared, and the differences, one line each."""

    orders: int
    fills: int
    assets: int
    differences: tuple[str, ...]


def compare(
    journal: Journal, balances: Mapping[str, tuple[Decimal, Decimal]], account: Mapping[str, Any]
) -> Comparison:
    """`balances`: asset -> (total, available) as the market has them. `account`: the ledger's entry of our account."""
    differences = [*journal.faults]
    orders = {order["client_id"]: order for order in account["orders"]}
    differences += _orders(journal, orders)
    differences += _fills(journal, account["fills"])
    differences += _balances(balances, account["balances"])
    return Comparison(len(orders), len(account["fills"]), len(account["balances"]), tuple(differences))


def _orders(journal: Journal, ledger: Mapping[str, Mapping[str, str]]) -> list[str]:
    found = [f"order {cid}: in the ledger, never told" for cid in ledger if cid not in journal.orders]
    for cid, story in journal.orders.items():
        order = ledger.get(cid)
        if order is None:
            if story.ending != "failed":
                found.append(f"order {cid}: told as {story.ending or 'open'}, not in the ledger")
            continue
        found += [f"order {cid}: {difference}" for difference in _order(story, order)]
    return found


def _order(story: OrderStory, order: Mapping[str, str]) -> list[str]:
    found = []
    if story.ending not in ENDINGS.get(order["state"], {None}):
        found.append(f"told as {story.ending or 'open'}, the ledger has {order['state']}")
    if story.filled != Decimal(order["filled"]):
        found.append(f"filled {story.filled}, the ledger has {order['filled']}")
    if story.filled_quote != Decimal(order["filled_quote"]):
        found.append(f"filled {story.filled_quote} quote, the ledger has {order['filled_quote']}")
    if story.created is not None:
        found += _terms(story.created, order)
    if story.ending == "completed" and story.final_event.base_asset_amount != Decimal(order["filled"]):
        found.append(f"completed with {story.final_event.base_asset_amount}, the ledger has {order['filled']}")
    return found


def _terms(created: BuyOrderCreatedEvent | SellOrderCreatedEvent, order: Mapping[str, str]) -> list[str]:
    """What was asked for, as it was told and as it reached the exchange; a market order has no price there."""
    side = "buy" if isinstance(created, BuyOrderCreatedEvent) else "sell"
    terms = {"side": (side, order["side"]), "amount": (created.amount, Decimal(order["amount"]))}
    if order["price"]:
        terms["price"] = (created.price, Decimal(order["price"]))
    return [f"{name} {told}, the ledger has {true}" for name, (told, true) in terms.items() if told != true]


def _fills(journal: Journal, ledger: list[Mapping[str, str]]) -> list[str]:
    told = Counter(_told_key(fill) for story in journal.orders.values() for fill in story.fills)
    true = Counter(_ledger_key(fill, told) for fill in ledger)
    missing = [f"fill {key[1]} of order {key[0]}: in the ledger, not told so: {key[2:]}" for key in true - told]
    invented = [f"fill {key[1]} of order {key[0]}: told, not in the ledger so: {key[2:]}" for key in told - true]
    return missing + invented


def _told_key(fill: OrderFilledEvent) -> FillKey:
    return fill.order_id, fill.exchange_trade_id, fill.price, fill.amount, _paid(fill.trade_fee)


def _paid(fee: TradeFee) -> tuple[tuple[str, Decimal], ...]:
    return tuple((asset, amount) for asset, amount in fee.flat_fees if amount)


def _ledger_key(fill: Mapping[str, str], told: Container[FillKey]) -> FillKey:
    """The key of a fill by the trade's number if it was told so, else by its id."""
    fee = Decimal(fill["fee"])
    terms = Decimal(fill["price"]), Decimal(fill["amount"]), ((fill["fee_asset"], fee),) if fee else ()
    by_id, by_number = ((fill["client_id"], fill[name], *terms) for name in ("trade_id", "number"))
    return by_number if by_number in told else by_id


def _balances(ours: Mapping[str, tuple[Decimal, Decimal]], ledger: Mapping[str, Mapping[str, str]]) -> list[str]:
    found = []
    for asset in sorted({*ours, *ledger}):
        total, available = ours.get(asset, (Decimal(0), Decimal(0)))
        true = ledger.get(asset, {"total": "0", "available": "0"})
        if total != Decimal(true["total"]):
            found.append(f"{asset}: total {total}, the ledger has {true['total']}")
        if available != Decimal(true["available"]):
            found.append(f"{asset}: available {available}, the ledger has {true['available']}")
    return found
