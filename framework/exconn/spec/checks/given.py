"""Values that preparations give: each name comes from one place.

Rules: two preparations never give the same name, and no recipe makes a value of that name.
"""

from exconn.document import Findings, quoted
from exconn.spec.tree import Spec


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
