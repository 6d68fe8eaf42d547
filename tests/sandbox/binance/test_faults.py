"""Faults of requests that come in frames: what the client hears, and whether the order is in the ledger."""

import asyncio
import json
from contextlib import suppress
from typing import Any

import pytest

from exconn.sandbox.faults import plan_faults
from exconn.testing.virtual import World

ORDER = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "1", "price": "60000"}


def play(client: Any, *faults: dict[str, Any]) -> None:
    client.sandbox.faults.play(plan_faults(faults, client.sandbox.faults.names))


async def place(client: Any, socket: Any, client_id: str = "a") -> Any:
    """Place an order by a frame: its answer, the raw text of what is none, how the connection ended, or "nothing"."""
    params = client.params("alice", **ORDER, newClientOrderId=client_id)
    await socket.socket.send_str(json.dumps({"id": client_id, "method": "order.place", "params": params}))
    with suppress(TimeoutError):
        async with asyncio.timeout(60):
            message = await socket.socket.receive()
            if message.type.name != "TEXT":
                return f"closed {socket.socket.close_code}"
            with suppress(ValueError):
                return json.loads(message.data)
            return str(message.data)
    return "nothing"


PLACED: list[tuple[dict[str, Any], Any, bool]] = [
    ({"fault": "lost"}, "closed 1006", False),
    ({"fault": "accepted_then_reset"}, "closed 1006", True),
    ({"fault": "accepted_then_hang"}, "nothing", True),
    ({"fault": "accepted_then_hang", "delay": 20}, "closed 1006", True),
    ({"fault": "accepted_late", "delay": "4.9"}, (200, None), True),
    ({"fault": "accepted_late", "delay": "5.1"}, (400, -1021), False),
    ({"fault": "slow_ack", "delay": 30}, (200, None), True),
    ({"fault": "slow_ack", "delay": 61}, "nothing", True),
    ({"fault": "error_envelope"}, (500, -1000), False),
    ({"fault": "error_envelope", "accepted": True, "status": 400}, (400, -1000), True),
    ({"fault": "error_envelope", "meaning": "unknown_symbol"}, (400, -1121), False),
    ({"fault": "rate_limited"}, (429, -1003), False),
    ({"fault": "rate_limited", "status": 418, "retry_after": 90}, (418, -1003), False),
    ({"fault": "truncated", "keep": 9}, '{"id":"a"', True),
    ({"fault": "gateway_error"}, (200, None), True),
    ({"fault": "accepted_late", "delay": 1, "on": ["cancel"]}, (200, None), True),
    ({"fault": "lost", "on": ["place"], "chance": "0"}, (200, None), True),
]


@pytest.mark.parametrize(("fault", "came", "is_placed"), PLACED, ids=lambda value: str(value)[:60])
async def test_a_placing_by_a_frame(
    open_exchange: Any, virtual_world: World, fault: dict[str, Any], came: Any, is_placed: bool
) -> None:
    async with open_exchange() as client:
        async with client.stream("/ws-api/v3") as socket:
            play(client, fault)
            answer = await place(client, socket)
            if isinstance(answer, dict):
                answer = answer["status"], answer.get("error", {}).get("code")
            assert answer == came
            await asyncio.sleep(6)
            assert [order.client_id for order in client.sandbox.exchange.orders("alice")] == ["a"] * is_placed
        client.sandbox.faults.clear()
        async with client.stream("/ws-api/v3") as socket:
            assert (await place(client, socket, "b"))["status"] == 200


async def test_what_is_late_is_done_though_the_connection_has_gone(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        play(client, {"fault": "accepted_late", "delay": 2})
        async with client.stream("/ws-api/v3") as socket:
            params = client.params("alice", **ORDER)
            await socket.socket.send_str(json.dumps({"id": 1, "method": "order.place", "params": params}))
            await asyncio.sleep(1)
        assert client.sandbox.exchange.orders("alice") == []
        await asyncio.sleep(2)
        assert len(client.sandbox.exchange.orders("alice")) == 1


async def test_other_frames_go_on_while_one_is_held(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client, client.stream("/ws-api/v3") as socket:
        play(client, {"fault": "accepted_late", "delay": 3, "on": ["place"]})
        params = client.params("alice", **ORDER)
        await socket.socket.send_str(json.dumps({"id": "held", "method": "order.place", "params": params}))
        begun = client.now_ms
        assert (await socket.ask("time"))["status"] == 200
        assert client.now_ms - begun < 100
        assert (await socket.next())["id"] == "held"
        assert client.now_ms - begun >= 3000
        assert client.sandbox.faults.counts["accepted_late"] == 1


async def test_listen_keys_expire(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        play(client, {"fault": "expire_tokens"})
        assert client.sandbox.faults.counts["expire_tokens"] == 0  # there is none yet
        key = (await client.send("POST", "/api/v3/userDataStream", {"X-MBX-APIKEY": client.keys["alice"]})).data
        async with client.stream(f"/ws/{key['listenKey']}") as socket:
            play(client, {"fault": "expire_tokens", "account": "bob"})
            await socket.rest(1)
            assert socket.events == []
            play(client, {"fault": "expire_tokens", "account": "alice"})
            told = await socket.next()
            assert (told["e"], told["listenKey"]) == ("listenKeyExpired", key["listenKey"])
            assert client.sandbox.faults.counts["expire_tokens"] == 1
            await client.limit("alice", "BUY", "1", "60000")
            await socket.rest(1)
            assert socket.events == []
        headers = {"X-MBX-APIKEY": client.keys["alice"]}
        gone = await client.send("PUT", f"/api/v3/userDataStream?listenKey={key['listenKey']}", headers)
        assert gone.data["code"] == -1125
