"""All guarantees, in the order in which a card shows them."""

from typing import Final

from . import account, orders, streams

GUARANTEES: Final = (*orders.GUARANTEES, *streams.GUARANTEES, *account.GUARANTEES)
NAMES: Final = tuple(guarantee.name for guarantee in GUARANTEES)
