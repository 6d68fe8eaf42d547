"""Closed orders at rest: remembered for a day in a fraction of their room, so that a late fill still counts once.

Rules: nothing is lost: what is packed comes back equal, trade ids and all; a packed order is unpacked each time it is
asked for, which is seldom, and only an order that changed is kept unpacked again.
"""

from typing import Any

import msgspec

from exconn.market.tracking.fills import Fill, Fills
from exconn.market.tracking.order import TrackedOrder


def pack(order: TrackedOrder) -> bytes:
    return _ENCODER.encode(order)


def unpack(packed: bytes) -> TrackedOrder:
    return _DECODER.decode(packed)


def _plain(value: Any) -> Any:
    return tuple(value)


def _fills(kind: type, value: Any) -> Any:
    return Fills(msgspec.convert(value, tuple[Fill, ...], strict=False))


_ENCODER = msgspec.msgpack.Encoder(enc_hook=_plain)
_DECODER = msgspec.msgpack.Decoder(TrackedOrder, dec_hook=_fills)
