"""What the requests of a pair have in common: texts joined, encoded and checked once, and kept for the next request.

Rules: a plan is found by the function that made it and by its pair, so that no codec ever meets another's; it holds
only what follows from the pair's symbols and the credentials, which stay as they are once they are known; nothing here
shows what it holds, which may be a credential. A plan that cannot be made raises, and is not kept.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

Plan: TypeAlias = tuple[Any, ...]
Key: TypeAlias = tuple[Callable[..., Plan], str]


class Plans:
    """The plans of one context. `find(key)`: the plan, None where it has to be made."""

    __slots__ = ("_kept", "find")

    def __init__(self) -> None:
        self._kept: dict[Key, Plan] = {}
        self.find: Callable[[Key], Plan | None] = self._kept.get

    def keep(self, key: Key, plan: Plan) -> Plan:
        """Remember `plan`, and give it."""
        self._kept[key] = plan
        return plan

    def __repr__(self) -> str:
        return f"<Plans, {len(self._kept)} kept>"
