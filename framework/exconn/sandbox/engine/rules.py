"""The rules of a new order that look at no funds and at no matching: which one refuses it.

Rules are checked in this order, and the first broken one answers:
status; shape; price and trigger price (range, tick); trail; size (bounds, lot); notional; client id; open orders; a
trigger that the last price has reached, where the policy refuses it.
Nothing changes here. A size given in quote is checked by its value; a market order's value is taken at the price of its
trigger, or else at the best price.
"""

from collections.abc import Callable
from decimal import Decimal

from msgspec import Struct

from .accounts import Account
from .amounts import ZERO, exact, is_multiple, is_sane, plain
from .fees import FeeSchedule
from .instrument import Instrument, Status
from .kinds import Kind, Side
from .order import NewOrder, Order
from .policy import ClientIds, ImmediateTriggers, Policy
from .reasons import Reject, Rejected
from .shapes import shape_error
from .store import Store
from .venue import Listing


class Application(Struct, frozen=True):
    """An order that asks to be accepted, and all that the rules look at. `replaces` is the one that would go
    first, `shares` what another order of its list holds; `beside` are those that will be accepted before it."""

    new: NewOrder
    account: Account
    schedule: FeeSchedule
    listing: Listing
    store: Store
    policy: Policy
    now: int
    replaces: Order | None = None
    shares: Decimal = ZERO
    beside: tuple[Order, ...] = ()

    @property
    def instrument(self) -> Instrument:
        """The instrument's rules."""
        return self.listing.instrument

    @property
    def best_price(self) -> Decimal | None:
        """The best price on the other side."""
        level = self.listing.book.best(self.new.side.opposite)
        return None if level is None else level.price


Rule = Callable[[Application], Rejected | None]


def _status(a: Application) -> Rejected | None:
    status = a.instrument.status
    is_taken = (
        status is Status.TRADING
        or (status is Status.POST_ONLY and a.new.post_only)
        or (status is Status.LIMIT_ONLY and a.new.kind is Kind.LIMIT)
    )
    if is_taken:
        return None
    return Rejected(Reject.HALTED, f"{a.instrument.symbol} is {status}; this order is not taken now")


def _shape(a: Application) -> Rejected | None:
    detail = shape_error(a.new, a.now)
    return None if detail is None else Rejected(Reject.INVALID_ORDER, detail)


def _price(a: Application) -> Rejected | None:
    for price in (a.new.price, a.new.trigger.price if a.new.trigger else None):
        error = None if price is None else _price_error(a.instrument, price)
        if error is not None:
            return error
    return None


def _price_error(rules: Instrument, price: Decimal) -> Rejected | None:
    low, high = rules.min_price or ZERO, rules.max_price
    if not is_sane(price) or price <= 0 or price < low or (high is not None and price > high):
        return Rejected(Reject.PRICE_OUT_OF_RANGE, f"price {price} is not between {low} and {high or 'any'}")
    if not is_multiple(price, rules.tick):
        return Rejected(Reject.PRICE_OFF_TICK, f"price {price} is not a multiple of {rules.tick}")
    return None


def _trail(a: Application) -> Rejected | None:
    trigger, rules = a.new.trigger, a.instrument
    trail = None if trigger is None else trigger.trail
    if trail is None or not trail.relative:
        return None
    low, high = rules.min_trail or ZERO, rules.max_trail
    if trail.amount >= low and (high is None or trail.amount <= high):
        return None
    return Rejected(Reject.TRAIL_OUT_OF_RANGE, f"the trail {trail.amount} is not between {low} and {high or 'any'}")


def _size(a: Application) -> Rejected | None:
    rules = a.instrument
    if a.new.amount is None:
        return _quote_size(a)
    return size_error(rules, a.new.amount) or _part_error(a.new, rules)


def _part_error(new: NewOrder, rules: Instrument) -> Rejected | None:
    """The rule that the visible part of an iceberg breaks, or None."""
    part, amount = new.visible_amount, new.amount or ZERO
    if part is None:
        return None
    broken = size_error(rules, part)
    if broken is None and rules.iceberg_parts is not None and amount > part * rules.iceberg_parts:
        return Rejected(Reject.TOO_MANY_PARTS, f"{amount} in parts of {part} are more than {rules.iceberg_parts}")
    return broken


def size_error(rules: Instrument, amount: Decimal) -> Rejected | None:
    """The rule that a size in base breaks, or None."""
    if not is_sane(amount) or amount <= 0 or amount < rules.min_size:
        return Rejected(Reject.SIZE_TOO_SMALL, f"amount {amount} is below {rules.min_size} or not a number above 0")
    if rules.max_size is not None and amount > rules.max_size:
        return Rejected(Reject.SIZE_TOO_LARGE, f"amount {amount} is above {rules.max_size}")
    if not is_multiple(amount, rules.lot):
        return Rejected(Reject.SIZE_OFF_LOT, f"amount {amount} is not a multiple of {rules.lot}")
    return None


