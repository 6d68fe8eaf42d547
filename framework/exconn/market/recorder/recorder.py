"""`MarketsRecorder` of the market contract: writes down what markets tell, and gives a market back what it knew.

Rules: an event and the tracking states that belong to it are one transaction; what cannot be written (a full disk, a
locked file) is said once, kept in memory (`Waiting`), and tried again by itself, less and less often, because each try
may hold the market up for a moment. A recorder never raises into a market. What is kept is found by the market's name
and the config file, as the contract has it, so two markets of one name need a config file each. Queries have no silent
limit and give the newest first.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import ColumnElement, Table, select
from sqlalchemy.exc import DBAPIError

from exconn.errors import UsageError
from exconn.market.recorder.connection import WAIT_SECONDS, SQLConnectionManager
from exconn.market.recorder.rows import OrderRow, OrderStatusRow, TradeFillRow, to_row
from exconn.market.recorder.states import State, read_state
from exconn.market.recorder.tables import ORDER_STATUSES, ORDERS, TRADE_FILLS
from exconn.market.recorder.waiting import Told, Waiting
from exconn.market.recorder.writing import CREATED, ENDS, milliseconds
from exconn.model import MarketEvent

if TYPE_CHECKING:
    from exconn.market import Market

_WAIT_WITH_AN_EVENT = 0.25
_AGAIN_AFTER = (1.0, 30.0)
_log = logging.getLogger(__name__)


class MarketsRecorder:
    """`unwritten`: how many events wait for a database that works again."""

    def __init__(
        self, sql: SQLConnectionManager, markets: Sequence["Market"], config_file_path: str, strategy_name: str
    ) -> None:
        """UsageError for two markets of one name: their states would be one."""
        self._sql = sql
        self._markets = tuple(markets)
        for name, count in Counter(market.name for market in self._markets).items():
            if count > 1:
                raise UsageError(
                    f"{count} markets are called {name}, and what is kept of a market is found by its name and its "
                    "config_file_path: give each account a recorder with a config_file_path of its own"
                )
        self._config_file_path = config_file_path
        self._strategy_name = strategy_name
        self._waiting = Waiting()
        self._failures = 0
        self._again: asyncio.TimerHandle | None = None
        self._known: dict[tuple[str, str], frozenset[str]] = {}
        self._listeners: list[tuple[Market, MarketEvent, Callable[[Any], None]]] = [
            (market, tag, partial(self._heard, market, tag))
            for market in self._markets
            for tag in (*CREATED, MarketEvent.OrderFilled, *ENDS)
        ]

    @property
    def sql_manager(self) -> SQLConnectionManager:
        return self._sql

    @property
    def config_file_path(self) -> str:
        return self._config_file_path

    @property
    def strategy_name(self) -> str:
        return self._strategy_name

    @property
    def unwritten(self) -> int:
        return len(self._waiting)

    def start(self) -> None:
        """Listen from now on. UsageError for a file that is another program's, or a later version's."""
        for market, tag, listener in self._listeners:
            market.add_listener(tag, listener)
        try:
            self._sql.open()
        except UsageError:
            self._listen_no_more()
            raise
        except Exception as error:
            self._failed(error)

    def stop(self) -> None:
        """Listen no more, and write what is left."""
        self._listen_no_more()
        if not self.flush():
            _log.error("stopped with %d events not recorded; what `flush` does not write is lost", self.unwritten)
        self._forget_timer()

    def _listen_no_more(self) -> None:
        for market, tag, listener in self._listeners:
            market.remove_listener(tag, listener)

    def flush(self) -> bool:
        """Write what waits; whether nothing waits any more."""
        return self._write(WAIT_SECONDS)

    def _write(self, wait: float) -> bool:
        self._forget_timer()
        count = len(self._waiting)
        try:
            with self._sql.begin(wait) as connection:
                refused = self._waiting.write(connection)
        except Exception as error:  # whatever it is: the events stay, and the market goes on
            self._failed(error)
            return False
        self._waiting.clear(refused)
        if self._failures:
            _log.warning("the recorder writes again; %d events that waited are recorded", count - len(refused.events))
        self._failures = 0
        return not self._waiting

    def _failed(self, error: Exception) -> None:
        """Said once, until it works again."""
        self._failures += 1
        why = error.orig if isinstance(error, DBAPIError) else error
        level = logging.ERROR if self._failures == 1 else logging.DEBUG
        _log.log(level, "%d events are not recorded yet, and wait in memory: %s", self.unwritten, why)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return  # the next event tries
        first, longest = _AGAIN_AFTER
        self._again = loop.call_later(min(longest, first * 2.0 ** min(self._failures - 1, 9)), self._try_again)

    def _try_again(self) -> None:
        self._write(_WAIT_WITH_AN_EVENT)

    def _forget_timer(self) -> None:
        if self._again is not None:
            self._again.cancel()
            self._again = None

    def _is_paused(self) -> bool:
        """Whether another try is due by itself; none is in a loop that runs no more."""
        if self._again is None or self._again.cancelled():
            return False
        try:
            return self._again.when() > asyncio.get_running_loop().time()
        except RuntimeError:
            return False

    def save_market_states(self, config_file_path: str, market: "Market") -> None:
        """Keep the tracking states of a market as they are now."""
        self._waiting.keep(self._state(config_file_path, market))
        self.flush()

    def get_market_states(self, config_file_path: str, market: "Market") -> dict[str, Any] | None:
        """The tracking states that were kept last, None where none were."""
        with self._sql.begin() as connection:
            return read_state(connection, config_file_path, market.name)

    def restore_market_states(self, config_file_path: str, market: "Market") -> None:
        """Let a market take up the orders of an earlier life. What it cannot take up is raised as
        `restore_tracking_states` does, and stays kept."""
        saved = self.get_market_states(config_file_path, market)
        try:
            if saved:
                market.restore_tracking_states(saved)
        finally:
            self._state(config_file_path, market)

    def get_orders_for_config_and_market(
        self, config_file_path: str, market: "Market", number_of_rows: int | None = None
    ) -> list[OrderRow]:
        is_of = (ORDERS.c.config_file_path == config_file_path, ORDERS.c.market == market.name)
        return cast(list[OrderRow], self._rows(OrderRow, ORDERS, "creation_timestamp", is_of, number_of_rows))

    def get_order_statuses(self, order_id: str, market: "Market | None" = None) -> list[OrderStatusRow]:
        """What was told of an order under this recorder's config file, newest first; of one market where it is given.
        Of an earlier version's rows it may be unknown whose they are; they are given as well."""
        columns = ORDER_STATUSES.c
        is_of = [columns.order_id == order_id, columns.config_file_path.in_([self._config_file_path, ""])]
        if market is not None:
            is_of.append(columns.market.in_([market.name, ""]))
        return cast(list[OrderStatusRow], self._rows(OrderStatusRow, ORDER_STATUSES, "id", is_of))

    def get_trades_for_config(self, config_file_path: str, number_of_rows: int | None = None) -> list[TradeFillRow]:
        is_of = (TRADE_FILLS.c.config_file_path == config_file_path,)
        return cast(list[TradeFillRow], self._rows(TradeFillRow, TRADE_FILLS, "id", is_of, number_of_rows))

    def _rows(
        self, kind: type[Any], table: Table, order: str, is_of: Sequence[ColumnElement[bool]], limit: int | None = None
    ) -> list[Any]:
        asked = select(table).where(*is_of).order_by(table.c[order].desc()).limit(limit)
        with self._sql.begin() as connection:
            return [to_row(kind, row) for row in connection.execute(asked).mappings()]

    def _heard(self, market: "Market", tag: MarketEvent, event: Any) -> None:
        named = {
            "market": market.name,
            "config_file_path": self._config_file_path,
            "strategy": self._strategy_name,
        }
        self._waiting.add(Told(event, tag, named))
        self._waiting.keep(self._state(self._config_file_path, market, event.order_id))
        if not self._is_paused():
            self._write(_WAIT_WITH_AN_EVENT)

    def _state(self, config_file_path: str, market: "Market", *told: str) -> State:
        """A market's orders now. It speaks for these, for those that it had when it was asked last, and for `told`."""
        orders, key = market.tracking_states, (config_file_path, market.name)
        known = frozenset([*orders, *told])
        before, self._known[key] = self._known.get(key, known), frozenset(orders)
        return State(*key, milliseconds(market.current_timestamp), orders, known | before)
