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
_PROBE = Fresh(0, 1, "0" * 32, 1)


def find_endpoint(codec: Codec, context: Context, http_method: str, path: str, arguments: Arguments) -> Endpoint:
    """The operation at (method, path) that takes these arguments. `path`: a path, or a URL whose path is meant."""
    try:
        wanted = URL(path, encoded=True).raw_path
    except (ValueError, IndexError, TypeError):  # the second of "//[]@", by yarl
        raise UsageError(f"{path!r} is no path and no URL") from None
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
    for name, value in [pair for part in given if part for pair in part.items()]:
        if name not in Arguments.__struct_fields__:
            known = ", ".join(Arguments.__struct_fields__)
            raise UsageError(f"unknown parameter {name!r}; parameters are named in our words: {known}")
        setattr(arguments, name, _value(name, value))
    return arguments


def _value(name: str, value: Any) -> Any:
    try:
        if name in _MONEY and value is not None:
            return value if isinstance(value, Decimal) else Decimal(str(value))
        if name == "side" and isinstance(value, str):
            return TradeType[value.upper()]
        if name == "order_type" and isinstance(value, str):
            return OrderType[value.upper()]
    except (KeyError, InvalidOperation):
        raise UsageError(f"parameter {name} cannot be {value!r}") from None
    return value
