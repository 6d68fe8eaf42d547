"""Everything a market is made of, put together once.

Rules: each part is given what it needs and nothing more; the only knots are tied here: the tracker tells states to the
orders in flight, the waiters and the poller, and events to the account and the listeners; nothing is started.
"""

from typing import Any

from exconn.market.account import Account
from exconn.market.auth import Auth
from exconn.market.changes import Changes
from exconn.market.client_ids import ClientIds
from exconn.market.dead_mans_switch import DeadMansSwitch
from exconn.market.fees import FeeRates
from exconn.market.ground import Ground
from exconn.market.in_flight_orders import InFlightOrders
from exconn.market.intents import Intents
from exconn.market.order_book_tracker import OrderBookTracker
from exconn.market.orders import Orders
from exconn.market.pace import Pace
from exconn.market.polling import StatusPolling
from exconn.market.probing import Needs
from exconn.market.pubsub import PubSub
from exconn.market.reconcile import Reconciler
from exconn.market.rules import TradingRules
from exconn.market.standing_facts import StandingFacts
from exconn.market.tasks import Tasks
from exconn.market.tracking import Store, TrackedOrder, Tracker
from exconn.market.trading import Trading
from exconn.market.user_events import UserEvents
from exconn.market.user_stream_tracker import UserStreamTracker
from exconn.market.websocket import USER_KINDS
from exconn.model import MarketEvent, OrderBookEvent, OrderBookTradeEvent

_FILLED = MarketEvent.OrderFilled  # looked up once, for the sake of every event


class Parts:
    """The parts of one market. `network` holds the tasks that end with `stop_network`, `work` those of orders."""

    def __init__(self, ground: Ground, store: Store, events: PubSub, is_trading: bool) -> None:
        codec, rest, settings = ground.codec, ground.rest, ground.settings
        facts, time = codec.facts, ground.time
        self.ground, self.store, self.events = ground, store, events
        self.network, self.work = Tasks(codec.name), Tasks(codec.name)
        self.auth = Auth(codec, ground.context.keys, context=ground.context, freshness=ground.freshness)
        self.fees, self.in_flight, self._changes = FeeRates(facts.fees), InFlightOrders(), Changes()
        self.account = Account(self.in_flight.orders, self.fees, time, settings)
        self.tracker = Tracker(store, self._emit, self._changed)
        self.rules = TradingRules(ground.context.symbols, self._pairs_in_use)
        self.needs = Needs(codec, ground.context)
        self.standing = StandingFacts(
            rest, self.rules, self.fees, ground.has_keys, self.needs, self._pairs_traded, self._rules_changed
        )
        self.orders = Orders(rest, self.tracker, self._changes, self.work, self.standing.refresh_soon)
        self.switch = DeadMansSwitch(rest, self.needs, self._pairs_of_switch)
        self.reconciler = Reconciler(
            rest, self.tracker, self.orders, self.needs, self.account.balances, ground.pairs, self.account.loaded
        )
        pace = Pace(rest, self.needs, ground.pairs)
        self.polling = StatusPolling(self.reconciler, self.tracker, rest, pace, self._user_stream_is_fresh)
        sockets = [each for each in codec.sockets.values() if is_trading and not USER_KINDS.isdisjoint(each.kinds)]
        self.user = UserStreamTracker(sockets, self._pairs_traded, ground.wire, self.polling.ask_now)
        self.user_events = UserEvents(self.user, self.tracker, self.account, time, self.polling)
        telling = [each for each in sockets if "balance" in each.kinds]
        self.account.is_real_time = bool(telling) and all(each.tells_available for each in telling)
        self.books = OrderBookTracker(
            facts.book,
            ground.pairs,
            rest,
            ground.wire,
            self.network,
            self._traded,
            self._pairs_traded,
            self.rules.decimals,
            lambda: self.standing.refresh_soon(),
        )
        ground.preparations.lost.append(self._values_lost)
        self.intents = Intents(codec, self.rules, self.books.order_books, self.needs, time, settings)
        client_ids = ClientIds(facts.client_id, ground.surroundings)
        self.trading = Trading(
            self.intents, self.orders, self.tracker, self.fees, client_ids, self.work, time, settings, self._emit
        )

    def _values_lost(self, names: frozenset[str]) -> None:
        """A connection that was made with a value which the exchange let go tells nothing any more."""
        for stream in (*self.books.streams, *self.user.streams):
            if not names.isdisjoint(stream.socket.uses):
                stream.reconnect("a value that it was opened with is not valid any more")

    def _changed(self, order: TrackedOrder) -> None:
        self.in_flight.changed(order)
        self._changes.changed(order)
        self.polling.changed(order)

    def _emit(self, tag: MarketEvent, event: Any) -> None:
        if tag is _FILLED:
            self.account.filled(event)
        self.events.trigger_event(tag, event)

    def _traded(self, event: OrderBookTradeEvent) -> None:
        self.events.trigger_event(OrderBookEvent.TradeEvent, event)

    def _pairs_traded(self) -> list[str]:
        return [pair for pair in self.ground.pairs if pair in self.rules.rules]

    def _rules_changed(self) -> None:
        self.books.rules_changed()

    def _pairs_in_use(self) -> list[str]:
        return [order.pair for order in self.tracker.open.values()]

    def _pairs_of_switch(self) -> list[str]:
        return [*self._pairs_traded(), *self._pairs_in_use()]

    def _user_stream_is_fresh(self) -> bool:
        silence = self.ground.time.now() - self.user.last_recv_time
        return self.user.is_live and silence < self.ground.settings.stream_stale_after