def _quote_size(a: Application) -> Rejected | None:
    amount, step = a.new.quote_amount or ZERO, a.instrument.quote_step
    if not is_sane(amount) or amount <= 0:
        return Rejected(Reject.SIZE_TOO_SMALL, f"quote_amount {amount} is not a number above 0")
    if step is not None and not is_multiple(amount, step):
        return Rejected(Reject.SIZE_OFF_LOT, f"quote_amount {amount} is not a multiple of {step}")
    return None


def _notional(a: Application) -> Rejected | None:
    new, rules = a.new, a.instrument
    price = new.price or (new.trigger and new.trigger.price) or a.best_price
    if new.quote_amount is not None:
        value = new.quote_amount
    elif price is not None:
        value = price * (new.amount or ZERO)
    else:
        return None
    if value < rules.min_notional:
        return Rejected(Reject.NOTIONAL_TOO_SMALL, f"value {plain(value)} is below {rules.min_notional} {rules.quote}")
    if rules.max_notional is not None and value > rules.max_notional:
        return Rejected(Reject.NOTIONAL_TOO_LARGE, f"value {plain(value)} is above {rules.max_notional} {rules.quote}")
    return None


def _client_id(a: Application) -> Rejected | None:
    client_id, scope = a.new.client_id, a.policy.client_ids
    if client_id is None or scope is ClientIds.REUSABLE:
        return None
    beside = (order for order in a.beside if order.client_id == client_id)
    holder = next(beside, None) or a.store.by_client_id(a.account.name, client_id)
    if holder is None or holder == a.replaces or (scope is ClientIds.WHILE_OPEN and not holder.is_open):
        return None
    return Rejected(Reject.DUPLICATE_CLIENT_ID, f"client id {client_id} belongs to order {holder.id}")


def _open_orders(a: Application) -> Rejected | None:
    new, rules = a.new, a.instrument
    may_rest = new.kind is Kind.LIMIT and new.time_in_force.rests
    if may_rest and rules.max_open is not None and len(_open(a)) >= rules.max_open:
        return Rejected(Reject.TOO_MANY_OPEN, f"{rules.max_open} orders are open on {new.symbol}; cancel one first")
    waiting, most = new.trigger is not None, rules.max_waiting
    if waiting and most is not None and sum(order.waits for order in _open(a)) >= most:
        return Rejected(Reject.TOO_MANY_WAITING, f"{most} orders wait for a price of {new.symbol}; cancel one first")
    iceberg, most = new.visible_amount is not None, rules.max_icebergs
    if iceberg and most is not None and sum(order.visible_amount is not None for order in _open(a)) >= most:
        return Rejected(Reject.TOO_MANY_ICEBERGS, f"{most} icebergs are open on {new.symbol}; cancel one first")
    return None


def _open(a: Application) -> list[Order]:
    """What will be open beside the order."""
    gone = None if a.replaces is None else a.replaces.id
    return [each for each in (*a.store.open_orders(a.account.name, a.new.symbol), *a.beside) if each.id != gone]


def _immediate(a: Application) -> Rejected | None:
    trigger, last = a.new.trigger, a.listing.tape.last
    if trigger is None or trigger.price is None or last is None or a.new.starts is not None:
        return None
    if a.policy.immediate_triggers is ImmediateTriggers.FIRE:
        return None
    if not trigger.is_reached(last, buys=a.new.side is Side.BUY):
        return None
    return Rejected(Reject.WOULD_TRIGGER, f"the last price is {last}, and the trigger {trigger.price} is reached")


RULES: tuple[Rule, ...] = (_status, _shape, _price, _trail, _size, _notional, _client_id, _open_orders, _immediate)


AMENDING: tuple[Rule, ...] = (_shape, _price, _size, _notional, _client_id)
"""What is asked again of an order that is amended."""

NAMING: tuple[Rule, ...] = (_client_id,)
"""What is asked again of an order that gets another name alone."""

RETURNING: tuple[Rule, ...] = (_status,)
"""What is asked, too, of an order that leaves its place in the book and comes again, or whose time has come."""


@exact
def vet(application: Application, rules: tuple[Rule, ...] = RULES) -> Rejected | None:
    """The rules that do not look at funds or matching: the first one broken, or None."""
    for rule in rules:
        rejected = rule(application)
        if rejected is not None:
            return rejected
    return None
