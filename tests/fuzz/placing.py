"""Good specs with a text of somebody else's in one field, or in many.

Rules: the shortest good file that has the field is taken; where none has it, the shortest of all gets it by way of the
schema's own examples; which file a field lives in never depends on the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from exconn.spec.schema import load_schema

from .corpus import Good, good_files
from .fields import ANY, EITHER, ITEM, KEY, Field, examples_of
from .tree import Table, Tree, copy_tree, write_tree


@dataclass(frozen=True, slots=True)
class Spot:
    """A field in a good file: `steps` lead there; `grown` of them are not in the file but come from examples."""

    field: Field
    good: Good
    steps: tuple[str | int, ...]
    grown: int


@cache
def spot_of(field: Field) -> Spot:
    """Where the field stands in the good files."""
    spots = [spot_in(good, field) for good in sorted(good_files("spec"), key=_length)]
    return min(spots, key=lambda spot: spot.grown)


def spot_in(good: Good, field: Field) -> Spot:
    """Where the field stands in one good file, or would stand."""
    return Spot(field, good, *_find(good.tree, field.path))


def _length(good: Good) -> int:
    return len(good.data)


def _find(tree: Tree, path: tuple[str, ...]) -> tuple[tuple[str | int, ...], int]:
    """The steps of `path` through `tree` that need the fewest parts which are not there, and how many."""
    if not path:
        return (), 0
    found = [((at, *steps), grown) for at, below in _below(tree, path) for steps, grown in (_find(below, path[1:]),)]
    invented = path[0].split(EITHER)[0] if path[0] not in (ANY, KEY) else "plain"
    first: str | int = 0 if path[0] == ITEM else invented
    return min([*found, ((first, *_invented(path[1:])), len(path))], key=lambda each: each[1])


def _invented(path: tuple[str, ...]) -> tuple[str | int, ...]:
    return tuple(0 if step == ITEM else "plain" if step in (ANY, KEY) else step.split(EITHER)[0] for step in path)


def _below(tree: Tree, path: tuple[str, ...]) -> list[tuple[str | int, Tree]]:
    step = path[0]
    if isinstance(tree, Table) and step != ITEM:
        names = step.split(EITHER)
        return [(key, value) for key, value in tree.pairs if (step in (ANY, KEY) and key[:2] != "x-") or key in names]
    return list(enumerate(tree))[:1] if isinstance(tree, list) and step == ITEM else []


def with_texts(good: Good, texts: Mapping[Spot, str]) -> bytes:
    """The good file with `texts` in these fields of it. Keys are renamed last, so that steps still lead there."""
    tree = copy_tree(good.tree)
    for spot in sorted(texts, key=lambda spot: (spot.field.path[-1] == KEY, -len(spot.steps))):
        tree = _put(tree, spot.steps, spot.field.path, (), texts[spot])
    return write_tree(tree).encode("utf-8", "surrogatepass")


def _put(tree: Tree, steps: tuple[str | int, ...], path: tuple[str, ...], above: tuple[str, ...], text: str) -> Tree:
    if not steps:
        return text
    step, here = steps[0], (*above, path[0].split(EITHER)[0])
    if isinstance(step, int):
        items = tree if isinstance(tree, list) and tree else [_example(here)]
        return [_put(items[0], steps[1:], path[1:], here, text), *items[1:]]
    pairs = tree.pairs if isinstance(tree, Table) else []
    if path[0] == KEY:
        known = [(text if key == step else key, value) for key, value in pairs]
        return Table(known if any(key == step for key, _ in pairs) else [*pairs, (text, _example((*above, ANY)))])
    if all(key != step for key, _ in pairs):
        pairs = [*pairs, (step, _example(here))]
    return Table(
        [(key, _put(value, steps[1:], path[1:], here, text) if key == step else value) for key, value in pairs]
    )


@cache
def _examples() -> dict[tuple[str, ...], Any]:
    return examples_of(load_schema())


def _example(path: tuple[str, ...]) -> Tree:
    return _thaw(_examples().get(path, "plain"))


def _thaw(value: Any) -> Tree:
    if isinstance(value, dict):
        return Table([(key, _thaw(each)) for key, each in value.items()])
    return [_thaw(each) for each in value] if isinstance(value, list) else value
