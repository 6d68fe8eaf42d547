"""From a method and a path, as the market contract names requests, to the declared operation and its arguments.

Rules: only what the spec declares can be asked for; parameters are named as `Arguments` names them (pair, side, amount,
client_id...), in our words, and the codec turns them into the wire's; where operations share a method and a path, the
first that can be built from what was given is meant. Anything else is a UsageError that says what there is.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from yarl import URL

from exconn.codec import Arguments, Codec, Context, Endpoint, Fresh
from exconn.errors import UsageError
from exconn.model import OrderType, TradeType

_MONEY = frozenset({"amount", "quote_amount", "price"})
_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "pair": str,
    "order_type": OrderType,
    "side": TradeType,
    "amount": Decimal,
    "quote_amount": Decimal,
    "price": Decimal,
    "client_id": str,
    "exchange_order_id": str,
    "created_ns": int,
    "since_ns": int,
    "cursor": (str, int),
    "switch_s": int,
}
"""What may be given, and as what once a text was read."""
_PROBE = Fresh(0, 1, "0" * 32, 1)


def find_endpoint(codec: Codec, context: Context, http_method: str, path: str, arguments: Arguments) -> Endpoint:
    """The operation at (method, path) that takes these arguments. `path`: a path, or a URL whose path is meant."""
    try:
        url = URL(path, encoded=True)
    except (ValueError, IndexError, TypeError):  # the second of "//[]@", by yarl
        raise UsageError(f"{path!r} is no path and no URL") from None
    if url.raw_query_string or not isinstance(http_method, str):
        raise UsageError("a request is a method and a path; its parameters are given beside them, in our words")
    wanted = url.raw_path
    found = [
        endpoint
        for endpoint in codec.endpoints.values()
        if endpoint.method == http_method.upper() and _matches(endpoint.path, wanted)
    ]
    if not found:
        known = ", ".join(f"{endpoint.method} {endpoint.path}" for endpoint in codec.endpoints.values())
        raise UsageError(f"{http_method.upper()} {wanted} is not declared by this exchange's spec; it has {known}")
    refusal: UsageError | None = None
    for endpoint in found:
        try:
            endpoint.build(arguments, _PROBE, context)
        except UsageError as error:
            refusal = refusal or error
        else:
            return endpoint
    raise refusal or UsageError(f"{http_method.upper()} {wanted} cannot be built")


def _matches(template: str, path: str) -> bool:
    parts, given = template.split("/"), path.split("/")
    return len(parts) == len(given) and all(
        "{" in part or part == text for part, text in zip(parts, given, strict=True)
    )


def arguments_from(*given: Mapping[str, Any] | None) -> Arguments:
    """Arguments from parameters in our words; texts are accepted for money and enums."""
    arguments = Arguments()
    if not all(isinstance(part, Mapping) for part in given if part is not None):
        raise UsageError("parameters are a mapping of names to values")
    for name, value in [pair for part in given if part for pair in part.items()]:
        if name not in _TYPES:
            known = ", ".join(_TYPES)
            raise UsageError(f"unknown parameter {name!r}; parameters are named in our words: {known}")
        if value is not None:
            setattr(arguments, name, _value(name, value))
    return arguments


def _value(name: str, value: Any) -> Any:
    read = _read(name, value)
    if not isinstance(read, _TYPES[name]):
        raise UsageError(f"parameter {name} cannot be {value!r}")
    return read


def _read(name: str, value: Any) -> Any:
    """Money and enums from their texts."""
    try:
        if name in _MONEY:
            return value if isinstance(value, Decimal) else Decimal(str(value))
        if name == "side" and isinstance(value, str):
            return TradeType[value.upper()]
        if name == "order_type" and isinstance(value, str):
            return OrderType[value.upper()]
    except (KeyError, InvalidOperation):
        raise UsageError(f"parameter {name} cannot be {value!r}") from None
    return value
