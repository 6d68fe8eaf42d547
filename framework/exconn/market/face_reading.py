"""The reading functions of `Market`, by the names and arguments of the market contract; `market.py` lists them.

Rules: plain reads of the parts, without a request, but for the `_update_` functions and the loops; prices and amounts
are Decimal; an empty side of a book is NaN.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

import msgspec

from exconn.errors import UsageError
from exconn.market.given import asset_of, decimal_of, is_buy_of, order_type_of, pair_of, price_of, shown, side_of
from exconn.market.order_book import EmptySide, OrderBook
from exconn.market.pubsub import Listener
from exconn.market.quantize import MARKET_CUSHION, price_quantum, quantize_amount, quantize_price
from exconn.model import (
    LimitOrder,
    NetworkStatus,
    OrderType,
    TradeFee,
    TradeType,
    TradingRule,
    s_decimal_0,
    s_decimal_nan,
)

if TYPE_CHECKING:
    from exconn.market.market import Market

_log = logging.getLogger(__name__)


def status_dict(self: "Market") -> dict[str, bool]:
    """What must be there before trading, and whether it is."""
    parts, idle = self._parts, not self._trading_required
    return {
        "order_books_initialized": parts.books.ready,
        "account_balance": idle or parts.account.is_loaded,
        "trading_rule_initialized": bool(parts.rules.rules),
        "user_stream_initialized": idle or not parts.user.streams or parts.user.is_live,
        "account_checked": self._life.is_checked,
    }


async def start_network(self: "Market") -> None:
    """Go online; returns at once, the market is ready when `status_dict` says so."""
    await self._life.start_network()


async def stop_network(self: "Market") -> None:
    """Go offline, and wait until all is closed; `start_network` may follow."""
    await self._life.stop_network()


def halt_network(self: "Market") -> None:
    """Go offline without waiting."""
    self._life.halt_network()


async def check_network(self: "Market") -> NetworkStatus:
    """Ask something harmless; CONNECTED where the exchange answers and refuses nothing of the account."""
    return await self._life.check_network()


async def wait_ready(self: "Market", timeout: float = 60.0) -> None:
    """Until `ready`; TimeoutError says what is missing and what went wrong last."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout
    while not self.ready:
        if loop.time() >= deadline:
            missing = ", ".join(name for name, is_there in status_dict(self).items() if not is_there)
            raise TimeoutError(f"{self.name} is not ready after {timeout:g} s: {missing}; {self.last_error}")
        await asyncio.sleep(0.02)


def limit_orders(self: "Market") -> list[LimitOrder]:
    """The open limit orders, those of unknown outcome among them."""
    orders = self._parts.in_flight.orders.values()
    return [order.to_limit_order() for order in orders if order.order_type.is_limit_type()]


def tracking_states(self: "Market") -> dict[str, Any]:
    """Client id -> the order in flight as JSON, for `restore_tracking_states`."""
    return {client_id: order.to_json() for client_id, order in self._parts.in_flight.orders.items()}


def restore_tracking_states(self: "Market", saved_states: Mapping[str, Any]) -> None:
    """Take up orders of an earlier life; what was being sent then is looked up once the market runs. UsageError for
    what cannot be taken up, after all the others were."""
    if not isinstance(saved_states, Mapping):
        raise UsageError("saved states are a mapping of client ids to saved orders, as tracking_states gives it")
    orders, refused = [], []
    for saved in saved_states.values():
        try:
            orders.append(self._parts.intents.saved(saved))
        except UsageError as error:
            refused.append(str(error))
    self._life.take_up(orders)
    if refused:
        raise UsageError("; ".join(refused))


def supported_order_types(self: "Market") -> list[OrderType]:
    offers = self._parts.ground.codec.facts.offers
    return [each for each in OrderType if any(offered is each for offered, _ in offers)]


def get_order_book(self: "Market", symbol: str) -> OrderBook:
    """The live book of a pair. UsageError for a pair not tracked here, BookNotLive while it is withheld."""
    return self._parts.books.get(pair_of(symbol))


def get_price(self: "Market", trading_pair: str, is_buy: bool) -> Decimal:
    """The best ask (for a buyer) or bid, quantized; NaN where that side is empty."""
    try:
        price = Decimal(str(self._parts.books.get(pair_of(trading_pair)).get_price(is_buy_of(is_buy))))
    except EmptySide as error:
        _log.warning("%s: %s", trading_pair, error)
        return s_decimal_nan
    return quantize_order_price(self, trading_pair, price)


