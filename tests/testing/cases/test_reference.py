"""The reference and the published schema: equal to their sources, whole in their words, right in every example."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from exconn.codec import FrameKind
from exconn.codec.book_sync import Effect
from exconn.errors import Meaning
from exconn.spec.vocabulary import WORDS
from exconn.testing import cases
from exconn.testing.cases import load_cases
from exconn.testing.cases import reference_words as words
from exconn.testing.cases.field_meanings import ARGUMENT_MEANINGS, KINDS
from exconn.testing.cases.follow import _snake
from exconn.testing.cases.reference import SCHEMA_FILE, write_page, write_schema
from exconn.testing.cases.reference_examples import SECTIONS, TOP
from exconn.testing.cases.schema import load_schema
from exconn.testing.cases.tree import SampleReply
from exconn.testing.cases.vocabulary import ARGUMENTS, EFFECTS, RECORDS, UTTERANCES

PAGE = Path(__file__).parents[3] / "docs" / "cases.md"
PUBLISHED = Path(cases.__file__).parent / SCHEMA_FILE
ANEW = "run: python -m exconn.testing.cases"


def test_the_page_is_what_the_sources_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == write_page(), ANEW


def test_the_published_schema_is_what_the_code_uses() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == write_schema(), ANEW
    Draft202012Validator.check_schema(json.loads(PUBLISHED.read_text(encoding="utf-8")))


def test_writing_anew_changes_nothing() -> None:
    before = PAGE.read_bytes(), PUBLISHED.read_bytes()
    subprocess.run([sys.executable, "-m", "exconn.testing.cases"], check=True)
    assert (PAGE.read_bytes(), PUBLISHED.read_bytes()) == before


def test_the_examples_are_one_file_of_cases() -> None:
    text = TOP + "".join(SECTIONS.values())
    loaded = load_cases(text.encode(), "quay.cases.yaml")
    assert len(loaded.cases) == 24
    assert len(loaded.survivors) == 1
    assert len(loaded.opinions) == 2
    errors = list(Draft202012Validator(json.loads(PUBLISHED.read_text())).iter_errors({"cases": 1, "spec": "quay"}))
    assert errors == []


@pytest.mark.parametrize("section", SECTIONS)
def test_an_example_is_a_file_by_itself(section: str) -> None:
    assert load_cases((TOP + SECTIONS[section]).encode(), "quay.cases.yaml").spec == "quay"


def test_every_section_has_an_example_and_a_heading() -> None:
    lists = [name for name, below in load_schema()["properties"].items() if below.get("type") == "array"]
    assert [*SECTIONS] == lists
    headings = re.findall(r"^## (.+)$", PAGE.read_text(), re.M)
    assert headings == ["How values are written and compared", "The file", *lists, *load_schema()["$defs"]]


def test_every_link_leads_somewhere() -> None:
    page = PAGE.read_text(encoding="utf-8")
    headings = set(re.findall(r"^#+ (.+)$", page, re.M))
    links = set(re.findall(r"\]\(#([^)]+)\)", page))
    assert links and links <= headings


def test_every_key_of_the_schema_is_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    missing = [key for key in _keys(load_schema()) if f"| `{key}` |" not in page and f"| **`{key}`** |" not in page]
    assert set(missing) <= {*words.MEANINGS, *RECORDS}  # a table's rows and headings of their own


def _keys(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return set().union(*map(_keys, schema))
    if not isinstance(schema, dict):
        return set()
    below = [value for key, value in schema.items() if key not in ("examples", "enum", "properties", "$defs")]
    held = [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values()]
    return set(schema.get("properties", {})).union(*map(_keys, (*below, *held)), set())


def _reply_endings() -> list[str]:
    from exconn.testing.cases.build import _ENDINGS

    return [*_ENDINGS["replies"]]


# A table of meanings, and the words that the code knows.
WHOLE: dict[str, tuple[Any, Any]] = {
    "endings of replies": (words.REPLY_ENDINGS, _reply_endings()),
    "kinds of frames": (words.FRAME_KINDS, [kind.value for kind in FrameKind]),
    "what is said": (words.UTTERANCES, UTTERANCES),
    "effects": (words.EFFECTS, EFFECTS),
    "effects of the machine": (words.EFFECTS, [_snake(each.__name__) for each in Effect.__args__]),
    "meanings": (words.MEANINGS, [meaning.value for meaning in Meaning]),
    "kinds of records": (KINDS, RECORDS),
    "arguments": ({*ARGUMENT_MEANINGS, "pair", "type", "side"}, ARGUMENTS),
}


@pytest.mark.parametrize("table", WHOLE)
def test_no_word_is_without_a_meaning(table: str) -> None:
    told, known = WHOLE[table]
    assert set(told) == set(known)


@pytest.mark.parametrize("field", WORDS)
def test_our_words_are_all_told(field: str) -> None:
    assert words.OUR_WORDS[field] == ", ".join(f"`{word}`" for word in WORDS[field])


def test_needs_on_the_page_are_cases_of_their_own() -> None:
    loaded = load_cases((TOP + SECTIONS["replies"]).encode(), "quay.cases.yaml")
    assert [case.id for case in loaded.cases if not isinstance(case.subject, SampleReply)] == [
        "holdings/without/list.0.coin",
        "holdings/without/list.0.total",
    ]
