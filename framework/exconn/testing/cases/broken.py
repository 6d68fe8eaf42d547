"""Payloads that lack a value which they need: `needs` of a sample, a case a value.

Rules: a path is keys and indexes, `data.items.0.price`; the value at its end becomes null, which is the same as being
absent; whoever reads the payload must call it unreadable, wholly or in one record, and never pass it on as it is.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import msgspec

from exconn.codec import Answer, decode
from exconn.document import Entry, Findings, Mapping, Scalar, Span, quoted
from exconn.errors import ExconnError

from .inputs import items_of
from .tree import BrokenPayload, Case, SampleFrame, SampleReply

_encode = msgspec.json.Encoder(decimal_format="number").encode
FORM: Final = r"^\w+([.]\w+)*$"


def broken_cases(whole: Case, node: Mapping, findings: Findings) -> Iterator[Case]:
    """A case for each value that the sample of `whole` needs."""
    sample = whole.subject
    assert isinstance(sample, SampleReply | SampleFrame)
    text = sample.frame if isinstance(sample, SampleFrame) else sample.answer.body.decode()
    for needed in items_of(node.get("needs")) if text else ():
        assert isinstance(needed, Scalar)
        try:
            broken = _without(text, needed.text)
        except (ExconnError, LookupError, TypeError):
            message = f"the payload has no value at {quoted(needed.text)}"
            findings.add("missing-value", message, needed.span, "write the path of a value in it, as data.0.price")
            continue
        name = f"{whole.id}/without/{needed.text}"
        yield Case(name, whole.source, needed.span, _lacking(sample, broken, needed.text), _unreadable(needed.span))


def _without(text: str, path: str) -> str:
    """The JSON text with null at the path; LookupError where there is no value."""
    message: Any = decode(text)
    steps = [int(step) if step.isdecimal() else step for step in path.split(".")]
    holder = message
    for step in steps[:-1]:
        holder = holder[step]
    if holder[steps[-1]] is None:
        raise LookupError(path)
    holder[steps[-1]] = None
    return _encode(message).decode()


def _lacking(sample: SampleReply | SampleFrame, text: str, path: str) -> BrokenPayload:
    if isinstance(sample, SampleFrame):
        return BrokenPayload(replace(sample, frame=text), path)
    answer = Answer(sample.answer.status, sample.answer.headers, text.encode())
    return BrokenPayload(replace(sample, answer=answer), path)


def _unreadable(span: Span) -> Mapping:
    entry = Entry(Scalar("is", "is", span, True), Scalar("unreadable", "unreadable", span, True))
    return Mapping((entry,), span)
