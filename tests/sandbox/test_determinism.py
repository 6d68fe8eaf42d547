"""The same seed and the same requests give the same bytes, in virtual time, under any hash seed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCENARIO = """
import asyncio, sys
from decimal import Decimal
from pathlib import Path
import aiohttp
from exconn.sandbox import Opening, Sandbox, Secrets, load_dialect, plan_faults
from exconn.testing.virtual import virtual_world

FAULTS = [
    {"fault": "drop_frame", "for": 60, "chance": 0.1},
    {"at": 1, "fault": "reorder", "delay": 0.5, "for": 60, "chance": 0.2},
    {"at": 2, "fault": "crossed_book", "for": 60, "chance": 0.1},
    {"at": 3, "fault": "change_rules", "symbol": "BTC-USDT", "factor": 10},
    {"at": 4, "fault": "duplicate_frame", "delay": 1, "for": 60, "chance": 0.1},
]

async def main(world, data):
    accounts = [Opening(n, n, Secrets("s"), {"USDT": Decimal(1000), "BTC": Decimal(1)}) for n in ("a", "b")]
    facts = {"now_ns": world.wall_ns, "token": "t", "seed": world.seed, "life_every": 0.1}
    sandbox = Sandbox(load_dialect(data, "d"), accounts, **facts)
    sandbox.faults.play(plan_faults(FAULTS, sandbox.faults.names))
    await world.network.serve("http://127.0.0.1:80", sandbox.app)
    async with aiohttp.ClientSession(connector=world.connector()) as session:
        async with session.ws_connect("http://127.0.0.1/v1/public") as socket:
            pairs = ("USDT_BTC", "USDT_ETH", "BTC_ETH", "USDT_MXT")
            topics = [f"{channel}:{pair}" for pair in pairs for channel in ("book", "trades")]
            await socket.send_json({"op": "subscribe", "topics": topics, "id": 1})
            for _ in range(200):
                await socket.receive()
        async with session.get("http://127.0.0.1/_exconn/state?token=t") as reply:
            await reply.read()

with virtual_world(seed=int(sys.argv[2])) as world:
    world.run(main(world, Path(sys.argv[1]).read_bytes()))
    print(world.trace.hexdigest())
"""
FILE = Path(__file__).parents[2] / "exchanges" / "myexchange.dialect.yaml"


def trace(seed: int, hash_seed: int) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": str(hash_seed)}
    command = [sys.executable, "-W", "error", "-c", SCENARIO, str(FILE), str(seed)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture(scope="module")
def first() -> str:
    return trace(3, 0)


def test_the_same_seed_under_another_hash_seed(first: str) -> None:
    assert len(first) == 64
    assert trace(3, 7) == first


def test_another_seed_is_another_market(first: str) -> None:
    assert trace(4, 0) != first
