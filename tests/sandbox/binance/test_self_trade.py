"""Self-trade prevention as faqs/stp_faq.md, rest-api.md and user-data-stream.md have it; scenarios are the FAQ's."""

from typing import Any

import pytest

from exconn.testing.virtual import World

from ..documented import departures
from .conftest import Client, OpenExchange

PATH = "/api/v3/order"
MATCHES = "/api/v3/myPreventedMatches"
MATCH = {  # rest-api.md#query-prevented-matches-user_data
    "symbol": "text",
    **dict.fromkeys(("preventedMatchId", "takerOrderId", "makerOrderId", "tradeGroupId", "transactTime"), "integer"),
    "makerSymbol": "text",
    "selfTradePreventionMode": "text",
    "price": "decimal",
    "takerPreventedQuantity?": "decimal",
    "makerPreventedQuantity?": "decimal",
}
OF_ONE = {"v": 0, "u": -1, "Cs": "BTCUSDT"}


async def bids(client: Client, *levels: tuple[str, str], mode: str = "NONE") -> list[Any]:
    return [await client.limit("alice", "BUY", size, price, selfTradePreventionMode=mode) for size, price in levels]


async def sell(client: Client, size: str, price: str, mode: str, **more: Any) -> Any:
    return await client.limit("alice", "SELL", size, price, selfTradePreventionMode=mode, **more)


async def look(client: Client, order: Any) -> Any:
    return await client.call("alice", "GET", PATH, symbol="BTCUSDT", orderId=order["orderId"])


def of_prevention(order: Any) -> dict[str, Any]:
    """What an answer says of prevention."""
    return {name: value for name, value in order.items() if name.startswith("prevented")}


THREE = (("1.2", "60002"), ("1.3", "60001"), ("8.1", "60000"))


async def test_scenario_b_the_makers_expire(open_exchange: OpenExchange, virtual_world: World) -> None:
    async with open_exchange() as client:
        makers = await bids(client, *THREE)
        taker = await sell(client, "3", "60000", "EXPIRE_MAKER")
        assert (taker["status"], taker["executedQty"], taker["fills"]) == ("NEW", "0.00000000", [])
        assert of_prevention(taker) == {
            "preventedMatches": [
                {
                    "preventedMatchId": number,
                    "makerSymbol": "BTCUSDT",
                    "makerOrderId": maker["orderId"],
                    "price": f"{price}.00000000",
                    "makerPreventedQuantity": f"{size}0000000",
                }
                for number, (maker, (size, price)) in enumerate(zip(makers, THREE, strict=True))
            ]
        }
        for number, (maker, (size, _)) in enumerate(zip(makers, THREE, strict=True)):
            after = await look(client, maker)
            assert after["status"] == "EXPIRED_IN_MATCH"
            assert of_prevention(after) == {"preventedMatchId": number, "preventedQuantity": f"{size}0000000"}
        assert of_prevention(await look(client, taker)) == {}


async def test_scenario_c_the_taker_expires(open_exchange: OpenExchange, virtual_world: World) -> None:
    async with open_exchange() as client:
        makers = await bids(client, *THREE)
        taker = await sell(client, "3", "60000", "EXPIRE_TAKER", newOrderRespType="RESULT")
        assert (taker["status"], taker["preventedQuantity"]) == ("EXPIRED_IN_MATCH", "3.00000000")
        (kept,) = taker["preventedMatches"]
        assert (kept["makerOrderId"], kept["takerPreventedQuantity"]) == (makers[0]["orderId"], "3.00000000")
        assert "makerPreventedQuantity" not in kept
        after = await look(client, taker)
        assert (after["status"], of_prevention(after)) == (
            "EXPIRED_IN_MATCH",
            {"preventedMatchId": 0, "preventedQuantity": "3.00000000"},
        )
        for maker in makers:
            assert ((await look(client, maker))["status"], of_prevention(await look(client, maker))) == ("NEW", {})


async def test_scenarios_d_and_f(open_exchange: OpenExchange, virtual_world: World) -> None:
    async with open_exchange() as client:
        (maker,) = await bids(client, ("1", "60000"))
        taker = await sell(client, "3", "60000", "EXPIRE_BOTH")
        (kept,) = taker["preventedMatches"]
        assert (kept["takerPreventedQuantity"], kept["makerPreventedQuantity"]) == ("3.00000000", "1.00000000")
        assert (taker["status"], taker["preventedQuantity"]) == ("EXPIRED_IN_MATCH", "3.00000000")
        assert (await look(client, maker))["status"] == "EXPIRED_IN_MATCH"
        (maker,) = await bids(client, ("1", "60000"))
        order = {"symbol": "BTCUSDT", "side": "SELL", "type": "MARKET", "quantity": "1"}
        taker = await client.call("alice", "POST", PATH, **order, selfTradePreventionMode="EXPIRE_MAKER")
        assert (taker["status"], "preventedQuantity" in taker) == ("EXPIRED", False)
        assert [each["preventedMatchId"] for each in taker["preventedMatches"]] == [1]
        assert (await look(client, maker))["status"] == "EXPIRED_IN_MATCH"


