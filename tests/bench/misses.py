"""Goals that are missed, each with how far at most and why. What gets better is taken off the list.

Rules: a key is (row, what the goal is measured against); `up_to` is the greatest ratio that is still no surprise.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Miss:
    up_to: float
    why: str


KNOWN: dict[tuple[str, str], Miss] = {}
