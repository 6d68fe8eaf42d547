"""What a market reads of its exchange at the start and again now and then: rules, fee rates, the key's rights.

Rules: rules are read every 30 minutes, soon again while an answer is doubted or none has come, and once when the
exchange rejects an order that kept them; a reading that fails changes nothing. Fee rates are read pair by pair where
the exchange tells them so; while it refuses to tell them, each try waits twice as long as the last. A key that may
withdraw is refused unless the user allows it: nothing here ever needs that right.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from exconn.codec import Answer, Arguments
from exconn.errors import ExconnError, UsageError
from exconn.market.fees import FeeRates
from exconn.market.probing import Needs
from exconn.market.rest import Rest
from exconn.market.rules import TradingRules
from exconn.model import KeyRights, TradingRule

_log = logging.getLogger(__name__)


class StandingFacts:
    """`loaded`: set when the rules have been read for the first time. `pairs`: those that are traded; `changed`: called
    after each reading of the rules."""

    def __init__(
        self,
        rest: Rest,
        rules: TradingRules,
        fees: FeeRates,
        has_keys: bool,
        needs: Needs,
        pairs: Callable[[], Sequence[str]],
        changed: Callable[[], None],
    ) -> None:
        self._rest = rest
        self._rules = rules
        self._fees = fees
        self._has_keys = has_keys
        self._needs = needs
        self._pairs = pairs
        self._changed = changed
        self.loaded = asyncio.Event()
        self._wanted = asyncio.Event()

    def refresh_soon(self) -> None:
        """The rules in force may be out of date."""
        self._wanted.set()

    async def update_rules(self) -> None:
        """Read the rules once."""
        asked = await self._rest.ask_all("trading_rules", Arguments())
        if self._rules.load(asked.reply.reports):
            self.loaded.set()
            self._changed()

    def format_rules(self, body: bytes) -> list[TradingRule]:
        """The rules in the exchange's own answer to `trading_rules`."""
        endpoint = self._rest.endpoint("trading_rules")
        reply = endpoint.read(Answer(200, {}, body), Arguments(), self._rest.context)
        return self._rules.readable(reply.reports)

    async def poll_rules(self) -> None:
        """Read rules and fee rates again and again, until cancelled."""
        settings = self._rest.settings
        refused = 0
        while True:
            self._wanted.clear()
            has_rules, has_fees = await self._read(self.update_rules), await self._read(self.update_fees)
            refused = 0 if has_fees else refused + 1
            pause = settings.rules_every
            if refused:
                pause = min(pause, settings.rules_retry * 2.0 ** min(refused - 1, 30))
            if not has_rules or self._rules.is_doubting or not self._rules.rules:
                pause = settings.rules_retry
            await self._wait(pause)

    async def _read(self, update: Callable[[], Awaitable[None]]) -> bool:
        try:
            await update()
        except ExconnError as error:
            _log.warning("not read: %s", error)
            return False
        return True

    async def _wait(self, seconds: float) -> None:
        """Until the next reading; one that is wanted sooner still leaves a pause."""
        least = min(seconds, self._rest.settings.rules_retry)
        await asyncio.sleep(least)
        try:
            async with asyncio.timeout(seconds - least):
                await self._wanted.wait()
        except TimeoutError:
            pass

    async def update_fees(self) -> None:
        """Read the account's fee rates, where the exchange tells them."""
        if self._rest.offers("fee_rates") and (self._has_keys or not self._rest.endpoint("fee_rates").signed):
            for pair in self._pairs() if self._needs.pair("fee_rates") else ("",):
                asked = await self._rest.ask("fee_rates", Arguments(pair=pair))
                self._fees.load(asked.reply.reports)

    async def check_rights(self) -> None:
        """UsageError where the key could withdraw and the user has not allowed that."""
        if not self._has_keys or not self._rest.offers("key_rights") or self._rest.settings.allow_withdraw_key:
            return
        asked = await self._rest.ask("key_rights")
        if any(isinstance(report, KeyRights) and report.withdraw for report in asked.reply.reports):
            raise UsageError(
                "this API key may withdraw, which trading never needs; make one without that right, or set "
                "allow_withdraw_key"
            )
