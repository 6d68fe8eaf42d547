"""`MarketsRecorder` of the market contract: writes down what markets tell, and gives a market back what it knew.

Rules: an event and the tracking states that belong to it are one transaction; what cannot be written (a full disk, a
locked file) is said, kept in memory in its order, and written with the next event or by `flush`; a recorder never
raises into a market. States are kept by the market's name and the config file, as the contract has it, so two markets
of one name need a config file each. Queries have no silent limit and give the newest first.
"""

import logging
from collections import Counter, deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Executable, Table, select
from sqlalchemy.exc import SQLAlchemyError

from exconn.errors import UsageError
from exconn.market.recorder.connection import SQLConnectionManager
from exconn.market.recorder.rows import OrderRow, OrderStatusRow, TradeFillRow, to_row
from exconn.market.recorder.states import State, read_state
from exconn.market.recorder.tables import ORDER_STATUSES, ORDERS, TRADE_FILLS
from exconn.market.recorder.writing import ENDS, created, filled, followed, milliseconds
from exconn.model import MarketEvent

if TYPE_CHECKING:
    from exconn.market import Market

_CREATED = (MarketEvent.BuyOrderCreated, MarketEvent.SellOrderCreated)
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
        self._pending: deque[tuple[Sequence[Executable], State]] = deque()
        self._known: dict[tuple[str, str], frozenset[str]] = {}
        self._listeners: list[tuple[Market, MarketEvent, Callable[[Any], None]]] = [
            (market, tag, partial(self._heard, market, tag))
            for market in self._markets
            for tag in (*_CREATED, MarketEvent.OrderFilled, *ENDS)
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
        return len(self._pending)

    def start(self) -> None:
        """Listen from now on."""
        for market, tag, listener in self._listeners:
            market.add_listener(tag, listener)

    def stop(self) -> None:
        """Listen no more, and write what is left."""
        for market, tag, listener in self._listeners:
            market.remove_listener(tag, listener)
        self.flush()

    def flush(self) -> bool:
        """Write what waits; whether nothing waits any more."""
        try:
            with self._sql.begin() as connection:
                for statements, state in self._pending:
                    for statement in statements:
                        connection.execute(statement)
                    state.write(connection)
        except (SQLAlchemyError, OSError) as error:
            _log.error("%d events are not recorded yet: %s", len(self._pending), error)
            return False
        self._pending.clear()
        return True

    def save_market_states(self, config_file_path: str, market: "Market") -> None:
        """Keep the tracking states of a market as they are now."""
        self._pending.append(((), self._state(config_file_path, market)))
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
        conditions = {"config_file_path": config_file_path, "market": market.name}
        return cast(list[OrderRow], self._rows(OrderRow, ORDERS, "creation_timestamp", conditions, number_of_rows))

    def get_order_statuses(self, order_id: str) -> list[OrderStatusRow]:
        """What was told of an order, newest first."""
        return cast(list[OrderStatusRow], self._rows(OrderStatusRow, ORDER_STATUSES, "id", {"order_id": order_id}))

    def get_trades_for_config(self, config_file_path: str, number_of_rows: int | None = None) -> list[TradeFillRow]:
        conditions = {"config_file_path": config_file_path}
        return cast(list[TradeFillRow], self._rows(TradeFillRow, TRADE_FILLS, "id", conditions, number_of_rows))

    def _rows(
        self, kind: type[Any], table: Table, order: str, conditions: dict[str, str], limit: int | None = None
    ) -> list[Any]:
        asked = select(table).filter_by(**conditions).order_by(table.c[order].desc()).limit(limit)
        with self._sql.begin() as connection:
            return [to_row(kind, row) for row in connection.execute(asked).mappings()]

    def _heard(self, market: "Market", tag: MarketEvent, event: Any) -> None:
        named = {
            "market": market.name,
            "config_file_path": self._config_file_path,
            "strategy": self._strategy_name,
        }
        if tag in _CREATED:
            statements = created(event, tag, named)
        elif tag is MarketEvent.OrderFilled:
            statements = filled(event, named)
        else:
            statements = followed(event.order_id, event.timestamp, tag)
        self._pending.append((statements, self._state(self._config_file_path, market, event.order_id)))
        self.flush()

    def _state(self, config_file_path: str, market: "Market", *told: str) -> State:
        """A market's orders now. It speaks for these, for those that it had when it was asked last, and for `told`."""
        orders, key = market.tracking_states, (config_file_path, market.name)
        known = frozenset([*orders, *told])
        before, self._known[key] = self._known.get(key, known), frozenset(orders)
        return State(*key, milliseconds(market.current_timestamp), orders, known | before)
