"""binance-connector: Binance's older client for Python; REST, and streams that call back from threads of their own.

Its way to user events is a listen key and a stream of that name.
"""

import json
import threading
from decimal import Decimal
from typing import Any

from binance.spot import Spot
from binance.websocket.spot.websocket_stream import SpotWebsocketStreamClient
from binance_answers import LIMIT, fills, funds, hear_book, hear_order, steps
from walk import PATIENCE, Fill, Funds, Levels, Place, levels, run


class Client:
    def __init__(self, place: Place) -> None:
        self.place_, self.api = place, Spot(place.key, place.secret, base_url=place.http)
        self.told: set[tuple[str, str]] = set()
        self.heard = Levels({}, {})
        self.streams: list[SpotWebsocketStreamClient] = []

    async def time(self) -> float:
        return self.api.time()["serverTime"] / 1000

    async def rules(self) -> tuple[Decimal, Decimal]:
        (symbol,) = self.api.exchange_info(symbol=self.place_.symbol)["symbols"]
        return steps(symbol)

    async def book(self) -> Levels:
        book = self.api.depth(self.place_.symbol)
        return levels(book["bids"], book["asks"])

    async def balances(self) -> dict[str, Funds]:
        return funds(self.api.account())

    async def place(self, side: str, price: Decimal, amount: Decimal) -> str:
        order = {"symbol": self.place_.symbol, "side": side.upper(), "price": str(price), "quantity": str(amount)}
        return str(self.api.new_order(**LIMIT, **order)["orderId"])

    async def open_orders(self) -> set[str]:
        return {str(row["orderId"]) for row in self.api.get_open_orders(symbol=self.place_.symbol)}

    async def cancel(self, order_id: str) -> None:
        self.api.cancel_order(symbol=self.place_.symbol, orderId=int(order_id))

    async def fills(self, order_id: str) -> list[Fill]:
        return fills(self.api.my_trades(symbol=self.place_.symbol, orderId=int(order_id)))

    async def listen_to_orders(self) -> None:
        key = self.api.new_listen_key()["listenKey"]
        self._stream(lambda event: hear_order(self.told, event)).user_data(listen_key=key)
        self._confirmed()

    async def listen_to_book(self) -> None:
        stream = self._stream(lambda event: hear_book(self.heard, event))
        stream.diff_book_depth(symbol=self.place_.symbol, speed=100)
        self._confirmed()

    def _stream(self, hear: Any) -> SpotWebsocketStreamClient:
        self.confirmed = confirmed = threading.Event()

        def hear_all(_: Any, message: str) -> None:
            said = json.loads(message)
            if "result" in said:
                confirmed.set()
            hear(said)

        self.streams.append(SpotWebsocketStreamClient(stream_url=self.place_.ws, on_message=hear_all))
        return self.streams[-1]

    def _confirmed(self) -> None:
        assert self.confirmed.wait(PATIENCE), "the subscription was not confirmed"

    async def ask_with_a_wrong_secret(self) -> object:
        return Spot(self.place_.key, self.place_.wrong_secret, base_url=self.place_.http).account()

    async def close(self) -> None:
        for stream in self.streams:
            stream.stop()


async def make(place: Place) -> Client:
    return Client(place)


run(make)
