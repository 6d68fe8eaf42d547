"""`Market`: an exchange as Hummingbot knows it, driven by a codec. The names are those of the market contract.

Rules: it knows no exchange, only its codec; every name with `c_` is the same function as the one without. It runs by
itself (`async with Market(...) as market`), or an outer clock drives it (`c_start`, `c_tick`). What belongs together
is in parts of its own; here stand only their names. Inspection and trading functions are in `face_reading`,
`face_trading`.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import TracebackType
from typing import Any

import aiohttp

from exconn.codec import Codec
from exconn.errors import ExconnError, UsageError
from exconn.market import face_reading, face_trading
from exconn.market.auth import Auth
from exconn.market.clock import Clock
from exconn.market.given import seconds_of
from exconn.market.ground import lay_ground
from exconn.market.http import Connectors
from exconn.market.in_flight_order import InFlightOrder
from exconn.market.lifecycle import Lifecycle
from exconn.market.order_book import OrderBook
from exconn.market.order_book_tracker import OrderBookTracker
from exconn.market.parts import Parts
from exconn.market.pubsub import PubSub
from exconn.market.settings import MarketSettings
from exconn.market.surroundings import Surroundings, system
from exconn.market.tracking import MemoryStore, Store
from exconn.market.user_stream_tracker import UserStreamTracker
from exconn.model import LimitOrder, NetworkStatus, TradingRule


class Market:
    """One account's market of one exchange, for some pairs."""

    def __init__(
        self,
        codec: Codec,
        trading_pairs: Sequence[str],
        credentials: Mapping[str, str] | None = None,
        *,
        hosts: Mapping[str, str] | str | None = None,
        trading_required: bool = True,
        surroundings: Surroundings | None = None,
        store: Store | None = None,
        connector: Connectors | None = None,
        settings: MarketSettings | None = None,
    ) -> None:
        """`hosts`: a group's name, or origins by name (a testnet, a sandbox). `connector`: makes the aiohttp connector.

        Raises UsageError or HostRefused for credentials or hosts that cannot be; touches no network.
        """
        self._events = PubSub()
        self._trading_required = trading_required
        ground = lay_ground(
            codec,
            trading_pairs,
            credentials or {},
            hosts,
            surroundings or system(),
            settings or MarketSettings(),
            connector,
        )
        missing = ground.context.keys.missing() if trading_required else []
        if missing:
            raise UsageError(
                f"trading on {codec.name} needs the credentials {', '.join(missing)}: give them, "
                "or say trading_required=False to read markets alone"
            )
        self._parts = Parts(ground, store or MemoryStore(), self._events, trading_required)
        self._life = Lifecycle(self._parts, trading_required)
        self._parts.tracker.restore(self._parts.store.load())

    def __repr__(self) -> str:
        return f"<Market {self.name}, {', '.join(self._parts.ground.pairs)}, {self.network_status.name}>"

    @property
    def name(self) -> str:
        return self._parts.ground.codec.name.lower()

    @property
    def auth(self) -> Auth:
        return self._parts.auth

    _auth = auth

    @property
    def trading_pairs(self) -> list[str]:
        return list(self._parts.ground.pairs)

    @property
    def order_books(self) -> dict[str, OrderBook]:
        """The live books; a pair whose book is withheld is missing."""
        return self._parts.books.order_books

    @property
    def order_book_tracker(self) -> OrderBookTracker:
        return self._parts.books

    @property
    def user_stream_tracker(self) -> UserStreamTracker:
        return self._parts.user

    @property
    def status_dict(self) -> dict[str, bool]:
        return face_reading.status_dict(self)

    @property
    def ready(self) -> bool:
        return all(self.status_dict.values())

    @property
    def limit_orders(self) -> list[LimitOrder]:
        return face_reading.limit_orders(self)

    @property
    def tracking_states(self) -> dict[str, Any]:
        return face_reading.tracking_states(self)

    @property
    def in_flight_orders(self) -> dict[str, InFlightOrder]:
        return self._parts.in_flight.orders

    _in_flight_orders = in_flight_orders

    @property
    def _trading_rules(self) -> dict[str, TradingRule]:
        return self._parts.rules.rules

    trading_rules = _trading_rules

    @property
    def _account_balances(self) -> dict[str, Decimal]:
        return self._parts.account.balances.totals

    @property
    def _account_available_balances(self) -> dict[str, Decimal]:
        return self._parts.account.balances.available

    @property
    def _real_time_balance_update(self) -> bool:
        return self._parts.account.is_real_time

    @property
    def _in_flight_orders_snapshot(self) -> dict[str, InFlightOrder]:
        return self._parts.account.snapshot

    @property
    def _in_flight_orders_snapshot_timestamp(self) -> float:
        return self._parts.account.snapshot_timestamp

    @property
    def network_status(self) -> NetworkStatus:
        return self._parts.ground.health.network_status

    @property
    def last_error(self) -> ExconnError | None:
        """The newest error of any call, as the exchange or the network gave it."""
        return self._parts.ground.health.last_error

    @property
    def current_timestamp(self) -> float:
        """The outer clock's last tick, else the market's own clock; seconds since 1970."""
        ticked = self._life.timestamp
        return self._parts.ground.time.now() if ticked != ticked else ticked

    _current_timestamp = current_timestamp

    @property
    def _http_client(self) -> aiohttp.ClientSession:
        """The shared session; it reaches the exchange's hosts only."""
        return self._parts.ground.http.session

    async def start(self) -> None:
        """Run by itself: network and own clock. UsageError once it is stopped."""
        await self._life.start_alone()

    async def stop(self) -> list[str]:
        """Stop for good; gives the client ids of orders that may still be open on the exchange. With the setting
        `cancel_on_stop` they are cancelled first, and only those are given whose end is not proven."""
        return await self._life.stop()

    async def __aenter__(self) -> "Market":
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def c_start(self, clock: Clock, timestamp: float) -> None:
        """An outer clock takes over; the network starts when the exchange answers."""
        self._life.start_by_clock(seconds_of(timestamp, "timestamp"))

    def c_tick(self, timestamp: float) -> None:
        self._life.tick(seconds_of(timestamp, "timestamp"))

    def c_stop(self, clock: Clock) -> None:
        self._life.timestamp = float("nan")
        self._life.halt_network()

    tick = c_tick

    buy = c_buy = face_trading.buy
    sell = c_sell = face_trading.sell
    cancel = c_cancel = face_trading.cancel
    execute_buy = face_trading.execute_buy
    execute_sell = face_trading.execute_sell
    execute_cancel = face_trading.execute_cancel
    place_order = face_trading.place_order
    cancel_all = face_trading.cancel_all
    get_order = face_trading.get_order
    start_tracking_order = c_start_tracking_order = face_trading.start_tracking_order
    stop_tracking_order = c_stop_tracking_order = face_trading.stop_tracking_order
    did_timeout_tx = c_did_timeout_tx = face_trading.did_timeout_tx
    _api_request = face_trading.api_request

    start_network = face_reading.start_network
    stop_network = face_reading.stop_network
    _stop_network = face_reading.halt_network
    check_network = face_reading.check_network
    wait_ready = face_reading.wait_ready
    restore_tracking_states = face_reading.restore_tracking_states
    supported_order_types = face_reading.supported_order_types
    get_order_book = c_get_order_book = face_reading.get_order_book
    get_price = c_get_price = face_reading.get_price
    get_order_price_quantum = c_get_order_price_quantum = face_reading.get_order_price_quantum
    get_order_size_quantum = c_get_order_size_quantum = face_reading.get_order_size_quantum
    quantize_order_price = c_quantize_order_price = face_reading.quantize_order_price
    quantize_order_amount = c_quantize_order_amount = face_reading.quantize_order_amount
    get_fee = c_get_fee = face_reading.get_fee
    get_balance = c_get_balance = face_reading.get_balance
    get_available_balance = c_get_available_balance = face_reading.get_available_balance
    get_all_balances = face_reading.get_all_balances
    add_listener = c_add_listener = face_reading.add_listener
    remove_listener = c_remove_listener = face_reading.remove_listener
    trigger_event = c_trigger_event = face_reading.trigger_event
    _update_balances = face_reading.update_balances
    _update_order_status = face_reading.update_order_status
    _status_polling_loop = face_reading.status_polling_loop
    _user_stream_event_listener = face_reading.user_stream_event_listener
    _trading_rules_polling_loop = face_reading.trading_rules_polling_loop
    _update_trading_rules = face_reading.update_trading_rules
    _format_trading_rules = face_reading.format_trading_rules
