"""A program being written: its units, and the functions of its codec, each written into them when it is asked for.

Rules: a function may be written in any order, and once; what they share (recipes, row functions, tables, decoders) is
written by the first that needs it; so a program is written whole, for a package, or as far as it is used, in memory.
"""

from exconn.compile.assemble import Functions
from exconn.compile.emit import Unit, Unwritten
from exconn.compile.readings import Readings
from exconn.compile.replies import emit_reader
from exconn.compile.requests import emit_builder
from exconn.compile.signers import unwritten_signers
from exconn.compile.signing import Signing
from exconn.compile.sockets import unwritten_frames
from exconn.compile.streams import emit_frame_reader
from exconn.spec.tree import Endpoint, Socket, Spec


class Writing:
    """The units of a spec's program but the codec's, as far as they are written, in an order in which they can run."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self._requests, self._sockets = Unit("requests"), Unit("sockets")
        self._replies, self._streams = Unit("replies"), Unit("streams")
        self._signing = Signing(spec, Unit("signing"))
        self._readings = Readings(spec)
        shared = (self._readings.unit, self._readings.decoders.unit)
        self.units = (self._signing.unit, self._requests, self._sockets, *shared, self._replies, self._streams)
        self.functions = Functions(
            {operation: self._endpoint(each) for operation, each in spec.endpoints.items()},
            {name: self._socket(each) for name, each in spec.sockets.items()},
            unwritten_signers(spec, self._requests, self._signing),
        )

    def _endpoint(self, endpoint: Endpoint) -> dict[str, Unwritten]:
        build, read = f"build_{endpoint.stem}", f"read_{endpoint.stem}_reply"
        return {
            "build": Unwritten(
                self._requests, build, lambda: emit_builder(self.spec, endpoint, self._requests, self._signing)
            ),
            "read": Unwritten(self._replies, read, lambda: emit_reader(endpoint, self._replies, self._readings)),
        }

    def _socket(self, socket: Socket) -> dict[str, Unwritten]:
        stem = f"read_{socket.name}_frame"
        read = Unwritten(self._streams, stem, lambda: emit_frame_reader(socket, self._streams, self._readings))
        return {**unwritten_frames(self.spec, socket, self._sockets, self._signing), "read": read}
