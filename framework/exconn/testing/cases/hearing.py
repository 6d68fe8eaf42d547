"""Sample frames as the spec's own words see them: unpacked, in the channels that earlier frames opened, and claimed.

Rules: what a compiled reader does is done here with the spec's matches and paths, so that the two can be compared;
frames that cannot be unpacked or decoded are no message.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from exconn.codec import decode, gunzipped, inflated, proto_reader
from exconn.compile.packing import proto_frames
from exconn.errors import Unanswered
from exconn.spec.pieces import Match
from exconn.spec.tree import Message, Socket

from .duties import controls_of
from .evaluate import find, match_holds

_UNPACK = {"gzip_json": gunzipped, "deflate_json": inflated}


class Hearing:
    """One connection of a socket: the frames that came before are heard first."""

    def __init__(self, socket: Socket, before: Iterable[str | bytes] = ()) -> None:
        self._socket = socket
        self._unpacked: Callable[[bytes | str], bytes | str] = _UNPACK.get(socket.frames, _as_it_is)
        if socket.protobuf is not None:
            self._unpacked = proto_reader(proto_frames(socket.protobuf))
        self._kinds: dict[Any, Any] = {}
        for frame in before:
            self._open(self.message(frame))

    def message(self, frame: str | bytes) -> Any:
        """The JSON in a frame; None where there is none."""
        try:
            return decode(self._unpacked(frame))
        except Unanswered:
            return None

    def _open(self, message: Any) -> None:
        opened = self._socket.opened
        if opened is not None and match_holds(opened.match, message, message):
            self._kinds[str(find(opened.number, message, message))] = find(opened.kind, message, message)

    def holds(self, message: Message, frame: Any) -> bool:
        """Whether the frame is one of these messages."""
        opened = self._socket.opened
        if message.opened_as is not None and opened is not None:
            number = find(opened.frames, frame, frame)
            if self._kinds.get(str(number)) != message.opened_as:
                return False
        return match_holds(message.match, frame, frame)

    def claims(self, frame: Any) -> Iterator[tuple[str, Match]]:
        """Everything that claims the frame, by what it is called."""
        for name, match in controls_of(self._socket):
            if match_holds(match, frame, frame):
                yield (name if name == "opened" else f"control.{name}"), match
        for message in self._socket.messages:
            if self.holds(message, frame):
                yield "a message", message.match


def _as_it_is(frame: bytes | str) -> bytes | str:
    return frame
