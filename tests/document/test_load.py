"""The first key of a document, found without reading the rest."""

import pytest

from exconn.document import DocumentError, first_key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("exconn: 1\nname: x\n", "exconn"),
        ("\ufeff# a comment\n---\n'cases' : 1", "cases"),
        ("{dialect: 1", "dialect"),
        ("exconn: [1, 2\n]]]] *x", "exconn"),
        ("- exconn: 1", None),
        ("? [exconn]\n: 1", None),
        ("*exconn : 1", None),
        ("exconn", None),
        ("%exconn", None),
        ("", None),
    ],
)
def test_first_key(text: str, key: str | None) -> None:
    assert first_key(text.encode(), "x.yaml") == key


@pytest.mark.parametrize(("data", "code"), [(b"a: \xff", "not-utf8"), (b"a: \x00", "control-character")])
def test_bytes_that_are_no_text(data: bytes, code: str) -> None:
    with pytest.raises(DocumentError, match=code):
        first_key(data, "x.yaml")
