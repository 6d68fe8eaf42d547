"""Proof 3: a changed secret, a clock 30 s off, a tampered request: refused in the exchange's words, told as what it is.

Codes and texts are those of section 10.2 of docs/myexchange-api.md. Each refusal is seen from both sides: the
exchange's log, and the market's event, error and network status; and the ledger holds nothing of what was refused.
A market that may ask for the exchange's time is not stopped by its own wrong clock; that is shown with and without.
"""

import re
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from exconn.errors import ExchangeError, Meaning
from exconn.market import Market, MarketSettings
from exconn.model import NetworkStatus, OrderType
from exconn.sandbox import Secrets
from exconn.testing.demo.journal import Journal
from exconn.testing.simulation import Venue, conclude, market_in, venue
from exconn.testing.virtual import VirtualClock, World, virtual_world

PAIR = "BTC-USDT"
TIME_PATH = "/v1/time"
PLACE = ("POST", "/v1/orders")
WRONG_SIGNATURE = (1023, re.compile("wrong signature"))
OUTSIDE = (1021, re.compile(r"time [0-9]+ is outside the window, exchange time is [0-9]+"))
Saying = tuple[int, "re.Pattern[str]"]


@dataclass(frozen=True, slots=True)
class Desk:
    """One exchange, one market on it, and what the market told."""

    world: World
    exchange: Venue
    market: Market
    journal: Journal
    clock: VirtualClock
    account: str

    async def place(self) -> str:
        """A buy that would rest, given at once; its client id."""
        price = Decimal("60000") if self.market.order_books.get(PAIR) is None else self._below()
        order: str = self.market.buy(PAIR, Decimal("0.01"), OrderType.LIMIT, price)
        await self.journal.shown(order, 20)
        return order

    def _below(self) -> Decimal:
        best = self.market.order_books[PAIR].get_price(False)
        return Decimal(str(best)) - 1000

    def refused(self, method: str, path: str) -> list[tuple[int, str]]:
        """(code, text) of the exchange's refusals of one endpoint."""
        found = [each for each in self.exchange.refusals() if (each.get("method"), each.get("path")) == (method, path)]
        return [(each["code"], each["text"]) for each in found]

    def is_connected(self) -> bool:
        return self.market.network_status is NetworkStatus.CONNECTED

    def in_ledger(self) -> list[str]:
        return [order["client_id"] for order in self.exchange.account(self.account)["orders"]]


@asynccontextmanager
async def desk(world: World, files: Any, credentials: Any = None, **settings: Any) -> AsyncIterator[Desk]:
    account = files.accounts[0]
    clock = world.clock()
    async with venue(world, files.dialect, files.accounts, files.origins) as exchange:
        maker = market_in(
            world, files.codec, [PAIR], credentials or account, clock=clock, settings=MarketSettings(**settings)
        )
        yield Desk(world, exchange, maker, Journal(maker, lambda tag, event: None), clock, account.name)


def run(seed: int, work: Callable[[World], Coroutine[Any, Any, None]]) -> None:
    with virtual_world(seed) as world:
        world.run(work(world), timeout_virtual=600)


async def expect_refusal(place: Desk, order: str, saying: Saying, meaning: Meaning) -> None:
    """The order failed, both sides say why, and the ledger has nothing of it."""
    code, text = saying
    told = place.refused(*PLACE)
    assert told and all(each == code and text.fullmatch(words) for each, words in told)
    failure = place.journal.orders[order].failure
    assert failure is not None
    assert failure.error_type == meaning.value
    assert f"code {code}" in (failure.error_message or "")
    assert text.search(failure.error_message or "")
    error = place.market.last_error
    assert isinstance(error, ExchangeError)
    assert (error.meaning, error.code, error.not_executed) == (meaning, str(code), True)
    assert order not in place.in_ledger()
    assert order not in place.market.in_flight_orders
    print(f"    exchange: {told[-1][0]} {told[-1][1]!r}; market: {failure.error_type}: {failure.error_message}")


