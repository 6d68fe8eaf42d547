"""Preparations: each value comes from one of them, and each can be asked for when it is needed.

Rules: two preparations never give the same name, and no recipe makes a value of that name; a preparation needs nothing
that can only be had after it: its requests, and the recipe that signs them, use values of others without a circle.
"""

from exconn.document import Findings, quoted
from exconn.spec.tree import Endpoint, Spec
from exconn.spec.walk import hole_names, part_templates, recipe_steps, request_templates


def check_given(spec: Spec, findings: Findings) -> None:
    givers: dict[str, str] = {}
    for endpoint in spec.endpoints.values():
        for given in endpoint.gives:
            first = givers.setdefault(given.name, endpoint.operation)
            if first != endpoint.operation:
                message = f"{quoted(given.name)} is given by {first} already"
                findings.add("name-twice", message, given.reading.span, "give it another name")
    for recipe in spec.signing.values():
        for step in recipe.values:
            if step.name in givers:
                message = f"{quoted(step.name)} is given by {givers[step.name]} already"
                findings.add("name-twice", message, step.span, "give it another name")
    _check_order(spec, givers, findings)


def _check_order(spec: Spec, givers: dict[str, str], findings: Findings) -> None:
    needs = {
        name: {givers[used] for used in _used(spec, endpoint) if used in givers}
        for name, endpoint in spec.endpoints.items()
        if endpoint.gives
    }
    while ready := [name for name, missing in needs.items() if not missing & needs.keys()]:
        for name in ready:
            del needs[name]
    if needs:
        first = spec.endpoints[next(iter(needs))]
        message = f"these preparations need what they give themselves: {', '.join(needs)}"
        hint = "each may use only values of preparations that can be made before it"
        findings.add("preparation-cycle", message, first.span, hint)


def _used(spec: Spec, endpoint: Endpoint) -> set[str]:
    templates = list(request_templates(endpoint))
    recipe = spec.signing.get(endpoint.signed or "")
    if recipe is not None:
        templates += [*recipe_steps(recipe), *part_templates(recipe.before), *part_templates(recipe.after)]
    return hole_names(templates)
