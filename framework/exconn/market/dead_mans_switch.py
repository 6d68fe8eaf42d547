"""The dead man's switch: the exchange cancels all orders of a market that has fallen silent.

Rules: only where the user asked for it; armed when the market starts to trade and refreshed while it runs, soon again
after a failure; stopping cleanly releases it, so that orders left open stay open, unless stopping was to cancel them
and could not prove it. A release that fails is told with the time within which the orders will be cancelled. Where the
exchange takes it pair by pair, the market's pairs and those of open orders are meant, and a pair that fails does not
keep the others from theirs.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable

from exconn.codec import Arguments, Switch
from exconn.errors import ExconnError, UsageError
from exconn.market.probing import Needs
from exconn.market.rest import Rest

_OPERATION = "dead_mans_switch"
_AGAIN_AFTER = 1.0
_log = logging.getLogger(__name__)


class DeadMansSwitch:
    """`pairs`: those that it has to be armed for, where the exchange takes it so. `is_wanted`: the user's setting.

    Raises UsageError where it is wanted and the exchange has none.
    """

    def __init__(self, rest: Rest, needs: Needs, pairs: Callable[[], Iterable[str]]) -> None:
        self.is_wanted = rest.settings.dead_mans_switch
        self.is_armed = False
        self._rest = rest
        self._needs = needs
        self._pairs = pairs
        if self.is_wanted and rest.codec.facts.switch is None:
            raise UsageError(f"{rest.codec.name} has no dead man's switch; leave the setting dead_mans_switch off")

    async def arm(self) -> None:
        """Arm or refresh it once. Raises what `Rest.ask` raises; it may be armed then all the same."""
        self.is_armed = True
        await self._set(self._facts.seconds)

    async def keep(self) -> None:
        """Refresh it until cancelled."""
        while True:
            await asyncio.sleep(self._facts.refresh)
            await self._refresh()

    async def _refresh(self) -> None:
        while True:
            try:
                await self.arm()
            except ExconnError as error:
                _log.warning("%s: the dead man's switch is not refreshed: %s", self._rest.codec.name, error)
                await asyncio.sleep(_AGAIN_AFTER)
            else:
                return

    def leave(self) -> None:
        """Leave it armed: what could not be cancelled here is left to the exchange."""
        if self.is_armed:
            self.is_armed = False
            name, seconds = self._rest.codec.name, self._facts.seconds
            _log.warning("%s: the dead man's switch stays armed and cancels all orders within %d s", name, seconds)

    async def release(self) -> None:
        """Take it off, where it was armed; a failure is told and not raised."""
        if not self.is_armed:
            return
        self.is_armed = False
        try:
            await self._set(0)
        except ExconnError as error:
            _log.error(
                "%s: the dead man's switch could not be released, open orders will be cancelled within %d s: %s",
                self._rest.codec.name,
                self._facts.seconds,
                error,
            )

    async def _set(self, seconds: int) -> None:
        pairs = dict.fromkeys(self._pairs()) if self._needs.pair(_OPERATION) else ("",)
        failure: ExconnError | None = None
        for pair in pairs:
            try:
                await self._rest.ask(_OPERATION, Arguments(pair=pair, switch_s=seconds))
            except ExconnError as error:
                failure = failure or error
        if failure is not None:
            raise failure

    @property
    def _facts(self) -> Switch:
        facts = self._rest.codec.facts.switch
        assert facts is not None  # nothing of it runs unless it is wanted
        return facts
