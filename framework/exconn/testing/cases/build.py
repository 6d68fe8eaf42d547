"""Nodes to Cases: one builder a section, each giving the subject and the keys that are its expectation.

Rules: a case states exactly one outcome; an id is given once; a table of error codes becomes a case a code, and
`needs` a case a value, whose expectation stands at the code or the value.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from exconn.codec import Answer
from exconn.document import Entry, Findings, Mapping, Scalar, Sequence, Span, quoted

from .broken import broken_cases
from .inputs import Samples, items_of, read_arguments, read_fresh, text_at, texts_of
from .opinions import read_opinions
from .survivors import read_survivors
from .tree import (
    AskedRequest,
    BookDialogue,
    BookStep,
    Case,
    Cases,
    SampleFrame,
    SampleReply,
    SentFrame,
    Subject,
    WorkedSignature,
    payload_size,
)
from .vocabulary import CODE_MARK, MAX_CASES, MAX_PAYLOADS

_REPLY_KEYS: Final = ("gives", "next", "given", "refuses", "error", "unread", "unanswered", "redirected")
_ENDINGS: Final = {
    "requests": ("sends", "refused"),
    "replies": ("gives", "error", "unread", "unanswered", "redirected"),
    "sent": ("sends", "frames", "protocol_ping"),
}


def build_cases(root: Mapping, file: str, findings: Findings) -> Cases:
    """The cases of a document that its schema has accepted."""
    spec = text_at(root, "spec")
    samples = Samples(Path(file).parent / "samples" / spec, findings)
    cases = _bounded(_cases(root, samples, findings), findings)
    _check_ids(cases, findings)
    symbols = root.get("symbols")
    forms = symbols.entries if isinstance(symbols, Mapping) else ()
    return Cases(
        file=file,
        spec=spec,
        span=root.span,
        credentials=texts_of(root.get("credentials")),
        symbols={form.key.text: texts_of(form.value) for form in forms},
        hosts=texts_of(root.get("hosts")),
        given=texts_of(root.get("given")),
        cases=cases,
        survivors=read_survivors(root),
        opinions=read_opinions(root),
    )


def _bounded(cases: Iterator[Case], findings: Findings) -> tuple[Case, ...]:
    """The cases, of which a table or a sample that is used often can make more than anybody means."""
    made: list[Case] = []
    held = 0
    for case in cases:
        held += payload_size(case.subject)
        if len(made) == MAX_CASES or held > MAX_PAYLOADS:
            message = f"the file makes more than {MAX_CASES} cases, or {MAX_PAYLOADS} bytes of payloads"
            findings.fail("too-many-cases", message, case.span, "shorten its tables and samples")
        made.append(case)
    return tuple(made)


def _cases(root: Mapping, samples: Samples, findings: Findings) -> Iterator[Case]:
    for section, build in _SECTIONS.items():
        for number, node in enumerate(items_of(root.get(section)), 1):
            assert isinstance(node, Mapping)
            _check_endings(section, node, findings)
            for case in build(node, number, samples):
                yield case
                yield from broken_cases(case, node, findings) if node.get("needs") is not None else ()
    for node in items_of(root.get("errors")):
        assert isinstance(node, Mapping)
        yield from _error_table(node, findings)


def _check_endings(section: str, node: Mapping, findings: Findings) -> None:
    endings = _ENDINGS.get(section)
    if endings is None or sum(node.get(key) is not None for key in endings) == 1:
        return
    message = f"a case of {section} has exactly one of {', '.join(endings)}"
    findings.add("bad-outcome", message, _id_span(node), "say what must come of it")


def _check_ids(cases: tuple[Case, ...], findings: Findings) -> None:
    seen: dict[str, Case] = {}
    for case in cases:
        first = seen.setdefault(case.id, case)
        if first is not case:
            message = f"the id {quoted(case.id)} is given twice; first on line {first.span.line}"
            findings.add("repeated-id", message, case.span, "give each case its own id")


def _id_span(node: Mapping) -> Span:
    found = node.get("id")
    return node.span if found is None else found.span


def _case(node: Mapping, subject: Subject, *keys: str) -> Case:
    """The case, expecting what stands under `keys`."""
    kept = tuple(entry for entry in node.entries if entry.key.text in keys)
    return Case(text_at(node, "id"), text_at(node, "source"), _id_span(node), subject, Mapping(kept, _id_span(node)))


def _request(node: Mapping, number: int, samples: Samples) -> Iterator[Case]:
    asked = AskedRequest(text_at(node, "operation"), read_arguments(node.get("with")), read_fresh(node.get("fresh")))
    yield _case(node, asked, "sends", "refused", "nonce")


def _signature(node: Mapping, number: int, samples: Samples) -> Iterator[Case]:
    method, _, url = text_at(node, "http").partition(" ")
    scheme, _, rest = url.partition("://")
    host, slash, target = rest.partition("/")
    worked = WorkedSignature(
        endpoint=f"signature_{number}",
        recipe=text_at(node, "recipe"),
        method=method,
        origin=f"{scheme}://{host}",
        target=slash + target,
        body=text_at(node, "body"),
        fresh=read_fresh(node.get("fresh")),
    )
    yield _case(node, worked, "sends", "nonce")


def _reply(node: Mapping, number: int, samples: Samples) -> Iterator[Case]:
    headers = {name.lower(): value for name, value in texts_of(node.get("headers")).items()}
    body = samples.payload(node, "body").encode()
    answer = Answer(int(text_at(node, "http", "200")), headers, body)
    reply = SampleReply(text_at(node, "operation"), read_arguments(node.get("with")), answer)
    yield _case(node, reply, *_REPLY_KEYS)


def _frame(node: Mapping, number: int, samples: Samples) -> Iterator[Case]:
    packed = samples.packed(node)
    payload = samples.payload(node, "frame") if packed is None else packed
    after = tuple(item.text for item in items_of(node.get("after")) if isinstance(item, Scalar))
    frame = SampleFrame(text_at(node, "socket"), payload, after)
    yield _case(node, frame, "is", "gives", "error", "answer", "opened", "count")


def _sent(node: Mapping, number: int, samples: Samples) -> Iterator[Case]:
    pairs = tuple(item.text for item in items_of(node.get("pairs")) if isinstance(item, Scalar))
    sent = SentFrame(text_at(node, "socket"), text_at(node, "what"), pairs, read_fresh(node.get("fresh")))
    yield _case(node, sent, "sends", "frames", "protocol_ping", "nonce")


def _book(node: Mapping, number: int, samples: Samples) -> Iterator[Case]:
    steps = tuple(_step(step, samples) for step in items_of(node.get("steps")) if isinstance(step, Mapping))
    decimals = texts_of(node.get("decimals"))
    price, size = (int(decimals[each]) if each in decimals else None for each in ("price", "size"))
    yield _case(node, BookDialogue(text_at(node, "socket"), text_at(node, "pair"), steps, (price, size)))


def _step(node: Mapping, samples: Samples) -> BookStep:
    is_snapshot = node.get("snapshot") is not None
    payload = samples.payload(node, "snapshot" if is_snapshot else "frame")
    kept = tuple(entry for entry in node.entries if entry.key.text in ("does", "why", "book"))
    if node.get("does") is None:
        kept += (Entry(_key("does", node.span), Sequence((), node.span)),)
    return BookStep(payload, is_snapshot, Mapping(kept, node.span))


_SECTIONS: Final[dict[str, Callable[[Mapping, int, Samples], Iterator[Case]]]] = {
    "requests": _request,
    "signatures": _signature,
    "replies": _reply,
    "frames": _frame,
    "sent": _sent,
    "books": _book,
}


def _error_table(node: Mapping, findings: Findings) -> Iterator[Case]:
    """A case for each code, operation and socket of a table."""
    owners = [(True, item) for item in items_of(node.get("operations"))]
    owners += [(False, item) for item in items_of(node.get("sockets"))]
    if not owners:
        findings.add("bad-outcome", "the table is of no operation and no socket", _id_span(node), "add operations")
    if CODE_MARK not in text_at(node, "body"):
        findings.add("bad-payload", f"the body has no {CODE_MARK}", _id_span(node), f"write {CODE_MARK} for the code")
    meanings = node.get("meanings")
    assert isinstance(meanings, Mapping)
    for meaning in meanings.entries:
        for code in items_of(meaning.value):
            for is_operation, owner in owners:
                assert isinstance(code, Scalar) and isinstance(owner, Scalar)
                yield _error_case(node, meaning.key, code, owner, is_operation)


def _error_case(node: Mapping, meaning: Scalar, code: Scalar, owner: Scalar, is_operation: bool) -> Case:
    wire = code.text if isinstance(code.value, int) else f'"{code.text}"'
    body = text_at(node, "body").replace(CODE_MARK, wire)
    error = [Entry(_key("meaning", code.span), Scalar(meaning.text, meaning.text, code.span, True))]
    error.append(Entry(_key("code", code.span), code))
    text = node.entry("text")
    error += [text] if text is not None else []
    expected = [Entry(_key("error", code.span), Mapping(tuple(error), code.span))]
    subject: Subject
    if is_operation:
        answer = Answer(int(text_at(node, "http", "200")), {}, body.encode())
        subject = SampleReply(owner.text, read_arguments(None), answer)
    else:
        subject = SampleFrame(owner.text, body)
        expected.append(Entry(_key("is", code.span), Scalar("error", "error", code.span, True)))
    name = f"{text_at(node, 'id')}/{owner.text}/{wire}"
    return Case(name, text_at(node, "source"), code.span, subject, Mapping(tuple(expected), code.span))


def _key(text: str, span: Span) -> Scalar:
    return Scalar(text, text, span, True)
