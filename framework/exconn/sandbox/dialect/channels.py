"""Channels: what a socket sends, for which topics, and how each event is written.

Rules:
- A topic is a template with at most one `{symbol.FORM}`, and `{interval}` where the channel has `intervals`; `{token}`
  alone stands for every token of an account. Several templates may name the same thing.
- A private channel is the account's: after login, by a token, or by a subscription that is signed.
- Frames are templates over events, each over its record (EVENTS); snapshots are told to a new subscriber alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from exconn.sandbox.candles import Period
from exconn.sandbox.checksums import Checksum

from .endpoints import Bench
from .matches import build_match
from .place import Place
from .placeholders import Render
from .records import RECORDS

TOPIC_OF_TOKENS = "{token}"
_HOLE = re.compile(r"\{([A-Za-z0-9_.]+)\}")

EVENTS = {
    "order": "order",
    "fill": "fill",
    "report": "report",
    "list": "order_list",
    "balances": "balances",
    "transfer": "transfer",
    "ended": "nothing",
    "expired": "nothing",
    "trade": "trade",
    "trades": "trades",
    "aggregated_trade": "aggregated_trade",
    "book_update": "book",
    "book_snapshot": "book",
    "book_orders": "book_orders",
    "book_orders_snapshot": "book_orders",
    "book_state": "book",
    "book_top": "book",
    "ticker_of_trades": "ticker",
    "ticker_of_top": "ticker",
    "ticker": "ticker",
    "tickers": "tickers",
    "candle": "candle",
    "average": "average_price",
    "rules": "rules",
    "ledger": "ledger",
    "candles_snapshot": "candles",
    "trades_snapshot": "trades",
    "ticker_snapshot": "ticker",
    "rules_snapshot": "rules",
    "orders_snapshot": "orders",
    "fills_snapshot": "reports",
    "balances_snapshot": "balances",
}
OF_ACCOUNT = (
    *("order", "fill", "report", "list", "balances", "transfer", "ledger", "ended", "expired"),
    *("orders_snapshot", "fills_snapshot", "balances_snapshot"),
)
PACED = ("book_update", "book_orders", "book_state", "ticker", "tickers", "candle", "average")
"""Events that are gathered, and sent at the channel's cadence."""


@dataclass(frozen=True, slots=True)
class FrameOut:
    """One frame that a channel sends, for rows for which `holds`, unless the argument `asked_by` of the subscription is
    false: `snapshot` of snapshots where nothing else is said, of other frames none.
    """

    event: str
    render: Render
    holds: Callable[[Any], bool]
    asked_by: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel. `topics` are all its topics, each with what it is about: our symbol ("" for all), and after a space
    the interval. `every` is in seconds, and so are `intervals`, a `window` of tickers and the `offset` of candles;
    `minutes` are those of an average. `depth` are the levels or rows of its snapshots, and of its book updates where
    it is `limited`; the frames of a `counted` one differ by subscriber.
    """

    name: str
    private: bool
    topics: Mapping[str, str]
    every: float
    depth: int | None
    intervals: Mapping[str, Period]
    frames: tuple[FrameOut, ...]
    limited: bool = False
    counted: bool = False
    checksum: Checksum | None = None
    window: int | None = None
    offset: int = 0
    minutes: int = 5


def build_channels(place: Place, bench: Bench) -> list[Channel]:
    """One entry of a socket's `channels`: a channel, or one for each of several depths, named by it."""
    depth, topic = place.get("depth"), place.get("topic")
    if not isinstance(depth, list):
        return [_channel(place, bench, place.name, topic, depth)]
    if "{depth}" not in str(topic):
        place.at("topic").error("bad-topic", "the channel has several depths, and one topic", "put {depth} into it")
        return []
    return [
        _channel(place, bench, f"{place.name}_{each}", str(topic).replace("{depth}", str(each)), each) for each in depth
    ]


def _channel(place: Place, bench: Bench, name: str, topic: Any, depth: int | None) -> Channel:
    frames = tuple(_frame(item, bench) for item in place.items("frames"))
    private = any(frame.event in OF_ACCOUNT for frame in frames)
    if private and not all(frame.event in OF_ACCOUNT for frame in frames):
        place.at("frames").error("mixed-channel", "a channel is of an account or public, not both", "make two channels")
    intervals: Mapping[str, Period] = place.get("intervals", {})
    topics: dict[str, str] = {}
    for template in topic if isinstance(topic, list) else [topic]:
        topics |= _topics(place.at("topic"), template, bench, intervals)
    checksum = place.get("checksum")
    return Channel(
        name,
        private,
        topics,
        place.get("every_ms", 100) / 1000,
        depth,
        intervals,
        frames,
        place.get("limited", False),
        any(each in str(place.at("frames").plain) for each in ("{frame_number}", "{order_count}")),
        None if checksum is None else Checksum(**checksum),
        place.get("window"),
        place.get("offset", 0),
        place.get("minutes", 5),
    )


def _frame(place: Place, bench: Bench) -> FrameOut:
    event, record = place.get("event"), RECORDS[EVENTS[place.get("event")]]
    holds = build_match(place.at("only"), record, bench.workshop.placeholders.words) if "only" in place else _any
    asked_by = place.get("asked_by", "snapshot" if event.endswith("_snapshot") else "")
    return FrameOut(event, bench.workshop.render(place.at("give"), record), holds, asked_by)


def _any(row: Any) -> bool:
    return True


def _topics(place: Place, template: str, bench: Bench, intervals: Mapping[str, Period]) -> dict[str, str]:
    holes = _HOLE.findall(template)
    if not holes or template == TOPIC_OF_TOKENS:
        return {template: ""}
    forms = bench.workshop.placeholders.names.symbols
    symbols = [hole for hole in holes if hole.startswith("symbol.") and hole.partition(".")[2] in forms]
    rest = [hole for hole in holes if hole not in symbols]
    if len(symbols) != 1 or rest != (["interval"] if intervals else []) or "{" in _HOLE.sub("", template):
        hint = f"write {{symbol.FORM}} once (forms: {', '.join(forms)}), and {{interval}} with intervals"
        place.error("bad-topic", f"'{template}' is no topic", hint)
        return {}
    names = forms[symbols[0].partition(".")[2]]
    found = {template.replace(f"{{{symbols[0]}}}", theirs): ours for ours, theirs in names.items()}
    if not intervals:
        return found
    return {
        topic.replace("{interval}", interval): f"{ours} {interval}"
        for topic, ours in found.items()
        for interval in intervals
    }
