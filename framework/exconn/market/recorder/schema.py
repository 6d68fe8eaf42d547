"""The version of the tables, and the way from an earlier one.

Rules: the version is the file's `user_version`, and 0 are the first tables, which had none; a change of tables is one
transaction that keeps every row. A file with tables of our names that are not ours is refused and left as it is: they
are another program's, and its rows mean something else.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnClause, Connection, column, insert, inspect, select, table

from exconn.errors import UsageError
from exconn.market.recorder.tables import METADATA, ORDERS, TRADE_FILLS

VERSION = 1
_ORDER = (
    "id, config_file_path, strategy, market, symbol, base_asset, quote_asset, creation_timestamp, order_type, amount, "
    "price, last_status, last_update_timestamp, exchange_order_id"
)
_FILL = (
    "id, config_file_path, strategy, market, symbol, base_asset, quote_asset, timestamp, order_id, trade_type, "
    "order_type, price, amount, trade_fee, exchange_trade_id"
)
_NUMBERS = ("creation_timestamp", "last_update_timestamp", "timestamp")
_FIRST: Mapping[str, str] = {
    "Order": _ORDER,
    "OrderStatus": "id, order_id, timestamp, status",
    "TradeFill": _FILL,
    "MarketState": "config_file_path, market, timestamp, saved_state",
}
_INDEXES = (
    "o_config_timestamp_index",
    "o_market_symbol_timestamp_index",
    "os_order_id_timestamp_index",
    "tf_config_timestamp_index",
)
_STATUSES = """
INSERT INTO "OrderStatus" (id, config_file_path, market, order_id, timestamp, status)
SELECT s.id, COALESCE(o.config_file_path, ''), COALESCE(o.market, ''), s.order_id, s.timestamp, s.status
FROM "OrderStatus_0" s LEFT JOIN "Order_0" o ON o.id = s.order_id
"""


def bring_up_to_date(connection: Connection) -> None:
    """Within a transaction that nobody else can be in. UsageError for tables that cannot be used."""
    version = connection.exec_driver_sql("PRAGMA user_version").scalar()
    if version not in (0, VERSION):
        raise UsageError(
            f"this database is of version {version}, this recorder of {VERSION}: give it a file of its own"
        )
    found = set(_FIRST) & set(inspect(connection).get_table_names())
    if version == 0 and found:
        _check_first(connection, found)
        _leave_first(connection)
    METADATA.create_all(connection)
    connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")


def _check_first(connection: Connection, found: set[str]) -> None:
    for name, columns in _FIRST.items():
        there = (
            {each["name"]: str(each["type"]) for each in inspect(connection).get_columns(name)} if name in found else {}
        )
        expected = columns.split(", ")
        texts = [each for each in expected if each not in ("id", *_NUMBERS)]
        if there.keys() != set(expected) or any(there[each] not in ("TEXT", "JSON") for each in texts):
            raise UsageError(f"table {name} of this database is not this recorder's: give it a file of its own")


def _leave_first(connection: Connection) -> None:
    """Orders and fills were found by their ids alone, and statuses by no market."""
    for index in _INDEXES:
        connection.exec_driver_sql(f"DROP INDEX IF EXISTS {index}")
    changed = ("Order", "OrderStatus", "TradeFill")
    for name in changed:
        connection.exec_driver_sql(f'ALTER TABLE "{name}" RENAME TO "{name}_0"')
    METADATA.create_all(connection)
    for new in (ORDERS, TRADE_FILLS):
        columns = _FIRST[new.name].split(", ")
        names: list[ColumnClause[Any]] = [column(name) for name in columns]
        rows = select(*names).select_from(table(f"{new.name}_0"))
        connection.execute(insert(new).from_select(columns, rows, include_defaults=False))
    connection.exec_driver_sql(_STATUSES)
    for name in changed:
        connection.exec_driver_sql(f'DROP TABLE "{name}_0"')
