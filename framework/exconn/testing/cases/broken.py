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
FORM: Final = r"^[\w-]+([.][\w-]+)*$"


def broken_cases(whole: Case, node: Mapping, findings: Findings) -> Iterator[Case]:
    """A case for each value that the sample of `whole` needs."""
    sample = whole.subject
    assert isinstance(sample, SampleReply | SampleFrame)
    text = sample.frame if isinstance(sample, SampleFrame) else sample.answer.body.decode()
    message = _decoded(text)
    for needed in items_of(node.get("needs")) if text else ():
        assert isinstance(needed, Scalar)
        try:
            broken = _without(message, needed.text)
        except (LookupError, TypeError):
            said = f"the payload has no value at {quoted(needed.text)}"
            findings.add("missing-value", said, needed.span, "write the path of a value in it, as data.0.price")
            continue
        name = f"{whole.id}/without/{needed.text}"
        yield Case(name, whole.source, needed.span, _lacking(sample, broken, needed.text), _unreadable(needed.span))


def _decoded(text: str | bytes) -> Any:
    """The JSON text's value, in which nothing is found where it is no JSON."""
    try:
        return decode(text)
    except ExconnError:
        return None


def _without(message: Any, path: str) -> str:
    """`message` as JSON text with null at the path, itself left as it was; LookupError where there is no value."""
    steps = [int(step) if step.isdecimal() else step for step in path.split(".")]
    holder = message
    for step in steps[:-1]:
        holder = holder[step]
    needed = holder[steps[-1]]
    if needed is None:
        raise LookupError(path)
    holder[steps[-1]] = None
    text = _encode(message).decode()
    holder[steps[-1]] = needed
    return text


def _lacking(sample: SampleReply | SampleFrame, text: str, path: str) -> BrokenPayload:
    if isinstance(sample, SampleFrame):
        return BrokenPayload(replace(sample, frame=text), path)
    answer = Answer(sample.answer.status, sample.answer.headers, text.encode())
    return BrokenPayload(replace(sample, answer=answer), path)


def _unreadable(span: Span) -> Mapping:
    entry = Entry(Scalar("is", "is", span, True), Scalar("unreadable", "unreadable", span, True))
    return Mapping((entry,), span)
