"""The cases in groups, each with the parts of a spec that it asks: an endpoint's request or its reply, what a socket is
told or what it says.

Rules: a group can be run against a codec that has only those parts; cases of a book need a socket and the snapshots;
an endpoint that gives values is part of every slice, as its names may be used anywhere.
"""

from dataclasses import dataclass, field, replace
from typing import TypeAlias

from exconn.spec import Spec
from exconn.spec.tree import Control, Endpoint, Parts, Socket
from exconn.testing.cases import Case, Cases
from exconn.testing.cases.tree import (
    AskedRequest,
    BookDialogue,
    BrokenPayload,
    SampleFrame,
    SampleReply,
    SentFrame,
    WorkedSignature,
)

# The names of endpoints and of sockets, and whether they are read, or else written.
_Asked: TypeAlias = tuple[frozenset[str], frozenset[str], bool]


@dataclass(eq=False, slots=True)
class Slice:
    """`cases`: each case on its own, to be run one by one."""

    endpoints: frozenset[str]
    sockets: frozenset[str]
    is_read: bool
    cases: list[Cases] = field(default_factory=list)

    def cut(self, spec: Spec) -> Spec:
        """The spec with only the parts of this slice."""
        return replace(spec, endpoints=self._endpoints(spec), sockets=self._sockets(spec))

    def differs(self, spec: Spec, good: Spec) -> bool:
        """Whether the two say something else of its parts."""
        return self._endpoints(spec) != self._endpoints(good) or self._sockets(spec) != self._sockets(good)

    def _endpoints(self, spec: Spec) -> dict[str, Endpoint]:
        half = _answer if self.is_read else _question
        return {
            name: half(each) if name in self.endpoints and not each.gives else each
            for name, each in spec.endpoints.items()
            if name in self.endpoints or each.gives
        }

    def _sockets(self, spec: Spec) -> dict[str, Socket]:
        half = _said if self.is_read else _told
        return {name: half(each) for name, each in spec.sockets.items() if name in self.sockets}


def _question(endpoint: Endpoint) -> Endpoint:
    return replace(endpoint, reply=(), errors=())


def _answer(endpoint: Endpoint) -> Endpoint:
    return replace(endpoint, path=replace(endpoint.path, parts=("/",)), parts=Parts(), variants=(), signed=None)


def _told(socket: Socket) -> Socket:
    return replace(socket, messages=(), errors=(), control=Control())


def _said(socket: Socket) -> Socket:
    return replace(socket, subscribe=(), login=None, ask_snapshot=None, ping=None)


def slices_of(cases: Cases) -> list[Slice]:
    """All cases, each in the slice of what it asks."""
    slices: dict[_Asked, Slice] = {}
    for case in cases.cases:
        asked = _asked(case)
        slices.setdefault(asked, Slice(*asked)).cases.append(replace(cases, cases=(case,)))
    return list(slices.values())


def _asked(case: Case) -> _Asked:
    subject = case.subject
    if isinstance(subject, BrokenPayload):
        subject = subject.payload
    if isinstance(subject, AskedRequest | SampleReply):
        return frozenset({subject.operation}), frozenset(), isinstance(subject, SampleReply)
    if isinstance(subject, WorkedSignature):
        return frozenset({subject.endpoint}), frozenset(), False
    if isinstance(subject, BookDialogue):
        return frozenset({"book_snapshot"}), frozenset({subject.socket}), True
    assert isinstance(subject, SampleFrame | SentFrame)
    return frozenset(), frozenset({subject.socket}), isinstance(subject, SampleFrame)
