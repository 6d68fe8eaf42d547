"""The functions an expression may call: how many arguments, which one is an expression (`&x`), what comes back.

JMESPath's own 26, as the library has them, and one of ours: `entries(map)` -> a list of `{key, value}`. Types of
arguments are run-time matter: `exconn.codec` has `jmes_<name>` for each.
"""

from dataclasses import dataclass

from .kind import Kind


@dataclass(frozen=True, slots=True)
class Signature:
    """`arity` is the least number of arguments where `variadic`. `expression`: the place of the `&x`, None without."""

    arity: int
    result: Kind
    expression: int | None = None
    variadic: bool = False


FUNCTIONS = {
    "abs": Signature(1, Kind.NUMBER),
    "avg": Signature(1, Kind.NUMBER),
    "ceil": Signature(1, Kind.NUMBER),
    "contains": Signature(2, Kind.BOOLEAN),
    "ends_with": Signature(2, Kind.BOOLEAN),
    "entries": Signature(1, Kind.ARRAY),
    "floor": Signature(1, Kind.NUMBER),
    "join": Signature(2, Kind.TEXT),
    "keys": Signature(1, Kind.ARRAY),
    "length": Signature(1, Kind.NUMBER),
    "map": Signature(2, Kind.ARRAY, expression=0),
    "max": Signature(1, Kind.ANY),
    "max_by": Signature(2, Kind.ANY, expression=1),
    "merge": Signature(1, Kind.OBJECT, variadic=True),
    "min": Signature(1, Kind.ANY),
    "min_by": Signature(2, Kind.ANY, expression=1),
    "not_null": Signature(1, Kind.ANY, variadic=True),
    "reverse": Signature(1, Kind.ANY),
    "sort": Signature(1, Kind.ARRAY),
    "sort_by": Signature(2, Kind.ARRAY, expression=1),
    "starts_with": Signature(2, Kind.BOOLEAN),
    "sum": Signature(1, Kind.NUMBER),
    "to_array": Signature(1, Kind.ARRAY),
    "to_number": Signature(1, Kind.NUMBER),
    "to_string": Signature(1, Kind.TEXT),
    "type": Signature(1, Kind.TEXT),
    "values": Signature(1, Kind.ARRAY),
}
