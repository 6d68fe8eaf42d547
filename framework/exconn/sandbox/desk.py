"""The desk: one exchange as its clients meet it: the engine, the keys, and what the dialect adds to both.

Rules:
- Everything that changes the engine for a client goes through here or through an action; time is always an argument.
- A delisted symbol is shown for as long as the dialect says, and is unknown afterwards.
- No wire, no clock, no socket.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from .amendments import Amendments
from .dialect import Dialect
from .dialect.meanings import Refused
from .dialect.vocabulary import DELISTED
from .dialect.wire import Unknown
from .engine import (
    BookChanged,
    Event,
    Exchange,
    Instrument,
    InstrumentChanged,
    Order,
    OrderAccepted,
    OrderClosed,
    OrderUpdated,
    Status,
)
from .keys import Key, Opening
from .ledgers import Ledgers
from .made import made_text
from .order_counter import OrderCounter
from .past import Past
from .rule import Rule
from .tokens import Tokens
from .tops import Tops

if TYPE_CHECKING:
    from .actions.call import Records


class Desk:
    """One exchange open for business."""

    def __init__(self, dialect: Dialect, openings: Sequence[Opening], now: int, seed: int = 0) -> None:
        venue = dialect.venue
        self.dialect = dialect
        self.exchange = Exchange(
            venue.policy,
            venue.fees,
            first_order_id=venue.first_order,
            first_trade_id=venue.first_trade,
            first_sequence=venue.first_sequence,
        )
        self.past = Past(venue.instruments, venue.prices, seed, now, venue.past_days)
        self._delisted: dict[str, tuple[Instrument, int]] = {}
        self.exchange.subscribe(self._note, InstrumentChanged)
        self.order_counter = OrderCounter(venue.order_counter)
        self.ledgers = Ledgers()
        self.exchange.subscribe(self.ledgers.hear)
        self.tops = Tops(self.exchange)
        if any(endpoint.verb.name == "past_tops" for endpoint in dialect.endpoints.values()):
            self.exchange.subscribe(self.tops.hear, BookChanged)
        self.amendments = Amendments()
        self.exchange.subscribe(self.amendments.hear, OrderAccepted, OrderUpdated, OrderClosed)
        self.keys: dict[str, Key] = {}
        self.tokens = Tokens()
        self._ids_made = 0
        for instrument in venue.instruments:
            self.exchange.list_instrument(instrument, now)
        for opening in openings:
            self._open(opening, now)

    def order_count(self, row: Any, now: int) -> int:
        """What the counter of orders stands at for the account and pair of an order, or of a report about one."""
        order = row if isinstance(row, Order) else row.order
        return self.order_counter.value(order.account, order.symbol, now)

    def _open(self, opening: Opening, now: int) -> None:
        self.exchange.open_account(opening.name)
        self.ledgers.open(opening.name)
        self.amendments.open(opening.name)
        self.keys[opening.api_key] = Key(opening.api_key, opening.name, opening.secrets, opening.rights)
        for asset, amount in opening.balances.items():
            if amount:
                self.exchange.deposit(opening.name, asset, amount, now)

    def made_client_id(self) -> str | None:
        """A client id for an order that came without one, where the exchange gives it one."""
        length = self.dialect.venue.client_id_length
        self._ids_made += 1
        return None if length is None else made_text(length, "order", self._ids_made)

    def key(self, api_key: str) -> Key | None:
        """The key of that name, or None when there is none or it is revoked."""
        key = self.keys.get(api_key)
        return None if key is None or key.revoked else key

    def rules(self, now: int) -> list[Rule]:
        """All instruments, those lately delisted among them."""
        listed = [self._rule(instrument, str(instrument.status)) for instrument in self.exchange.instruments()]
        gone = [self._rule(each, DELISTED) for each, at in self._delisted.values() if self._is_shown(at, now)]
        return [*listed, *gone]

    def rule(self, symbol: str | Unknown, now: int) -> Rule | None:
        """One instrument as the exchange shows it, or None."""
        if isinstance(symbol, Unknown):
            return None
        instrument = self.exchange.instrument(symbol)
        if instrument is not None:
            return self._rule(instrument, str(instrument.status))
        gone = self._delisted.get(symbol)
        return self._rule(gone[0], DELISTED) if gone is not None and self._is_shown(gone[1], now) else None

    def known_symbol(self, symbol: str | Unknown, now: int) -> str:
        """A symbol that is shown now. Refused: unknown_symbol."""
        return self.known_rule(symbol, now).symbol

    def known_rule(self, symbol: str | Unknown, now: int) -> Rule:
        """An instrument that is shown now. Refused: unknown_symbol."""
        rule = self.rule(symbol, now)
        if rule is None:
            raise Refused("unknown_symbol")
        return rule

    def find_order(
        self,
        records: Records,
        account: str,
        now: int,
        *,
        client_id: str | None,
        order_id: str | int | None,
        closed_for: int | None,
    ) -> Order:
        """An account's order; one that is named by both ids has both. Refused: unknown_order, also where it closed more
        than `closed_for` ns ago.
        """
        if order_id is not None:
            digits = str(order_id)
            order = records.order(account, int(digits)) if digits and len(digits) <= 18 else None
        else:
            order = None if client_id is None else records.order_by_client_id(account, client_id)
        if order is not None and client_id not in (None, order.client_id):
            order = None
        if order is None or (closed_for is not None and not order.is_open and order.updated < now - closed_for):
            raise Refused("unknown_order")
        return order

    def set_status(self, symbol: str, status: Status, now: int) -> tuple[Event, ...]:
        """Change what an instrument accepts. Raises KeyError for a symbol that is not listed."""
        return self._relist(symbol, now, status=status)

    def change_rules(self, symbol: str, factor: Decimal, now: int) -> tuple[Event, ...]:
        """Make the steps and the least size `factor` times what they are. Raises KeyError as above."""
        before = self._listed(symbol)
        steps = {name: getattr(before, name) * factor for name in ("tick", "lot", "min_size")}
        return self._relist(symbol, now, **steps)

    def _relist(self, symbol: str, now: int, **changes: Any) -> tuple[Event, ...]:
        return self.exchange.list_instrument(replace(self._listed(symbol), **changes), now)

    def _listed(self, symbol: str) -> Instrument:
        instrument = self.exchange.instrument(symbol)
        if instrument is None:
            raise KeyError(f"no instrument {symbol!r} is listed")
        return instrument

    def _rule(self, instrument: Instrument, status: str) -> Rule:
        least = self.dialect.venue.min_notionals.get(instrument.symbol, Decimal(0))
        places = self.dialect.places
        return Rule(
            instrument.symbol,
            status,
            instrument,
            least,
            places["price"][instrument.symbol],
            places["amount"][instrument.symbol],
            self.dialect.venue.price_bands.get(instrument.symbol),
            self.dialect.venue.groups.get(instrument.symbol, ()),
        )

    def _is_shown(self, delisted_at: int, now: int) -> bool:
        return now - delisted_at < self.dialect.venue.delisted_shown

    def _note(self, events: tuple[Event, ...]) -> None:
        for event in events:
            if isinstance(event, InstrumentChanged):
                if event.listed:
                    self._delisted.pop(event.instrument.symbol, None)
                else:
                    self._delisted[event.instrument.symbol] = event.instrument, event.time
