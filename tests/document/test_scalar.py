"""The values of scalars: what is typed, and the much that is not."""

import pytest

from exconn.document import Mapping, Scalar, load

TYPED = [("true", True), ("false", False), ("null", None), ("", None), ("0", 0), ("7", 7), ("-12", -12),
         ("9223372036854775807", 2**63 - 1), ("-9223372036854775808", -(2**63))]  # fmt: skip
TEXT = ["NO", "yes", "on", "off", "True", "TRUE", "False", "Null", "~", "y", "n", "12:30:45", "0123", "00", "-0", "+5",
        "0x1F", "0o17", "0b1", "1_000", "1.10", "1.", ".5", "1e5", ".inf", ".nan", "NaN", "2024-01-01", "--1", "-x",
        "=", "1 000", "٣", "१२", "９", "9223372036854775808", "-9223372036854775809", "1" * 400]  # fmt: skip


def scalar(text: str) -> Scalar:
    root = load(f"a: {text}\n".encode(), "x.yaml")
    assert isinstance(root, Mapping)
    value = root.get("a")
    assert isinstance(value, Scalar)
    return value


@pytest.mark.parametrize(("text", "value"), TYPED)
def test_typed(text: str, value: object) -> None:
    found = scalar(text)
    assert (found.value, type(found.value), found.text, found.plain) == (value, type(value), text, True)


@pytest.mark.parametrize("text", TEXT)
def test_everything_else_stays_its_own_text(text: str) -> None:
    found = scalar(text)
    assert (found.value, found.text, found.plain) == (text, text, True)


@pytest.mark.parametrize("text", ["true", "null", "", "5"])
@pytest.mark.parametrize("written", ["'{}'", '"{}"', "|-\n  {}", ">-\n  {}"])
def test_quoted_and_block_scalars_are_text(text: str, written: str) -> None:
    found = scalar(written.format(text))
    assert (found.value, found.text, found.plain) == (text, text, False)
