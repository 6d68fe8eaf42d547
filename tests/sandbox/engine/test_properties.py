"""Random sequences of requests against what must always hold, checked by a naive model that sees only the events.

After every request: funds are conserved to the last digit, holds equal what open orders hold, no account is overdrawn,
the book is never crossed, its levels are the sum of its orders, its sequence has no gap, the events alone rebuild it;
and every trade is with the order that price and time put first.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from exconn.sandbox.engine import (
    Aim,
    Amendment,
    BookChanged,
    Change,
    ClientIds,
    Distance,
    Event,
    Exchange,
    FeeAsset,
    FeeSchedule,
    ImmediateTriggers,
    Instrument,
    Kind,
    ListKind,
    MarketFunds,
    MarketSell,
    NewList,
    NewOrder,
    Order,
    OrderAccepted,
    OrderClosed,
    OrderRested,
    OrderUpdated,
    Policy,
    Rejected,
    Rounding,
    SelfTrade,
    Side,
    Stage,
    State,
    TimeInForce,
    Trade,
    Trigger,
)

D = Decimal

PAIR = Instrument("PAIR", "AAA", "QQQ", tick=D("0.5"), lot=D("0.01"))
TOKEN = Instrument("TOKEN", "TTT", "QQQ", tick=D("0.1"), lot=D("0.1"))
NAMES = ("ann", "bob", "cy")
ASSETS = ("AAA", "QQQ", "TTT")
FUNDS = D(600), D(60), D(7)

prices = st.integers(190, 210).map(lambda n: n * D("0.5"))
amounts = st.integers(1, 400).map(lambda n: n * D("0.01"))


def asked_for(
    kind: Kind, symbols: tuple[str, ...] = ("PAIR",), **fields: st.SearchStrategy[object]
) -> st.SearchStrategy[NewOrder]:
    return st.builds(
        NewOrder, symbol=st.sampled_from(symbols), side=st.sampled_from(Side), kind=st.just(kind), **fields
    )


orders = asked_for(
    Kind.LIMIT,
    ("PAIR",) * 9 + ("TOKEN",),
    amount=st.integers(1, 40).map(lambda n: n * D("0.1")),
    price=prices,
    time_in_force=st.sampled_from([TimeInForce.GTC] * 4 + [TimeInForce.IOC, TimeInForce.FOK]),
    self_trade=st.sampled_from([None, *SelfTrade]),
    client_id=st.sampled_from([None, None, "x", "y"]),
)
makers = asked_for(Kind.LIMIT, amount=amounts, price=prices, post_only=st.just(True))
markets = asked_for(Kind.MARKET, amount=amounts, self_trade=st.sampled_from(SelfTrade))
quote_amounts = st.integers(1, 50_000).map(lambda n: n * D("0.013"))
by_quote = asked_for(Kind.MARKET, quote_amount=quote_amounts, self_trade=st.sampled_from(SelfTrade))
icebergs = asked_for(
    Kind.LIMIT,
    amount=st.integers(100, 400).map(lambda n: n * D("0.01")),
    price=prices,
    visible_amount=st.integers(20, 130).map(lambda n: n * D("0.01")),
    self_trade=st.sampled_from(SelfTrade),
)
triggers = st.builds(Trigger, aim=st.sampled_from(Aim), price=prices)
distances = st.one_of(
    st.builds(Distance, st.integers(1, 20).map(lambda n: n * D("0.01")), st.just(True)),
    st.builds(Distance, st.integers(1, 10).map(lambda n: n * D("0.5"))),
)
trailing = st.builds(Trigger, aim=st.sampled_from(Aim), price=st.one_of(st.none(), prices), trail=distances)
following = st.builds(Trigger, aim=st.just(Aim.STOP_LOSS), trail=distances, limit=distances)
later = st.one_of(st.none(), st.integers(1, 60))
waiting = st.one_of(
    asked_for(Kind.LIMIT, amount=amounts, price=prices, trigger=triggers, starts=later, expires=later),
    asked_for(Kind.LIMIT, amount=amounts, price=prices, starts=later, expires=st.integers(1, 60)),
    asked_for(Kind.MARKET, amount=amounts, trigger=triggers, self_trade=st.sampled_from(SelfTrade)),
    asked_for(Kind.MARKET, quote_amount=quote_amounts, starts=later),
    asked_for(Kind.LIMIT, amount=amounts, price=prices, trigger=trailing),
    asked_for(Kind.LIMIT, amount=amounts, trigger=following, starts=later),
)
rates = st.integers(-30, 60).map(lambda n: n * D("0.0001"))
schedules = st.builds(
    FeeSchedule,
    maker=rates,
    taker=rates,
    asset=st.sampled_from(FeeAsset),
    token=st.sampled_from(["TTT", "QQQ", "AAA"]),
    discount=st.sampled_from([D(0), D("0.25")]),
    digits=st.sampled_from([0, 2, 8]),
    rounding=st.sampled_from(Rounding),
    valued_in=st.sampled_from([None, "QQQ", "AAA"]),
)
KINDS = (orders, makers, markets, by_quote, icebergs, waiting, waiting)
amendments = st.builds(
    Amendment,
    amount=st.one_of(st.none(), amounts),
    price=st.one_of(st.none(), prices),
    trigger_price=st.one_of(st.none(), st.none(), prices),
    visible_amount=st.one_of(st.none(), st.none(), st.integers(20, 130).map(lambda n: n * D("0.01"))),
    client_id=st.sampled_from([None, None, "x", "z"]),
    post_only=st.booleans(),
)


def list_of(kind: ListKind, draw: tuple[NewOrder, ...]) -> NewList:
    """A list out of orders drawn apart: one symbol, and a pair of one side and size."""
    first = len(draw) - 2 if kind is not ListKind.OTO else len(draw)
    model = draw[-1]
    pair = tuple(replace(order, side=model.side, amount=model.amount) for order in draw[first:])
    return NewList(kind, (*draw[:first], *pair))


plain = asked_for(Kind.LIMIT, amount=amounts, price=prices)
stops = st.one_of(
    asked_for(Kind.LIMIT, amount=amounts, price=prices, trigger=triggers),
    asked_for(Kind.MARKET, amount=amounts, trigger=triggers),
)
lists = st.one_of(
    st.tuples(plain, stops).map(lambda draw: list_of(ListKind.OCO, draw)),
    st.tuples(stops, plain).map(lambda draw: list_of(ListKind.OCO, draw)),
    st.tuples(plain, st.one_of(plain, stops, markets)).map(lambda draw: list_of(ListKind.OTO, draw)),
    st.tuples(plain, stops, st.one_of(plain, stops)).map(lambda draw: list_of(ListKind.OTOCO, draw)),
)
accounts = st.sampled_from(NAMES)
requests = st.one_of(
    *(st.tuples(st.just("place"), accounts, orders_of) for orders_of in KINDS),
    st.tuples(st.just("cancel"), accounts, st.integers(0, 9)),
    st.tuples(st.just("reduce"), accounts, st.tuples(st.integers(0, 9), amounts)),
    st.tuples(st.just("cancel_all"), accounts, st.none()),
    st.tuples(st.just("time"), accounts, st.none()),
    st.tuples(st.just("after"), accounts, st.one_of(st.none(), st.integers(1, 9))),
    *(st.tuples(st.just(how), accounts, st.tuples(st.integers(0, 9), amendments)) for how in ("amend", "edit")),
    st.tuples(st.just("fees"), accounts, schedules),
    st.tuples(st.just("list"), accounts, lists),
    st.tuples(st.just("list"), accounts, lists),
)
policies = st.builds(
    Policy,
    client_ids=st.sampled_from(ClientIds),
    market_funds=st.sampled_from(MarketFunds),
    market_sell=st.sampled_from(MarketSell),
    self_trade=st.sampled_from(SelfTrade),
    immediate_triggers=st.sampled_from(ImmediateTriggers),
)


@dataclass
class Shadow:
    """What the events say of one instrument, kept the naive way: lists, searched from end to end."""

    symbol: str
    sequence: int = 0
    levels: dict[tuple[Side, D], D] = field(default_factory=dict)
    queue: list[Order] = field(default_factory=list)
    modes: dict[int, SelfTrade] = field(default_factory=dict)

    def hear(self, event: Event) -> None:
        match event:
            case BookChanged(symbol, sequence, side, price, size) if symbol == self.symbol:
                assert sequence == self.sequence + 1
                self.sequence = sequence
                self.levels[side, price] = size
                if not size:
                    del self.levels[side, price]
            case OrderAccepted(order) if order.symbol == self.symbol:
                self.modes[order.id] = order.self_trade
            case OrderRested(order) if order.symbol == self.symbol:
                self.queue = [*(old for old in self.queue if old.id != order.id), order]
            case OrderUpdated(order, Change.REFILL) if order.symbol == self.symbol:
                self.queue = [*(old for old in self.queue if old.id != order.id), order]
            case OrderUpdated(order) if order.symbol == self.symbol:
                self.queue = [order if old.id == order.id else old for old in self.queue]
            case OrderClosed(order) if order.symbol == self.symbol:
                self.queue = [old for old in self.queue if old.id != order.id]
            case Trade() if event.symbol == self.symbol:
                self.check_priority(event)

    def check_priority(self, trade: Trade) -> None:
        """The maker must be the first by price, then by time of resting, among those it may trade with."""
        taker = trade.taker
        others = [
            order
            for order in self.queue
            if order.side is not taker.side
            and (order.account != taker.account or self.modes[taker.order_id] is SelfTrade.NONE)
        ]
        sign = 1 if taker.side is Side.BUY else -1
        best = min(others, key=lambda order: order.limit * sign)  # min keeps the first of equals
        assert trade.maker.order_id == best.id
        assert trade.price == best.limit
        assert trade.amount <= best.shown


class World:
    """One exchange, and its shadows."""

    def __init__(self, policy: Policy, fees: FeeSchedule, funds: D) -> None:
        self.exchange, self.funds = Exchange(policy, fees), funds
        self.shadows = [Shadow("PAIR"), Shadow("TOKEN")]
        self.told: deque[tuple[Event, ...]] = deque()
        self.exchange.subscribe(self.told.append)
        self.ended: dict[int, State] = {}
        for instrument in (PAIR, TOKEN):
            self.exchange.list_instrument(instrument, 0)
        for name in NAMES:
            self.exchange.open_account(name)
            for asset in ASSETS:
                self.exchange.deposit(name, asset, funds, 0)

    def catch_up(self) -> None:
        """Hear what was told; not at once, as the journal lets no listener's failure through."""
        while self.told:
            for event in self.told.popleft():
                for shadow in self.shadows:
                    shadow.hear(event)
                if isinstance(event, OrderClosed):
                    assert event.order.id not in self.ended
                    self.ended[event.order.id] = event.order.state

    def run(self, action: str, account: str, what: object, now: int) -> None:
        if isinstance(what, NewOrder):
            self.exchange.pass_time(now)
            may = not isinstance(self.exchange.preview(account, what, now), Rejected)
            assert may is hasattr(self.exchange.place(account, what, now), "order")
        elif isinstance(what, NewList):
            self.exchange.place_list(account, what, now)
        elif isinstance(what, FeeSchedule):
            self.exchange.set_fees(what, account)
        elif action == "time":
            self.exchange.pass_time(now)
        elif action == "after":
            self.exchange.cancel_all_after(account, None if what is None else now + int(str(what)), now)
        elif action in ("amend", "edit"):
            self.change(action, account, what, now)
        elif action == "cancel_all":
            self.exchange.cancel_all(account, now)
        else:
            index, amount = what if isinstance(what, tuple) else (what, None)
            mine = self.exchange.orders(account, open_only=True)
            if index < len(mine) and amount is not None:
                self.exchange.reduce(account, mine[index].id, amount, now)
            elif index < len(mine):
                self.exchange.cancel(account, mine[index].id, now)

    def change(self, action: str, account: str, what: object, now: int) -> None:
        assert isinstance(what, tuple)
        self.exchange.pass_time(now)  # what is due comes before the request, and is no change of its own
        mine, (index, amendment) = self.exchange.orders(account, open_only=True), what
        if index >= len(mine):
            return
        before = self.exchange.ledger()
        outcome = getattr(self.exchange, action)(account, mine[index].id, amendment, now)
        if isinstance(outcome, Rejected):
            assert self.exchange.ledger() == before

    def open_orders(self) -> Iterator[Order]:
        for name in NAMES:
            yield from self.exchange.orders(name, open_only=True)

    def check(self) -> None:
        self.catch_up()
        self.check_funds()
        for shadow in self.shadows:
            self.check_book(shadow)

    def check_funds(self) -> None:
        everyone = (*NAMES, "house")
        for asset in ASSETS:
            balances = {name: self.exchange.balances(name).get(asset) for name in everyone}
            assert sum(b.total for b in balances.values() if b) == self.funds * len(NAMES)
            for name in NAMES:
                balance = balances[name]
                assert balance is not None
                mine = (o.held for o in self.open_orders() if o.account == name and o.held_asset == asset)
                assert balance.held == sum(mine, D(0))
                assert 0 <= balance.held <= balance.total
        for order in self.open_orders():
            if not order.rests:
                continue
            least = order.limit * order.remaining if order.side is Side.BUY else order.remaining
            assert order.held >= least
            assert order.held == least or order.held_asset == "QQQ"
            assert order.shown

    def check_waiting(self, now: int) -> None:
        """Nothing waits for what has come already."""
        self.catch_up()
        for order in self.open_orders():
            assert order.expires is None or order.expires > now
            assert order.stage is not Stage.PENDING or (order.starts or 0) > now or order.list_id is not None
            last = self.exchange.last_price(order.symbol)
            if order.stage is Stage.UNTRIGGERED and order.trigger is not None and last is not None:
                assert not order.trigger.fires(order.peak, last, buys=order.side is Side.BUY)

    def check_lists(self) -> None:
        """What a list says of its orders is so."""
        for name in NAMES:
            for listed in self.exchange.lists(name):
                orders = [order for each in listed.orders if (order := self.exchange.order(name, each)) is not None]
                assert listed.is_done is not any(order.is_open for order in orders)
                pair = [order for order in orders if order.id in listed.pair]
                for one in pair:
                    assert not one.fills or not any(other.fills or other.is_open for other in pair if other is not one)
                working = orders[0] if listed.working else None
                assert working is None or working.state is State.FILLED or not any(o.fills for o in orders[1:])

    def check_book(self, shadow: Shadow) -> None:
        book = self.exchange.book(shadow.symbol)
        assert book.sequence == shadow.sequence
        told = {(Side.BUY, p): s for p, s in book.bids} | {(Side.SELL, p): s for p, s in book.asks}
        assert told == shadow.levels
        summed: dict[tuple[Side, D], D] = {}
        for order in self.open_orders():
            if order.symbol == shadow.symbol and order.rests:
                key = order.side, order.limit
                summed[key] = summed.get(key, D(0)) + order.shown
        assert told == summed
        assert list(book.bids) == sorted(book.bids, reverse=True)
        assert list(book.asks) == sorted(book.asks)
        assert not (book.bids and book.asks) or book.bids[0][0] < book.asks[0][0]


@settings(max_examples=120, deadline=None)
@given(policies, schedules, st.sampled_from(FUNDS), st.lists(requests, min_size=5, max_size=40))
def test_whatever_is_asked(policy: Policy, fees: FeeSchedule, funds: D, asked: list[tuple[str, str, object]]) -> None:
    world = World(policy, fees, funds)
    for now, (action, account, what) in enumerate(asked, 1):
        world.run(action, account, what, now)
        world.check()
        world.exchange.pass_time(now)
        world.check_waiting(now)
        world.check_lists()
    for name in NAMES:
        for order in world.exchange.orders(name):
            assert order.filled == sum((fill.amount for fill in order.fills), D(0)) <= order.amount
            assert order.filled_quote == sum((fill.quote for fill in order.fills), D(0))
            assert order.is_open is (order.id not in world.ended)
            assert order.is_open is (order.reason is None)
