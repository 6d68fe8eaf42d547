"""Reasons why a mutant of the spec may survive its cases: what was changed, and why no case can notice it.

Rules: the change is written as `exconn test --mutate` lists it, which holds no line number; a reason stands for exactly
one change, and is itself a finding where that change does not survive.
"""

from dataclasses import dataclass

from exconn.document import Mapping, Span
from exconn.spec.schema.terms import Term, listed, table, text

from .inputs import items_of, text_at


@dataclass(frozen=True, slots=True)
class Excuse:
    """`span`: where the change is written."""

    change: str
    reason: str
    span: Span


def survivors_term() -> Term:
    """The schema of the section."""
    keys = {
        "change": text("The change, as exconn test --mutate lists it.", _CHANGE, maxLength=1000),
        "reason": text("Why no case can notice it.", _REASON, minLength=20),
    }
    example = {"change": _CHANGE, "reason": _REASON}
    entry = table("A change of the spec that means the same.", example, keys, ("change", "reason"))
    return listed("Changes of the spec that no case can notice.", [example], entry)


def read_survivors(root: Mapping) -> tuple[Excuse, ...]:
    found = [node for node in items_of(root.get("survivors")) if isinstance(node, Mapping)]
    return tuple(Excuse(text_at(node, "change"), text_at(node, "reason"), _place(node)) for node in found)


def _place(node: Mapping) -> Span:
    change = node.get("change")
    return node.span if change is None else change.span


_CHANGE = "endpoints.balances.reply.balance.total: 'total' becomes 'total or none'"
_REASON = "the reader refuses a balance without a total in any case"
