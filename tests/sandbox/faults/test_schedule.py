"""Schedules as data: what is read, what is refused and how it is told, when faults begin and end."""

import asyncio
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from exconn.document import DocumentError, render_text
from exconn.sandbox import Dialect, plan_faults, read_faults
from exconn.sandbox.faults import KINDS, Fault, Names, Need, possible
from exconn.sandbox.faults.page import FILE, write_page
from exconn.testing.virtual import World

MISTAKES = [
    (
        "- {at: 1, fault: acepted_late}\n",
        """\
s.yaml:1:18: error[not-one-of] 'fault' is 'acepted_late'; it must be
hint: did you mean accepted_late?
""",
    ),
    ("- {at: 1}\n", "s.yaml:1:3: error[missing-key] the key 'fault' is missing\nhint: add it, as in fault: lost\n"),
    (
        "- {at: 1, fault: lost, dealy: 3}\n",
        "s.yaml:1:24: error[unknown-key] unknown key 'dealy'\n"
        "hint: the keys here are fault, at, for, count, chance, seed, on\n",
    ),
    (
        "- {at: 1, fault: slow_ack, dealy: 3}\n",
        "s.yaml:1:28: error[unknown-key] unknown key 'dealy'\nhint: did you mean delay?\n",
    ),
    (
        "- {fault: slow_ack, at: 1}\n",
        "s.yaml:1:3: error[missing-key] the key 'delay' is missing\nhint: add it, as in delay: 8\n",
    ),
    (
        "- {at: -1, fault: lost, for: 1e3, count: 0, chance: 1.5}\n",
        """\
s.yaml:1:8: error[out-of-range] 'at' is -1; it must be at least 0
hint: write seconds in plain digits, as 2.5

s.yaml:1:30: error[wrong-form] '1e3' is not of the form of this value
hint: write seconds in plain digits, as 2.5

s.yaml:1:42: error[out-of-range] 'count' is 0; it must be at least 1

s.yaml:1:53: error[wrong-form] '1.5' is not of the form of this value
hint: write a part of 1, as 0.05
""",
    ),
    (
        "- {fault: lost, on: [plaze]}\n- {fault: stall, socket: pubic, channel: boo, symbol: BTCUSDT}\n",
        """\
s.yaml:1:22: error[unknown-name] there is no endpoint or role 'plaze'
hint: did you mean place?

s.yaml:2:26: error[unknown-name] there is no socket 'pubic'
hint: did you mean public?

s.yaml:2:42: error[unknown-name] there is no channel 'boo'
hint: did you mean book?

s.yaml:2:55: error[unknown-name] there is no symbol 'BTCUSDT'
hint: did you mean BTC-USDT?
""",
    ),
    (
        "- {fault: manual_order, symbol: BTC-USDT, account: dave}\n",
        "s.yaml:1:52: error[unknown-name] there is no account 'dave'\nhint: there is alice, bob\n",
    ),
    (
        "- {fault: slow_ack, delay: 1, on: [connect]}\n- {fault: gateway_error, accepted: true, on: [connect]}\n",
        """\
s.yaml:1:36: error[cannot-happen] no handshake can be 'slow_ack'
hint: there is lost, gateway_error, error_envelope, rate_limited, redirect

s.yaml:2:47: error[cannot-happen] a handshake is done or refused, never both
hint: leave accepted out
""",
    ),
    (
        "- {fault: maintenance, count: 2}\n",
        "s.yaml:1:24: error[unknown-key] unknown key 'count'\nhint: the keys here are fault, at, for\n",
    ),
    (
        "- {fault: replica_lag, seconds: 121}\n",
        "s.yaml:1:33: error[out-of-range] 'seconds' is 121; it must be at most 120\n"
        "hint: write seconds in plain digits, as 2.5\n",
    ),
    ("fault: lost\n", "s.yaml:1:1: error[wrong-type] the file is a mapping; it must be a list\n"),
    (
        "[*a]\n",
        "s.yaml:1:2: error[alias] the alias '*a' is not allowed\nhint: write the value out\n",
    ),
]


@pytest.fixture(scope="session")
def names(dialect: Dialect) -> Names:
    return Names(dialect, ("alice", "bob"))


@pytest.mark.parametrize(("text", "told"), MISTAKES)
def test_mistakes_are_explained(names: Names, text: str, told: str) -> None:
    with pytest.raises(DocumentError) as found:
        read_faults(text.encode(), "s.yaml", names)
    said = render_text(found.value.diagnostics, {})
    if "acepted_late" in text:  # it lists all kinds, which other tests count
        head, _, tail = said.partition(" lost, ")
        said = head + "\n" + tail[tail.index("hint:") :]
    assert said == told


def test_a_mistake_in_data_of_python_names_its_item(names: Names) -> None:
    items: list[dict[str, Any]] = [{"fault": "lost"}, {"fault": "lost", "for": 0.25}, {"fault": "lost", "for": "x"}]
    with pytest.raises(DocumentError, match=r"^schedule:3:\d+: error\[wrong-form\] 'x' is not of the form"):
        plan_faults(items, names)


def test_every_example_of_the_table_can_be_played(names: Names) -> None:
    kinds = [kind for kind in KINDS.values() if possible(kind, names.dialect)]
    faults = plan_faults([kind.example for kind in kinds], names)
    assert [fault.kind for fault in faults] == kinds
    assert set(KINDS) - {kind.name for kind in kinds} == {"expire_tokens"}
    assert plan_faults([fault.plain for fault in faults], names) == faults
    as_yaml = "\n".join(f"- {json.dumps(fault.plain)}" for fault in faults)
    assert read_faults(as_yaml.encode(), "s.yaml", names) == faults