async def test_scenario_g_both_lose_the_same(open_exchange: OpenExchange, virtual_world: World) -> None:
    async with open_exchange() as client:
        (maker,) = await bids(client, ("6", "60000"), mode="DECREMENT")
        taker = await sell(client, "2", "60000", "DECREMENT")
        assert (taker["status"], taker["origQty"]) == ("EXPIRED_IN_MATCH", "2.00000000")
        lost = {"preventedMatchId": 0, "preventedQuantity": "2.00000000"}
        after = await look(client, maker)
        assert (after["status"], after["origQty"], of_prevention(after)) == ("NEW", "6.00000000", lost)
        assert of_prevention(await look(client, taker)) == lost
        which = {"symbol": "BTCUSDT", "orderId": maker["orderId"]}
        assert of_prevention(await client.call("alice", "DELETE", PATH, **which)) == lost


ASKED: list[tuple[dict[str, Any], list[int], int]] = [
    ({"preventedMatchId": 1}, [1], 2),
    ({"preventedMatchId": 7}, [], 2),
    ({"orderId": "taker"}, [0, 1, 2], 20),
    ({"orderId": "maker"}, [1], 20),
    ({"orderId": "taker", "fromPreventedMatchId": 1}, [1, 2], 20),
    ({"orderId": "taker", "fromPreventedMatchId": 1, "limit": 1}, [1], 20),
]


@pytest.mark.parametrize(("asked", "numbers", "weight"), ASKED, ids=str)
async def test_asking_for_prevented_matches(
    open_exchange: OpenExchange, virtual_world: World, asked: dict[str, Any], numbers: list[int], weight: int
) -> None:
    async with open_exchange() as client:
        makers = await bids(client, *THREE)
        taker = await sell(client, "3", "60000", "EXPIRE_MAKER")
        ids = {"taker": taker["orderId"], "maker": makers[1]["orderId"]}
        params = {"symbol": "BTCUSDT", **asked, **({"orderId": ids[asked["orderId"]]} if "orderId" in asked else {})}
        before = int((await client.send("GET", "/api/v3/ping")).headers["X-MBX-USED-WEIGHT-1M"])
        reply = await client.signed("alice", "GET", MATCHES, **params)
        assert int(reply.headers["X-MBX-USED-WEIGHT-1M"]) - before == weight
        assert [each["preventedMatchId"] for each in reply.data] == numbers
        assert departures(reply.data, [MATCH]) == []
        assert await client.call("bob", "GET", MATCHES, **params) == []
        async with client.stream("/ws-api/v3") as socket:
            told = await socket.ask("myPreventedMatches", client.params("alice", **params))
            assert told["result"] == reply.data


async def test_a_prevented_match_in_full(open_exchange: OpenExchange, virtual_world: World) -> None:
    async with open_exchange() as client:
        (maker,) = await bids(client, ("1.3", "60001"))
        taker = await sell(client, "3", "60000", "EXPIRE_MAKER")
        assert await client.call("alice", "GET", MATCHES, symbol="BTCUSDT", preventedMatchId=0) == [
            {
                "symbol": "BTCUSDT",
                "preventedMatchId": 0,
                "takerOrderId": taker["orderId"],
                "makerSymbol": "BTCUSDT",
                "makerOrderId": maker["orderId"],
                "tradeGroupId": -1,
                "selfTradePreventionMode": "EXPIRE_MAKER",
                "price": "60001.00000000",
                "makerPreventedQuantity": "1.30000000",
                "transactTime": taker["transactTime"],
            }
        ]


WRONG: list[tuple[dict[str, Any], int]] = [
    ({}, -1102),
    ({"fromPreventedMatchId": 1}, -1102),
    ({"preventedMatchId": 1, "orderId": 1}, -1128),
    ({"preventedMatchId": 1, "fromPreventedMatchId": 1}, -1128),
    ({"preventedMatchId": 1, "limit": 1001}, -1130),
    ({"preventedMatchId": "x"}, -1100),
]


