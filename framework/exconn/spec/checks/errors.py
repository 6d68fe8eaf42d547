"""Errors: rows that cannot both be right, rows that no reply can reach.

Rules: within one table, the same conditions have one meaning; a row that looks at a code or a text needs an envelope
that reads one; a row that proves that nothing was executed names what it proves it by, since what is not listed must
stay of unknown outcome: a code that is anything but some, or a 5xx alone, would claim what no document says.
"""

from collections.abc import Iterable, Iterator

from exconn.document import Findings, Span, quoted
from exconn.spec.checks.overlap import implies
from exconn.spec.pieces import Literal, Test, TestKind
from exconn.spec.tree import Envelope, ErrorRow, FrameError, Spec

_PROVE_NOTHING = ("maintenance", "outcome_unknown")
_NAMING = (TestKind.IS, TestKind.ANY_OF, TestKind.STARTS, TestKind.CONTAINS)


def check_errors(spec: Spec, findings: Findings) -> None:
    _check_rows(spec.errors, findings)
    readers: list[Envelope | FrameError | None] = [*spec.envelopes.values()]
    readers += [socket.control.error for socket in spec.sockets.values()]
    codes = any(reader is not None and reader.code is not None for reader in readers)
    texts = any(reader is not None and reader.text is not None for reader in readers)
    _check_reach(spec.errors, codes, texts, "no envelope", findings)
    _check_success(spec.errors, [each for each in spec.envelopes.values() if each.code is not None], findings)
    for endpoint in spec.endpoints.values():
        _check_rows(endpoint.errors, findings)
        envelope = endpoint.envelope
        _check_success(endpoint.errors, [envelope] if envelope is not None else [], findings)
        has_code = envelope is not None and envelope.code is not None
        has_text = envelope is not None and envelope.text is not None
        _check_reach(endpoint.errors, has_code, has_text, f"the envelope of {endpoint.operation} does not", findings)
    for socket in spec.sockets.values():
        _check_rows(socket.errors, findings)
        error = socket.control.error
        has_code, has_text = error is not None and error.code is not None, error is not None and error.text is not None
        _check_reach(socket.errors, has_code, has_text, f"control.error of {socket.name} does not", findings)


def _check_proof(row: ErrorRow, findings: Findings) -> None:
    """A row of a proven meaning claims only what it names."""
    if row.meaning in _PROVE_NOTHING:
        return
    if row.code is not None and (row.code.kind not in _NAMING or None in row.code.values):
        message = f"{row.meaning} proves that nothing was executed, but this code is also that of errors not listed"
        findings.add("unproven", message, row.code.span, "list the codes, or how they begin")
    elif row.code is None and row.text is None and any(not 400 <= status < 500 for status in row.http):
        message = f"{row.meaning} proves that nothing was executed, but an HTTP status that is not 4xx proves nothing"
        findings.add(
            "unproven", message, row.span, "add the code or the text that comes with it, or say outcome_unknown"
        )


def _check_rows(rows: Iterable[ErrorRow], findings: Findings) -> None:
    seen: dict[object, ErrorRow] = {}
    for row in rows:
        _check_proof(row, findings)
        for key, shown in _keys(row):
            first = seen.setdefault(key, row)
            if first is row:
                continue
            if first.meaning != row.meaning:
                message = f"{shown} means {row.meaning}, and {first.meaning} on line {first.span.line}"
                hint = "give it one meaning, or add a condition to one of them"
                findings.add("errors-overlap", message, row.span, hint)
            else:
                findings.add("repeated", f"{shown} is listed already", row.span, "delete it")


def _keys(row: ErrorRow) -> Iterator[tuple[object, str]]:
    """One key for each code and status of a row: rows with a key in common match the same errors."""
    for status in row.http or (None,):
        rest = row.text, status
        if row.code is None:
            yield rest, f"the text {quoted(row.text)}" if row.text else f"http {status}"
        elif row.code.kind in (TestKind.IS, TestKind.ANY_OF):
            for value in row.code.values:
                yield (type(value), value, rest), f"the code {_written(value)}"
        else:
            yield (row.code.kind, row.code.values, rest), "this code"


def _written(literal: Literal) -> str:
    return quoted(literal) if isinstance(literal, str) else "null" if literal is None else str(literal).lower()


def _check_reach(rows: Iterable[ErrorRow], codes: bool, texts: bool, who: str, findings: Findings) -> None:
    for row in rows:
        if row.code is not None and not codes:
            _report(row.span, "code", who, findings)
        elif row.text is not None and not texts:
            _report(row.span, "text", who, findings)


def _report(span: Span, what: str, who: str, findings: Findings) -> None:
    subject = f"{who} reads" if who.startswith("no ") else f"{who} read"
    message = f"this error is found by its {what}, but {subject} a {what}"
    findings.add("unreachable-error", message, span, f"add {what}: PATH, where it stands in a reply that is an error")


def _check_success(rows: Iterable[ErrorRow], envelopes: list[Envelope], findings: Findings) -> None:
    """A code that calls a reply a success never comes to be asked as an error."""
    for row in rows:
        if row.http or row.code is None or not envelopes:
            continue
        if all(_is_success(row.code, envelope) for envelope in envelopes):
            message = f"{row.meaning} can never be: its code is what the envelope calls a success"
            hint = "delete it, or take the code out of the envelope's success"
            findings.add("unreachable-error", message, row.span, hint)


def _is_success(code: Test, envelope: Envelope) -> bool:
    if len(envelope.success.lines) != 1 or envelope.code is None:
        return False
    line = envelope.success.lines[0]
    return line.path.text == envelope.code.text and implies(code, line.test)
