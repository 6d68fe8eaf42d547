"""The schema of cases: every key is described, with an example that is valid where it stands."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from exconn.testing.cases.schema import load_schema


def terms(schema: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every key of every mapping of ours, by its path."""
    for name, term in schema.get("properties", {}).items():
        yield f"{path}/{name}", term
        yield from terms(term, f"{path}/{name}")
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from terms(schema[key], f"{path}/{key}")
    for name, term in schema.get("$defs", {}).items():
        yield from terms(term, f"#{name}")


TERMS = dict(terms(load_schema()))


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(load_schema())
    assert len(TERMS) > 100


@pytest.mark.parametrize("path", TERMS)
def test_a_key_has_a_description_and_a_valid_example(path: str) -> None:
    term = TERMS[path]
    assert len(term["description"]) > 4
    checked = {**term, "$defs": load_schema()["$defs"]}
    assert term["examples"]
    for example in term["examples"]:
        assert list(Draft202012Validator(checked).iter_errors(example)) == []