def test_a_secret_that_never_was_right(exchange_files: Any) -> None:
    wrong = {"api_key": exchange_files.accounts[0].api_key, "secret_key": "not-the-secret"}

    async def work(world: World) -> None:
        async with desk(world, exchange_files, wrong) as place, place.market:
            with pytest.raises(TimeoutError, match="wrong signature") as told:
                await place.market.wait_ready(30)
            error = place.market.last_error
            print(f"\n3. a wrong secret from the start: {told.value}")
            assert isinstance(error, ExchangeError)
            assert (error.meaning, error.code, error.text) == (Meaning.AUTH, "1023", "wrong signature")
            assert error.terminal
            assert not place.is_connected()
            assert "not-the-secret" not in str(told.value) + repr(place.exchange.sandbox.log.since(0))
            seen = {(each["meaning"], each["code"]) for each in place.exchange.refusals()}
            assert seen == {("wrong_signature", 1023)}
            assert {each["kind"] for each in place.exchange.refusals()} == {"refused", "refused frame"}
            await expect_refusal(place, await place.place(), WRONG_SIGNATURE, Meaning.AUTH)
            assert place.in_ledger() == []

    run(31, work)


def test_a_secret_that_is_changed_while_trading(exchange_files: Any) -> None:
    account = exchange_files.accounts[0]

    async def work(world: World) -> None:
        async with desk(world, exchange_files) as place, place.market:
            await place.market.wait_ready(30)
            before = await place.place()
            place.exchange.sandbox.desk.keys[account.api_key].secrets = Secrets("changed-by-the-exchange")
            print("\n3. the secret is changed while trading:")
            await expect_refusal(place, await place.place(), WRONG_SIGNATURE, Meaning.AUTH)
            assert not place.is_connected()
            assert place.in_ledger() == [before]
            place.exchange.sandbox.desk.keys[account.api_key].secrets = account.secrets
            after = await place.place()
            assert place.in_ledger() == [before, after]
            assert place.is_connected()
            assert (await conclude(place.exchange, place.market, place.journal, account.name)).differences == ()

    run(32, work)


@pytest.mark.parametrize("off", [30.0, -30.0])
def test_a_clock_off_that_may_ask_trades_on(exchange_files: Any, off: float) -> None:
    async def work(world: World) -> None:
        async with desk(world, exchange_files) as place:
            place.clock.step(off)
            async with place.market:
                await place.market.wait_ready(30)
                first = await place.place()
                place.clock.step(-2 * off)
                second = await place.place()
                assert place.in_ledger() == [first, second]
                assert place.exchange.refusals() == []
                found = await conclude(place.exchange, place.market, place.journal, place.account)
                print(f"\n3. the market's clock {off:+.0f} s, then {-off:+.0f} s: {found.orders} orders, 0 refused")
                assert found.differences == ()

    run(33, work)


@pytest.mark.parametrize("off", [30.0, -30.0])
def test_a_clock_off_that_does_not_ask_is_refused(exchange_files: Any, off: float) -> None:
    async def work(world: World) -> None:
        async with desk(world, exchange_files, sync_clock=False) as place:
            place.clock.step(off)
            async with place.market:
                with pytest.raises(TimeoutError, match="outside the window") as told:
                    await place.market.wait_ready(30)
                print(f"\n3. the market's clock {off:+.0f} s, and it does not ask: {told.value}")
                error = place.market.last_error
                assert isinstance(error, ExchangeError)
                assert (error.meaning, error.code) == (Meaning.TIME_SKEW, "1021")
                assert not place.is_connected()
                await expect_refusal(place, await place.place(), OUTSIDE, Meaning.TIME_SKEW)
                assert place.in_ledger() == []

    run(34, work)


@pytest.mark.parametrize("off", [30.0, -30.0])
def test_the_clocks_part_while_trading(exchange_files: Any, off: float) -> None:
    """The exchange's clock steps: refused while the exchange's time cannot be had, mended by asking once it can."""

    async def work(world: World) -> None:
        async with desk(world, exchange_files) as place, place.market:
            await place.market.wait_ready(30)
            first = await place.place()
            place.exchange.clock.step(off)
            place.exchange.take_down(TIME_PATH)
            print(f"\n3. the exchange's clock {off:+.0f} s, its time cannot be had:")
            await expect_refusal(place, await place.place(), OUTSIDE, Meaning.TIME_SKEW)
            assert not place.is_connected()
            assert place.in_ledger() == [first]
            place.exchange.faults.clear()
            refused = len(place.refused(*PLACE))
            second = await place.place()
            assert place.in_ledger() == [first, second]
            assert len(place.refused(*PLACE)) <= refused + 1
            assert place.is_connected()
            print("    its time can be had again: traded on")
            assert (await conclude(place.exchange, place.market, place.journal, place.account)).differences == ()

    run(35, work)


