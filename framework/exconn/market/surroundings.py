"""What a market takes from the world around it: wall time, a steady clock, randomness, fresh ids.

Rules: this is the only file of the market that reads a clock or draws randomness; everything else is handed a
`Surroundings`, so that a simulator can give its own and one seed gives one run. `time_ns` is wall time and may step;
`monotonic` is for intervals and never does.
"""

import os
import random
import secrets
import time
from collections.abc import Callable

from msgspec import Struct


class Surroundings(Struct, frozen=True):
    """`time_ns`: nanoseconds since 1970. `monotonic`: seconds from an arbitrary start. `uuid_hex`: 32 hex digits."""

    time_ns: Callable[[], int]
    monotonic: Callable[[], float]
    random: random.Random
    uuid_hex: Callable[[], str]


def system() -> Surroundings:
    """The clocks of this machine, and randomness from the operating system."""
    return Surroundings(
        time_ns=time.time_ns,
        monotonic=time.monotonic,
        random=random.SystemRandom(),
        uuid_hex=_uuid_hex,
    )


_IN_STOCK = 32
_uuids: list[str] = []
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_uuids.clear)  # two processes must not draw from one stock


def _uuid_hex() -> str:
    """32 hex digits, drawn some at a time: asking the system costs more than all else that is new in a request."""
    try:
        return _uuids.pop()
    except IndexError:
        drawn = secrets.token_hex(16 * _IN_STOCK)
        _uuids.extend(drawn[at : at + 32] for at in range(32, len(drawn), 32))
        return drawn[:32]
