"""Recorded frames in the form in which our connections would get them.

Rules: what is inside is never touched; a frame that a library recorded on another kind of connection (streams combined
under their names, a user stream of the time before), or one row of a frame, is tried in the wrapping of ours as well,
whose page stands here.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

_HERE: Final = "$frame"
_WRAPPED: Final[dict[tuple[str, str], str]] = {
    # https://developers.binance.com/docs/binance-spot-api-docs/user-data-stream: every event comes in the object of the
    # subscription that it belongs to
    ("binance", "ws_order"): f'{{"subscriptionId": 0, "event": {_HERE}}}',
    ("binance", "ws_balance"): f'{{"subscriptionId": 0, "event": {_HERE}}}',
    # https://docs.kraken.com/api/docs/websocket-v2/trade
    ("kraken", "trade_object"): f'{{"channel": "trade", "type": "update", "data": [{_HERE}]}}',
}


def forms_of(exchange: str, kind: str, frame: Any) -> Iterator[str]:
    """The frame as it is, and as a connection of ours would get it."""
    yield json.dumps(frame)
    if isinstance(frame, Mapping) and isinstance(frame.get("data"), Mapping) and "stream" in frame:
        yield json.dumps(frame["data"])
    if (exchange, kind) in _WRAPPED and isinstance(frame, Mapping):
        yield _WRAPPED[exchange, kind].replace(_HERE, json.dumps(frame))
