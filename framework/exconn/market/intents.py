"""From a trader's words to an order that may be sent: quantized, checked against its pair's rule and the user's limits.

Rules: nothing is sent from here; what a rule forbids is RuleBroken, what cannot be asked at all is UsageError, and both
say what to do. The values checked are the values sent. A market buy of an exchange that wants quote is reckoned at the
market's own best ask with a cushion, and needs a live book.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from exconn.codec import Codec
from exconn.errors import RuleBroken, UsageError
from exconn.market.client_ids import unfit
from exconn.market.freshness import MarketTime
from exconn.market.order_book import OrderBook
from exconn.market.probing import Needs
from exconn.market.quantize import broken_rule, quantize_amount, quantize_price
from exconn.market.rules import TradingRules
from exconn.market.sanity import OrderSanity
from exconn.market.settings import MarketSettings
from exconn.market.terms import Fitted, Terms
from exconn.market.tracking import TrackedOrder, made_ns, order_from_json
from exconn.model import OrderType, TradeType, TradingRule, s_decimal_0, s_decimal_max

_CLOCKS_APART_NS = 60_000_000_000


class Intents:
    """Makes orders. `books`: the live books by pair."""

    def __init__(
        self,
        codec: Codec,
        rules: TradingRules,
        books: Mapping[str, OrderBook],
        needs: Needs,
        time: MarketTime,
        settings: MarketSettings,
    ) -> None:
        self._offers = frozenset(codec.facts.offers)
        self._rules = rules
        self._books = books
        self._needs = needs
        self._time = time
        self._settings = settings
        self._sanity = OrderSanity(settings)
        self._sees_ns = _sees_ns(codec)
        self._tells_trades = _tells_trades(codec)
        self._id_rule = rule = codec.facts.client_id
        self._terms: dict[tuple[str, OrderType, TradeType], Terms] = {}
        self._id_comes_again = rule is not None and rule.unique != "forever"

    def make(
        self, client_id: str, pair: str, side: TradeType, amount: Decimal, order_type: OrderType, price: Decimal
    ) -> TrackedOrder:
        """The order as it will be sent. Raises RuleBroken, UsageError, BookNotLive."""
        if self._id_rule is not None and (why := unfit(self._id_rule, client_id)) is not None:
            raise UsageError(f"client id {client_id!r} {why}")
        terms = self._terms_of(pair, order_type, side)
        if not (amount.is_finite() and price.is_finite()):
            amount, price = _finite(amount, "amount"), s_decimal_0 if price.is_nan() else _finite(price, "price")
        amount, price = terms.fit(amount, price) or self._judged(terms.rule, order_type, amount, price)
        best = self._best(pair, side) if self._sanity.is_on or not terms.is_limit else None
        quote_amount = None if terms.is_limit else self._quote_amount(terms.rule, order_type, side, amount, best)
        reckoned = None if terms.is_limit or best is None else best * (1 + self._settings.market_cushion)
        order = self.unchecked(client_id, pair, side, amount, order_type, price, quote_amount, reckoned)
        if self._sanity.is_on:
            self._sanity.check(order, best, self._time.now())
        return order

    def _terms_of(self, pair: str, order_type: OrderType, side: TradeType) -> Terms:
        """The terms of an order, kept as long as its pair's rule is in force."""
        rule = self._rules.get(pair)
        key = (pair, order_type, side)
        terms = self._terms.get(key)
        if terms is None or terms.rule is not rule:
            if (order_type, side) not in self._offers:
                raise UsageError(f"this exchange takes no {order_type.name} {side.name} orders")
            terms = self._terms[key] = Terms(rule, order_type, self._settings.price_rounding)
        return terms

    def _judged(self, rule: TradingRule, order_type: OrderType, asked: Decimal, price: Decimal) -> Fitted:
        """Amount and price of an order that is not plainly legal. RuleBroken where it cannot be."""
        is_limit = order_type.is_limit_type()
        if asked > s_decimal_max:
            raise UsageError(f"amount {asked:.6} is larger than any amount")
        price = quantize_price(price, rule, self._settings.price_rounding) if is_limit else s_decimal_0
        amount = quantize_amount(asked, rule)
        broken = broken_rule(rule, order_type, amount, price, asked)
        if broken is not None:
            raise RuleBroken(broken)
        return amount, price

    def unchecked(
        self,
        client_id: str,
        pair: str,
        side: TradeType,
        amount: Decimal,
        order_type: OrderType,
        price: Decimal,
        quote_amount: Decimal | None = None,
        reckoned_price: Decimal | None = None,
    ) -> TrackedOrder:
        """An order of just these values, made now."""
        return TrackedOrder(
            client_id=client_id,
            pair=pair,
            order_type=order_type,
            side=side,
            price=price,
            amount=amount,
            quote_amount=quote_amount,
            reckoned_price=reckoned_price,
            created_ns=round(self._time.now() * 1e9),
            sees_ns=self._sees_ns,
            tells_trades=self._tells_trades,
            id_comes_again=self._id_comes_again,
        )

    def found(
        self, client_id: str, pair: str, side: TradeType, amount: Decimal, order_type: OrderType, price: Decimal
    ) -> TrackedOrder:
        """An order that was found elsewhere. It is as old as its id says, with what another machine's clock may be off;
        where that says nothing, it may be of any age."""
        order, made = self.unchecked(client_id, pair, side, amount, order_type, price), made_ns(client_id)
        created_ns = min(made, order.created_ns) if made else order.created_ns
        return msgspec.structs.replace(order, created_ns=created_ns, earliest_ns=max(0, made - _CLOCKS_APART_NS))

    def saved(self, data: Any) -> TrackedOrder:
        """An order that was saved. Of one that another program saved, it is said here what its exchange promises.
        UsageError for what cannot be taken up."""
        order = order_from_json(data)
        if "tracking" in data:
            return order
        promises = {
            "sees_ns": self._sees_ns,
            "tells_trades": self._tells_trades,
            "id_comes_again": self._id_comes_again,
        }
        return msgspec.structs.replace(order, **promises)

    def _best(self, pair: str, side: TradeType) -> Decimal | None:
        """What the order meets first, where the book is live."""
        book = self._books.get(pair)
        if book is None:
            return None
        level = book.best_ask if side is TradeType.BUY else book.best_bid
        return None if level is None else Decimal(str(level[0]))

    def _quote_amount(
        self, rule: TradingRule, order_type: OrderType, side: TradeType, amount: Decimal, best: Decimal | None
    ) -> Decimal | None:
        if not self._needs.quote(rule.trading_pair, order_type, side):
            return None
        if best is None:
            raise UsageError(
                f"a market order in quote needs the live book of {rule.trading_pair}; wait until it is ready"
            )
        quote = amount * best * (1 + self._settings.market_cushion)
        return quantize_price(quote, _in_quote(rule))


def _in_quote(rule: TradingRule) -> TradingRule:
    """A rule whose price step is the step of quote amounts."""
    return TradingRule(trading_pair=rule.trading_pair, min_price_increment=rule.min_quote_amount_increment)


def _finite(value: Decimal, name: str) -> Decimal:
    if not value.is_finite():
        raise UsageError(f"{name} must be a number, not {value}")
    return value


def _sees_ns(codec: Codec) -> int | None:
    """How long the slowest lookup may hide a change; None where the exchange promises nothing."""
    told = [sees.new_after for sees in codec.facts.sees.values()]
    return round(max(told) * 1e9) if told else None


def _tells_trades(codec: Codec) -> bool:
    kinds = [
        *(endpoint.kinds for endpoint in codec.endpoints.values()),
        *(sock.kinds for sock in codec.sockets.values()),
    ]
    return any("fill" in kind for kind in kinds)
