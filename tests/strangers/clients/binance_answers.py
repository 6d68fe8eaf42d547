"""Binance's answers in the walk's words, for the clients that give back the exchange's own JSON."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from walk import Fill, Funds, Levels

WORDS = {"NEW": "open", "CANCELED": "canceled", "FILLED": "filled"}
LIMIT = {"type": "LIMIT", "timeInForce": "GTC"}


def steps(symbol: Mapping[str, Any]) -> tuple[Decimal, Decimal]:
    """The steps of prices and sizes, of a symbol of the exchange information."""
    filters = {each["filterType"]: each for each in symbol["filters"]}
    return Decimal(filters["PRICE_FILTER"]["tickSize"]), Decimal(filters["LOT_SIZE"]["stepSize"])


def funds(account: Mapping[str, Any]) -> dict[str, Funds]:
    """The balances of an account."""
    return {
        row["asset"]: Funds(Decimal(row["free"]) + Decimal(row["locked"]), Decimal(row["locked"]))
        for row in account["balances"]
    }


def fills(rows: Sequence[Mapping[str, Any]]) -> list[Fill]:
    """The fills among an account's trades."""
    return [
        Fill(Decimal(row["price"]), Decimal(row["qty"]), Decimal(row["commission"]), row["commissionAsset"])
        for row in rows
    ]


def hear_order(told: set[tuple[str, str]], event: Mapping[str, Any]) -> None:
    """Add what a user event says of an order."""
    if event.get("e") == "executionReport" and event["X"] in WORDS:
        told.add((str(event["i"]), WORDS[event["X"]]))


def hear_book(heard: Levels, event: Mapping[str, Any]) -> None:
    """Add what a book event changes."""
    for name, kept in (("b", heard.bids), ("a", heard.asks)):
        kept.update((Decimal(price), Decimal(size)) for price, size in event.get(name, ()))