@pytest.mark.parametrize(("asked", "code"), WRONG, ids=str)
async def test_what_cannot_be_asked(
    open_exchange: OpenExchange, virtual_world: World, asked: dict[str, Any], code: int
) -> None:
    async with open_exchange() as client:
        assert (await client.call("alice", "GET", MATCHES, symbol="BTCUSDT", **asked))["code"] == code


async def test_a_mode_that_no_pair_allows(open_exchange: OpenExchange, virtual_world: World) -> None:
    async with open_exchange() as client:
        refused = {"code": -1013, "msg": "This symbol does not allow the specified self-trade prevention mode."}
        assert await sell(client, "1", "60000", "TRANSFER") == refused
        pair = {"symbol": "BTCUSDT", "side": "SELL", "quantity": "1", "aboveType": "LIMIT_MAKER", "abovePrice": "61000"}
        stop = {"belowType": "STOP_LOSS", "belowStopPrice": "59000", "selfTradePreventionMode": "TRANSFER"}
        assert await client.call("alice", "POST", "/api/v3/orderList/oco", **pair, **stop) == refused
        assert (await sell(client, "1", "60000", "SHARE"))["code"] == -1130
        assert client.sandbox.exchange.orders("alice") == []


MODES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    # mode; what the reports of prevention say of the resting order of 6, and of the incoming one of 2
    ("EXPIRE_TAKER", {}, {"X": "EXPIRED_IN_MATCH", "A": "2.00000000", "B": "2.00000000"}),
    ("EXPIRE_MAKER", {"X": "EXPIRED_IN_MATCH", "A": "6.00000000", "B": "6.00000000"}, {}),
    (
        "EXPIRE_BOTH",
        {"X": "EXPIRED_IN_MATCH", "A": "6.00000000", "B": "6.00000000"},
        {"X": "EXPIRED_IN_MATCH", "A": "2.00000000", "B": "2.00000000"},
    ),
    (
        "DECREMENT",
        {"X": "NEW", "A": "2.00000000", "B": "2.00000000"},
        {"X": "EXPIRED_IN_MATCH", "A": "2.00000000", "B": "2.00000000"},
    ),
]


@pytest.mark.parametrize(("mode", "of_maker", "of_taker"), MODES)
async def test_what_reports_say(
    open_exchange: OpenExchange, virtual_world: World, mode: str, of_maker: dict[str, Any], of_taker: dict[str, Any]
) -> None:
    async with open_exchange() as client, client.stream("/ws-api/v3") as socket:
        await socket.ask("userDataStream.subscribe.signature", client.params("alice"))
        (maker,) = await bids(client, ("6", "60000"))
        taker = await sell(client, "2", "59999", mode)
        await socket.rest(0.1)
        reports = [each["event"] for each in socket.events if each["event"]["e"] == "executionReport"]
        what = {"pl": "2.00000000", "pL": "60000.00000000", "pY": "120000.00000000"}
        told = {each["i"]: each for each in reports if each["x"] == "TRADE_PREVENTION"}
        assert len(told) == sum(each["x"] == "TRADE_PREVENTION" for each in reports) == bool(of_maker) + bool(of_taker)
        for order, counter, said in ((maker, taker, of_maker), (taker, maker, of_taker)):
            if said:
                report = told[order["orderId"]]
                wanted = {**said, **OF_ONE, **what, "U": counter["orderId"], "t": -1, "l": "0.00000000"}
                assert {name: report[name] for name in wanted} == wanted
        for report in reports:
            if report["x"] == "NEW":
                assert not {"v", "A", "B", "u", "U", "Cs", "pl", "pL", "pY"} & set(report)


async def test_later_reports_keep_what_was_prevented(open_exchange: OpenExchange, virtual_world: World) -> None:
    async with open_exchange() as client, client.stream("/ws-api/v3") as socket:
        (maker,) = await bids(client, ("6", "60000"))
        await sell(client, "2", "60000", "DECREMENT")
        await socket.ask("userDataStream.subscribe.signature", client.params("alice"))
        await client.limit("bob", "SELL", "4", "60000")
        await socket.rest(0.1)
        (report,) = [each["event"] for each in socket.events if each["event"]["e"] == "executionReport"]
        shown = [report[name] for name in ("i", "x", "X", "z", "q", "v", "A")]
        assert shown == [maker["orderId"], "TRADE", "FILLED", "4.00000000", "6.00000000", 0, "2.00000000"]
        assert not {"B", "u", "U", "pl"} & set(report)
