"""A card as text for people and as JSON for programs.

Rules: what is given up stands first, what holds last; text of the spec is shown through `printable`; the JSON has one
object a guarantee, in the order of the table, with the names that `--require` takes.
"""

import json

from exconn.document import printable

from .card import Card, Line
from .guarantee import Verdict

_HEADS = {
    Verdict.GIVEN_UP: "given up: what the spec leaves out, nothing makes good",
    Verdict.WEAKER: "weaker: it holds in part, later, or on the writer's word",
    Verdict.HOLDS: "holds: as far as the spec is right, which its cases show",
}

_COUNTED = {Verdict.GIVEN_UP: "given up", Verdict.WEAKER: "weaker", Verdict.HOLDS: "hold"}


def render_text(card: Card) -> str:
    """The card, sorted by how much holds."""
    parts = [f"{card.exchange}: what a market can promise with {printable(card.file)}\n"]
    for verdict, head in _HEADS.items():
        lines = card.of(verdict)
        if lines:
            parts.append(
                f"{head} ({len(lines)})\n" + "\n".join(map(_kept if verdict is Verdict.HOLDS else _entry, lines))
            )
    counts = ", ".join(f"{len(card.of(verdict))} {_COUNTED[verdict]}" for verdict in _HEADS)
    return "\n".join([*parts, f"\n{len(card.lines)} guarantees: {counts}"]) + "\n"


def _entry(line: Line) -> str:
    entry = f"- {line.name}: {line.promise}\n  why: {printable(line.why)}\n  where: {_where(line)}\n"
    return entry + (f"  gain: {printable(line.gain)}\n" if line.gain else "")


def _kept(line: Line) -> str:
    return f"- {line.name}: {printable(line.why)} ({_place(line)})"


def _where(line: Line) -> str:
    return f"{_place(line)} (against {', '.join(line.failures)})"


def _place(line: Line) -> str:
    return f"{line.key}, not there" if line.span is None else f"{line.key}, line {line.span.line}"


def render_json(card: Card) -> str:
    """`{exchange, file, guarantees: [{name, verdict, promise, why, gain, key, line, failures}]}`; line is null where
    the key is absent."""
    rows = [
        {
            "name": line.name,
            "verdict": line.verdict.value,
            "promise": line.promise,
            "why": line.why,
            "gain": line.gain,
            "key": line.key,
            "line": None if line.span is None else line.span.line,
            "failures": list(line.failures),
        }
        for line in card.lines
    ]
    return json.dumps({"exchange": card.exchange, "file": card.file, "guarantees": rows}, indent=1, ensure_ascii=False)
