"""What an action is called with.

Rules:
- `key` is None where nobody is logged in; a dialect signs what needs an account, and the server holds it to that.
- `args` hold what was read and the dialect's constants; an argument that the client left out is None or absent.
- `now` is the exchange's clock in ns.
- `sayings` are the endpoint's own, `sent` what was sent: for actions that refuse a part of a request.
- `counts` are the pools that the request was counted in.
- What only looks looks at `records`, which may be a replica that lags behind; what changes something, at the exchange.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from exconn.sandbox.desk import Desk
from exconn.sandbox.dialect.meanings import Refused, Saying, say
from exconn.sandbox.dialect.scope import Scope
from exconn.sandbox.engine import Balance, BookSnapshot, Fill, Order
from exconn.sandbox.keys import Key
from exconn.sandbox.limits import Count


class Records(Protocol):
    """What there is to be read of accounts and books; the exchange itself is one."""

    def order(self, account: str, order_id: int) -> Order | None:
        """An account's own order, or None."""

    def order_by_client_id(self, account: str, client_id: str) -> Order | None:
        """The latest order that carried a client id, or None."""

    def orders(self, account: str, symbol: str | None = None, *, open_only: bool = False) -> Sequence[Order]:
        """An account's orders, oldest first."""

    def fills(self, account: str, symbol: str | None = None) -> Sequence[Fill]:
        """A client's fills, oldest first."""

    def balances(self, account: str) -> Mapping[str, Balance]:
        """An account's balances by asset."""

    def book(self, symbol: str, depth: int | None = None) -> BookSnapshot:
        """The book's best `depth` levels a side (all when None)."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A part of a request that was refused, in the exchange's words."""

    meaning: str
    code: Any
    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """One use of an action."""

    desk: Desk
    key: Key | None
    args: Mapping[str, Any]
    now: int
    records: Records
    counts: Sequence[Count] = ()
    sayings: Mapping[str, Saying] = field(default_factory=dict)
    sent: Mapping[str, Any] = field(default_factory=dict)

    @property
    def account(self) -> str:
        """The account that calls. Raises LookupError where nobody is logged in."""
        if self.key is None:
            raise LookupError("this action needs an account: the dialect must sign its endpoint")
        return self.key.account

    def having(self, args: Mapping[str, Any]) -> Call:
        """The same call with other arguments."""
        return replace(self, args=args)

    def said(self, refused: Refused) -> Refusal:
        """A refusal in the exchange's words."""
        scope = Scope(self.now, self.sent)
        say(self.desk.dialect.sayings, refused, scope, self.sayings)
        return Refusal(refused.meaning, scope.code, scope.text)
