"""A spec with one wrong field fails validate or test, with a message that names the line of that field."""

import re

import pytest

from exconn.document import Diagnostic, DocumentError
from exconn.shipped import find
from exconn.testing.cases import Mode, try_spec

SPEC, CASES = find("myexchange", ".yaml"), find("myexchange", ".cases.yaml")

# What is wrong -> (the words of the spec, what is written instead, what the message says).
WRONG = {
    "an unmapped status": ("expired: expired, ", "", "'expired' is not a word of words.state"),
    "a status mapped to another": ("filled: filled, ", "filled: [filled, rejected], ", "'rejected' means both"),
    "a status that is none of ours": ("canceled: cancelled", "cancelled: cancelled", "'cancelled' is no state of ours"),
    "a path that is not in the sample": ("filled: filled\n", "filled: executed\n", "filled: required, but absent"),
    "a path of rows that are not there": ("rows: data.items", "rows: data.fills", "no rows are there"),
    "a path of another value": ("total: total", "total: held", "balance.total: expected '0.5', came '0'"),
    "a wrong hash": ("{sha256:", "{sha512:", "headers.MX-SIGN: expected"),
    "a wrong MAC": (
        'hmac_sha512: "{time_ms}\\n{nonce}\\n{method}',
        'hmac_sha256: "{time_ms}\\n{nonce}\\n{method}',
        "MX-SIGN",
    ),
    "a wrong encoding of the signature": (
        "key: secret_key, as: base64}\n    after",
        "key: secret_key, as: hex}\n    after",
        "MX-SIGN",
    ),
    "something else signed": ("\\n{path_query}\\n", "\\n{path}\\n", "headers.MX-SIGN: expected"),
    "another order of what is signed": ("{time_ms}\\n{nonce}\\nLOGIN", "{nonce}\\n{time_ms}\\nLOGIN", "frames[0].sign"),
    "a wrong unit of time": ("time: updated as us", "time: updated as ms", "order"),
    "the sides exchanged": (
        "buy: bid, sell: ask",
        "buy: ask, sell: bid",
        'sends.body.side: expected "bid", came "ask"',
    ),
    "a wrong constant": ("type: post_only", "type: limit_maker", 'sends.body.type: expected "post_only"'),
    "a wrong parameter": ("depth: 1000", "depth: 100", 'sends.http.depth: expected "1000", came "100"'),
    "a wrong path of a request": ("GET /v1/orders/open", "GET /v1/orders", "sends.http: expected"),
    "a fence of another length": (
        "window, seconds: 5}",
        "window, seconds: 6}",
        "sends.headers.MX-WINDOW: expected '5000'",
    ),
    "an error of another meaning": (
        "would_cross: [2012]",
        "auth: [2012]",
        "error.meaning: expected 'would_cross', came 'auth'",
    ),
    "an error code that is not listed": (
        "would_cross: [2012]",
        "would_cross: [2112]",
        "error.meaning: expected 'would_cross'",
    ),
    "a success that is none": ("success: {code: 0}", "success: {code: 5}", "expected gives"),
    "a message that no frame is": (
        "match: {topic: fills}",
        "match: {topic: fill}",
        "is: expected 'message', came 'unknown'",
    ),
    "two messages that claim a frame": ("match: {topic: fills}", "match: {topic: orders}", "nothing tells them apart"),
    "an optional field that is required": ("price: price or none", "price: price", "price: required, but absent"),
    "levels of the other side": (
        "asks: {rows: asks}",
        "asks: {rows: bids}",
        "bids and asks are read in the same place",
    ),
    "a gap that is none": ("first_id: first", "first_id: ts", "first_id: expected '48211'"),
    "an unknown key": ("same_id: refused", "same_ids: refused", "unknown key 'same_ids'"),
    "an unknown recipe": ("signed: login", "signed: logins", "'logins'"),
}


def findings_of(spec: str) -> list[Diagnostic]:
    data = spec.encode()
    try:
        trials = try_spec(data, "myexchange.yaml", CASES.read_bytes(), str(CASES), [Mode.MEMORY])
    except DocumentError as error:
        return list(error.diagnostics)
    return [finding for trial in trials for finding in trial.findings]


def lines_of(finding: Diagnostic) -> set[int]:
    """The lines of the spec that a finding names: its own place, and those in its message and hint."""
    named = re.findall(r"myexchange\.yaml:(\d+)", f"{finding.message} {finding.hint}")
    own = {finding.span.line} if finding.span.file == "myexchange.yaml" else set()
    return own | set(map(int, named))


@pytest.mark.parametrize("wrong", WRONG)
def test_the_message_names_the_line(wrong: str) -> None:
    right, written, said = WRONG[wrong]
    spec = SPEC.read_text(encoding="utf-8")
    assert right in spec, "the spec does not say that any more"
    line = spec[: spec.index(right)].count("\n") + 1
    findings = findings_of(spec.replace(right, written, 1))
    telling = [finding for finding in findings if said in finding.message]
    assert telling, "\n".join(map(str, findings[:5]))
    assert any(line in lines_of(finding) for finding in telling), f"line {line}: {telling[0]}\n{telling[0].hint}"


def test_the_right_spec_has_no_finding() -> None:
    assert findings_of(SPEC.read_text(encoding="utf-8")) == []
