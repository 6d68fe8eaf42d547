"""Rows 1 to 13: what becomes of an order whose placing met a fault. One order at most, one end, and the truth."""

import asyncio
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from tests.market.guarantees.meddling import (
    BALANCES,
    CANCEL,
    FILLS,
    LOOK,
    PLACE,
    RULES,
    Meddler,
    changed,
    hang,
    instead,
    lost,
    reset,
    slow,
    take,
)

from exconn.codec import Codec
from exconn.compile import compile_spec
from exconn.market import Market, MarketSettings
from exconn.model import OrderType
from exconn.sandbox.engine import Amendment, Kind, NewOrder, Side
from exconn.shipped import find
from exconn.spec import read_spec
from exconn.testing.virtual import World

D = Decimal
PAIR = "BTC-USDT"
LIMIT, MARKET = OrderType.LIMIT, OrderType.MARKET
CREATED, FILLED, COMPLETED, CANCELLED = "BuyOrderCreated", "OrderFilled", "BuyOrderCompleted", "OrderCancelled"
FAILED = "OrderFailure"


def buy(floor: Any, price: int = 60_000) -> str:
    order_id: str = floor.market.buy(PAIR, D("0.001"), LIMIT, D(price))
    return order_id


HTML = "<html>" + "bad gateway " * 200 + "</html>"
REFUSED = {"code": 9999, "msg": "Order request timed out", "data": None}
# the rows, what befalls the answer, and what is told of a limit order that rests
ANSWERS: list[tuple[str, Any, list[str]]] = [
    ("1", reset, [CREATED]),
    ("1", hang, [CREATED]),
    ("1", lost, [FAILED]),
    ("4", instead(503, "", is_done=True), [CREATED]),
    ("4", instead(503, "", is_done=False), [FAILED]),
    ("4", instead(200, {"code": 1500, "msg": "internal", "data": None}), [CREATED]),
    ("5", instead(400, REFUSED), [CREATED]),
    ("5", instead(400, REFUSED, is_done=False), [FAILED]),
    ("6", instead(504, HTML), [CREATED]),
    ("6", instead(200, HTML), [CREATED]),
    ("7", instead(200, REFUSED), [CREATED]),
    ("7", instead(200, {}), [CREATED]),
    ("7", instead(200, {"code": 0, "msg": "ok", "data": None}), [CREATED]),
    ("45", changed(lambda body: body[: len(body) // 2]), [CREATED]),
    ("45", changed(lambda body: body.replace(b'"', b"\xff", 1)), [CREATED]),
]


@pytest.mark.parametrize(("row", "fault", "told"), ANSWERS)
async def test_what_is_not_proven_is_resolved_and_never_sent_again(
    virtual_world: World, open_floor: Any, row: str, fault: Any, told: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    meddler = Meddler().on(PLACE, fault)
    async with open_floor(interference=meddler) as floor:
        order_id = buy(floor)
        await asyncio.sleep(30)
        assert floor.names(order_id) == told
        assert len(meddler.met[PLACE]) == 1
        assert len(floor.ledger()["orders"]) == (told == [CREATED])
        assert floor.differences() == []
    assert all(len(message) < 600 for message in caplog.messages)  # no foreign body is logged whole


async def test_an_order_that_was_filled_before_anybody_looked_is_found(virtual_world: World, open_floor: Any) -> None:
    meddler = Meddler().on(PLACE, reset)
    meddler.muted = frozenset({"orders", "fills", "balances"})
    async with open_floor(interference=meddler) as floor:
        order_id = floor.market.buy(PAIR, D("0.001"), MARKET)
        await asyncio.sleep(20)
        assert floor.names(order_id) == [CREATED, FILLED, COMPLETED]
        assert floor.differences() == []


# how long the request waits in the exchange's queue: the window is 5 s, the client gives up after 1 s
@pytest.mark.parametrize(("queued", "told"), [(2.0, [CREATED]), (4.7, [CREATED]), (5.5, [FAILED]), (9.0, [FAILED])])
async def test_a_request_that_is_late_is_known_for_what_it_became(
    virtual_world: World, open_floor: Any, queued: float, told: list[str]
) -> None:
    meddler = Meddler()
    async with open_floor(interference=meddler, settings=MarketSettings(request_timeout=1.0)) as floor:
        meddler.held["place"] = [queued]
        order_id = buy(floor)
        await asyncio.sleep(30)
        assert floor.names(order_id) == told
        assert floor.differences() == []


async def test_a_success_that_looks_like_an_error_is_a_success(virtual_world: World, open_floor: Any) -> None:
    def with_message(body: bytes) -> bytes:
        answer = json.loads(body)
        answer["data"] |= {"status": "error", "message": "OPEN", "reason": "none"}
        return json.dumps(answer | {"msg": "order failed to be slow", "error": "none"}).encode()

    async with open_floor(interference=Meddler().on(PLACE, changed(with_message))) as floor:
        order_id = buy(floor)
        await asyncio.sleep(0.3)
        assert floor.names(order_id) == [CREATED]
        assert floor.market.in_flight_orders[order_id].exchange_order_id is not None


@pytest.mark.parametrize("fault", [reset, instead(200, {"code": 2011, "msg": "duplicate", "data": None})])
async def test_an_order_the_stream_has_shown_is_not_placed_again(
    virtual_world: World, open_floor: Any, fault: Any
) -> None:
    meddler = Meddler().on(PLACE, fault)
    async with open_floor(interference=meddler) as floor:
        order_id = buy(floor)
        await asyncio.sleep(20)
        assert floor.names(order_id) == [CREATED]
        assert len(meddler.met[PLACE]) == 1 and floor.differences() == []


async def test_the_exchanges_id_is_none_until_it_is_known(virtual_world: World, open_floor: Any) -> None:
    meddler = Meddler().on(PLACE, instead(503, ""))
    meddler.muted = frozenset({"orders", "fills", "balances"})
    async with open_floor(interference=meddler) as floor:
        order_id = buy(floor)
        await asyncio.sleep(0.3)
        assert floor.market.in_flight_orders[order_id].exchange_order_id is None
        await asyncio.sleep(10)
        [placed] = floor.sandbox.exchange.orders("alice")
        assert placed.client_id == order_id
        assert floor.market.in_flight_orders[order_id].exchange_order_id == str(placed.id)


async def test_a_refusal_of_what_kept_the_rules_reads_them_again_and_sends_nothing(
    virtual_world: World, open_floor: Any
) -> None:
    refused = instead(200, {"code": 2004, "msg": "price is not on the tick", "data": None}, is_done=False)
    meddler = Meddler().on(PLACE, refused).on(RULES)
    async with open_floor(interference=meddler) as floor:
        await asyncio.sleep(10)
        readings = len(meddler.met[RULES])
        order_id = buy(floor)
        await asyncio.sleep(10)
        (name, event), *more = floor.events(order_id)
        assert (name, event.error_type, more) == (FAILED, "rejected", [])
        assert "price is not on the tick" in event.error_message
        assert len(meddler.met[PLACE]) == 1 and len(meddler.met[RULES]) == readings + 1


def variant(tmp_path: Path, *edits: tuple[str, str]) -> Any:
    """myexchange, with some words of its spec changed."""
    text = find("myexchange", ".yaml").read_text(encoding="utf-8")
    for old, new in edits:
        assert text.count(old) == 1
        text = text.replace(old, new)
    file = tmp_path / "variant.yaml"
    file.write_text(text, encoding="utf-8")
    return compile_spec(read_spec(file))


WINDOW, NONE = "fence: {kind: window, seconds: 5}", "fence: {kind: none}"
UNWINDOWED = ('    headers: {MX-WINDOW: "{fence_ms}"}\n', "")
SECOND = ("same_id: refused", "same_id: second_order")
WHILE_OPEN = ("unique: forever", "unique: while_open")


def fenced(tmp_path: Path, kind: str) -> Any:
    """myexchange, with another fence."""
    return variant(tmp_path, (WINDOW, f"fence: {{kind: {kind}}}"), UNWINDOWED)


FENCES = [
    ("nonce", lost, [FAILED], 1),
    ("nonce", reset, [CREATED], 1),
    ("cancel_by_client_id", lost, [FAILED], 1),
    ("cancel_by_client_id", reset, [CREATED], 1),
    ("resend", lost, [CREATED], 2),
    ("resend", reset, [CREATED], 1),
    ("none", reset, [CREATED], 1),
    ("none", lost, [], 1),
]


@pytest.mark.parametrize(("kind", "fault", "told", "sent"), FENCES)
async def test_each_fence_ends_an_unresolved_order(
    virtual_world: World, open_floor: Any, tmp_path: Path, kind: str, fault: Any, told: list[str], sent: int
) -> None:
    meddler = Meddler().on(PLACE, fault).on(CANCEL)
    meddler.muted = frozenset({"orders", "fills", "balances"})
    async with open_floor.func(fenced(tmp_path, kind), *open_floor.args[1:], interference=meddler) as floor:
        order_id = buy(floor)
        await asyncio.sleep(60)
        assert floor.names(order_id) == told
        assert len(meddler.met[PLACE]) == sent
        assert (order_id in floor.market.in_flight_orders) is (told != [FAILED])
        assert len(floor.ledger()["orders"]) == (told == [CREATED])
        if told:
            assert floor.differences() == []


async def test_a_lookup_that_fails_for_minutes_proves_nothing(virtual_world: World, open_floor: Any) -> None:
    down = instead(503, "", is_done=False)
    meddler = Meddler().on(PLACE, reset).on(LOOK, *[down] * 500)
    meddler.muted = frozenset({"orders", "fills", "balances"})
    async with open_floor(interference=meddler) as floor:
        order_id = buy(floor)
        await asyncio.sleep(300)
        assert order_id in floor.market.in_flight_orders and FAILED not in floor.names(order_id)
        meddler.calm()
        await asyncio.sleep(20)
        assert floor.names(order_id) == [CREATED] and floor.differences() == []


async def test_a_slow_answer_is_an_answer(virtual_world: World, open_floor: Any) -> None:
    async with open_floor(interference=Meddler().on(PLACE, slow(8))) as floor:
        order_id = buy(floor)
        await asyncio.sleep(15)
        assert floor.names(order_id) == [CREATED] and floor.differences() == []


def place_elsewhere(floor: Any, amount: str = "0.5", price: int = 50_000) -> int:
    """Somebody who names orders himself has forgotten that a program of his did so before."""
    symbol = floor.sandbox.symbol(PAIR)
    older = NewOrder(symbol, Side.BUY, Kind.LIMIT, amount=D(amount), price=D(price), client_id="mine")
    return int(floor.sandbox.exchange.place("alice", older, floor.sandbox.now_ns()).order.id)


# what the spec promises, whether the placing is answered, and what is told of ours; nothing where nothing is proven
TAKEN: list[tuple[list[tuple[str, str]], bool, list[str]]] = [
    ([], True, [FAILED]),
    ([(WINDOW, NONE), UNWINDOWED], True, [FAILED]),
    ([(WINDOW, "fence: {kind: resend}"), UNWINDOWED], True, [FAILED]),
    ([(WINDOW, "fence: {kind: cancel_by_client_id}"), UNWINDOWED], True, [FAILED]),
    ([SECOND, WHILE_OPEN], True, [FAILED]),
    ([SECOND, WHILE_OPEN], False, [FAILED]),
    ([SECOND, WHILE_OPEN, (WINDOW, NONE), UNWINDOWED], True, [FAILED]),
    ([SECOND, WHILE_OPEN, (WINDOW, NONE), UNWINDOWED], False, []),  # it may still arrive
    ([SECOND, ("unique: forever", "unique: never")], True, []),  # there may be two
]


@pytest.mark.parametrize(("promised", "is_answered", "told"), TAKEN)
async def test_an_older_order_of_the_same_id_is_not_taken_for_ours(
    virtual_world: World,
    open_floor: Any,
    tmp_path: Path,
    promised: list[tuple[str, str]],
    is_answered: bool,
    told: list[str],
) -> None:
    """It leaves no room for ours where ids are unique; and a cancel of ours is none of it."""
    meddler = Meddler().on(PLACE, *([] if is_answered else [lost]))
    async with open_floor.func(variant(tmp_path, *promised), *open_floor.args[1:], interference=meddler) as floor:
        theirs = place_elsewhere(floor)
        await asyncio.sleep(100)  # clocks may be off by less
        await floor.market.execute_buy("mine", PAIR, D("0.001"), LIMIT, D(51_000))
        if is_answered:
            floor.market.cancel(PAIR, "mine")
        await asyncio.sleep(60)
        assert floor.names("mine") == told
        assert ("mine" in floor.market.in_flight_orders) is (told == [])
        if told:
            event = floor.events("mine")[0][1]
            why = ("its client id is another order's on the exchange", "duplicate_client_id")
            assert (event.error_message, event.error_type) == why
        assert len(meddler.met[PLACE]) == 1
        [order] = floor.ledger()["orders"]
        assert (order["id"], order["state"]) == (str(theirs), "open")


async def test_another_pair_under_our_id_leaves_no_room_either(virtual_world: World, open_floor: Any) -> None:
    meddler = Meddler().on(PLACE, lost)
    async with open_floor(interference=meddler) as floor:
        place_elsewhere(floor)
        await floor.market.execute_buy("mine", "ETH-USDT", D("0.1"), LIMIT, D(2_000))
        await asyncio.sleep(20)
        assert floor.names("mine") == [FAILED]


async def test_one_that_has_ended_leaves_room_where_ids_are_unique_while_open(
    virtual_world: World, open_floor: Any, tmp_path: Path
) -> None:
    """Ours may be there too, and hidden by it."""
    codec = variant(tmp_path, SECOND, WHILE_OPEN)
    async with open_floor.func(codec, *open_floor.args[1:], interference=Meddler().on(PLACE, lost)) as floor:
        theirs = place_elsewhere(floor)
        floor.sandbox.exchange.cancel("alice", theirs, floor.sandbox.now_ns())
        await floor.market.execute_buy("mine", PAIR, D("0.001"), LIMIT, D(51_000))
        await asyncio.sleep(60)
        assert floor.names("mine") == []
        assert floor.market.in_flight_orders["mine"].last_state == "unresolved"


TAKEN_ID = instead(200, {"code": 2011, "msg": "duplicate", "data": None})


@pytest.mark.parametrize("promised", [[], [SECOND, WHILE_OPEN], [SECOND, WHILE_OPEN, (WINDOW, NONE), UNWINDOWED]])
@pytest.mark.parametrize("fault", [reset, TAKEN_ID])
async def test_an_order_of_ours_that_was_changed_there_is_no_failure(
    virtual_world: World,
    open_floor: Any,
    tmp_path: Path,
    promised: list[tuple[str, str]],
    fault: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Accepted, the answer lost, then reduced by its owner on the exchange's own pages: it lives."""
    meddler = Meddler()
    meddler.muted = frozenset({"orders", "fills", "balances"})
    async with open_floor.func(variant(tmp_path, *promised), *open_floor.args[1:], interference=meddler) as floor:

        async def reduced(request: Any, answer: Any) -> Any:
            async def placed_and_reduced() -> Any:
                response = await answer()
                [ours] = floor.sandbox.exchange.orders("alice")
                floor.sandbox.exchange.amend("alice", ours.id, Amendment(amount=D("0.0005")), floor.sandbox.now_ns())
                return response

            return await fault(request, placed_and_reduced)

        meddler.on(PLACE, reduced)
        order_id = buy(floor)
        await asyncio.sleep(200)
        assert FAILED not in floor.names(order_id)
        assert order_id in floor.market.in_flight_orders
        if floor.names(order_id) != [CREATED]:
            assert floor.market.in_flight_orders[order_id].last_state == "unresolved"
            told = f"order {order_id} stays of unknown outcome: the exchange shows an order of this client id that may"
            assert [each.startswith(told) for each in caplog.messages].count(True) == 1
            refused = f"order {order_id}: a report was refused: "  # told whenever it is looked up: not each second
            assert [each.startswith(refused) for each in caplog.messages].count(True) < 50


async def test_where_ids_are_unique_while_open_ours_may_have_lived_before_the_one_shown(
    virtual_world: World, open_floor: Any, tmp_path: Path
) -> None:
    """Ours was accepted and filled at once; then somebody opens another under the same id."""
    meddler = Meddler()
    meddler.muted = frozenset({"orders", "fills", "balances"})
    async with open_floor.func(
        variant(tmp_path, SECOND, WHILE_OPEN), *open_floor.args[1:], interference=meddler
    ) as floor:

        async def then_another(request: Any, answer: Any) -> Any:
            response = await reset(request, answer)
            place_elsewhere(floor)
            return response

        meddler.on(PLACE, then_another)
        await floor.market.execute_buy("mine", PAIR, D("0.001"), LIMIT, D(70_000))
        await asyncio.sleep(60)
        assert floor.ledger()["fills"] and FAILED not in floor.names("mine")


async def test_a_fill_of_the_order_that_has_our_id_is_not_ours(
    virtual_world: World, open_floor: Any, tmp_path: Path
) -> None:
    meddler = Meddler().on(PLACE)
    async with open_floor.func(
        variant(tmp_path, SECOND, WHILE_OPEN), *open_floor.args[1:], interference=meddler
    ) as floor:
        best = floor.market.get_order_book(PAIR).best_bid
        place_elsewhere(floor, price=int(best[0]) + 1)
        await asyncio.sleep(100)
        meddler.on(LOOK, *[instead(503, "", is_done=False)] * 3)
        await floor.market.execute_buy("mine", PAIR, D("0.001"), LIMIT, D(51_000))
        take(floor, "mine", "0.1")
        await asyncio.sleep(60)
        assert floor.names("mine") == []


async def test_a_cancel_of_an_id_that_is_anothers_leaves_that_order(
    virtual_world: World, open_floor: Any, tmp_path: Path
) -> None:
    """Ours was lost while an older order of its id was open, and the lookups have shown that one."""
    codec = variant(tmp_path, SECOND, WHILE_OPEN, (WINDOW, NONE), UNWINDOWED)
    async with open_floor.func(codec, *open_floor.args[1:], interference=Meddler().on(PLACE, lost)) as floor:
        theirs = place_elsewhere(floor, "0.001", 51_000)
        await asyncio.sleep(100)
        await floor.market.execute_buy("mine", PAIR, D("0.001"), LIMIT, D(51_000))
        await asyncio.sleep(5)
        assert await floor.market.execute_cancel(PAIR, "mine") is None
        await asyncio.sleep(60)
        assert floor.sandbox.exchange.order("alice", theirs).is_open
        assert floor.market.in_flight_orders["mine"].last_state == "unresolved"
        floor.sandbox.exchange.cancel("alice", theirs, floor.sandbox.now_ns())


async def test_an_older_order_of_the_same_id_and_terms_is_not_ours_either(
    virtual_world: World, open_floor: Any, tmp_path: Path
) -> None:
    codec = variant(tmp_path, SECOND, WHILE_OPEN)
    meddler = Meddler().on(PLACE, lost)
    async with open_floor.func(codec, *open_floor.args[1:], interference=meddler) as floor:
        theirs = place_elsewhere(floor, "0.001", 51_000)
        floor.sandbox.exchange.cancel("alice", theirs, floor.sandbox.now_ns())
        await asyncio.sleep(100)
        await floor.market.execute_buy("mine", PAIR, D("0.001"), LIMIT, D(51_000))
        await asyncio.sleep(60)
        assert (await floor.market.get_order("mine"))["data"]
        assert floor.names("mine") == []
        assert floor.market.in_flight_orders["mine"].last_state == "unresolved"


async def test_an_order_that_only_a_list_shows_is_found_there(
    virtual_world: World, open_floor: Any, codec: Codec
) -> None:
    """No stream, no lookup by our id, and no other order that would make the list be read."""
    endpoints = {name: each for name, each in codec.endpoints.items() if name != "order_by_client_id"}
    blind = replace(codec, endpoints=endpoints, sockets={"public": codec.sockets["public"]})
    meddler = Meddler()
    async with open_floor(interference=meddler) as floor:
        surroundings, connector = floor.market._parts.ground.surroundings, floor.world.connector
        await floor.market.stop()
        credentials = {"api_key": "a-key", "secret_key": "a-secret-of-tests"}
        async with Market(blind, [PAIR], credentials, surroundings=surroundings, connector=connector) as market:
            floor.market = market
            floor.listen()
            await market.wait_ready(30)
            meddler.on(PLACE, reset)
            order_id = buy(floor)
            await asyncio.sleep(30)
            assert floor.names(order_id) == [CREATED]
            assert await market.execute_cancel(PAIR, order_id) == order_id


async def test_an_older_order_on_a_list_is_not_ours(virtual_world: World, open_floor: Any, tmp_path: Path) -> None:
    """Of the same id and terms, and open long before ours was lost."""
    codec = variant(tmp_path, SECOND, WHILE_OPEN, (WINDOW, NONE), UNWINDOWED)
    endpoints = {name: each for name, each in codec.endpoints.items() if name != "order_by_client_id"}
    blind = replace(codec, endpoints=endpoints, sockets={"public": codec.sockets["public"]})
    async with open_floor.func(blind, *open_floor.args[1:], interference=Meddler().on(PLACE, lost)) as floor:
        theirs = place_elsewhere(floor, "0.001", 51_000)
        await asyncio.sleep(100)
        await floor.market.execute_buy("mine", PAIR, D("0.001"), LIMIT, D(51_000))
        await asyncio.sleep(60)
        assert floor.names("mine") == []
        assert floor.market.in_flight_orders["mine"].last_state == "unresolved"
        floor.sandbox.exchange.cancel("alice", theirs, floor.sandbox.now_ns())


async def test_a_market_buy_of_unknown_outcome_stays_reserved(virtual_world: World, open_floor: Any) -> None:
    """It was accepted and filled; nobody says so for a while, so what it has spent must not look available."""
    down = [instead(503, "", is_done=False)] * 50
    meddler = Meddler()
    async with open_floor(interference=meddler) as floor:
        meddler.on(PLACE, hang).on(LOOK, *down).on(FILLS, *down).on(BALANCES, *down)
        meddler.muted = frozenset({"orders", "fills", "balances"})
        order_id = floor.market.buy(PAIR, D("0.1"), MARKET)
        await asyncio.sleep(15)
        assert floor.market.in_flight_orders[order_id].last_state == "unresolved"
        assert floor.market.get_available_balance("USDT") <= D(floor.ledger()["balances"]["USDT"]["available"])
        meddler.muted = frozenset()
        meddler.calm()
        await asyncio.sleep(60)
        assert floor.names(order_id) == [CREATED, FILLED, COMPLETED]
        assert floor.market.get_available_balance("USDT") == D(floor.ledger()["balances"]["USDT"]["available"])
