"""Topics that a subscription is made of: the client's list as it stands, or texts made of its arguments.

Rules:
- A message with a `topic` makes its topics of arguments in braces, as they were sent; an argument that is a list makes
  one topic an item, and each of them is then judged and answered by itself.
- A message without one reads its topics as they are, and stands or falls as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

HOLE = re.compile(r"\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class TopicForm:
    """How topics are made of a message's arguments."""

    text: str
    args: tuple[str, ...]

    def topics(self, args: Mapping[str, Any]) -> list[tuple[str, str | None]]:
        """Each topic, with the item of a list that it was made of, in the list's order."""
        lists = [name for name in self.args if isinstance(args.get(name), list)]
        if not lists:
            return [(self._fill(args), None)]
        name = lists[0]
        return [(self._fill({**args, name: item}), str(item)) for item in args[name]]

    def _fill(self, args: Mapping[str, Any]) -> str:
        return HOLE.sub(lambda hole: _text(args.get(hole[1])), self.text)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
