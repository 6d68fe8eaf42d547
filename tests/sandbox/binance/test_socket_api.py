"""The websocket API: requests and replies, sessions, and the user data stream by subscription."""

import base64
from decimal import Decimal
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from exconn.testing.virtual import World

API = "/ws-api/v3"
ORDER = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "1", "price": "60000"}


async def test_requests_that_anyone_may_make(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client, client.stream(API) as socket:
        weight = {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 6000, "count": 1}
        assert await socket.ask("ping") == {"id": 1, "status": 200, "result": {}, "rateLimits": [weight]}
        quiet = await socket.ask("time", {"returnRateLimits": False})
        assert quiet == {"id": 2, "status": 200, "result": {"serverTime": client.now_ms}}
        assert (await socket.ask("v3/time"))["result"] == {"serverTime": client.now_ms}
        info = (await socket.ask("exchangeInfo", {"symbols": ["BTCUSDT"]}))["result"]
        assert [each["symbol"] for each in info["symbols"]] == ["BTCUSDT"]
        assert (await socket.ask("depth", {"symbol": "BTCUSDT", "limit": 5}))["result"]["bids"] == []
        assert (await socket.ask("ticker.price", {"symbol": "BTCUSDT"}))["result"]["symbol"] == "BTCUSDT"
        assert (await socket.ask("klines", {"symbol": "BTCUSDT", "interval": "1m"}))["result"] == []
        wrong = await socket.ask("depth", {"symbol": "NOPE"})
        assert (wrong["status"], wrong["error"]) == (400, {"code": -1121, "msg": "Invalid symbol."})
        assert (await socket.ask("depth"))["error"]["code"] == -1102
        assert (await socket.ask("time", {"x": 1}))["error"]["code"] == -1104
        assert (await socket.ask("order.dance"))["status"] == 400


UNREADABLE: list[tuple[str, Any, int, str]] = [  # errors.md; the id is the request's where that can be read
    ("x", None, -1135, "Invalid JSON Request"),
    ("[1]", None, -1135, "Invalid JSON Request"),
    ('{"id": 7, "method": "time", "params": [1]}', 7, -1135, "JSON sent for parameter 'params' is not valid"),
    ('{"id": "a", "method": "order.dance"}', "a", -1020, "This operation is not supported."),
    ('{"id": 7}', 7, -1102, "Mandatory parameter 'method' was not sent, was empty/null, or malformed."),
]


@pytest.mark.parametrize(("frame", "its_id", "code", "text"), UNREADABLE)
async def test_frames_that_are_no_requests(
    open_exchange: Any, virtual_world: World, frame: str, its_id: Any, code: int, text: str
) -> None:
    async with open_exchange() as client, client.stream(API) as socket:
        await socket.socket.send_str(frame)
        answer = await socket.next()
        assert (answer["id"], answer["status"], answer["error"]) == (its_id, 400, {"code": code, "msg": text})


async def test_orders_in_frames(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client, client.stream(API) as socket:
        placed = await socket.ask("order.place", client.params("alice", **ORDER, newOrderRespType="RESULT"))
        assert (placed["status"], placed["result"]["status"]) == (200, "NEW")
        assert [limit["count"] for limit in placed["rateLimits"]] == [1, 1, 1]
        number = placed["result"]["orderId"]
        which = {"symbol": "BTCUSDT", "orderId": number}
        status = await socket.ask("order.status", client.params("alice", **which))
        assert status["result"]["clientOrderId"] == placed["result"]["clientOrderId"]
        opened = await socket.ask("openOrders.status", client.params("alice", symbol="BTCUSDT"))
        assert [order["orderId"] for order in opened["result"]] == [number]
        gone = await socket.ask("order.cancel", client.params("alice", **which))
        assert gone["result"]["status"] == "CANCELED"
        again = await socket.ask("order.cancel", client.params("alice", **which))
        assert (again["status"], again["error"]) == (400, {"code": -2011, "msg": "Unknown order sent."})
        assert (await socket.ask("order.test", client.params("alice", **ORDER)))["result"] == {}
        account = await socket.ask("account.status", client.params("alice"))
        assert {each["asset"] for each in account["result"]["balances"]} == {"USDT", "BTC", "ETH"}
        for method in ("allOrders", "myTrades"):
            assert (await socket.ask(method, client.params("alice", symbol="BTCUSDT")))["status"] == 200
        number_price = client.params("alice", **{**ORDER, "quantity": 1, "price": 60000})
        assert (await socket.ask("order.place", number_price))["result"]["price"] == "60000.00000000"


REFUSED: list[tuple[dict[str, Any], int, int]] = [
    ({"signature": "0" * 64}, 400, -1022),
    ({"apiKey": "nobody"}, 401, -2015),
    ({"apiKey": None}, 401, -2014),
    ({"timestamp": None}, 400, -1102),
    ({"timestamp": 1}, 400, -1021),
]


@pytest.mark.parametrize(("changes", "status", "code"), REFUSED, ids=str)
async def test_a_refused_signature(
    open_exchange: Any, virtual_world: World, changes: dict[str, Any], status: int, code: int
) -> None:
    async with open_exchange() as client, client.stream(API) as socket:
        sign = client.params("alice", **{k: v for k, v in changes.items() if k == "timestamp" and v})
        params = {name: value for name, value in {**sign, **changes}.items() if value is not None}
        if changes == {"timestamp": 1}:
            params = client.sign({"apiKey": client.keys["alice"], "timestamp": 1})
        refused = await socket.ask("account.status", params)
        assert (refused["status"], refused["error"]["code"]) == (status, code)


async def test_user_data_by_signed_subscription(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client, client.stream(API) as socket:
        assert (await socket.ask("userDataStream.subscribe"))["error"]["code"] == -1002
        first = await socket.ask("userDataStream.subscribe.signature", client.params("alice"))
        assert first["result"] == {"subscriptionId": 0}
        twice = await socket.ask("userDataStream.subscribe.signature", client.params("alice"))
        assert twice["error"]["code"] == -2035
        other = await socket.ask("userDataStream.subscribe.signature", client.params("bob"))
        assert other["result"] == {"subscriptionId": 1}
        listed = await socket.ask("session.subscriptions")
        assert listed["result"] == [{"subscriptionId": 0}, {"subscriptionId": 1}]
        await client.limit("bob", "BUY", "1", "60000")
        frame = await socket.next()
        assert (frame["subscriptionId"], frame["event"]["e"], frame["event"]["x"]) == (1, "executionReport", "NEW")
        await socket.next()
        await client.limit("alice", "BUY", "1", "60000")
        frame = await socket.next()
        assert (frame["subscriptionId"], frame["event"]["e"]) == (0, "executionReport")
        assert (await socket.ask("userDataStream.unsubscribe", {"subscriptionId": 1}))["result"] == {}
        ended = await socket.next()
        assert (ended["subscriptionId"], ended["event"]["e"]) == (1, "eventStreamTerminated")
        assert (await socket.ask("userDataStream.unsubscribe", {"subscriptionId": 1}))["error"]["code"] == -2036


async def test_a_revoked_key_hears_no_more(open_exchange: Any, virtual_world: World) -> None:
    """Nor by a subscription that it signed itself, in a connection that nobody is logged in with."""
    async with open_exchange() as client, client.stream(API) as socket:
        await socket.ask("userDataStream.subscribe.signature", client.params("alice"))
        client.sandbox.revoke_key(client.keys["alice"])
        client.sandbox.exchange.deposit("alice", "USDT", Decimal(5), client.sandbox.now_ns())
        assert isinstance(await socket.next(), int)  # it is closed, and nothing was told before


async def test_a_token_does_not_keep_those_who_have_left(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        key = {"X-MBX-APIKEY": client.keys["alice"]}
        listen = (await client.send("POST", "/api/v3/userDataStream", key)).data["listenKey"]
        for _ in range(5):
            async with client.stream(f"/ws/{listen}"):
                pass
        token = client.sandbox.desk.tokens.find(listen, client.sandbox.now_ns())
        assert len(token.watchers) == 1


def ed25519() -> tuple[Ed25519PrivateKey, str]:
    key = Ed25519PrivateKey.generate()
    return key, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


async def test_a_session(open_exchange: Any, virtual_world: World) -> None:
    key, public = ed25519()
    async with open_exchange(secrets={"alice": public}) as client, client.stream(API) as socket:
        nobody = (await socket.ask("session.status"))["result"]
        assert (nobody["apiKey"], nobody["authorizedSince"], nobody["connectedSince"]) == (None, None, client.now_ms)
        by_mac = await socket.ask("session.logon", client.params("bob"))
        assert by_mac["error"]["code"] == -1022
        asked = {"apiKey": client.keys["alice"], "timestamp": client.now_ms}
        payload = "&".join(f"{name}={asked[name]}" for name in sorted(asked))
        signature = base64.b64encode(key.sign(payload.encode())).decode()
        logon = await socket.ask("session.logon", {**asked, "signature": signature})
        assert (logon["status"], logon["result"]["apiKey"]) == (200, client.keys["alice"])
        placed = await socket.ask("order.place", {**ORDER, "timestamp": client.now_ms})
        assert placed["result"]["status"] == "NEW"
        assert (await socket.ask("order.place", ORDER))["error"]["code"] == -1102
        assert (await socket.ask("userDataStream.subscribe"))["result"] == {"subscriptionId": 0}
        assert (await socket.ask("session.status"))["result"]["userDataStream"] is True
        assert (await socket.ask("openOrders.cancelAll", {"symbol": "BTCUSDT", "timestamp": client.now_ms}))[
            "status"
        ] == 200
        frame = socket.events[0]
        assert (frame["subscriptionId"], frame["event"]["x"]) == (0, "CANCELED")
        assert (await socket.ask("session.logout"))["result"]["apiKey"] is None
        assert (await socket.ask("account.status", {"timestamp": client.now_ms}))["error"]["code"] == -2014


async def test_listen_keys_in_frames(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client, client.stream(API) as socket:
        mine = {"apiKey": client.keys["alice"]}
        key = (await socket.ask("userDataStream.start", mine))["result"]["listenKey"]
        assert (await socket.ask("userDataStream.ping", {**mine, "listenKey": key}))["result"] == {}
        async with client.stream(f"/ws/{key}") as user:
            await client.limit("alice", "BUY", "1", "60000")
            assert (await user.next())["e"] == "executionReport"
        assert (await socket.ask("userDataStream.stop", {**mine, "listenKey": key}))["result"] == {}
        assert (await socket.ask("userDataStream.ping", {**mine, "listenKey": key}))["error"]["code"] == -1125
