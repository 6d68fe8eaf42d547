"""Placing and cancelling order lists: all of a list or nothing.

Rules:
- What begins at once is admitted as any order is, each before any of them is accepted; what waits for another is asked
  for its shape and the instrument's rules only, and holds nothing.
- Of a pair, the limit order is admitted first, so that the other holds only what it needs beyond that.
- Orders are numbered and accepted in the list's order.
"""

from msgspec.structs import replace

from .admission import Admitted, draft
from .amounts import ZERO
from .kinds import Stage
from .matching import End, Plan
from .order import NewOrder, Order
from .order_list import ListKind, NewList, OrderList, list_error, prices_fit
from .outcomes import PlacedList
from .reasons import Close, Reject, Rejected
from .rules import AMENDING, vet
from .trading import Trading


class ListTrading:
    """The lists of one exchange, beside its single orders."""

    __slots__ = ("_next", "_trading")

    def __init__(self, trading: Trading) -> None:
        self._trading = trading
        self._next = 0

    def place(self, account: str, new: NewList, now: int) -> PlacedList | Rejected:
        trading = self._trading
        trading.pass_time(now)
        admitted = self._consider(account, new, now)
        if isinstance(admitted, Rejected):
            return admitted
        ids = tuple(each.order.id for each in admitted)
        symbol = new.orders[0].symbol
        self._next += 1
        listed = OrderList(self._next, new.client_id, account, symbol, new.kind, ids, now, now)
        trading.lists.add(listed, now)
        orders = trading.accept_all(
            [replace(each, order=replace(each.order, list_id=listed.id)) for each in admitted], now
        )
        return PlacedList(trading.lists.get(listed.id) or listed, orders, trading.commit(now))

    def cancel(self, account: str, list_id: int, now: int) -> OrderList | Rejected:
        listed = self._trading.lists.get(list_id)
        if listed is None or listed.account != account:
            return Rejected(Reject.UNKNOWN_ORDER, f"account {account} has no list {list_id}")
        if listed.is_done:
            return Rejected(Reject.ORDER_CLOSED, f"list {list_id} is done")
        for order_id in listed.orders:
            outcome = self._trading.cancel(account, order_id, now, Close.REQUESTED)
            if isinstance(outcome, Rejected) and outcome.reason is Reject.HALTED:
                return outcome
        return self._trading.lists.get(list_id) or listed

    def _consider(self, account: str, new: NewList, now: int) -> list[Admitted] | Rejected:
        broken = list_error(new)
        if broken is not None:
            return Rejected(Reject.INVALID_ORDER, broken)
        unlisted = self._trading.unlisted(new.orders[0].symbol)
        if unlisted is not None:
            return unlisted
        last = self._trading.last_price(new.orders[0].symbol)
        if not prices_fit(new, last):
            return Rejected(Reject.LIST_PRICES, "the prices of the pair do not lie on both sides of the market")
        taken = [each for each in self._trading.lists.of(account) if not each.is_done and each.client_id is not None]
        if new.client_id in [each.client_id for each in taken]:
            return Rejected(Reject.DUPLICATE_CLIENT_ID, f"client id {new.client_id} belongs to a list that is open")
        found: dict[int, Admitted] = {}
        beside: tuple[Order, ...] = ()
        for index in sorted(range(len(new.orders)), key=lambda index: new.orders[index].trigger is not None):
            waits = new.kind is not ListKind.OCO and index > 0
            order_id = self._trading.next_order + index
            if waits:
                outcome = self._pending(account, new.orders[index], order_id, now, beside)
            else:
                shares = sum((each.held for each in beside), ZERO)
                outcome = self._trading.consider(
                    account, new.orders[index], order_id, now, shares=shares, beside=beside
                )
            if isinstance(outcome, Rejected):
                return outcome
            beside = (*beside, outcome.order)
            found[index] = outcome
        return [found[index] for index in range(len(new.orders))]

    def _pending(
        self, account: str, new: NewOrder, order_id: int, now: int, beside: tuple[Order, ...]
    ) -> Admitted | Rejected:
        application = replace(self._trading.application(account, new, now), beside=beside)
        broken = vet(application, AMENDING)
        if broken is not None:
            return broken
        order = replace(draft(application, order_id, now), stage=Stage.PENDING, working=None)
        return Admitted(order, Plan((), End.DRY))