READ: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"at": 2.5, "for": "0.125", "chance": 0.1}, {"at": 2.5, "lasts": 0.125, "chance": 0.1}),
    ({"at": "0.1", "count": 3, "seed": 9}, {"at": 0.1, "count": 3, "seed": 9}),
    ({"for": None, "on": ["read", "time"]}, {"on": ("read", "time")}),
    ({"for": Decimal("1e-7")}, {"lasts": 1e-07}),
]


@pytest.mark.parametrize(("told", "read"), READ, ids=str)
def test_numbers_come_as_they_are_written(names: Names, told: dict[str, Any], read: dict[str, Any]) -> None:
    assert plan_faults([{"fault": "lost", **told}], names) == (Fault(KINDS["lost"], **read),)


def test_money_stays_decimal(names: Names) -> None:
    told = {"fault": "manual_order", "symbol": "USDT_BTC", "amount": 0.1, "price": "64000.10"}
    (fault,) = plan_faults([told], names)
    assert (fault.symbol, fault.args["amount"], fault.args["price"]) == (
        "BTC-USDT",
        Decimal("0.1"),
        Decimal("64000.10"),
    )
    assert fault.plain == {"at": 0, "fault": "manual_order", "symbol": "BTC-USDT", "amount": "0.1", "price": "64000.10"}


def test_what_cannot_happen_is_a_mistake(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    assert {kind.needs for kind in KINDS.values() if not possible(kind, names.dialect)} == {Need.TOKENS}
    monkeypatch.setattr(Dialect, "sockets", {}, raising=False)
    impossible = {kind.name for kind in KINDS.values() if not possible(kind, names.dialect)}
    assert impossible == {kind.name for kind in KINDS.values() if kind.needs not in (Need.NOTHING, Need.SNAPSHOT)}
    with pytest.raises(DocumentError) as found:
        read_faults(b"- fault: expire_login", "s.yaml", names)
    told = (
        "s.yaml:1:10: error[cannot-happen] 'expire_login' cannot happen: myexchange has not a websocket with a login\n"
    )
    assert render_text(found.value.diagnostics, {}) == told


async def test_a_schedule_is_played_from_its_beginning(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        await asyncio.sleep(100)
        schedule = b"""
- {at: 2, fault: gateway_error, on: [read], for: 3}
- {at: 1, fault: clock_step, seconds: 0.5}
- {at: 4, fault: maintenance, for: 2}
- {at: 50, fault: lost}
"""
        headers = {"X-Exconn-Token": "the-token"}
        reply = await bench.send("POST", "/_exconn/schedule", headers, schedule)
        assert json.loads(reply.text) == {"faults": 4}
        seen = []
        for _ in range(8):
            await asyncio.sleep(1)
            seen.append((await bench.get("/v1/time")).status)
        assert seen == [200, 502, 502, 502, 503, 200, 200, 200]
        told = json.loads((await bench.control("GET", "faults")).text)
        assert told["pending"] == [{"at": 50, "fault": "lost"}]
        assert told["counts"] == {"clock_step": 1, "gateway_error": 3, "maintenance": 1}
        assert told["happened"][0] == {
            "at": told["happened"][0]["at"],
            "kind": "clock_step",
            "what": "clock",
            "topic": "",
        }
        assert told["now"] - 8 < told["happened"][0]["at"] < told["now"] - 6
        assert json.loads((await bench.control("DELETE", "faults")).text) == {"cleared": 1}
        await asyncio.sleep(60)
        assert (await bench.get("/v1/time")).status == 200
        assert json.loads((await bench.control("GET", "faults")).text)["pending"] == []


async def test_a_schedule_from_the_start(open_bench: Any, virtual_world: World, names: Names) -> None:
    faults = plan_faults([{"fault": "gateway_error"}, {"at": 5, "fault": "gateway_error"}], names)
    async with open_bench(faults=faults) as bench:
        assert [(await bench.get("/v1/time")).status for _ in range(2)] == [502, 200]
        await asyncio.sleep(5)
        assert [(await bench.get("/v1/time")).status for _ in range(2)] == [502, 200]


CHANCY = {"at": 1, "fault": "gateway_error", "for": 100, "chance": 0.4, "on": ["time"]}
OTHER = {"fault": "slow_ack", "delay": 0, "for": 100, "chance": 0.5, "on": ["symbols"]}


@pytest.mark.parametrize("schedule", [(CHANCY,), (CHANCY, OTHER), (OTHER, CHANCY)], ids=len)
async def test_other_faults_change_nothing_for_one_with_a_chance(
    open_bench: Any, virtual_world: World, names: Names, schedule: tuple[dict[str, Any], ...]
) -> None:
    async with open_bench(faults=plan_faults(schedule, names)) as bench:
        await asyncio.sleep(2)
        found = []
        for number in range(12):
            await bench.get("/v1/symbols")
            if (await bench.get("/v1/time")).status == 502:
                found.append(number)
            await asyncio.sleep(1)
        assert found == [5, 6, 7, 9, 11]


def test_the_page_is_that_of_the_table() -> None:
    page = Path(__file__).parents[3] / "docs" / FILE
    assert page.read_text(encoding="utf-8") == write_page()
    assert all(f"| `{name}` |" in write_page() for name in KINDS)
