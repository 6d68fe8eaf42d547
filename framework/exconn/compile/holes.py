"""Which placeholders a piece of the spec names: templates, bodies and placements, walked once.

Rules: names only, without suffixes; the answer is a set, because the order of use has no meaning.
"""

from exconn.spec.pieces import Array, Body, Object, Template
from exconn.spec.tree import Placement, Recipe
from exconn.spec.walk import hole_names, step_templates


def body_holes(body: Body) -> set[str]:
    """The names in a body, at any depth."""
    if isinstance(body, Template):
        return {hole.name for hole in body.holes}
    if isinstance(body, Array):
        return set().union(*map(body_holes, body.items))
    if isinstance(body, Object):
        return set().union(*(body_holes(value) for _, value in body.fields))
    return set()


def placement_holes(placement: Placement) -> set[str]:
    """The names that a placement places."""
    tables = (placement.headers, placement.query, placement.form, placement.json, placement.params)
    return set().union(*(body_holes(value) for table in tables for value in table.values()))


def recipe_holes(recipe: Recipe) -> set[str]:
    """The names that a recipe takes from outside: all it names but its own steps."""
    messages = {name for step in recipe.values for name in hole_names(step_templates(step))}
    named = messages | placement_holes(recipe.before) | placement_holes(recipe.after)
    return named - {step.name for step in recipe.values}


def names_pair(body: Body) -> bool:
    """Whether a body is about one trading pair."""
    return any(map(is_of_pair, body_holes(body)))


def is_of_pair(placeholder: str) -> bool:
    return placeholder in ("base", "quote") or placeholder.startswith("symbol.")
