"""The instruments of one exchange, each with its book and its tape.

Rules:
- A delisted instrument keeps its place, so that relisting it continues its book sequence and trade numbers.
- Last prices are found by asset pair, in either direction.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from .amounts import divide
from .book import Book
from .instrument import Instrument
from .tape import Tape
from .watch import Watch


@dataclass(slots=True)
class Listing:
    """One instrument as it trades. `prevented` counts the matches of accounts with themselves that did not happen."""

    instrument: Instrument
    book: Book
    tape: Tape
    watch: Watch = field(default_factory=Watch)
    listed: bool = True
    prevented: int = 0


class Venue:
    """Listings by symbol, in order of listing."""

    __slots__ = ("_first_sequence", "_listings", "_pairs", "_trades_kept")

    def __init__(self, first_sequence: int, trades_kept: int) -> None:
        self._listings: dict[str, Listing] = {}
        self._pairs: dict[tuple[str, str], Listing] = {}
        self._first_sequence = first_sequence
        self._trades_kept = trades_kept

    def __iter__(self) -> Iterator[Listing]:
        return (listing for listing in self._listings.values() if listing.listed)

    def __getitem__(self, symbol: str) -> Listing:
        """The listing, delisted or not. Raises KeyError for a symbol that never was."""
        listing = self._listings.get(symbol)
        if listing is None:
            raise KeyError(f"no instrument {symbol!r}; list it with list_instrument")
        return listing

    def find(self, symbol: str) -> Listing | None:
        """The listing, or None when it is not listed now."""
        listing = self._listings.get(symbol)
        return listing if listing is not None and listing.listed else None

    def list(self, instrument: Instrument) -> None:
        """List an instrument, or replace its rules. Raises ValueError when its assets would change."""
        known = self._listings.get(instrument.symbol)
        if known is None:
            book = Book(instrument.symbol, self._first_sequence)
            known = self._listings[instrument.symbol] = Listing(instrument, book, Tape(self._trades_kept))
            self._pairs.setdefault((instrument.base, instrument.quote), known)
        old = known.instrument
        if (old.base, old.quote) != (instrument.base, instrument.quote):
            raise ValueError(
                f"instrument {old.symbol} trades {old.base}/{old.quote}; list other assets as a new symbol"
            )
        known.instrument, known.listed = instrument, True

    def price_of(self, asset: str, quote: str) -> Decimal | None:
        """The last price of an asset in another, from either direction of the pair; None when none traded."""
        direct = self._pairs.get((asset, quote))
        if direct is not None and direct.tape.last is not None:
            return direct.tape.last
        inverse = self._pairs.get((quote, asset))
        if inverse is not None and inverse.tape.last is not None:
            return divide(Decimal(1), inverse.tape.last)
        return None
