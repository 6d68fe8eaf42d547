"""The type that the value of an expression is known to have before any message is seen.

Rules: the JSON types, and ANY where nothing is known; null is possible with all of them but OBJECT.
"""

from enum import Enum


class Kind(Enum):
    """The JSON type a value is known to have, null aside: any of them but OBJECT may still be None."""

    ANY = "any"
    ARRAY = "array"
    OBJECT = "object"
    BOOLEAN = "boolean"
    NUMBER = "number"
    TEXT = "text"

    @property
    def may_be_zero(self) -> bool:
        """True where Python's falsehood and JMESPath's differ: 0 is true there."""
        return self in (Kind.ANY, Kind.NUMBER)
