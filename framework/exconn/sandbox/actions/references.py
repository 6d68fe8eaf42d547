"""What requests call orders by, when they name several: ids, client ids, references of the client's own.

Rules:
- A request may name orders one by one, or all that carry a client id or a reference; one that does neither names none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from exconn.sandbox.dialect import order_values
from exconn.sandbox.dialect.wire import UserRef
from exconn.sandbox.engine import Order


@dataclass(frozen=True, slots=True)
class ClientRef:
    """A client id, where orders are asked for by several kinds of id."""

    text: str


Ref = str | UserRef | ClientRef


def refs_of(args: Mapping[str, Any]) -> list[Ref]:
    """All that orders are asked for by: ids, client ids, user references."""
    client_ids = [ClientRef(text) for text in args.get("client_ids") or ()]
    return [*(args.get("order_refs") or ()), *client_ids, *(args.get("user_refs") or ())]


def is_ref(order: Order, ref: Ref | None) -> bool:
    """Whether an order has this id, or carries this reference; None is any."""
    if isinstance(ref, UserRef):
        return order.tags.get("user_ref") == ref.text
    if isinstance(ref, ClientRef):
        return order.client_id == ref.text
    return ref is None or order.id == int(ref)


def is_meant(order: Order, args: Mapping[str, Any]) -> bool:
    """Whether an order carries the client id and the user reference that are asked for, if any."""
    client_id, user_ref = args.get("client_id"), args.get("user_ref")
    return client_id in (None, order.client_id) and user_ref in (None, order_values.user_ref(order))


def names_any(args: Mapping[str, Any]) -> bool:
    """Whether any order is named at all, by itself or by what it carries."""
    return bool(refs_of(args)) or any(args.get(name) is not None for name in ("client_id", "user_ref"))
