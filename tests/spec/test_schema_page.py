"""The reference page: made from the schema and the vocabulary, whole, and true in every example."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry

from exconn.document import load, to_plain
from exconn.spec import placeholders, vocabulary
from exconn.spec.schema import choices, load_schema, meanings
from exconn.spec.schema.examples import example_places
from exconn.spec.schema.markdown import cell, flow
from exconn.spec.schema.page import FILE, write_page

PAGE = Path(__file__).parents[2] / "docs" / FILE
SCHEMA = load_schema()
PLACES = list(example_places(SCHEMA))
ROWS = re.compile(r"^\| (.*) \|$", re.M)


def test_page_is_what_the_schema_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == write_page(SCHEMA), "run: python -m exconn.spec.schema"


def test_every_example_is_good_where_it_stands() -> None:
    assert len(PLACES) > 500
    bad = []
    for place, schema, example in PLACES:
        whole = Draft202012Validator({**schema, "$defs": SCHEMA["$defs"]}, registry=Registry())
        bad += [(place, example, error.message) for error in whole.iter_errors(example)]
    assert bad == []


def test_every_example_can_be_copied_into_a_spec() -> None:
    for place, _, example in PLACES:
        assert to_plain(load(f"x: {flow(example)}".encode(), place)) == {"x": example}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("data.items", "data.items"),
        ("time as ms", "time as ms"),
        ("true", '"true"'),
        ("5", '"5"'),
        ("{amount}", '"{amount}"'),
        ("[0]", '"[0]"'),
        ("https://api.exchange.example", "https://api.exchange.example"),
        ({"a": [1, True, None]}, "{a: [1, true, null]}"),
    ],
)
def test_values_are_written_as_yaml(value: Any, written: str) -> None:
    assert flow(value) == written


def _has_row(place: str) -> bool:
    """Whether the place is a key; the records of replies stand in the table of operations."""
    above, _, key = place.rpartition("/")
    is_key = bool(above) and key not in ("items", "additionalProperties") and not key.startswith("^")
    return is_key and not above.endswith("/reply")


def test_every_key_is_on_the_page_with_what_it_is() -> None:
    page = PAGE.read_text(encoding="utf-8")
    told = {(place.rpartition("/")[2], schema["description"]) for place, schema, _ in PLACES if _has_row(place)}
    rows = ROWS.findall(page)
    missing = []
    for key, about in told:
        if not any(f"`{key}`" in row and cell(about) in row for row in rows):
            missing.append((key, about))
    assert missing == []


def _choices(schema: Any) -> Iterator[tuple[str, Any]]:
    """(key, its schema) of every key that is one of several words."""
    for key, below in schema.items() if isinstance(schema, dict) else enumerate(schema):
        if isinstance(below, dict) and "enum" in below:
            yield str(key), below
        if isinstance(below, dict | list):
            yield from _choices(below)


def test_every_word_of_every_choice_says_what_it_means() -> None:
    page = PAGE.read_text(encoding="utf-8")
    found = list(_choices(SCHEMA))
    assert len(found) > 25
    for key, below in found:
        words, meaning = below["enum"], below.get("enumDescriptions", [])
        assert (key, len(meaning)) == (key, len(words)) and all(meaning)
        rows = [f"`{key}: {word}` | {meant} |" for word, meant in zip(words, meaning, strict=True)]
        assert [row for row in rows if row not in page] == []


def test_the_words_of_choices_are_those_of_the_checker() -> None:
    assert tuple(choices.ENCODING) == vocabulary.ENCODINGS and tuple(choices.JWT) == vocabulary.JWT_ALGORITHMS
    used = {tuple(below["enum"]) for _, below in _choices(SCHEMA)}
    assert {tuple(each) for each in vars(choices).values() if isinstance(each, MappingProxyType)} == used


def test_every_link_leads_to_a_section() -> None:
    page = PAGE.read_text(encoding="utf-8")
    sections = set(re.findall(r"^#+ ([a-z_]+)$", page, re.M))
    assert set(re.findall(r"\]\(#([^)]*)\)", page)) <= sections


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (meanings.OPERATIONS, vocabulary.OPERATIONS),
        (meanings.ERRORS, vocabulary.ERROR_MEANINGS),
        (meanings.TYPES, vocabulary.LEGAL_CASTS),
        (meanings.CASTS, [*vocabulary.CASTS, "words", "symbol"]),
        (meanings.STEPS, vocabulary.STEPS),
        (meanings.FIELDS, [field for fields in vocabulary.FIELDS.values() for field in fields]),
        (meanings.PLACEHOLDERS, placeholders.BUILT_IN),
    ],
    ids=["operations", "errors", "types", "casts", "steps", "fields", "placeholders"],
)
def test_every_word_has_its_meaning(told: Any, words: Any) -> None:
    assert set(told) == set(words)
