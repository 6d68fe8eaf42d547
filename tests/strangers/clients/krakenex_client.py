"""krakenex: a thin REST client of Kraken; it signs, sends and gives back the JSON."""

from decimal import Decimal
from typing import Any

import krakenex
from walk import Fill, Funds, Levels, NotOffered, Place, levels, run


class Refused(Exception):
    """The exchange answered with errors."""


class Client:
    def __init__(self, place: Place) -> None:
        self.place_ = place
        self.api = self._api(place.secret)
        self.told: set[tuple[str, str]] = set()
        self.heard = Levels({}, {})

    def _api(self, secret: str) -> krakenex.API:
        api = krakenex.API(self.place_.key, secret)
        api.uri = self.place_.http
        return api

    def _public(self, method: str, **data: Any) -> Any:
        return result(self.api.query_public(method, data))

    def _private(self, method: str, **data: Any) -> Any:
        return result(self.api.query_private(method, data))

    async def time(self) -> float:
        return float(self._public("Time")["unixtime"])

    async def rules(self) -> tuple[Decimal, Decimal]:
        (pair,) = self._public("AssetPairs", pair=self.place_.symbol).values()
        return Decimal(pair["tick_size"]), Decimal(1).scaleb(-pair["lot_decimals"])

    async def book(self) -> Levels:
        (book,) = self._public("Depth", pair=self.place_.symbol, count=100).values()
        return levels(book["bids"], book["asks"])

    async def balances(self) -> dict[str, Funds]:
        rows = self._private("BalanceEx")
        return {asset: Funds(Decimal(row["balance"]), Decimal(row["hold_trade"])) for asset, row in rows.items()}

    async def place(self, side: str, price: Decimal, amount: Decimal) -> str:
        placed = self._private(
            "AddOrder",
            pair=self.place_.symbol,
            type=side,
            ordertype="limit",
            price=str(price),
            volume=str(amount),
        )
        (order_id,) = placed["txid"]
        return order_id

    async def open_orders(self) -> set[str]:
        return set(self._private("OpenOrders")["open"])

    async def cancel(self, order_id: str) -> None:
        assert self._private("CancelOrder", txid=order_id)["count"] == 1

    async def fills(self, order_id: str) -> list[Fill]:
        rows = self._private("TradesHistory")["trades"].values()
        return [
            Fill(Decimal(row["price"]), Decimal(row["vol"]), Decimal(row["fee"]), self.place_.quote)
            for row in rows
            if row["ordertxid"] == order_id
        ]

    async def listen_to_orders(self) -> None:
        raise NotOffered("no websockets")

    async def listen_to_book(self) -> None:
        raise NotOffered("no websockets")

    async def ask_with_a_wrong_secret(self) -> object:
        return result(self._api(self.place_.wrong_secret).query_private("Balance"))

    async def close(self) -> None:
        self.api.close()


def result(answer: dict[str, Any]) -> Any:
    """What is asked for, of an answer. Raises Refused with the exchange's texts."""
    if answer["error"]:
        raise Refused(", ".join(answer["error"]))
    return answer["result"]


async def make(place: Place) -> Client:
    return Client(place)


run(make)
