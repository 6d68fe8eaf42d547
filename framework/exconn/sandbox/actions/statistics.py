"""Actions on what was traded: tickers of several symbols, past and aggregated trades, candles, the average price.

Rules:
- Trades and their aggregates are found by number or by time, both ends included; without either the latest are given.
- An aggregate's number is that of its first trade, so it rises and never changes.
- Candles are made of the minutes of the last 24 hours in which something traded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from exconn.sandbox.engine import Trade
from exconn.sandbox.rows import (
    Aggregate,
    AveragePrice,
    CandlesRow,
    TickersRow,
    aggregate,
    average_price,
    candles,
)

from .call import Call
from .market_data import TradesRow


@dataclass(frozen=True, slots=True)
class AggregatesRow:
    """Aggregated trades of one symbol, oldest first."""

    trades: Sequence[Aggregate]


def tickers(call: Call) -> TickersRow:
    """Tickers of one symbol, of some, or of all."""
    asked = call.args.get("symbols") or ([call.args["symbol"]] if call.args.get("symbol") is not None else None)
    if asked is None:
        symbols = [instrument.symbol for instrument in call.desk.exchange.instruments()]
    else:
        symbols = [call.desk.known_symbol(symbol, call.now) for symbol in asked]
    return TickersRow([call.desk.exchange.ticker(symbol, call.now) for symbol in symbols])


def past_trades(call: Call) -> TradesRow:
    """`limit` trades from a number on (`from_number`), or the last ones."""
    symbol, trades = _trades(call)
    return TradesRow(symbol, _page(call, trades, [trade.number for trade in trades]), call.now)


def aggregated_trades(call: Call) -> AggregatesRow:
    """`limit` aggregated trades from a number or a moment on, up to a moment, or the last ones."""
    found = list(aggregate(_trades(call)[1]))
    return AggregatesRow(_page(call, found, [each.first.number for each in found], [each.last.time for each in found]))


def candle_history(call: Call) -> CandlesRow:
    """`limit` candles from a moment on, up to a moment, or the last ones. `interval` is in seconds."""
    symbol = call.desk.known_symbol(call.args["symbol"], call.now)
    seconds = int(call.args["interval"])
    made = candles(symbol, call.desk.exchange.minutes(symbol, call.now), str(seconds), seconds, call.now)
    found = _page(call, made, None, [candle.start for candle in made])
    return CandlesRow(found, found[-1].start if found else 0, symbol)


def average(call: Call) -> AveragePrice:
    """The average price of the last `minutes`."""
    symbol, trades = _trades(call)
    exchange = call.desk.exchange
    ticker, minutes = exchange.ticker(symbol, call.now), exchange.minutes(symbol, call.now)
    last_time = trades[-1].time if trades else call.now
    return average_price(ticker, minutes, int(call.args.get("minutes") or 5), last_time)


def _trades(call: Call) -> tuple[str, Sequence[Trade]]:
    symbol = call.desk.known_symbol(call.args["symbol"], call.now)
    return symbol, call.desk.exchange.trades(symbol)


def _page(call: Call, rows: Sequence[Any], numbers: Sequence[int] | None, times: Sequence[int] = ()) -> list[Any]:
    """The rows asked for by number and time: the first `limit` where a beginning is given, else the last."""
    start, since, until = (call.args.get(name) for name in ("from_number", "since", "until"))
    kept = [
        row
        for index, row in enumerate(rows)
        if (start is None or numbers is None or numbers[index] >= start)
        and (since is None or times[index] >= since)
        and (until is None or times[index] <= until)
    ]
    limit = call.args.get("limit") or len(kept)
    return kept[:limit] if start is not None or since is not None else kept[max(len(kept) - limit, 0) :]
