"""Kraken's messages as the typed floors decode them: what the shipped spec reads of them, numbers as floats.

Rules: nothing is checked or converted beyond what the decoder does by itself. What a message may leave out has a
default. https://docs.kraken.com/api/docs/websocket-v2/book and https://docs.kraken.com/api/docs/websocket-v2/executions
"""

import msgspec


class Level(msgspec.Struct):
    price: float
    qty: float


class Book(msgspec.Struct):
    symbol: str
    bids: list[Level]
    asks: list[Level]
    checksum: int
    timestamp: str


class Fee(msgspec.Struct):
    asset: str
    qty: float


class Execution(msgspec.Struct):
    order_id: str
    order_status: str
    exec_type: str
    timestamp: str
    cl_ord_id: str = ""
    exec_id: str = ""
    symbol: str = ""
    side: str = ""
    last_qty: float = 0.0
    last_price: float = 0.0
    liquidity_ind: str = ""
    order_qty: float = 0.0
    cum_qty: float = 0.0
    cum_cost: float = 0.0
    avg_price: float = 0.0
    fees: list[Fee] = []


class Books(msgspec.Struct):
    channel: str
    type: str
    data: list[Book]


class Executions(msgspec.Struct):
    channel: str
    type: str
    data: list[Execution]
