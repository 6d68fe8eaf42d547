"""From the arguments of a request to the order that it asks for.

Rules:
- `type` names what the order is and what it waits for; `post_only` makes a maker of a limit order as LIMIT_MAKER does.
- `amount_in_quote` says that the amount of a market order is quote; `quote_amount` is such an amount by its own name.
- A trail is `trail_bips` or `trail_offset` beside the price from which on it follows; or, for the types that trail, the
  trigger's own price, given as an offset: then the limit is an offset too, from the price that fires it.
- Nothing is borrowed here: an order on margin, or one that reduces a position, is refused.
- What the client left out is left out; whether the pieces fit together is the engine's question.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from exconn.sandbox.dialect.meanings import Refused
from exconn.sandbox.dialect.relative import Relative
from exconn.sandbox.dialect.venue import BIP
from exconn.sandbox.dialect.verbs import TAGS
from exconn.sandbox.dialect.vocabulary import TRIGGERED
from exconn.sandbox.dialect.wire import After, Unknown
from exconn.sandbox.engine import Aim, Distance, Kind, NewOrder, SelfTrade, Side, TimeInForce, Trigger
from exconn.sandbox.order_checks import Proposal

from . import prices
from .call import Call

_BORROWED = {"margin": "no_margin", "reduce_only": "no_position"}


def propose(call: Call) -> Proposal:
    """The order that a call asks for, for examination. Refused: no_margin, no_position."""
    for name, meaning in _BORROWED.items():
        if call.args.get(name):
            raise Refused(meaning)
    symbol: str | Unknown = call.args["symbol"]
    rule = call.desk.rule(symbol, call.now)
    tick = Decimal(1) if rule is None else rule.price_step
    last = None if rule is None else call.desk.exchange.last_price(rule.symbol)
    new = new_order(call.args, last, tick, call.now)
    if new.client_id is None:
        new = replace(new, client_id=call.desk.made_client_id())
    return Proposal(call.desk, call.account, symbol, new, call.now)


def _moment(given: int | After | None, now: int) -> int | None:
    return now + given.ns if isinstance(given, After) else given


def new_order(args: Mapping[str, Any], last: Decimal | None, tick: Decimal, now: int) -> NewOrder:
    """The order that arguments ask for; a symbol that is not known is its text. Refused: no_liquidity."""
    symbol, kind, in_quote = args["symbol"], args["type"], bool(args.get("amount_in_quote"))
    amount, mode, side = args.get("amount"), args.get("self_trade"), Side(args["side"])
    trigger = _trigger(kind, args, side, last, tick)
    limit = prices.in_unit(args.get("price"), args.get("price_unit"))
    return NewOrder(
        symbol=symbol.text if isinstance(symbol, Unknown) else symbol,
        side=side,
        kind=_priced(kind),
        amount=None if in_quote else amount,
        price=None if trigger and trigger.limit else prices.price(limit, last, tick, up=side is Side.SELL),
        quote_amount=amount if in_quote else args.get("quote_amount"),
        time_in_force=TimeInForce(args.get("time_in_force") or "gtc"),
        post_only=kind in ("LIMIT_MAKER", "ICEBERG_MAKER") or bool(args.get("post_only")),
        client_id=args.get("client_id"),
        self_trade=None if mode is None else SelfTrade(mode),
        trigger=trigger,
        starts=_moment(args.get("starts"), now),
        expires=_moment(args.get("expires"), now),
        tags={name: str(args[name]) for name in TAGS if args.get(name) is not None},
        visible_amount=args.get("visible_amount"),
    )


def _priced(kind: str) -> Kind:
    if kind in TRIGGERED:
        return TRIGGERED[kind][0]
    return Kind.MARKET if kind == "MARKET" else Kind.LIMIT


def _trigger(kind: str, args: Mapping[str, Any], side: Side, last: Decimal | None, tick: Decimal) -> Trigger | None:
    if kind not in TRIGGERED:
        return None
    priced, aim, trails = TRIGGERED[kind]
    given = prices.in_unit(args.get("trigger_price"), args.get("trigger_unit"))
    if trails and isinstance(given, Relative):
        away = prices.distance(dataclasses.replace(given, sign="+"), up=True)
        limit = prices.in_unit(args.get("price"), args.get("price_unit") or "quote")
        follows = priced is Kind.LIMIT and limit is not None
        return Trigger(aim, None, away, prices.distance(limit, up=side is Side.BUY) if limit and follows else None)
    up = (side is Side.BUY) is (aim is Aim.STOP_LOSS)
    return Trigger(aim, prices.price(given, last, tick, up=up), _trail(args))


def _trail(args: Mapping[str, Any]) -> Distance | None:
    if args.get("trail_bips") is not None:
        return Distance(args["trail_bips"] * BIP, relative=True)
    return None if args.get("trail_offset") is None else Distance(args["trail_offset"])
