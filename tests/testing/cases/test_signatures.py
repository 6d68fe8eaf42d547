"""Worked signatures that cannot be said, and what is said of them."""

from typing import Any

import pytest

from exconn.document import DocumentError
from exconn.testing.cases import with_signatures

BAD = {
    "an unknown recipe": (("recipe: query", "recipe: other"), "there is no recipe 'other'"),
    "a body that is no JSON": (('\'{"a":"1"', '\'{"a":"1'), "the body is no JSON"),
    "a number with a fraction": (('\'{"a":"1"', '\'{"a":1.5'), "a number with a fraction"),
}


@pytest.mark.parametrize("bad", BAD)
def test_what_cannot_be_signed(pier: Any, bad: str) -> None:
    edit, said = BAD[bad]
    cases = pier.load_cases(edit)
    with pytest.raises(DocumentError, match=said) as raised:
        with_signatures(pier.load_spec(), cases)
    [found] = raised.value.diagnostics
    assert found.code == "bad-signature"
    assert found.span.line == next(case.span.line for case in cases.cases if case.id == "worked-json")


def test_the_spec_keeps_its_own_endpoints(pier: Any) -> None:
    spec = pier.load_spec()
    more = with_signatures(spec, pier.load_cases())
    assert list(more.endpoints)[: len(spec.endpoints)] == list(spec.endpoints)
    assert list(more.endpoints)[len(spec.endpoints) :] == ["signature_1", "signature_2"]
