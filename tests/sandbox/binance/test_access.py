"""Who may ask: signatures of the documents' worked examples, where they stand, and why one is refused."""

import asyncio
import json
from typing import Any
from urllib.parse import urlencode

import pytest

from exconn.testing.virtual import World

from .conftest import KEYS, SECRET, mac

PATH = "/api/v3/order"
QUERY = "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC"
BODY = "quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559"
# rest-api.md, "SIGNED Endpoint Examples for POST /api/v3/order": printed there beside each request
EXAMPLES = [
    ("", f"{QUERY}&{BODY}", "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"),
    (f"{QUERY}&{BODY}", "", "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"),
    (QUERY, BODY, "0fd168b8ddb4876a0358a8d14d0c9f3da0e9b20c5d52b2a00fcf7d1c602f9a77"),
]


@pytest.mark.parametrize(("query", "body", "signature"), EXAMPLES)
async def test_the_documents_examples_are_signed_rightly(
    open_exchange: Any, virtual_world: World, query: str, body: str, signature: str
) -> None:
    async with open_exchange(now_ns=lambda: 1499827319559 * 1_000_000) as client:
        for right, code in ((signature, None), (signature.upper(), None), (signature[::-1], -1022)):
            target, sent = f"{PATH}?{query}", f"{body}&signature={right}" if body else ""
            if not body:
                target += f"&signature={right}"
            reply = await client.send("POST", target, {"X-MBX-APIKEY": KEYS["alice"]}, sent)
            assert reply.data.get("code") == code


REFUSED: list[tuple[dict[str, str], dict[str, Any], int, int]] = [
    ({}, {}, 401, -2014),
    ({"X-MBX-APIKEY": "no such format!"}, {}, 401, -2014),
    ({"X-MBX-APIKEY": "nobody"}, {}, 401, -2015),
    ({"X-MBX-APIKEY": KEYS["alice"]}, {"signature": None}, 400, -1102),
    ({"X-MBX-APIKEY": KEYS["alice"]}, {"timestamp": None}, 400, -1102),
    ({"X-MBX-APIKEY": KEYS["alice"]}, {"signature": "0" * 64}, 400, -1022),
]


@pytest.mark.parametrize(("headers", "changes", "status", "code"), REFUSED, ids=str)
async def test_a_refused_request(
    open_exchange: Any, virtual_world: World, headers: dict[str, str], changes: dict[str, Any], status: int, code: int
) -> None:
    async with open_exchange() as client:
        params = {"timestamp": client.now_ms} | {k: v for k, v in changes.items() if k == "timestamp"}
        query = urlencode({name: value for name, value in params.items() if value is not None})
        signature = changes.get("signature", mac(query))
        target = f"/api/v3/account?{query}" + ("" if signature is None else f"&signature={signature}")
        reply = await client.send("GET", target, headers)
        assert (reply.status, reply.data["code"]) == (status, code)


async def test_a_refused_signature_is_explained(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        query = f"omitZeroBalances=true&timestamp={client.now_ms}"
        wrong = mac(query, "another secret")
        target = f"/api/v3/account?{query}&signature={wrong}"
        reply = await client.send("GET", target, {"X-MBX-APIKEY": KEYS["alice"]})
        assert reply.data == {"code": -1022, "msg": "Signature for this request is not valid."}
        (entry,) = [entry for entry in await client.log() if entry.get("meaning") == "wrong_signature"]
        steps = dict(entry["steps"])
        assert (steps["payload"], steps["expected"], steps["sent"]) == (query, mac(query), wrong)
        assert SECRET not in json.dumps(await client.log())


async def test_who_goes_on_after_429_is_banned(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        heavy = "/api/v3/depth?symbol=BTCUSDT&limit=5000"  # weight 250 of 6000 a minute
        assert {(await client.send("GET", heavy)).status for _ in range(24)} == {200}
        assert {(await client.send("GET", heavy)).status for _ in range(9)} == {429}
        banned = await client.send("GET", heavy)
        text = (
            f"Way too much request weight used; IP banned until {client.now_ms + 120_000}. "
            "Please use WebSocket Streams for live updates to avoid bans."
        )
        assert (banned.status, banned.headers["Retry-After"]) == (418, "120")
        assert banned.data == {"code": -1003, "msg": text}
        await asyncio.sleep(119)
        again = await client.send("GET", "/api/v3/ping")
        assert (again.status, again.headers["Retry-After"], again.data) == (418, "1", banned.data)
        await asyncio.sleep(1)
        assert (await client.send("GET", heavy)).status == 200
