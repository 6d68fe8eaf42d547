"""Names that nobody defined: one finding each, which shows how such a name is defined; slips at every place."""

import pytest

from exconn.document import Findings, Mapping, Scalar, Span, load
from exconn.spec.names import Names

PLACE = Span("f", 1, 1)
SECTIONS = {
    "host": "hosts",
    "credential": "credentials",
    "recipe": "signing",
    "pool": "limits",
    "words": "words",
    "decision": "decisions",
    "envelope": "envelopes",
    "shape": "shapes",
    "form": "symbols",
    "given": "endpoints",
}


@pytest.mark.parametrize(("noun", "section"), SECTIONS.items())
def test_the_hint_is_a_definition(noun: str, section: str) -> None:
    findings = Findings()
    names = Names(findings)
    assert not names.use(noun, "absent", PLACE)
    assert not names.use(noun, "absent", PLACE._replace(line=2))
    (found,) = findings.sorted()
    assert found.span == PLACE and found.hint is not None
    shown = load(found.hint.removeprefix("define it, as in ").encode(), "hint")
    assert isinstance(shown, Mapping) and [entry.key.text for entry in shown.entries] == [section]
    assert "absent" in found.hint and "NAME" not in found.hint


@pytest.mark.parametrize(
    ("name", "hint"),
    [("side", "words: {side: {buy: ..., sell: ...}}"), ("liquidity", "words: {liquidity: {maker: ..., taker: ...}}")],
)
def test_a_table_of_our_words_is_shown_with_them(name: str, hint: str) -> None:
    findings = Findings()
    Names(findings).use("words", name, PLACE)
    assert findings.sorted()[0].hint == f"define it, as in {hint}"


def test_a_slip_is_a_finding_wherever_it_stands() -> None:
    findings = Findings()
    names = Names(findings)
    defined = load(b"rest: 1", "f")
    assert isinstance(defined, Mapping) and isinstance(defined.entries[0].key, Scalar)
    names.define("recipe", defined.entries)
    for line in (1, 2, 3):
        names.use("recipe", "rst", PLACE._replace(line=line))
    assert [found.hint for found in findings.sorted()] == ["did you mean rest?"] * 3
