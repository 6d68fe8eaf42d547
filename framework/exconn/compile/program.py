"""The one compiler: a Spec becomes a few modules of `ast` nodes, which are run in memory or written down.

Rules: the functions that make the nodes are the same in both modes; `write` makes all of them, for a package;
`compile_spec` gives the codec at once, and each of its functions is written, with what it needs, by its first call.
Whatever the checks accept can be written, so that no first call finds what loading should have found: `make fuzz` and
the tests write everything that validates.
"""

import ast
from dataclasses import dataclass
from threading import Lock
from types import FunctionType

from exconn.codec import Codec
from exconn.compile.assemble import codec_of, emit_codec
from exconn.compile.emit import Named, Unit, Unwritten
from exconn.compile.lazy import arrived, late
from exconn.compile.spaces import Spaces
from exconn.compile.writing import Writing
from exconn.spec.tree import Spec


@dataclass(frozen=True, slots=True)
class Program:
    """The compiled spec, whole: `units` in an order in which each can be run."""

    name: str
    file: str
    units: tuple[Unit, ...]

    def module(self, unit: Unit) -> ast.Module:
        """The unit's definitions, ready to be compiled or unparsed; its imports are the Unit's own lists."""
        return ast.Module(list(unit.body), [])

    def load(self) -> Codec:
        """Run the program in memory. Its functions are compiled when they are first called."""
        spaces = Spaces(self.name, self.file)
        for unit in self.units:
            spaces.run(unit, unit.body)
        codec = spaces.of("codec")["CODEC"]
        assert isinstance(codec, Codec)
        return codec


def write(spec: Spec) -> Program:
    """The whole program of a spec. DocumentError where the checks let something through that cannot be compiled."""
    writing, unit = Writing(spec), Unit("codec")
    emit_codec(codec_of(spec, writing.functions, lambda each: Named(each.unit, each.write())), unit)
    return Program(spec.name, spec.file, tuple(each for each in (*writing.units, unit) if each.body))


def compile_spec(spec: Spec) -> Codec:
    """Spec -> Codec, in memory; its functions are written and compiled when they are first called."""
    memory = _Memory(Writing(spec))
    return codec_of(spec, memory.writing.functions, memory.function)


def finish(codec: Codec) -> None:
    """Write and compile now what would be by first calls, for whoever would rather wait once and at the beginning.

    DocumentError as of `write`."""
    found: list[object] = [each for of in codec.endpoints.values() for each in (of.build, of.read)]
    for socket in codec.sockets.values():
        found += [socket.connect, socket.subscribe, socket.read, socket.login, socket.ask_snapshot]
        found += [socket.ping.frame] if socket.ping is not None else []
    found += [signer.sign for signer in codec.signers.values()]
    for each in found:
        if isinstance(each, FunctionType):
            arrived(each)


class _Memory:
    """A program that is written and run as far as it is used."""

    def __init__(self, writing: Writing) -> None:
        self.writing = writing
        self._spaces = Spaces(writing.spec.name, writing.spec.file)
        self._lock = Lock()

    def function(self, unwritten: Unwritten) -> FunctionType:
        """The function, waiting for its first call."""
        written: list[FunctionType] = []

        def make() -> FunctionType:
            with self._lock:  # they share what they are made of: one is written at a time
                if not written:
                    written.append(self._written(unwritten))
                return arrived(written[0])

        return late(unwritten.stem, self._spaces.of(unwritten.unit.title), make)

    def _written(self, unwritten: Unwritten) -> FunctionType:
        identifier = unwritten.write()
        for unit in self.writing.units:
            self._spaces.run(unit, unit.take())
        function: FunctionType = self._spaces.of(unwritten.unit.title)[identifier]
        return function
