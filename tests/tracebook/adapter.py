"""The sandbox's matching engine as a candidate of tracebook-conformance: its events in, observations out.

Rules:
- It translates and decides nothing: every outcome, trade and queue is the engine's own answer.
- An owner is an account with ample funds and no fees, a symbol an instrument; an order id is the client id, which the
  engine keeps unique while the order is open, per account (the suite reuses an open id under its owner only).
- The engine has no replace: the new order is checked, the old one cancelled, the new one placed. A reduction by all
  that is left is a cancel, a clear is a delisting and a new listing.
- An order that can do nothing now (FOK, MARKET) is accepted and closed, as the suite words it.
"""

from collections.abc import Iterable
from decimal import Decimal
from importlib.metadata import version

from msgspec.structs import replace
from tracebook.conformance import (
    BookSnapshot,
    BookState,
    ConformanceConfig,
    EngineMetadata,
    Observation,
    Outcome,
    RestingOrder,
    TradeFill,
    canonical_decimal,
)
from tracebook.core.order import NO_OWNER, OrderSide, OrderType, SelfTradePolicy
from tracebook.events import MarketEvent

from exconn.sandbox.engine import (
    Cancelled,
    Exchange,
    Fill,
    Instrument,
    Kind,
    NewOrder,
    Order,
    Placed,
    Policy,
    Reduced,
    Reject,
    Rejected,
    SelfTrade,
    Side,
    TimeInForce,
    Trade,
)

FUNDS = Decimal(10**15)
ACCEPTED = Outcome("applied")
SIDES = {OrderSide.BUY: Side.BUY, OrderSide.SELL: Side.SELL}
SELF_TRADES = {
    SelfTradePolicy.NONE: SelfTrade.NONE,
    SelfTradePolicy.CANCEL_RESTING: SelfTrade.CANCEL_OLDEST,
    SelfTradePolicy.CANCEL_INCOMING: SelfTrade.CANCEL_NEWEST,
}
INSTRUCTIONS = {
    OrderType.LIMIT: (Kind.LIMIT, TimeInForce.GTC),
    OrderType.MARKET: (Kind.MARKET, TimeInForce.GTC),
    OrderType.IOC: (Kind.LIMIT, TimeInForce.IOC),
    OrderType.FOK: (Kind.LIMIT, TimeInForce.FOK),
}
REASONS = {
    Reject.DUPLICATE_CLIENT_ID: "DUPLICATE_ORDER_ID",
    Reject.UNKNOWN_ORDER: "ORDER_NOT_ACTIVE",
    Reject.ORDER_CLOSED: "ORDER_NOT_ACTIVE",
}
Answer = tuple[Outcome, tuple[Trade, ...]]


