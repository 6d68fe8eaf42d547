"""Actions on what was traded: tickers of several symbols, past and aggregated trades, candles, the average price.

Rules:
- Trades and their aggregates are found by number or by time, both ends included; without either the latest are given.
- An aggregate's number is that of its first trade, so it rises and never changes; one whose first trade may not be kept
  any more is not told.
- Candles are made of the minutes of the last week in which something traded, and of a made past. A zone, in seconds
  east of UTC, says where days begin: for candles, and for tickers, which are then of the day so far.
- A ticker's `window`, in seconds, begins with a minute, so it is up to one minute longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from exconn.sandbox.candles import CandlesRow, Period, Reach, candles, first_candles
from exconn.sandbox.dialect.vocabulary import DELISTED
from exconn.sandbox.engine import Trade
from exconn.sandbox.engine.minute import DAY, MINUTE
from exconn.sandbox.engine.tape import Span
from exconn.sandbox.limits import SECOND
from exconn.sandbox.rows import Aggregate, AveragePrice, TickersRow, aggregate, average_price

from .call import Call
from .market_data import TradesRow, asked_rules


@dataclass(frozen=True, slots=True)
class AggregatesRow:
    """Aggregated trades of one symbol, oldest first."""

    trades: Sequence[Aggregate]


def tickers(call: Call) -> TickersRow:
    """Tickers of one symbol, of some, or of all; of all only those of a `status`, if that is asked for."""
    is_named = any(call.args.get(name) is not None for name in ("symbol", "symbols"))
    symbols = [rule.symbol for rule in asked_rules(call) if is_named or rule.status != DELISTED]
    span = span_of(call.args.get("window"), call.args.get("zone"), call.now)
    return TickersRow([call.desk.exchange.ticker(symbol, call.now, span) for symbol in symbols])


def span_of(window: int | None, zone: int | None, now: int) -> Span | None:
    """What statistics are of: the last so many seconds, or the day of a zone; None for the last 24 hours."""
    if zone is not None:
        start = now - (now + zone * SECOND) % DAY
        return start, start + DAY - 1
    if window is None:
        return None
    start = now - window * SECOND
    return start - start % MINUTE, now


def past_trades(call: Call) -> TradesRow:
    """`limit` trades from a number on (`from_number`), or the last ones."""
    symbol, trades = _trades(call)
    return TradesRow(symbol, _page(call, trades, [trade.number for trade in trades]), call.now)


def aggregated_trades(call: Call) -> AggregatesRow:
    """`limit` aggregated trades from a number or a moment on, up to a moment, or the last ones."""
    found = list(aggregate(_trades(call)[1]))
    if len(found) > 1 and found[0].first.number > 1:
        del found[0]
    return AggregatesRow(_page(call, found, [each.first.number for each in found], [each.last.time for each in found]))


def candle_history(call: Call) -> CandlesRow:
    """`limit` candles from a moment on, up to a moment, or the last ones; with `latest` the last ones since then.
    `interval` is in seconds, week or month."""
    symbol = call.desk.known_symbol(call.args["symbol"], call.now)
    period: Period = call.args["interval"]
    since, until, limit = (call.args.get(name) for name in ("since", "until", "limit"))
    zone: int = call.args.get("zone") or 0
    if since is None or limit is None or call.args.get("latest"):
        reach = Reach(since, until, limit)
        return CandlesRow(candles(call.desk, symbol, str(period), period, call.now, zone, reach), symbol)
    reach = Reach(since, until)
    return CandlesRow(first_candles(call.desk, symbol, str(period), period, call.now, zone, reach, limit), symbol)


def average(call: Call) -> AveragePrice:
    """The average price of the last `minutes`."""
    symbol = call.desk.known_symbol(call.args["symbol"], call.now)
    return average_price(call.desk.exchange, symbol, int(call.args.get("minutes") or 5), call.now)


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
