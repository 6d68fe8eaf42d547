"""The exchange's ids of our orders: which orders a report may be about that carries no id of ours.

Rules: an exchange may number the orders of each pair by themselves, so one id can be several orders'; a report that
does not say which pair it is of is then about none of them. Nothing here knows an order's state.
"""


class ExchangeIds:
    """Exchange id -> client ids. Nearly every id is one order's, and is kept without a list around it."""

    __slots__ = ("_names",)

    def __init__(self) -> None:
        self._names: dict[str, str | tuple[str, ...]] = {}

    def note(self, exchange_order_id: str, client_id: str) -> None:
        known = self._names.get(exchange_order_id)
        if known is None:
            self._names[exchange_order_id] = client_id
        elif client_id not in (names := _all(known)):
            self._names[exchange_order_id] = (*names, client_id)

    def forget(self, exchange_order_id: str, client_id: str) -> None:
        left = tuple(name for name in self.of(exchange_order_id) if name != client_id)
        if left:
            self._names[exchange_order_id] = left
        else:
            self._names.pop(exchange_order_id, None)

    def of(self, exchange_order_id: str) -> tuple[str, ...]:
        """The client ids of the orders that have this id."""
        known = self._names.get(exchange_order_id)
        return () if known is None else _all(known)


def _all(names: str | tuple[str, ...]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else names
