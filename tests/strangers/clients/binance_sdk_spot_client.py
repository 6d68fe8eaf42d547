"""binance-sdk-spot: Binance's own client for Python; trades by the websocket API, with models that check every type.

REST is asked only for what the other steps do not show: the rules, and the refusal of a wrong secret.
"""

from decimal import Decimal
from typing import Any

from binance_answers import LIMIT, fills, funds, hear_book, hear_order, steps
from binance_common.configuration import (
    ConfigurationRestAPI,
    ConfigurationWebSocketAPI,
    ConfigurationWebSocketStreams,
)
from binance_sdk_spot.spot import Spot
from walk import Fill, Funds, Levels, Place, levels, run


class Client:
    def __init__(self, place: Place, spot: Spot) -> None:
        self.place_, self.spot, self.api = place, spot, spot.websocket_api
        self.told: set[tuple[str, str]] = set()
        self.heard = Levels({}, {})

    async def time(self) -> float:
        return result(await self.api.time())["serverTime"] / 1000

    async def rules(self) -> tuple[Decimal, Decimal]:
        (symbol,) = self.spot.rest_api.exchange_info(symbol=self.place_.symbol).data().to_dict()["symbols"]
        return steps({"filters": [plain(each) for each in symbol["filters"]]})

    async def book(self) -> Levels:
        book = result(await self.api.depth(symbol=self.place_.symbol))
        return levels(book["bids"], book["asks"])

    async def balances(self) -> dict[str, Funds]:
        return funds(result(await self.api.account_status()))

    async def place(self, side: str, price: Decimal, amount: Decimal) -> str:
        order = {"symbol": self.place_.symbol, "side": side.upper(), "price": float(price), "quantity": float(amount)}
        placed = await self.api.order_place(type=LIMIT["type"], time_in_force=LIMIT["timeInForce"], **order)
        return str(result(placed)["orderId"])

    async def open_orders(self) -> set[str]:
        rows = result(await self.api.open_orders_status(symbol=self.place_.symbol))
        return {str(row["orderId"]) for row in rows}

    async def cancel(self, order_id: str) -> None:
        assert result(await self.api.order_cancel(symbol=self.place_.symbol, order_id=int(order_id)))

    async def fills(self, order_id: str) -> list[Fill]:
        return fills(result(await self.api.my_trades(symbol=self.place_.symbol, order_id=int(order_id))))

    async def listen_to_orders(self) -> None:
        subscribed = await self.api.user_data_stream_subscribe_signature()
        # its models keep an event's type as their own name
        subscribed.stream.on(
            "message", lambda event: hear_order(self.told, {"e": "executionReport", "X": "", **plain(event)})
        )

    async def listen_to_book(self) -> None:
        self.streams = self.spot.websocket_streams
        await self.streams.create_connection()
        stream = await self.streams.diff_book_depth(symbol=self.place_.stream_symbol, update_speed="100ms")
        stream.on("message", lambda event: hear_book(self.heard, plain(event)))

    async def ask_with_a_wrong_secret(self) -> object:
        return spot_at(self.place_, self.place_.wrong_secret).rest_api.get_account()

    async def close(self) -> None:
        await self.streams.close_connection()
        await self.api.close_connection()


def plain(model: Any) -> dict[str, Any]:
    """A model as the JSON that it was made of; one of several kinds says which it is."""
    while hasattr(model, "actual_instance"):
        model = model.actual_instance
    return model.to_dict() if hasattr(model, "to_dict") else model


def result(response: Any) -> Any:
    """What a request by websocket came to."""
    return plain(response.data())["result"]


def spot_at(place: Place, secret: str) -> Spot:
    """The client, turned to the address."""
    return Spot(
        ConfigurationRestAPI(place.key, secret, base_path=place.http),
        ConfigurationWebSocketAPI(place.key, secret, stream_url=f"{place.ws}/ws-api/v3"),
        ConfigurationWebSocketStreams(stream_url=place.ws),
    )


async def make(place: Place) -> Client:
    spot = spot_at(place, place.secret)
    await spot.websocket_api.create_connection()
    return Client(place, spot)


run(make)
