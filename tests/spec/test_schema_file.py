"""The published schema: agrees with its sections, is a good draft 2020-12 schema, explains every key by an example."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry

from exconn.spec.placeholders import BUILT_IN, ELSEWHERE, PAIR_ELSEWHERE
from exconn.spec.schema import load_schema
from exconn.spec.schema.whole import build_schema
from exconn.spec.vocabulary import FIELDS, OPERATIONS, REQUIRED


def test_file_is_what_the_sections_say() -> None:
    assert load_schema() == build_schema(), "run: python -m exconn.spec.schema"


def test_it_is_a_good_schema() -> None:
    Draft202012Validator.check_schema(load_schema())


def keys_of(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(schema, dict):
        for name, key in schema.get("properties", {}).items():
            yield f"{path}/{name}", key
        for step, below in schema.items():
            if step not in ("examples", "const", "enum"):
                yield from keys_of(below, f"{path}/{step}")


def test_every_key_is_described_with_an_example() -> None:
    bare = [path for path, key in keys_of(load_schema()) if not key.get("description") or not key.get("examples")]
    assert bare == []


def test_no_union_without_a_discriminator() -> None:
    text = str(load_schema())
    assert [word for word in ("anyOf", "oneOf", "allOf", "if") if f"'{word}'" in text] == []


@pytest.mark.parametrize("name", sorted(load_schema()["$defs"]))
def test_examples_of_definitions_are_accepted(name: str) -> None:
    schema = load_schema()
    validator = Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": schema["$defs"]}, registry=Registry())
    for example in schema["$defs"][name].get("examples", ()):
        assert [error.message for error in validator.iter_errors(example)] == []


def test_vocabulary_is_whole() -> None:
    assert FIELDS.keys() == REQUIRED.keys()
    assert {kind for kinds in OPERATIONS.values() for kind in kinds} <= FIELDS.keys()


def test_usual_words_lead_to_placeholders_and_are_none() -> None:
    assert {name for ours in ELSEWHERE.values() for name in ours} <= BUILT_IN
    assert (ELSEWHERE.keys() | PAIR_ELSEWHERE) & BUILT_IN == set()
