"""Channels: what a socket sends, for which topics, and how each event is written.

Rules:
- A topic is a template with at most one `{symbol.FORM}`, and `{interval}` where the channel has `intervals`; `{token}`
  alone stands for every token of an account. Several templates may name the same thing.
- A private channel is the account's: after login, by a token, or by a subscription that is signed.
- Frames are templates over events, each over its record (EVENTS).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .endpoints import Bench
from .matches import build_match
from .place import Place
from .records import RECORDS
from .templates import Render

TOPIC_OF_TOKENS = "{token}"
_HOLE = re.compile(r"\{([a-z_.]+)\}")

EVENTS = {
    "order": "order",
    "fill": "fill",
    "report": "report",
    "balances": "balances",
    "transfer": "transfer",
    "ended": "nothing",
    "expired": "nothing",
    "trade": "trade",
    "trades": "trades",
    "aggregated_trade": "aggregated_trade",
    "book_update": "book",
    "book_snapshot": "book",
    "book_state": "book",
    "book_top": "book",
    "ticker": "ticker",
    "tickers": "tickers",
    "candle": "candle",
}
OF_ACCOUNT = ("order", "fill", "report", "balances", "transfer", "ended", "expired")
PACED = ("book_update", "book_state", "ticker", "tickers", "candle")
"""Events that are gathered, and sent at the channel's cadence."""


@dataclass(frozen=True, slots=True)
class FrameOut:
    """One frame that a channel sends, for rows for which `holds`."""

    event: str
    render: Render
    holds: Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel. `topics` are all its topics, each with what it is about: our symbol ("" for all), and after a space
    the interval. `every` is in seconds, and so are `intervals`."""

    name: str
    private: bool
    topics: Mapping[str, str]
    every: float
    depth: int | None
    intervals: Mapping[str, int]
    frames: tuple[FrameOut, ...]


def build_channel(place: Place, bench: Bench) -> Channel:
    """One entry of a socket's `channels`."""
    frames = tuple(_frame(item, bench) for item in place.items("frames"))
    private = any(frame.event in OF_ACCOUNT for frame in frames)
    if private and not all(frame.event in OF_ACCOUNT for frame in frames):
        place.at("frames").error("mixed-channel", "a channel is of an account or public, not both", "make two channels")
    topic = place.get("topic")
    intervals: Mapping[str, int] = place.get("intervals", {})
    topics: dict[str, str] = {}
    for template in topic if isinstance(topic, list) else [topic]:
        topics |= _topics(place.at("topic"), template, bench, intervals)
    return Channel(
        place.name, private, topics, place.get("every_ms", 100) / 1000, place.get("depth"), intervals, frames
    )


def _frame(place: Place, bench: Bench) -> FrameOut:
    event, record = place.get("event"), RECORDS[EVENTS[place.get("event")]]
    holds = build_match(place.at("only"), record, bench.workshop.words) if "only" in place else _any
    return FrameOut(event, bench.workshop.render(place.at("give"), record), holds)


def _any(row: Any) -> bool:
    return True


def _topics(place: Place, template: str, bench: Bench, intervals: Mapping[str, int]) -> dict[str, str]:
    holes = _HOLE.findall(template)
    if not holes or template == TOPIC_OF_TOKENS:
        return {template: ""}
    forms = bench.workshop.names.symbols
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
