"""Preparations: operations that give values (a token, an account's id) which other requests carry.

Rules: whatever is not on the closed list of operations is a preparation; one that lasts a session runs at the start,
one that lasts a connection before each connection, one that lasts seconds again at half its life. What they give is
kept in the codec's context and nowhere else.
"""

from exconn.codec import Arguments, Endpoint
from exconn.market.rest import Rest

OPERATIONS = frozenset(
    {
        "server_time",
        "trading_rules",
        "book_snapshot",
        "last_price",
        "place_order",
        "cancel_order",
        "order_by_client_id",
        "open_order_by_client_id",
        "closed_order_by_client_id",
        "order_by_exchange_id",
        "open_orders",
        "fills_of_order",
        "fills_since",
        "balances",
        "fee_rates",
        "key_rights",
        "dead_mans_switch",
    }
)


class Preparations:
    """`has_keys`: without credentials, what would have to be signed is left out."""

    def __init__(self, rest: Rest, has_keys: bool) -> None:
        self._rest = rest
        self._all = [
            endpoint
            for name, endpoint in rest.codec.endpoints.items()
            if name not in OPERATIONS and (has_keys or not endpoint.signed)
        ]
        self._ran_at: dict[str, float] = {}

    async def run(self) -> None:
        """Those of the session, and those whose time is half over."""
        for endpoint in self._all:
            if endpoint.lasts != "connection" and self._is_due(endpoint):
                await self._run(endpoint)

    async def run_for_connection(self) -> None:
        """Those that last one connection, after what is due anyway."""
        await self.run()
        for endpoint in self._all:
            if endpoint.lasts == "connection":
                await self._run(endpoint)

    def _is_due(self, endpoint: Endpoint) -> bool:
        ran_at = self._ran_at.get(endpoint.operation)
        if ran_at is None:
            return True
        lasts = _seconds(endpoint.lasts)
        return lasts is not None and self._rest.time.steady() - ran_at >= lasts / 2

    async def _run(self, endpoint: Endpoint) -> None:
        asked = await self._rest.ask(endpoint.operation, Arguments())
        self._rest.context.given.update(asked.reply.given)
        self._ran_at[endpoint.operation] = self._rest.time.steady()

    @property
    def renew_after(self) -> float | None:
        """Seconds between two looks for what is due, None where nothing ends by time."""
        lives = [lasts for endpoint in self._all if (lasts := _seconds(endpoint.lasts)) is not None]
        return min(lives) / 2 if lives else None


def _seconds(lasts: str | None) -> float | None:
    return None if lasts in (None, "connection", "session") else float(str(lasts))
