"""The market trades on the sandbox: each kind of order, each end, and the same figures as the ledger at the end."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest
from aiohttp import web
from tests.market.guarantees.meddling import rest_first, take

from exconn.errors import ExchangeError, RuleBroken, UsageError
from exconn.market import Market
from exconn.model import MarketEvent, NetworkStatus, OrderType, TradeType, s_decimal_0
from exconn.sandbox.interference import Undisturbed
from exconn.testing.virtual import World

D = Decimal
PAIR = "BTC-USDT"
SECRET = "a-secret-of-tests"
LIMIT, MAKER, MARKET = OrderType.LIMIT, OrderType.LIMIT_MAKER, OrderType.MARKET


async def test_is_ready_with_books_rules_and_balances(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        market = floor.market
        assert market.ready and set(market.status_dict.values()) == {True}
        assert "account_checked" in market.status_dict
        assert market.network_status is NetworkStatus.CONNECTED
        assert await market.check_network() is NetworkStatus.CONNECTED
        assert market.get_balance("BTC") == 5
        assert market.get_price(PAIR, False) < market.get_price(PAIR, True)
        assert market.supported_order_types() == [MARKET, LIMIT, MAKER]
        assert market.get_fee("BTC", "USDT", MAKER, TradeType.BUY, D(1)).percent == D("0.0008")


class Witness(Undisturbed):
    """Lets everything pass and keeps the signatures that it saw."""

    def __init__(self) -> None:
        self.signatures: list[str] = []

    async def reply(
        self, request: web.Request, answer: Callable[[], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        self.signatures += filter(None, [request.headers.get("MX-SIGN")])
        return await answer()


# how the order is priced against the book, and what is told of it
LIVES = [
    ("buy", MARKET, None, ["BuyOrderCreated", "OrderFilled", "BuyOrderCompleted"]),
    ("sell", MARKET, None, ["SellOrderCreated", "OrderFilled", "SellOrderCompleted"]),
    ("buy", LIMIT, "1.001", ["BuyOrderCreated", "OrderFilled", "BuyOrderCompleted"]),
    ("sell", LIMIT, "0.999", ["SellOrderCreated", "OrderFilled", "SellOrderCompleted"]),
    ("buy", LIMIT, "0.9", ["BuyOrderCreated"]),
    ("buy", MAKER, "0.9", ["BuyOrderCreated"]),
    ("buy", MAKER, "1.01", ["OrderFailure"]),
]


@pytest.mark.parametrize(("side", "order_type", "factor", "names"), LIVES)
async def test_an_order_lives_its_life(
    virtual_world: World, open_floor: Any, side: str, order_type: OrderType, factor: str | None, names: list[str]
) -> None:
    async with open_floor() as floor:
        market = floor.market
        price = s_decimal_0 if factor is None else market.get_price(PAIR, side == "buy") * D(factor)
        order_id = getattr(market, side)(PAIR, D("0.001"), order_type, price)
        await asyncio.sleep(5)
        assert floor.names(order_id) == names
        assert (order_id in market.in_flight_orders) == (len(names) == 1 and names != ["OrderFailure"])
        assert floor.differences() == []


async def test_a_resting_order_is_filled_in_parts_then_cancelled(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        market, price = floor.market, floor.market.get_price(PAIR, True)
        order_id = market.buy(PAIR, D("30"), LIMIT, price)  # more than the best level holds, less than the account
        await asyncio.sleep(3)
        assert floor.names(order_id) == ["OrderFailure"]
        assert floor.events(order_id)[0][1].error_type == "insufficient_balance"
        size = D(str(market.get_order_book(PAIR).best_ask[1])) + D("0.01")
        order_id = market.buy(PAIR, size, LIMIT, price)
        await asyncio.sleep(3)
        assert floor.names(order_id)[:2] == ["BuyOrderCreated", "OrderFilled"]
        assert market.limit_orders[0].client_order_id == order_id
        assert await market.execute_cancel(PAIR, order_id) == order_id
        assert floor.names(order_id)[-1] == "OrderCancelled"
        assert market.in_flight_orders == {}
        await asyncio.sleep(1)
        assert floor.differences() == []


async def test_a_broken_rule_is_told_and_never_sent(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        quiet = floor.market.buy(PAIR, D("0.00001"), LIMIT, D(60000))
        with pytest.raises(RuleBroken, match=r"is under min_order_size 0\.0001 of BTC-USDT"):
            await floor.market.execute_buy("loud", PAIR, D("0.00001"), LIMIT, D(60000))
        with pytest.raises(UsageError, match="'XYZ-USDT' is not traded here"):
            await floor.market.execute_sell("other", "XYZ-USDT", D(1), LIMIT, D(1))
        await asyncio.sleep(1)
        assert [floor.names(each) for each in (quiet, "loud", "other")] == [["OrderFailure"]] * 3
        assert floor.events("loud")[0][1].error_type == "RuleBroken"
        assert floor.ledger()["orders"] == []


async def test_place_order_and_get_order_give_the_exchanges_json(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        market = floor.market
        answer = await market.place_order("mine-1", PAIR, D("0.001"), True, LIMIT, D("60000"))
        assert answer["data"]["client_id"] == "mine-1"
        assert (await market.get_order("mine-1"))["data"]["state"] == "new"
        with pytest.raises(ExchangeError, match="would_cross"):
            await market.place_order("mine-2", PAIR, D("0.001"), True, MAKER, D("90000"))
        with pytest.raises(UsageError, match="client id mine-1 is taken"):
            await market.place_order("mine-1", PAIR, D("0.001"), True, LIMIT, D("60000"))
        assert floor.names("mine-1") == ["BuyOrderCreated"]


async def test_cancel_all_tells_what_is_proven(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        market = floor.market
        order_ids = [market.buy(PAIR, D("0.001"), LIMIT, D(50000 + step)) for step in range(5)]
        await asyncio.sleep(3)
        results = await market.cancel_all(10)
        assert [(result.order_id, result.success) for result in results] == [(each, True) for each in order_ids]
        assert market.in_flight_orders == {}
        assert await market.cancel_all(10) == []


async def test_many_at_once_keep_their_nonces_in_order(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        order_ids = [floor.market.buy(PAIR, D("0.001"), LIMIT, D(50000 + step)) for step in range(40)]
        await asyncio.sleep(10)
        assert {tuple(floor.names(each)) for each in order_ids} == {("BuyOrderCreated",)}
        assert len(floor.ledger()["orders"]) == 40


async def test_restored_orders_go_on(virtual_world: World, open_floor: Any, codec: Any) -> None:
    async with open_floor() as floor:
        order_id = floor.market.buy(PAIR, D("0.001"), LIMIT, D(50000))
        await asyncio.sleep(2)
        saved = floor.market.tracking_states
        other = Market(codec, [PAIR], {"api_key": "a-key", "secret_key": "a-secret-of-tests"})
        other.restore_tracking_states(saved)
        assert other.in_flight_orders[order_id].exchange_order_id == saved[order_id]["exchange_order_id"]
        assert other.tracking_states == saved


async def test_what_cannot_be_restored_costs_nobody_else(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        market = floor.market
        resting = market.buy(PAIR, D("0.001"), LIMIT, D(50000))
        await asyncio.sleep(2)
        saved = market.tracking_states[resting]
        market.stop_tracking_order(resting)
        free = market.get_available_balance("USDT")
        states = {"bad": saved | {"client_order_id": "bad", "price": "NaN"}, resting: saved, "none": None}
        with pytest.raises(UsageError, match="price NaN of a LIMIT order must be above 0; a saved order is a JSON"):
            market.restore_tracking_states(states)
        assert list(market.in_flight_orders) == [resting]
        assert market.get_available_balance("USDT") == free
        with pytest.raises(UsageError, match="saved states are a mapping of client ids to saved orders"):
            market.restore_tracking_states([saved])
        assert await market.execute_cancel(PAIR, resting) == resting


async def test_orders_that_the_original_saved_go_on_where_trades_are_not_told(
    virtual_world: World, open_floor: Any, codec: Any
) -> None:
    """Fills are derived then from what the exchange counts, for these as well."""
    from msgspec.structs import replace

    endpoints = {
        name: replace(each, kinds=tuple(kind for kind in each.kinds if kind != "fill"))
        for name, each in codec.endpoints.items()
        if not name.startswith("fills")
    }
    async with open_floor() as floor:
        order_id = rest_first(floor)
        await asyncio.sleep(2)
        saved = floor.market.tracking_states[order_id]
        del saved["tracking"]
        surroundings, connector = floor.market._parts.ground.surroundings, floor.world.connector
        await floor.market.stop()
        silent = replace(codec, sockets={"public": codec.sockets["public"]}, endpoints=endpoints)
        credentials = {"api_key": "a-key", "secret_key": "a-secret-of-tests"}
        async with Market(silent, [PAIR], credentials, surroundings=surroundings, connector=connector) as market:
            floor.market = market
            floor.told.clear()
            floor.listen()
            market.restore_tracking_states({order_id: saved})
            await market.wait_ready(30)
            assert floor.market.in_flight_orders[order_id].last_state == "open"
            take(floor, order_id, "0.01")
            await asyncio.sleep(20)
            assert floor.names(order_id) == ["OrderFilled", "BuyOrderCompleted"]


@pytest.mark.parametrize(
    ("pair", "amount", "price", "why"),
    [
        (PAIR, "NaN", "1", "amount NaN must be above 0"),
        (PAIR, "-1", "1", "amount -1 must be above 0"),
        (PAIR, "1", "NaN", "price 0 of a LIMIT order must be above 0"),
        ("BTCUSDT", "1", "1", "'BTCUSDT' is no pair"),
        (None, "1", "1", "None is no pair"),
    ],
)
async def test_what_can_be_no_order_is_not_tracked(
    virtual_world: World, open_floor: Any, pair: Any, amount: str, price: str, why: str
) -> None:
    async with open_floor() as floor:
        with pytest.raises(UsageError, match=f"order mine cannot be tracked: {why}"):
            floor.market.c_start_tracking_order("mine", pair, LIMIT, TradeType.BUY, D(price), D(amount))
        assert floor.market.in_flight_orders == {}


@pytest.mark.parametrize("order_id", ["", None, 5])
async def test_an_order_has_an_id(virtual_world: World, open_floor: Any, order_id: Any) -> None:
    async with open_floor() as floor:
        with pytest.raises(UsageError, match=f"a client id is a text, not {order_id!r}"):
            await floor.market.execute_buy(order_id, PAIR, D("0.001"), LIMIT, D(50000))
        assert floor.told == [] and floor.market.in_flight_orders == {}


@pytest.mark.parametrize(
    ("amount", "price"), [(0.0010009, 60000.019), ("0.0010009", "60000.019"), (D("0.0010009"), 60000)]
)
async def test_numbers_may_be_given_as_they_are_at_hand(
    virtual_world: World, open_floor: Any, amount: Any, price: Any
) -> None:
    async with open_floor() as floor:
        assert floor.market.quantize_order_amount(PAIR, amount, price) == D("0.001")
        assert floor.market.quantize_order_price(PAIR, price) in (D("60000.01"), D(60000))
        assert floor.market.get_order_price_quantum(PAIR, price) == D("0.01")
        for quantize in (floor.market.quantize_order_amount, floor.market.quantize_order_price):
            with pytest.raises(UsageError, match="'much' is no number; give prices and amounts as Decimal"):
                quantize(PAIR, "much")


async def test_a_market_that_reads_alone_takes_no_orders(virtual_world: World, open_floor: Any) -> None:
    """Though it was given the credentials: nothing would tell what became of them."""
    async with open_floor(trading_required=False) as floor:
        market = floor.market
        for call in (market.execute_buy, market.execute_sell):
            with pytest.raises(UsageError, match="made with trading_required=False: it reads, and takes no orders"):
                await call(call.__name__, PAIR, D("0.001"), LIMIT, D(60000))
        order_id = market.buy(PAIR, D("0.001"))
        await asyncio.sleep(5)
        assert [floor.names(each) for each in ("execute_buy", "execute_sell", order_id)] == [["OrderFailure"]] * 3
        assert market.in_flight_orders == {} and floor.ledger()["orders"] == []


def test_trading_without_all_credentials_is_refused_at_once(codec: Any) -> None:
    with pytest.raises(UsageError, match="trading on myexchange needs the credentials secret_key: give them"):
        Market(codec, [PAIR], {"api_key": "a-key"})
    assert Market(codec, [PAIR], trading_required=False).name == "myexchange"


async def test_works_by_polling_without_a_user_stream(virtual_world: World, open_floor: Any, codec: Any) -> None:
    from msgspec.structs import replace

    deaf = replace(codec, sockets={"public": codec.sockets["public"]})
    async with open_floor() as floor:
        await floor.market.stop()
        world = floor.world
        surroundings = floor.market._parts.ground.surroundings
        credentials = {"api_key": "a-key", "secret_key": "a-secret-of-tests"}
        async with Market(deaf, [PAIR], credentials, surroundings=surroundings, connector=world.connector) as market:
            floor.market = market
            floor.listen()
            await market.wait_ready(30)
            assert not market._real_time_balance_update
            order_id = market.buy(PAIR, D("0.001"), MARKET)
            rests = market.buy(PAIR, D("0.001"), LIMIT, D(50000))
            await asyncio.sleep(2)
            assert market.get_available_balance("USDT") < market.get_balance("USDT")
            await asyncio.sleep(10)
            assert floor.names(order_id) == ["BuyOrderCreated", "OrderFilled", "BuyOrderCompleted"]
            assert await market.execute_cancel(PAIR, rests) == rests
            await asyncio.sleep(10)
            assert floor.differences() == []


async def test_stopping_closes_the_gate_and_names_what_is_open(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        order_id = floor.market.buy(PAIR, D("0.001"), LIMIT, D(50000))
        await asyncio.sleep(0.01)  # under way
        too_late = floor.market.buy(PAIR, D("0.001"), LIMIT, D(50001))
        assert await floor.market.stop() == [order_id]
        assert [floor.names(each) for each in (order_id, too_late)] == [["BuyOrderCreated"], ["OrderFailure"]]
        with pytest.raises(UsageError, match="this market is stopped"):
            await floor.market.execute_buy("late", PAIR, D("0.001"), LIMIT, D(50000))
        assert floor.names("late") == ["OrderFailure"]
        assert floor.market.network_status is NetworkStatus.STOPPED


async def test_the_network_may_stop_and_start_again(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        market = floor.market
        order_id = market.buy(PAIR, D("0.001"), LIMIT, market.get_price(PAIR, False))
        await asyncio.sleep(2)
        await market.stop_network()
        assert market.order_books == {} and market.network_status.name == "STOPPED"
        floor.sandbox.alive = True  # the order is filled, or not, while we are away
        await asyncio.sleep(30)
        floor.sandbox.alive = False
        await market.start_network()
        await market.wait_ready(30)
        await asyncio.sleep(5)
        assert len(market.order_book_tracker.streams) == 1
        assert floor.names(order_id)[0] == "BuyOrderCreated"
        assert floor.differences() == []


async def test_requests_by_path(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        market = floor.market
        fees = await market._api_request("GET", "/v1/fees")
        assert fees["data"]["maker"] == "0.0008"
        book = await market._api_request("get", "/v1/book", data={"pair": PAIR})
        assert book["data"]["symbol"] == "USDT_BTC"
        with pytest.raises(UsageError, match="GET /v1/withdraw is not declared by this exchange's spec"):
            await market._api_request("GET", "/v1/withdraw")
        with pytest.raises(UsageError, match="so that they are tracked"):
            order = {"pair": PAIR, "side": "BUY", "amount": "1", "price": "1", "client_id": "x"}
            await market._api_request("POST", "/v1/orders", data=order)


async def test_nothing_that_is_secret_is_logged(
    virtual_world: World, open_floor: Any, caplog: pytest.LogCaptureFixture
) -> None:
    witness = Witness()
    with caplog.at_level(logging.DEBUG):
        async with open_floor(interference=witness) as floor:
            floor.market.buy(PAIR, D("0.001"), MARKET)
            floor.market.buy(PAIR, D("0.00001"), LIMIT, D(1))
            floor.sandbox.close_sockets()
            floor.sandbox.revoke_key("a-key")
            await asyncio.sleep(20)
            shown = [caplog.text, repr(floor.market), *(repr(value) for value in vars(floor.market._parts).values())]
    assert len(witness.signatures) > 5
    for secret in (SECRET, *witness.signatures):
        assert all(secret not in text for text in shown)


async def test_trading_rules_from_json(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        raw = await floor.market._api_request("GET", "/v1/symbols")
        assert floor.market._format_trading_rules(raw) == list(floor.market._trading_rules.values())
        assert floor.market.get_order_size_quantum(PAIR, D(1)) == D("0.00001")
        assert floor.market.c_quantize_order_price(PAIR, D("1.019")) == D("1.01")
        assert floor.market.c_quantize_order_amount(PAIR, D("0.000129"), D(65000)) == D("0.00012")


async def test_trades_of_the_tape_are_told(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        floor.market.buy(PAIR, D("0.001"), MARKET)
        await asyncio.sleep(3)
        trades = [event for tag, event in floor.told if tag not in tuple(MarketEvent)]
        assert trades[0].trading_pair == PAIR
        assert trades[0].type is TradeType.BUY
        assert floor.market.get_order_book(PAIR).last_trade_price == trades[-1].price
