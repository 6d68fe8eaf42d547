"""From the arguments of a request to the order that it asks for.

Rules:
- `type` names what the order is and what it waits for; `post_only` makes a maker of a limit order as LIMIT_MAKER does.
- `amount_in_quote` says that the amount of a market order is quote; `quote_amount` is such an amount by its own name.
- What the client left out is left out; whether the pieces fit together is the engine's question.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exconn.sandbox.dialect.types import Unknown
from exconn.sandbox.dialect.vocabulary import TRIGGERED
from exconn.sandbox.engine import Kind, NewOrder, SelfTrade, Side, TimeInForce, Trigger
from exconn.sandbox.order_checks import Proposal

from .call import Call


def propose(call: Call) -> Proposal:
    """The order that a call asks for, for examination."""
    symbol: str | Unknown = call.args["symbol"]
    return Proposal(call.desk, call.account, symbol, new_order(call.args), call.now)


def new_order(args: Mapping[str, Any]) -> NewOrder:
    """The order that arguments ask for; a symbol that is not known is its text."""
    symbol, kind, in_quote = args["symbol"], args["type"], bool(args.get("amount_in_quote"))
    amount, mode = args.get("amount"), args.get("self_trade")
    return NewOrder(
        symbol=symbol.text if isinstance(symbol, Unknown) else symbol,
        side=Side(args["side"]),
        kind=_priced(kind),
        amount=None if in_quote else amount,
        price=args.get("price"),
        quote_amount=amount if in_quote else args.get("quote_amount"),
        time_in_force=TimeInForce(args.get("time_in_force") or "gtc"),
        post_only=kind == "LIMIT_MAKER" or bool(args.get("post_only")),
        client_id=args.get("client_id"),
        self_trade=None if mode is None else SelfTrade(mode),
        trigger=_trigger(kind, args),
        starts=args.get("starts"),
        expires=args.get("expires"),
    )


def _priced(kind: str) -> Kind:
    if kind in TRIGGERED:
        return TRIGGERED[kind][0]
    return Kind.MARKET if kind == "MARKET" else Kind.LIMIT


def _trigger(kind: str, args: Mapping[str, Any]) -> Trigger | None:
    if kind not in TRIGGERED:
        return None
    return Trigger(TRIGGERED[kind][1], args.get("trigger_price"))
