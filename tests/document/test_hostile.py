"""Files made to break a loader: bombs in a process of their own with a budget, and random bytes and tokens."""

import json
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exconn.document import (
    DocumentError,
    Findings,
    find,
    key_span,
    load,
    readable,
    render_github,
    render_json,
    render_text,
    to_plain,
)
from exconn.document.events import parse_events

# name -> (an expression for the bytes, the codes found, or None where the file is good)
BOMBS: dict[str, tuple[str, list[str] | None]] = {
    "brackets": ("b'[' * 200_000", ["too-deep"]),
    "brackets of the whole size": ("b'[' * 524_288", ["too-deep"]),
    "braces": ("b'{' * 524_288", ["too-deep"]),
    "braces and keys": ("b'{a: ' * 100_000", ["too-deep"]),
    "dashes": ("b'- ' * 262_144", ["too-deep"]),
    "question marks": ("b'? ' * 262_144", ["too-deep"]),
    "a staircase": ("b''.join(b' ' * i + b'a:\\n' for i in range(1000))", ["too-deep"]),
    "brackets over lines": ("b'[\\n' * 200_000", ["too-deep"]),
    "billion laughs": (
        "b'a0: &a0 [x, x]\\n' + b''.join(b'a%d: &a%d [*a%d, *a%d]\\n' % (i, i, i-1, i-1) for i in range(1, 30))",
        ["anchor", *["anchor", "alias", "alias"] * 29],
    ),
    "merge chain": (
        "b'a0: &a0 {k: v}\\n' + b''.join(b'a%d: &a%d {<<: [*a%d, *a%d]}\\n' % (i, i, i-1, i-1) for i in range(1, 20))",
        ["anchor", *["anchor", "merge-key", "alias", "alias"] * 19],
    ),
    "an alias to itself": ("b'&a [*a]'", ["anchor", "alias"]),
    "one key 60,000 times": ("b'a:\\n' * 60_000", [*["duplicate-key"] * 100, "too-many-findings"]),
    "one long text": ("b'a: ' + b'x' * 520_000", ["scalar-too-long"]),
    "one long key": ("b'? ' + b'x' * 520_000", ["scalar-too-long"]),
    "one long quoted text": ("b'a: \"' + b'\\\\n' * 262_000 + b'\"'", ["scalar-too-long"]),
    "a text over lines": ("b'a:\\n' + b' x\\n' * 170_000", ["scalar-too-long"]),
    "an open quote": ("b'a: \"' + b'x ' * 262_000", ["yaml-syntax"]),
    "open quotes over lines": ("b'a: \"' + b'x\\n' * 262_000", ["yaml-syntax"]),
    "commas": ("b'[' + b'a,' * 262_000 + b']'", ["too-many-nodes"]),
    "colons": ("b':' * 524_288", ["scalar-too-long", "yaml-syntax"]),
    "anchors": ("b'[' + b'&a a,' * 100_000", [*["anchor"] * 100, "too-many-findings"]),
    "documents": ("b'---\\n' * 100_000", ["multiple-documents"]),
    "line ends": ("b'\\n' * 524_288", ["empty-document"]),
    "comments": ("b'#\\n' * 262_144", ["empty-document"]),
    "zero bytes": ("bytes(524_288)", [*["control-character"] * 100, "too-many-findings"]),
    "not text": ("b'\\xff' * 524_288", ["not-utf8"]),
    "too large": ("b'a' * 50_000_000", ["too-large"]),
    "a large number": ("b'a: ' + b'9' * 16_000", None),
    "a large good file": ("b''.join(b'k%d: [a, 1]\\n' % i for i in range(12_000))", None),
    "a long good list of keys": ("b''.join(b'k%d: v\\n' % i for i in range(24_000))", None),
}

PROBE = """
import json, re, sys, time
from pathlib import Path
from exconn.document import DocumentError, load, readable, render_json, render_text, to_plain
for name, expression in json.load(sys.stdin):
    data = eval(expression)
    started = time.process_time()
    try:
        to_plain(load(data, "x.yaml"))
        codes = None
    except DocumentError as error:
        codes = [diagnostic.code for diagnostic in error.diagnostics]
        render_text(error.diagnostics, {"x.yaml": readable(data)})
        render_json(error.diagnostics)
    took = time.process_time() - started
    # the peak of this program alone: getrusage's also counts what the process was before exec
    peak = int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
    print(json.dumps([name, codes, took, peak]))
"""


def test_bombs_are_refused_in_time_and_memory_without_a_crash() -> None:
    work = json.dumps([(name, expression) for name, (expression, _) in BOMBS.items()])
    run = subprocess.run(
        [sys.executable, "-c", PROBE], input=work, capture_output=True, text=True, timeout=60, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    assert {name: codes for name, codes, _, _ in rows} == {name: codes for name, (_, codes) in BOMBS.items()}
    assert [(name, took) for name, _, took, _ in rows if took > 2] == []
    assert [(name, kilobytes) for name, _, _, kilobytes in rows if kilobytes > 256 * 1024] == []


TOKENS = st.sampled_from([
    "a", "b: ", ": ", "? ", "- ", "\n", "\n  ", "\n    ", " ", "\t", "[", "]", "{", "}", ",", "&x ", "*x", "!t ", "!",
    "|", ">", "'", '"', "#", "%", "@", "`", "---\n", "...\n", "<<: ", "0123", "12:30:45", "NO", "true", "null", "~",
    "\r\n", "\r", "\u2028", "漢", "\ufeff", "\x00", "%YAML 1.1\n", "\U0001f600", "5", "x" * 200, "!<", "%", "\\x",
])  # fmt: skip


def check(data: bytes) -> None:
    """Either a tree whose every position is in the file, or findings that render; nothing else."""
    lines = readable(data).split("\n")
    try:
        root = load(data, "x.yaml")
    except DocumentError as error:
        assert error.diagnostics
        for diagnostic in error.diagnostics:
            assert 1 <= diagnostic.span.line <= len(lines)
            assert 1 <= diagnostic.span.col <= len(lines[diagnostic.span.line - 1]) + 1
        shown = render_text(error.diagnostics, {"x.yaml": "\n".join(lines)}) + render_github(error.diagnostics)
        assert shown.replace("\n", "").isprintable()
        assert len(json.loads(render_json(error.diagnostics))) == len(error.diagnostics)
        return
    json.dumps(to_plain(root))
    assert find(root, []) is root
    assert key_span(root, []) == root.span


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TOKENS, max_size=40).map("".join))
def test_any_tokens(text: str) -> None:
    check(text.encode())


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    check(data)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=100))
def test_any_text(text: str) -> None:
    check(text.encode("utf-8", "surrogatepass"))


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.text(st.characters(codec="ascii", exclude_categories=["Cc"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcdefgh", min_size=1), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PLAIN)
def test_json_data_comes_back_as_it_was(data: object) -> None:
    written = json.dumps(data)
    assert to_plain(load(written.encode(), "x.yaml")) == data


@pytest.mark.parametrize("stop_after", [1, 5, 40])
def test_leaving_the_parser_early_is_safe(stop_after: int) -> None:
    findings = Findings()
    for _ in range(50):
        events = parse_events("[" * 1000 + "a: b\n" * 1000, "x.yaml", findings)
        assert len([event for event, _ in zip(events, range(stop_after), strict=False)]) == stop_after
    assert findings.sorted() == ()
