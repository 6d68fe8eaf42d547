"""Faults on another dialect: a channel that begins with its book, another envelope, no error for rates."""

import asyncio
import json
from typing import Any

import pytest

from exconn.sandbox import Dialect, load_dialect
from exconn.testing.virtual import World

SNAPSHOT = """          - event: book_snapshot
            give: {snapshot: "{last_id}", bids: {each: bids, give: {shape: level}}}
          - event: book_update
"""


@pytest.fixture(scope="session")
def dialect(dialect_text: str) -> Dialect:
    start = dialect_text.index("  rate_limited:\n")
    text = dialect_text[:start] + dialect_text[dialect_text.index("  header: {code: 1020", start) :]
    text = text.replace("          - event: book_update\n", SNAPSHOT, 1)
    envelope = 'error: {code: "{code}", msg: "{text}", data: null}'
    assert envelope in text
    return load_dialect(text.replace(envelope, 'error: {ok: false, why: ["{code}", "{text}"]}').encode(), "other.yaml")


async def test_its_own_errors(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        await bench.control("POST", "fault", {"fault": "error_envelope", "meaning": "unknown_order"})
        assert json.loads((await bench.get("/v1/time")).text) == {"ok": False, "why": [2013, "order not found"]}


async def test_a_limit_that_it_does_not_know(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        await bench.control("POST", "fault", {"fault": "rate_limited", "retry_after": 5})
        reply = await bench.get("/v1/time")
        assert (reply.status, reply.text, reply.headers["Retry-After"]) == (429, "Too Many Requests", "5")


# a fault, and the bids of the book that the channel begins with: it was [60], then [61, 60], and its best ask is 70
SNAPSHOTS = [
    ({"fault": "book_gap"}, [["61", "3"], ["60", "3"]]),
    ({"fault": "old_snapshot", "age": 5}, [["60", "3"]]),
    ({"fault": "bad_checksum"}, [["61", "3.00001"], ["60", "3"]]),
    ({"fault": "crossed_book"}, [["70", "2"], ["61", "3"], ["60", "3"]]),
]


@pytest.mark.parametrize(("fault", "bids"), SNAPSHOTS, ids=str)
async def test_a_channel_that_begins_with_a_book(
    open_bench: Any, virtual_world: World, fault: dict[str, Any], bids: list[Any]
) -> None:
    async with open_bench() as bench, bench.stream("/v1/public") as stream:
        await bench.place("bob", "a", "ask", "2", "70")
        await bench.place("bob", "b", "bid", "3", "60")
        await asyncio.sleep(10)
        await bench.place("bob", "c", "bid", "3", "61")
        await bench.control("POST", "fault", fault)
        await stream.ask({"op": "subscribe", "topics": ["book:USDT_BTC"], "id": 1})
        assert (await stream.next())["bids"] == bids