def get_order_price_quantum(self: "Market", trading_pair: str, price: Decimal) -> Decimal:
    """The smallest step of prices around `price`."""
    return price_quantum(self._parts.rules.get(pair_of(trading_pair)), price_of(price))


def get_order_size_quantum(self: "Market", trading_pair: str, order_size: Decimal) -> Decimal:
    """The smallest step of amounts, base."""
    decimal_of(order_size)
    return self._parts.rules.get(pair_of(trading_pair)).min_base_amount_increment


def quantize_order_price(self: "Market", trading_pair: str, price: Decimal) -> Decimal:
    """The nearest legal price; NaN passes through. UsageError for what is no number, or larger than any price."""
    rule, rounding = self._parts.rules.get(pair_of(trading_pair)), self._parts.ground.settings.price_rounding
    return quantize_price(price_of(price), rule, rounding)


def quantize_order_amount(self: "Market", trading_pair: str, amount: Decimal, price: Decimal = s_decimal_0) -> Decimal:
    """The nearest legal amount below, 0 where there is none. Without a price the least notional is reckoned, with a
    cushion, at the best bid, where the book is live. UsageError for an amount that is no number."""
    rule, amount, price = self._parts.rules.get(pair_of(trading_pair)), decimal_of(amount), price_of(price)
    if price and not price.is_nan():
        return quantize_amount(amount, rule, price)
    book = self._parts.books.order_books.get(trading_pair)
    bid = None if book is None else book.best_bid
    return quantize_amount(amount, rule, s_decimal_0 if bid is None else Decimal(str(bid[0])), MARKET_CUSHION)


def get_fee(
    self: "Market",
    base_currency: str,
    quote_currency: str,
    order_type: OrderType,
    order_side: TradeType,
    amount: Decimal,
    price: Decimal = s_decimal_nan,
) -> TradeFee:
    """What such an order is about to pay: a fraction of its value. UsageError where no rate is known."""
    side_of(order_side), decimal_of(amount), price_of(price)
    pair = f"{asset_of(base_currency)}-{asset_of(quote_currency)}"
    return self._parts.fees.estimate(pair, order_type_of(order_type))


def get_balance(self: "Market", currency: str) -> Decimal:
    return self._parts.account.total(asset_of(currency))


def get_available_balance(self: "Market", currency: str) -> Decimal:
    """What new orders may use."""
    return self._parts.account.available(asset_of(currency))


def get_all_balances(self: "Market") -> dict[str, Decimal]:
    return dict(self._parts.account.balances.totals)


def add_listener(self: "Market", event_tag: int | Enum, listener: Listener) -> None:
    """Call `listener` with each event of this tag; it is held by a weak reference, so keep it alive."""
    self._events.add_listener(event_tag, listener)


def remove_listener(self: "Market", event_tag: int | Enum, listener: Listener) -> None:
    self._events.remove_listener(event_tag, listener)


def trigger_event(self: "Market", event_tag: int | Enum, message: Any) -> None:
    self._events.trigger_event(event_tag, message)


async def update_balances(self: "Market") -> None:
    """Read the balances by REST."""
    await self._parts.reconciler.balances()


async def update_order_status(self: "Market") -> None:
    """Read the state and the fills of the open orders by REST."""
    await self._parts.reconciler.orders()
    await self._parts.reconciler.fills()


async def status_polling_loop(self: "Market") -> None:
    """Orders, fills and balances by REST, again and again, until cancelled."""
    await self._parts.polling.run()


async def user_stream_event_listener(self: "Market") -> None:
    """Tell the tracker and the balances what the user stream says, until cancelled."""
    await self._parts.user_events.listen()


async def trading_rules_polling_loop(self: "Market") -> None:
    """The trading rules by REST, again and again, until cancelled."""
    await self._parts.standing.poll_rules()


async def update_trading_rules(self: "Market") -> None:
    """Read the trading rules by REST."""
    await self._parts.standing.update_rules()


def format_trading_rules(self: "Market", raw_trading_pair_info: Sequence[Any] | Mapping[str, Any]) -> list[TradingRule]:
    """The rules in the exchange's JSON answer, whole and as it came; rows that cannot be read are skipped. UsageError
    for what is no JSON."""
    try:
        answer = msgspec.json.encode(raw_trading_pair_info)
    except (TypeError, ValueError):
        what = shown(raw_trading_pair_info)
        raise UsageError(f"trading rules are read from the exchange's JSON answer, not from {what}") from None
    return self._parts.standing.format_rules(answer)
