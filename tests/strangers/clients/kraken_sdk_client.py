"""python-kraken-sdk: its clients for market, user and trade over REST, and its websocket client of v2."""

from decimal import Decimal
from typing import Any

from kraken.spot import Market, SpotWSClient, Trade, User
from walk import Fill, Funds, Levels, Place, levels, run

WORDS = {"new": "open", "canceled": "canceled", "filled": "filled"}


class Client:
    def __init__(self, place: Place) -> None:
        self.place_ = place
        keys = {"key": place.key, "secret": place.secret, "url": place.http}
        self.market, self.user, self.trade = Market(url=place.http), User(**keys), Trade(**keys)
        self.socket = SpotWSClient(
            place.key,
            place.secret,
            self._hear,
            rest_url=place.http,
            ws_url=place.ws,
            auth_ws_url=place.ws,
        )
        self.told: set[tuple[str, str]] = set()
        self.heard = Levels({}, {})

    async def time(self) -> float:
        return float(self.market.request("GET", "/0/public/Time", auth=False)["unixtime"])

    async def rules(self) -> tuple[Decimal, Decimal]:
        (pair,) = self.market.get_asset_pairs(pair=self.place_.symbol).values()
        return Decimal(pair["tick_size"]), Decimal(1).scaleb(-pair["lot_decimals"])

    async def book(self) -> Levels:
        (book,) = self.market.get_order_book(pair=self.place_.symbol, count=100).values()
        return levels(book["bids"], book["asks"])

    async def balances(self) -> dict[str, Funds]:
        rows = self.user.get_balances()
        return {asset: Funds(Decimal(row["balance"]), Decimal(row["hold_trade"])) for asset, row in rows.items()}

    async def place(self, side: str, price: Decimal, amount: Decimal) -> str:
        placed = self.trade.create_order(
            ordertype="limit", side=side, volume=str(amount), pair=self.place_.symbol, price=str(price)
        )
        (order_id,) = placed["txid"]
        return order_id

    async def open_orders(self) -> set[str]:
        return set(self.user.get_open_orders()["open"])

    async def cancel(self, order_id: str) -> None:
        assert self.trade.cancel_order(order_id)["count"] == 1

    async def fills(self, order_id: str) -> list[Fill]:
        rows = self.user.get_trades_history()["trades"].values()
        return [
            Fill(Decimal(row["price"]), Decimal(row["vol"]), Decimal(row["fee"]), self.place_.quote)
            for row in rows
            if row["ordertxid"] == order_id
        ]

    async def listen_to_orders(self) -> None:
        await self.socket.start()
        await self.socket.subscribe({"channel": "executions", "snap_trades": False})

    async def listen_to_book(self) -> None:
        book = {"channel": "book", "symbol": [self.place_.stream_symbol], "depth": 10}
        await self.socket.subscribe(book)

    async def _hear(self, message: Any) -> None:
        if not isinstance(message, dict):
            return
        if message.get("channel") == "executions":
            self.told |= {
                (row["order_id"], WORDS[row["exec_type"]]) for row in message["data"] if row["exec_type"] in WORDS
            }
        elif message.get("channel") == "book":
            for row in message["data"]:
                for side, kept in (("bids", self.heard.bids), ("asks", self.heard.asks)):
                    kept.update((Decimal(str(at["price"])), Decimal(str(at["qty"]))) for at in row[side])

    async def ask_with_a_wrong_secret(self) -> object:
        return User(key=self.place_.key, secret=self.place_.wrong_secret, url=self.place_.http).get_account_balance()

    async def close(self) -> None:
        await self.socket.close()


async def make(place: Place) -> Client:
    return Client(place)


run(make)
