"""Notes on third opinions: where another's word on the exchange differs from ours, why, and the page that settles it.

Rules: a note is about opinions by their id, in which `*` stands for anything; with `differs` it explains differences
that hold those words, without it says why the spec has no answer to such an opinion; a note that no opinion needs is a
finding of whoever asks for opinions, so that none stays behind when the opinion or the spec has changed.
"""

from dataclasses import dataclass

from exconn.document import Mapping, Scalar, Span
from exconn.spec.schema.terms import Term, listed, page, table, text

from .inputs import items_of, text_at


@dataclass(frozen=True, slots=True)
class Note:
    """`differs`: words of the differences that it explains, none where the spec has no answer."""

    of: str
    differs: tuple[str, ...]
    reason: str
    source: str
    span: Span


def opinions_term() -> Term:
    """The schema of the section."""
    of = text("The ids of the opinions; * stands for anything.", _OF, pattern="^[!-~]+( [!-~]+)*$", maxLength=200)
    keys = {
        "of": of,
        "differs": listed(
            "Words of each difference that is explained; left out where the spec has no answer to the opinion.",
            [_DIFFERS],
            text("Words of one.", _DIFFERS, maxLength=200),
        ),
        "reason": text("Why they differ, or why there is no answer.", _REASON, minLength=20),
        "source": page("The page of the exchange's documents that settles it.", _SOURCE),
    }
    example = {"of": _OF, "differs": [_DIFFERS], "reason": _REASON, "source": _SOURCE}
    note = table("A difference, or a gap, that is meant.", example, keys, ("of", "reason", "source"))
    return listed("Third opinions that we do not share, or have no answer to.", [example], note)


def read_opinions(root: Mapping) -> tuple[Note, ...]:
    return tuple(_note(node) for node in items_of(root.get("opinions")) if isinstance(node, Mapping))


def _note(node: Mapping) -> Note:
    words = tuple(item.text for item in items_of(node.get("differs")) if isinstance(item, Scalar))
    return Note(text_at(node, "of"), words, text_at(node, "reason"), text_at(node, "source"), _place(node))


def _place(node: Mapping) -> Span:
    of = node.get("of")
    return node.span if of is None else of.span


_OF = "get_ticker:*"
_DIFFERS = "path: expected '/v1/stats'"
_REASON = "both show the last price, and ours costs less"
_SOURCE = "https://docs.quay.example/market#ticker"
