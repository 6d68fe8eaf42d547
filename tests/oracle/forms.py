"""Recorded frames in the form in which our connections would get them.

Rules: what is inside is never touched; a frame that a library recorded on another kind of connection (streams combined
under their names, a user stream of the time before) is tried in the wrapping of ours as well, whose page stands here.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

_INNER: Final = "event"
_WRAPPED: Final[dict[str, dict[str, Any]]] = {
    # https://developers.binance.com/docs/binance-spot-api-docs/user-data-stream: since 2025 every event of the user
    # stream comes inside the subscription's own object
    "binance": {"subscriptionId": 0, _INNER: None},
}


def forms_of(exchange: str, frame: Any) -> Iterator[Any]:
    """The frame as it is, and as a connection of ours would get it."""
    yield frame
    if isinstance(frame, Mapping) and isinstance(frame.get("data"), Mapping) and "stream" in frame:
        yield frame["data"]
    if exchange in _WRAPPED and isinstance(frame, Mapping):
        yield {key: frame if key == _INNER else value for key, value in _WRAPPED[exchange].items()}
