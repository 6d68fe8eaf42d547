"""The collector of findings, the error that carries them, and words safe to show."""

import pytest

from exconn.document import DocumentError, Findings, Span, printable, quoted


def at(line: int) -> Span:
    return Span("x.yaml", line, 1)


def test_warnings_alone_do_not_raise() -> None:
    findings = Findings()
    findings.add("w", "odd", at(2), severity="warning")
    findings.raise_errors()
    assert not findings.has_errors
    findings.add("e", "wrong", at(1))
    with pytest.raises(DocumentError) as caught:
        findings.raise_errors()
    assert str(caught.value) == "x.yaml:1:1: error[e] wrong\nx.yaml:2:1: warning[w] odd"


def test_fail_raises_with_what_was_found_before() -> None:
    findings = Findings()
    findings.add("b", "later", at(3))
    with pytest.raises(DocumentError) as caught:
        findings.fail("a", "earlier", at(2), "mend it")
    assert [(d.code, d.hint) for d in caught.value.diagnostics] == [("a", "mend it"), ("b", None)]


@pytest.mark.parametrize(("last", "severity"), [("error", "error"), ("warning", "warning")])
def test_an_error_beyond_the_bound_still_counts(last: str, severity: str) -> None:
    findings = Findings(keep=2)
    for line in (1, 2):
        findings.add("w", "odd", at(line), severity="warning")
    findings.add("l", "last", at(3), severity="error" if last == "error" else "warning")
    assert findings.has_errors is (last == "error")
    assert [(d.code, d.severity, d.span.line) for d in findings.sorted()] == [
        ("w", "warning", 1), ("w", "warning", 2), ("too-many-findings", severity, 3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a", "'a'"),
        ("a\tb", "'a<U+0009>b'"),
        ("x" * 60, f"'{'x' * 60}'"),
        ("x" * 61, f"'{'x' * 59}…'"),
        ("\ud800", "'<U+D800>'"),
        ("é漢", "'é漢'"),
    ],
)
def test_quoted(text: str, shown: str) -> None:
    assert quoted(text) == shown


def test_printable_keeps_what_it_is_told_to() -> None:
    assert (printable("a\nb\r", keep="\n"), printable("a\nb")) == ("a\nb<U+000D>", "a<U+000A>b")
