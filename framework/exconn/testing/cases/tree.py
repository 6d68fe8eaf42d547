"""Cases, once their file is trusted: what is asked of a codec, and what must come of it.

Rules: a case is one question with one expectation; the question is plain typed data, ready to be given to a codec; the
expectation stays a node of the document, so that a difference is shown at the line that was expected. A table of error
codes is as many cases as it has codes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from exconn import document
from exconn.codec import Answer, Arguments, Fresh
from exconn.document import Span

from .opinions import Note
from .survivors import Excuse


@dataclass(frozen=True, slots=True)
class AskedRequest:
    """A request that an endpoint builds."""

    operation: str
    arguments: Arguments
    fresh: Fresh


@dataclass(frozen=True, slots=True)
class WorkedSignature:
    """A documented request, signed by a recipe; `endpoint` is the name under which it is compiled beside the others.

    `target` is path and query; `body` is the JSON or form text as the documents show it.
    """

    endpoint: str
    recipe: str
    method: str
    origin: str
    target: str
    body: str
    fresh: Fresh


@dataclass(frozen=True, slots=True)
class SampleReply:
    """A documented answer to a request about `arguments`."""

    operation: str
    arguments: Arguments
    answer: Answer


@dataclass(frozen=True, slots=True)
class SampleFrame:
    """A documented frame of a socket: text, or the bytes of a packed one. `after`: frames of the same connection that
    came before it."""

    socket: str
    frame: str | bytes
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BrokenPayload:
    """A reply or a frame that lacks one value, which it needs; `lacks` is the path of that value."""

    payload: SampleReply | SampleFrame
    lacks: str


@dataclass(frozen=True, slots=True)
class SentFrame:
    """What we send over a socket: connect, login, subscribe, unsubscribe or ping."""

    socket: str
    what: str
    pairs: tuple[str, ...]
    fresh: Fresh


@dataclass(frozen=True, slots=True)
class BookStep:
    """A frame of the stream or a snapshot by REST (`is_snapshot`), and what it must do."""

    payload: str
    is_snapshot: bool
    expected: document.Mapping


@dataclass(frozen=True, slots=True)
class BookDialogue:
    """Frames and snapshots of one pair in their order, from the subscription on. `decimals`: of its prices and sizes,
    as its trading rule gives them."""

    socket: str
    pair: str
    steps: tuple[BookStep, ...]
    decimals: tuple[int | None, int | None] = (None, None)


Subject: TypeAlias = (
    AskedRequest | WorkedSignature | SampleReply | SampleFrame | BrokenPayload | SentFrame | BookDialogue
)


def payload_size(subject: Subject) -> int:
    """How much of the exchange's words a subject holds, in bytes or characters."""
    if isinstance(subject, BrokenPayload):
        return payload_size(subject.payload)
    if isinstance(subject, SampleReply):
        return len(subject.answer.body)
    if isinstance(subject, SampleFrame):
        return len(subject.frame)
    return sum(len(step.payload) for step in subject.steps) if isinstance(subject, BookDialogue) else 0


@dataclass(frozen=True, slots=True)
class Case:
    """`span`: where the case begins; `expected`: what must come of the subject, as it is written."""

    id: str
    source: str
    span: Span
    subject: Subject
    expected: document.Mapping


@dataclass(frozen=True, slots=True)
class Cases:
    """All cases of one spec, and what they share: dummy credentials, symbols, hosts, values of preparations; the
    mutants of the spec that may survive them, and notes on the opinions of others."""

    file: str
    spec: str
    span: Span
    credentials: Mapping[str, str]
    symbols: Mapping[str, Mapping[str, str]]
    hosts: Mapping[str, str]
    given: Mapping[str, str]
    cases: tuple[Case, ...]
    survivors: tuple[Excuse, ...] = ()
    opinions: tuple[Note, ...] = ()


NOTHING: Mapping[str, str] = MappingProxyType({})
