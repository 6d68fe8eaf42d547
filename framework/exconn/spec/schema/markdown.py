"""Markdown of the reference page: tables, fenced examples, and values in YAML's flow form.

Rules: a cell is one line, in which `|` is escaped; an example is written as it may be copied into a spec, so texts that
YAML would read as something else are quoted.
"""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

_BARE = re.compile(r"[A-Za-z/][\w/.-]*(?: [\w/.-]+)*")
_NOT_TEXT = re.compile(r"true|false|null|True|False|Null|TRUE|FALSE|NULL|~")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [f"| {' | '.join(map(cell, row))} |" for row in rows]
    return ["", f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *lines, ""] if lines else []


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def code(text: str) -> str:
    return f"`{text}`" if text else ""


def codes(words: Iterable[str]) -> str:
    return ", ".join(map(code, words))


def fenced(examples: Iterable[Any]) -> list[str]:
    lines = [flow(example) for example in examples]
    return ["", "```yaml", *lines, "```", ""] if lines else []


def flow(value: Any) -> str:
    """A value on one line of YAML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, str) and (_BARE.fullmatch(value) or _is_url(value)) and not _NOT_TEXT.fullmatch(value):
        return value
    return json.dumps(value, ensure_ascii=False)


def _is_url(text: str) -> bool:
    return re.fullmatch(r"(?:https|wss)://[\w./-]+", text) is not None
