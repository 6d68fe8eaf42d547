"""The tables of the recorder, with the names and columns of the market contract's release.

Rules: money is the decimal's own text, so that no digit is lost; moments are milliseconds since 1970. Client ids and
trade ids are unique within an account at most, so whatever has one is found by the config file and the market as well;
an exchange may let a client id be used again, so an order is one row for each of its creations. What the contract has
beyond spot trading (leverage, position) is left out. A change here is a new version in `schema`.
"""

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, MetaData, Table, Text, UniqueConstraint

METADATA = MetaData()

ORDERS = Table(
    "Order",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("config_file_path", Text, primary_key=True),
    Column("strategy", Text, nullable=False),
    Column("market", Text, primary_key=True),
    Column("symbol", Text, nullable=False),
    Column("base_asset", Text, nullable=False),
    Column("quote_asset", Text, nullable=False),
    Column("creation_timestamp", BigInteger, primary_key=True),
    Column("order_type", Text, nullable=False),
    Column("amount", Text, nullable=False),
    Column("price", Text, nullable=False),
    Column("last_status", Text, nullable=False),
    Column("last_update_timestamp", BigInteger, nullable=False),
    Column("exchange_order_id", Text),
    Index("o_config_timestamp_index", "config_file_path", "creation_timestamp"),
    Index("o_market_symbol_timestamp_index", "market", "symbol", "creation_timestamp"),
)

ORDER_STATUSES = Table(
    "OrderStatus",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("config_file_path", Text, nullable=False),
    Column("market", Text, nullable=False),
    Column("order_id", Text, nullable=False),
    Column("timestamp", BigInteger, nullable=False),
    Column("status", Text, nullable=False),
    Index("os_order_id_timestamp_index", "order_id", "timestamp"),
)

TRADE_FILLS = Table(
    "TradeFill",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("config_file_path", Text, nullable=False),
    Column("strategy", Text, nullable=False),
    Column("market", Text, nullable=False),
    Column("symbol", Text, nullable=False),
    Column("base_asset", Text, nullable=False),
    Column("quote_asset", Text, nullable=False),
    Column("timestamp", BigInteger, nullable=False),
    Column("order_id", Text, nullable=False),
    Column("trade_type", Text, nullable=False),
    Column("order_type", Text, nullable=False),
    Column("price", Text, nullable=False),
    Column("amount", Text, nullable=False),
    Column("trade_fee", JSON, nullable=False),
    Column("exchange_trade_id", Text, nullable=False),
    UniqueConstraint("config_file_path", "market", "symbol", "order_id", "exchange_trade_id", name="tf_once"),
    Index("tf_config_timestamp_index", "config_file_path", "timestamp"),
)

MARKET_STATES = Table(
    "MarketState",
    METADATA,
    Column("config_file_path", Text, primary_key=True),
    Column("market", Text, primary_key=True),
    Column("timestamp", BigInteger, nullable=False),
    Column("saved_state", JSON, nullable=False),
)