def test_a_clock_off_without_the_time_never_trades(exchange_files: Any) -> None:
    """From the start: without the exchange's time the market signs nothing, is not ready, and says why."""

    async def work(world: World) -> None:
        async with desk(world, exchange_files) as place:
            place.clock.step(30.0)
            place.exchange.take_down(TIME_PATH)
            async with place.market:
                with pytest.raises(TimeoutError, match="502") as told:
                    await place.market.wait_ready(30)
                print(f"\n3. the exchange's time cannot be had from the start: {told.value}")
                assert place.in_ledger() == []
                assert place.exchange.refusals() == []
                place.exchange.faults.clear()
                await place.market.wait_ready(60)
                order = await place.place()
                assert place.in_ledger() == [order]

    run(36, work)


TAMPERED = {
    "the body": (rb'"size":"0\.01', b'"size":"9.01'),
    "the query": (rb"^POST /v1/orders HTTP", b"POST /v1/orders?a=1 HTTP"),
    "the host": (rb"Host: api\.myexchange\.example", b"Host: stream.myexchange.example"),
    "the time": (rb"MX-TIME: ([0-9]+)[0-9]{3}\r", rb"MX-TIME: \g<1>999\r"),
    "the nonce": (rb"MX-NONCE: ([0-9]+)[0-9]{2}\r", rb"MX-NONCE: \g<1>99\r"),
}
"""What is changed on the wire -> (pattern, replacement). Lengths fit, and each value stays one that could be signed."""


@pytest.mark.parametrize("what", TAMPERED)
def test_a_placing_that_is_changed_on_the_wire(exchange_files: Any, what: str) -> None:
    pattern, replacement = TAMPERED[what]
    changed: list[bytes] = []

    def alter(data: bytes) -> bytes:
        if not data.startswith(b"POST "):
            return data
        altered = re.sub(pattern, replacement, data, count=1)
        changed.append(altered)
        assert altered != data
        return altered

    async def work(world: World) -> None:
        async with desk(world, exchange_files) as place, place.market:
            await place.market.wait_ready(30)
            print(f"\n3. {what} of a placing is changed on the wire:")
            place.exchange.alter = alter
            await expect_refusal(place, await place.place(), WRONG_SIGNATURE, Meaning.AUTH)
            place.exchange.alter = None
            assert place.in_ledger() == []
            after = await place.place()
            assert place.in_ledger() == [after]
            found = await conclude(place.exchange, place.market, place.journal, place.account)
            assert found.differences == ()

    run(37, work)
    assert len(changed) == 1


def test_a_cancel_that_is_changed_on_the_wire(exchange_files: Any) -> None:
    """Two orders rest; the cancel of one is turned into one of the other: neither is cancelled, and none is told so."""

    async def work(world: World) -> None:
        async with desk(world, exchange_files) as place, place.market:
            await place.market.wait_ready(30)
            one, other = await place.place(), await place.place()
            swapped = one.encode(), other.encode()
            place.exchange.alter = lambda data: data.replace(*swapped) if data.startswith(b"DELETE ") else data
            assert await place.market.execute_cancel(PAIR, one) is None
            place.exchange.alter = None
            told = place.refused("DELETE", "/v1/orders")
            print(
                f"\n3. a cancel is changed on the wire: refused {len(told)} times with {told[0]}; both orders stay open"
            )
            assert set(told) == {(1023, "wrong signature")}
            assert {order["state"] for order in place.exchange.account(place.account)["orders"]} == {"open"}
            assert [place.journal.orders[each].ending for each in (one, other)] == [None, None]
            assert isinstance(place.market.last_error, ExchangeError)
            assert await place.market.execute_cancel(PAIR, one) == one
            found = await conclude(place.exchange, place.market, place.journal, place.account)
            assert found.differences == ()
            assert place.journal.orders[one].ending == "cancelled"

    run(38, work)
