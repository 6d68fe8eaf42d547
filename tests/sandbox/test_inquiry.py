"""Bodies as they are taken apart: names that come twice, and how long that takes."""

import time

import pytest

from exconn.sandbox.inquiry import read_form

FORMS: list[tuple[str, dict[str, str], set[str]]] = [
    ("", {}, set()),
    ("a=1&b=", {"a": "1", "b": ""}, set()),
    ("a=1&b=2&a=3&a=4", {"a": "1", "b": "2"}, {"a"}),
    ("a&a", {"a": ""}, {"a"}),
]


@pytest.mark.parametrize(("body", "fields", "doubled"), FORMS)
def test_a_form(body: str, fields: dict[str, str], doubled: set[str]) -> None:
    read, twice = read_form(body.encode())
    assert (read, set(twice)) == (fields, doubled)
    assert list(read) == list(fields)  # as sent: the first wrong one is named


def test_a_form_of_many_names_is_read_in_one_go() -> None:
    body = "&".join(f"{number:x}" for number in range(40_000)).encode()
    began = time.process_time()
    fields, doubled = read_form(body)
    assert (len(fields), doubled) == (40_000, ())
    assert time.process_time() - began < 5  # 17 where all names are looked through for each
