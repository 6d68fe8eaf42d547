"""What the trader sees: a live layout on a terminal, plain lines elsewhere.

Rules: both show the same things: the best prices, each order's steps, fills with fees, balances; nothing of a
credential is ever shown; lines are written as things happen and never taken back.
"""

from collections import deque
from decimal import Decimal
from typing import Any, Protocol

from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.table import Table

from exconn.model import MarketEvent, OrderFilledEvent, TradeFee


class Screen(Protocol):
    def say(self, text: str) -> None: ...
    def event(self, tag: MarketEvent, event: Any) -> None: ...
    def top(self, pair: str, bid: str, ask: str) -> None: ...
    def balances(self, rows: list[tuple[str, Decimal, Decimal]]) -> None: ...
    def close(self) -> None: ...


def event_line(tag: MarketEvent, event: Any) -> str:
    """One line for one event, with the figures a trader asks for."""
    name = tag.name.removeprefix("Buy").removeprefix("Sell").removeprefix("Order").lower()
    if isinstance(event, OrderFilledEvent):
        return (
            f"filled     {event.order_id} {event.trade_type.name} {plain(event.amount)} @ {plain(event.price)} "
            f"fee {fee_text(event.trade_fee)} trade {event.exchange_trade_id}"
        )
    if tag in (MarketEvent.BuyOrderCreated, MarketEvent.SellOrderCreated):
        side = "BUY" if tag is MarketEvent.BuyOrderCreated else "SELL"
        price = "market" if not event.price else f"@ {plain(event.price)}"
        return f"created    {event.order_id} {event.type.name} {side} {plain(event.amount)} {price}"
    if tag in (MarketEvent.BuyOrderCompleted, MarketEvent.SellOrderCompleted):
        return f"completed  {event.order_id} {plain(event.base_asset_amount)} {event.base_asset}"
    detail = getattr(event, "error_message", None)
    return f"{name:10} {event.order_id}" + (f" ({detail})" if detail else "")


def plain(value: Decimal) -> str:
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def fee_text(fee: TradeFee) -> str:
    paid = [f"{plain(amount)} {asset}" for asset, amount in fee.flat_fees]
    return " + ".join(paid) if paid else "not told"


class PlainScreen:
    """Lines, for pipes and logs."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def _line(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    def say(self, text: str) -> None:
        self._line(f"-- {text}")

    def event(self, tag: MarketEvent, event: Any) -> None:
        self._line(f"   {event_line(tag, event)}")

    def top(self, pair: str, bid: str, ask: str) -> None:
        self._line(f"   {pair}: bid {bid}, ask {ask}")

    def balances(self, rows: list[tuple[str, Decimal, Decimal]]) -> None:
        text = ", ".join(f"{asset} {plain(total)} ({plain(available)} available)" for asset, total, available in rows)
        self._line(f"   balances: {text}")

    def close(self) -> None:
        return None


class LiveScreen:
    """A layout that is redrawn in place: the market and balances above, the latest events below."""

    def __init__(self, console: Console) -> None:
        self._top = "waiting for the book"
        self._act = ""
        self._lines: deque[str] = deque(maxlen=max(console.height - 14, 6))
        self._rows: list[tuple[str, Decimal, Decimal]] = []
        self._live = Live(console=console, refresh_per_second=8, get_renderable=self._draw)
        self._live.start()

    def _draw(self) -> Group:
        balances = Table("asset", "total", "available", expand=True, box=None)
        for asset, total, available in self._rows:
            balances.add_row(asset, plain(total), plain(available))
        events = Table.grid()
        for line in self._lines:
            events.add_row(line)
        return Group(Panel(balances, title=self._top), Panel(events, title=self._act or "orders"))

    def say(self, text: str) -> None:
        self._act = text
        self._lines.append(f"-- {text}")

    def event(self, tag: MarketEvent, event: Any) -> None:
        self._lines.append(event_line(tag, event))

    def top(self, pair: str, bid: str, ask: str) -> None:
        self._top = f"{pair}  bid {bid}  ask {ask}"

    def balances(self, rows: list[tuple[str, Decimal, Decimal]]) -> None:
        self._rows = rows

    def close(self) -> None:
        self._live.stop()


def screen_for(console: Console) -> Screen:
    return LiveScreen(console) if console.is_terminal else PlainScreen(console)
