"""What an action is called with.

Rules:
- `key` is None where nobody is logged in; a dialect signs what needs an account, and the server holds it to that.
- `args` hold what was read and the dialect's constants; an argument that the client left out is None or absent.
- `now` is the exchange's clock in ns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from exconn.sandbox.desk import Desk
from exconn.sandbox.keys import Key


@dataclass(frozen=True, slots=True)
class Call:
    """One use of an action."""

    desk: Desk
    key: Key | None
    args: Mapping[str, Any]
    now: int

    @property
    def account(self) -> str:
        """The account that calls. Raises LookupError where nobody is logged in."""
        if self.key is None:
            raise LookupError("this action needs an account: the dialect must sign its endpoint")
        return self.key.account
