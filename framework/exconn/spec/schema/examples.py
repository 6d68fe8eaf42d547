"""Every example of the schema with the place it is an example of, so that each can be proved good."""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]


def example_places(schema: Schema) -> Iterator[tuple[str, Schema, Any]]:
    """(where it stands, the schema of that place, the example) for every example."""
    yield from _examples("spec", schema)
    for name, definition in schema["$defs"].items():
        yield from _examples(name, definition)


def _examples(place: str, schema: Schema) -> Iterator[tuple[str, Schema, Any]]:
    for example in schema.get("examples", ()):
        yield place, schema, example
    named = [*schema.get("properties", {}).items(), *schema.get("patternProperties", {}).items()]
    named += [(step, schema[step]) for step in ("additionalProperties", "items") if isinstance(schema.get(step), dict)]
    for name, below in named:
        yield from _examples(f"{place}/{name}", below)
