"""The trading functions of `Market`, by the names and arguments of the market contract; `market.py` lists them.

Rules: each is one call into the parts. `buy`, `sell` and `cancel` return at once and tell the rest by events; the
`execute_` functions wait. `order_id` is always the client's; `symbol` is a pair, `BASE-QUOTE`.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from exconn.codec.decoding import decode
from exconn.errors import ExchangeError, Meaning, Unanswered, UsageError
from exconn.market.declared import arguments_from, find_endpoint
from exconn.market.given import decimal_of, id_of, is_buy_of, order_type_of, pair_of, price_of, seconds_of
from exconn.market.lookups import arguments_of
from exconn.market.rest import Asked
from exconn.market.tracking.soundness import unsound
from exconn.model import (
    CancellationResult,
    MarketEvent,
    MarketTransactionFailureEvent,
    OrderType,
    TradeType,
    s_decimal_0,
)

if TYPE_CHECKING:
    from exconn.market.market import Market


def buy(
    self: "Market",
    symbol: str,
    amount: Decimal,
    order_type: OrderType = OrderType.MARKET,
    price: Decimal = s_decimal_0,
    kwargs: Mapping[str, Any] | None = None,
) -> str:
    """Place a buy order in the background; its client id. `amount` in base, `price` in quote; `kwargs` is not read."""
    pair, kind = pair_of(symbol), order_type_of(order_type)
    return self._parts.trading.begin(TradeType.BUY, pair, decimal_of(amount), kind, price_of(price))


def sell(
    self: "Market",
    symbol: str,
    amount: Decimal,
    order_type: OrderType = OrderType.MARKET,
    price: Decimal = s_decimal_0,
    kwargs: Mapping[str, Any] | None = None,
) -> str:
    """As `buy`, for a sell order."""
    pair, kind = pair_of(symbol), order_type_of(order_type)
    return self._parts.trading.begin(TradeType.SELL, pair, decimal_of(amount), kind, price_of(price))


def cancel(self: "Market", symbol: str, order_id: str) -> str:
    """Cancel an order in the background; its client id."""
    pair_of(symbol)
    return self._parts.trading.begin_cancel(id_of(order_id))


async def execute_buy(
    self: "Market",
    order_id: str,
    symbol: str,
    amount: Decimal,
    order_type: OrderType,
    price: Decimal | None = s_decimal_0,
) -> None:
    """Quantize, check, track and send a buy order. Raises RuleBroken or UsageError for an order that is not sent,
    after its failure event; everything later is told by events."""
    pair, kind = pair_of(symbol), order_type_of(order_type)
    await self._parts.trading.execute(order_id, pair, TradeType.BUY, decimal_of(amount), kind, price_of(price))


async def execute_sell(
    self: "Market",
    order_id: str,
    symbol: str,
    amount: Decimal,
    order_type: OrderType,
    price: Decimal | None = s_decimal_0,
) -> None:
    """As `execute_buy`, for a sell order."""
    pair, kind = pair_of(symbol), order_type_of(order_type)
    await self._parts.trading.execute(order_id, pair, TradeType.SELL, decimal_of(amount), kind, price_of(price))


async def execute_cancel(self: "Market", symbol: str, order_id: str) -> str | None:
    """Cancel an order; its id once it is proven cancelled or needs no tracking any more, else None."""
    pair_of(symbol)
    return await self._parts.trading.cancel(id_of(order_id))


async def place_order(
    self: "Market",
    order_id: str,
    symbol: str,
    amount: Decimal,
    is_buy: bool,
    order_type: OrderType,
    price: Decimal,
) -> dict[str, Any]:
    """As `execute_buy` or `execute_sell`, giving the exchange's JSON answer and raising its errors."""
    side = TradeType.BUY if is_buy_of(is_buy) else TradeType.SELL
    pair, kind = pair_of(symbol), order_type_of(order_type)
    place = self._parts.trading.place
    return _json(await place(order_id, pair, side, decimal_of(amount), kind, price_of(price)))


async def cancel_all(self: "Market", timeout_seconds: float) -> list[CancellationResult]:
    """Cancel all open orders of this market; success only where the exchange says so within the time."""
    return await self._parts.trading.cancel_all(seconds_of(timeout_seconds, "timeout_seconds"))


async def get_order(self: "Market", client_order_id: str) -> dict[str, Any]:
    """The exchange's JSON answer about an order, which is also told to the tracker. UsageError for an unknown id,
    ExchangeError where the exchange does not find it."""
    parts = self._parts
    order = parts.tracker.find(id_of(client_order_id))
    if order is None:
        raise UsageError(f"no order {client_order_id} is tracked by this market")
    failure: ExchangeError | None = None
    for operation in parts.orders.lookups.ways(order):
        try:
            asked = await parts.ground.rest.ask(operation, arguments_of(order))
        except ExchangeError as error:
            if error.meaning is not Meaning.ORDER_NOT_FOUND:
                raise
            failure = error
            continue
        parts.orders.lookups.take(client_order_id, asked)
        return _json(asked)
    raise failure or UsageError("this exchange has no lookup of a single order")


def start_tracking_order(
    self: "Market",
    client_order_id: str,
    symbol: str,
    order_type: OrderType,
    trade_type: TradeType,
    price: Decimal,
    amount: Decimal,
) -> None:
    """Track an order that is not sent from here: it is of unknown outcome, and looked for until it is found or
    forgotten. Its older fills are read: from the microseconds in which its id ends, else, where fills are not asked for
    by order, from the beginning of all. UsageError where its id is taken, or its values cannot be an order's."""
    amount, price = decimal_of(amount), price_of(price)
    price = s_decimal_0 if price.is_nan() else price
    self._parts.tracker.check_new(client_order_id)
    order = self._parts.intents.found(client_order_id, symbol, trade_type, amount, order_type, price)
    if (why := unsound(order)) is not None:
        raise UsageError(f"order {client_order_id} cannot be tracked: {why}")
    self._life.take_up([order])


def stop_tracking_order(self: "Market", order_id: str) -> None:
    """Forget an order, without an event."""
    self._parts.tracker.stop(id_of(order_id))
    self._parts.in_flight.forget(order_id)


def did_timeout_tx(self: "Market", tracking_id: str) -> None:
    """Tell that a transaction timed out; only chain venues have such."""
    event = MarketTransactionFailureEvent(self._parts.ground.time.now(), id_of(tracking_id))
    self._events.trigger_event(MarketEvent.TransactionFailure, event)


async def api_request(
    self: "Market", http_method: str, path_url: str, url: str | None = None, data: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The JSON answer of a declared endpoint, limited, signed and checked as every request. `data`: arguments in our
    words.

    Raises UsageError for what the spec does not declare, and for placing: an order has to be tracked.
    """
    parts = self._parts
    arguments = arguments_from(data)
    endpoint = find_endpoint(parts.ground.codec, parts.ground.context, http_method, url or path_url, arguments)
    if endpoint.operation == "place_order":
        raise UsageError("orders are placed by buy, sell or place_order, so that they are tracked")
    return _json(await parts.ground.rest.ask(endpoint.operation, arguments))


def _json(asked: Asked) -> dict[str, Any]:
    """The answer as it came; {} for an operation whose answer says nothing."""
    try:
        answer: dict[str, Any] = decode(asked.answer.body)
    except Unanswered:
        return {}
    return answer
