"""The public tape of one instrument: recent trades, and the statistics of the last 24 hours, or of another window.

Rules:
- Recent trades are a ring buffer. Statistics are kept by the minute, in running sums and two monotonic queues, so a
  ticker costs nothing to ask for and no history is scanned; one of another window scans its minutes, up to a week's.
- A minute counts while any part of it lies in the last 24 hours, or in the last week. Time never runs back here: a
  trade stamped earlier than the last minute counts into that minute.
"""

from collections import deque
from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from .amounts import ZERO, exact
from .book import Book
from .events import Trade
from .kinds import Side
from .minute import DAY, MINUTE, WEEK, Minute, PastMinutes

Span = tuple[int, int]
"""Where statistics begin, which is where a minute does, and where they are said to end (ns)."""


class Ticker(Struct, frozen=True):
    """The last 24 hours, or since another minute. A price is None where nothing traded, or its side of a book is empty.

    `since` is where they begin, and `until` where they end (ns). `last_size` is the size of the last trade,
    `last_number` its number (0: there was none). `previous` is the last price before them, as far back as is known.
    """

    symbol: str
    time: int
    since: int
    until: int
    open: Decimal | None
    high: Decimal | None
    low: Decimal | None
    last: Decimal | None
    volume: Decimal
    quote_volume: Decimal
    trades: int
    bid: Decimal | None
    bid_size: Decimal | None
    ask: Decimal | None
    ask_size: Decimal | None
    last_size: Decimal | None = None
    last_number: int = 0
    previous: Decimal | None = None


class Tape:
    """What was traded. `last` is the last price ever, `count` the number of trades ever."""

    __slots__ = (
        "_highs",
        "_lows",
        "_minutes",
        "_past",
        "_quote_volume",
        "_trades",
        "_volume",
        "count",
        "last",
        "recent",
    )

    def __init__(self, kept: int) -> None:
        self.recent: deque[Trade] = deque(maxlen=kept)
        self.last: Decimal | None = None
        self.count = 0
        self._minutes: deque[Minute] = deque()
        self._past = PastMinutes()
        self._highs: deque[tuple[int, Decimal]] = deque()
        self._lows: deque[tuple[int, Decimal]] = deque()
        self._volume = self._quote_volume = ZERO
        self._trades = 0

    def record(self, trade: Trade) -> None:
        """Add one trade."""
        self.recent.append(trade)
        self.last = trade.price
        self.count += 1
        start = self._add_to_minute(trade)
        _push(self._highs, start, trade.price, 1)
        _push(self._lows, start, trade.price, -1)
        self._volume += trade.amount
        self._quote_volume += trade.quote
        self._trades += 1
        self._expire(trade.time)

    def minutes(self, now: int) -> Iterator[Minute]:
        """The minutes of the last week in which something traded, newest first."""
        self._expire(now)
        yield from reversed(self._minutes)
        yield from self._past.backwards(now - WEEK - MINUTE)

    def ticker(self, book: Book, now: int, span: Span | None = None) -> Ticker:
        """The statistics at `now`, and the top of the book."""
        self._expire(now)
        bid, ask = book.best(Side.BUY), book.best(Side.SELL)
        since, until = span or (now - DAY, now)
        ticker = Ticker(
            symbol=book.symbol,
            time=now,
            since=since,
            until=until,
            open=self._minutes[0].open if self._minutes else None,
            high=self._highs[0][1] if self._highs else None,
            low=self._lows[0][1] if self._lows else None,
            last=self.last,
            volume=self._volume,
            quote_volume=self._quote_volume,
            trades=self._trades,
            bid=bid.price if bid else None,
            bid_size=bid.size if bid else None,
            ask=ask.price if ask else None,
            ask_size=ask.size if ask else None,
            last_size=self.recent[-1].amount if self.recent else None,
            last_number=self.count,
            previous=self._past.last,
        )
        return ticker if span is None else self._since(since, ticker)

    @exact
    def _since(self, start: int, known: Ticker) -> Ticker:
        """Statistics of the minutes from `start` on, in place of those of all."""
        minutes: list[Minute] = []
        previous = None
        for minute in self.minutes(known.time):
            if minute.start < start:
                previous = minute.close
                break
            minutes.append(minute)
        return replace(
            known,
            previous=previous,
            open=minutes[-1].open if minutes else None,
            high=max((minute.high for minute in minutes), default=None),
            low=min((minute.low for minute in minutes), default=None),
            volume=sum((minute.volume for minute in minutes), ZERO),
            quote_volume=sum((minute.quote_volume for minute in minutes), ZERO),
            trades=sum(minute.trades for minute in minutes),
        )

    def _add_to_minute(self, trade: Trade) -> int:
        start, price = trade.time - trade.time % MINUTE, trade.price
        last = self._minutes[-1] if self._minutes else None
        bought, bought_quote = (trade.amount, trade.quote) if trade.taker_side is Side.BUY else (ZERO, ZERO)
        if last is None or start > last.start:
            volumes = (trade.amount, trade.quote, 1, bought, bought_quote, trade.number)
            self._minutes.append(Minute(start, price, price, price, price, *volumes))
            return start
        self._minutes[-1] = replace(
            last,
            high=max(last.high, price),
            low=min(last.low, price),
            close=price,
            volume=last.volume + trade.amount,
            quote_volume=last.quote_volume + trade.quote,
            trades=last.trades + 1,
            bought=last.bought + bought,
            bought_quote=last.bought_quote + bought_quote,
        )
        return last.start

    @exact
    def _expire(self, now: int) -> None:
        horizon = now - DAY - MINUTE
        while self._minutes and self._minutes[0].start <= horizon:
            gone = self._minutes.popleft()
            self._volume -= gone.volume
            self._quote_volume -= gone.quote_volume
            self._trades -= gone.trades
            self._past.add(gone)
        for queue in (self._highs, self._lows):
            while queue and queue[0][0] <= horizon:
                queue.popleft()


def _push(queue: deque[tuple[int, Decimal]], start: int, price: Decimal, sign: int) -> None:
    """Keep a queue falling (sign 1) or rising (-1) in price, so that its head is the extreme of what it spans."""
    while queue and (price - queue[-1][1]) * sign >= 0:
        queue.pop()
    queue.append((start, price))
