"""The one compiler: a Spec becomes a Program, a few modules of `ast` nodes, which is run in memory or written down.

Rules: `write` walks the spec once and makes the nodes, nothing runs; `Program.load` executes them under the name of the
spec's file, so that a traceback shows the YAML's own line; the same nodes are what is unparsed into
a package. A unit sees exactly what it asked for: names of exconn.codec, of exconn.model and of earlier units.
"""

import ast
from dataclasses import dataclass

import exconn.codec
import exconn.model
from exconn.codec import Codec
from exconn.compile.assemble import emit_codec
from exconn.compile.emit import Unit
from exconn.compile.lazy import Space, run
from exconn.compile.readings import Readings
from exconn.compile.replies import emit_reader
from exconn.compile.requests import emit_builder
from exconn.compile.signers import emit_signers
from exconn.compile.signing import Signing
from exconn.compile.sockets import emit_socket_functions
from exconn.compile.streams import emit_frame_reader
from exconn.spec.tree import Spec


@dataclass(frozen=True, slots=True)
class Program:
    """The compiled spec: `units` in an order in which each can be run."""

    name: str
    file: str
    units: tuple[Unit, ...]

    def module(self, unit: Unit) -> ast.Module:
        """The unit's definitions, ready to be compiled or unparsed; its imports are the Unit's own lists."""
        return ast.Module(list(unit.body), [])

    def load(self) -> Codec:
        """Run the program in memory. Its functions are compiled when they are first called."""
        spaces: dict[str, Space] = {}
        for unit in self.units:
            spaces[unit.title] = self._seen_by(unit, spaces)
            run(self.module(unit).body, self.file, spaces[unit.title])
        codec = spaces["codec"]["CODEC"]
        assert isinstance(codec, Codec)
        return codec

    def _seen_by(self, unit: Unit, spaces: dict[str, Space]) -> Space:
        space: Space = {"__name__": f"{self.name}.{unit.title}"}
        space.update((each, getattr(exconn.codec, each)) for each in unit.runtime)
        space.update((each, getattr(exconn.model, each)) for each in unit.models)
        for title, names in unit.units.items():
            space.update((each, spaces[title][each]) for each in names)
        return space


def write(spec: Spec) -> Program:
    """Make the program of a spec. DocumentError where the checks let something through that cannot be compiled."""
    requests, sockets = Unit("requests"), Unit("sockets")
    replies, streams, codec = Unit("replies"), Unit("streams"), Unit("codec")
    signing = Signing(spec, Unit("signing"))
    readings = Readings(spec)
    endpoints: dict[str, dict[str, ast.expr]] = {
        operation: {
            "build": codec.use_unit(requests, emit_builder(spec, endpoint, requests, signing)),
            "read": codec.use_unit(replies, emit_reader(endpoint, replies, readings)),
        }
        for operation, endpoint in spec.endpoints.items()
    }
    speaking = {
        each: _socket_functions(spec, each, (sockets, streams, codec), signing, readings) for each in spec.sockets
    }
    signers: dict[str, ast.expr] = {
        recipe: codec.use_unit(requests, each) for recipe, each in emit_signers(spec, requests, signing).items()
    }
    emit_codec(spec, codec, endpoints, speaking, signers)
    units = (signing.unit, requests, sockets, readings.unit, readings.decoders.unit, replies, streams, codec)
    return Program(spec.name, spec.file, tuple(unit for unit in units if unit.body))


def _socket_functions(
    spec: Spec, socket: str, units: tuple[Unit, Unit, Unit], signing: Signing, readings: Readings
) -> dict[str, ast.expr]:
    sockets, streams, codec = units
    sent = emit_socket_functions(spec, spec.sockets[socket], sockets, signing)
    functions: dict[str, ast.expr] = {role: codec.use_unit(sockets, each) for role, each in sent.items()}
    functions["read"] = codec.use_unit(streams, emit_frame_reader(spec.sockets[socket], streams, readings))
    return functions


def compile_spec(spec: Spec) -> Codec:
    """Spec -> Codec, in memory."""
    return write(spec).load()