class EngineAdapter:
    """One fresh exchange under comparison. Pro-rata allocation is not offered: whatever is asked, it matches FIFO."""

    def __init__(self, config: ConformanceConfig) -> None:
        self.metadata = EngineMetadata("exconn sandbox engine", version("exconn"), "Python")
        self._config = config
        closes = frozenset({Reject.NO_LIQUIDITY, Reject.FOK_UNFILLABLE})
        self._exchange = Exchange(Policy(self_trade=SELF_TRADES[config.self_trade_policy], closes=closes))
        self._funded: set[tuple[str, str]] = set()
        self._accounts: dict[str, str] = {}  # the account that last used a client id: a cancel does not name its owner

    def apply(self, event: MarketEvent, index: int) -> Observation:
        """Carry out one event and tell what came of it."""
        outcome, trades = self._carry_out(event, index)
        state = self.snapshot()
        return Observation(index, outcome, tuple(map(self._trade, trades)), state.digest(), state.order_count)

    def snapshot(self) -> BookState:
        """Every resting order in the engine's own queues."""
        books = []
        for symbol in sorted(instrument.symbol for instrument in self._exchange.instruments()):
            book = self._exchange._venue[symbol].book  # the public snapshot has level totals, not the queues
            books.append(BookSnapshot(symbol, self._queue(book.orders(Side.BUY)), self._queue(book.orders(Side.SELL))))
        return BookState(tuple(books))

    def close(self) -> None:
        """Nothing to release: the exchange is plain memory."""

    def _carry_out(self, event: MarketEvent, now: int) -> Answer:
        if event.op == "new":
            return self._new(event, now)
        if event.op == "clear":
            return self._clear(event.symbol, now)
        order = self._find(event)
        if order is None or not order.is_open:
            return Outcome("rejected", "ORDER_NOT_ACTIVE"), ()
        if event.op == "replace":
            return self._replace(order, event, now)
        if event.op == "reduce" and self._size(event.quantity) != order.remaining:
            amount = order.amount - self._size(event.quantity)
            return self._answer(self._exchange.reduce(order.account, order.id, amount, now))
        return self._answer(self._exchange.cancel(order.account, order.id, now))

    def _new(self, event: MarketEvent, now: int) -> Answer:
        assert event.side is not None
        kind, time_in_force = INSTRUCTIONS[event.order_type]
        new = NewOrder(
            event.symbol,
            SIDES[event.side],
            kind,
            amount=self._size(event.quantity),
            price=_price(event.price) if kind is Kind.LIMIT else None,
            time_in_force=time_in_force,
            client_id=_client_id(event),
            self_trade=SelfTrade.NONE if event.owner == NO_OWNER else None,
        )
        return self._place(self._enter(event, now), new, now)

    def _replace(self, old: Order, event: MarketEvent, now: int) -> Answer:
        price = old.price if event.price is None else _price(event.price)
        amount = old.remaining if event.quantity is None else self._size(event.quantity)
        new = NewOrder(old.symbol, old.side, Kind.LIMIT, amount=amount, price=price, self_trade=old.self_trade)
        judged = self._exchange.preview(old.account, new, now)
        if isinstance(judged, Rejected):
            return Outcome("rejected", "INVALID_REPLACEMENT", judged.detail), ()
        self._exchange.cancel(old.account, old.id, now)
        return self._place(old.account, replace(new, client_id=old.client_id), now)

    def _place(self, account: str, new: NewOrder, now: int) -> Answer:
        placed = self._exchange.place(account, new, now)
        if isinstance(placed, Placed) and new.client_id is not None:
            self._accounts[new.client_id] = account
            return ACCEPTED, tuple(event for event in placed.events if isinstance(event, Trade))
        return self._answer(placed)

    def _clear(self, symbol: str, now: int) -> Answer:
        self._list(symbol, now)
        self._exchange.delist(symbol, now)
        self._list(symbol, now)
        return ACCEPTED, ()

    def _find(self, event: MarketEvent) -> Order | None:
        account = self._accounts.get(_client_id(event))
        return None if account is None else self._exchange.order_by_client_id(account, _client_id(event))

    def _enter(self, event: MarketEvent, now: int) -> str:
        """The owner's account, open and with funds for this symbol."""
        account = str(event.owner)
        self._list(event.symbol, now)
        if account not in self._exchange.accounts():
            self._exchange.open_account(account)
        if (account, event.symbol) not in self._funded:
            self._funded.add((account, event.symbol))
            for asset in _assets(event.symbol):
                self._exchange.deposit(account, asset, FUNDS, now)
        return account

    def _list(self, symbol: str, now: int) -> None:
        if self._exchange.instrument(symbol) is None:
            tick = Decimal(canonical_decimal(self._config.tick_size))
            lot = Decimal(1).scaleb(-self._config.quantity_decimal_places)
            self._exchange.list_instrument(Instrument(symbol, *_assets(symbol), tick=tick, lot=lot), now)

    def _size(self, quantity: float | None) -> Decimal:
        return Decimal(self._size_text(quantity))

    def _size_text(self, size: Decimal | float | None) -> str:
        return canonical_decimal(size, self._config.quantity_decimal_places)

    def _queue(self, orders: Iterable[Order]) -> tuple[RestingOrder, ...]:
        return tuple(
            RestingOrder(_source(o), canonical_decimal(o.limit), self._size_text(o.remaining), int(o.account))
            for o in orders
        )

    def _trade(self, trade: Trade) -> TradeFill:
        fills = {trade.maker.side: trade.maker, trade.taker.side: trade.taker}
        ids = (_source(fills[Side.BUY]), _source(fills[Side.SELL]))
        return TradeFill(trade.symbol, *ids, canonical_decimal(trade.price), self._size_text(trade.amount))

    @staticmethod
    def _answer(outcome: Placed | Cancelled | Reduced | Rejected) -> Answer:
        if isinstance(outcome, Rejected):
            return Outcome("rejected", REASONS.get(outcome.reason, "INVALID_ORDER"), outcome.detail), ()
        return ACCEPTED, ()


def _client_id(event: MarketEvent) -> str:
    return f"{event.symbol}#{event.order_id}"


def _source(ours: Order | Fill) -> int:
    """The suite's own order id, from the client id."""
    assert ours.client_id is not None
    return int(ours.client_id.rpartition("#")[2])


def _assets(symbol: str) -> tuple[str, str]:
    return f"{symbol} base", f"{symbol} quote"


def _price(price: float | None) -> Decimal:
    """The exact number that a float's text shows; the engine judges whether it is on the tick."""
    return Decimal(canonical_decimal(price))
