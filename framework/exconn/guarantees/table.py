"""All guarantees, in the order in which a card shows them."""

from typing import Final

from . import account, books, events, limits, lookups, placing, sockets

_PARTS: Final = (lookups, placing, events, sockets, books, limits, account)
GUARANTEES: Final = tuple(guarantee for part in _PARTS for guarantee in part.GUARANTEES)
NAMES: Final = tuple(guarantee.name for guarantee in GUARANTEES)
