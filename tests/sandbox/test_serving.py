"""Over real loopback: the server, the ready file, and the command in a process of its own."""

import asyncio
import json
import os
import signal
import stat
import sys
import time
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from exconn.sandbox import Dialect, Opening, Sandbox, Secrets
from exconn.sandbox.serving import serve, write_ready

ACCOUNT = Opening("ann", "the key §", Secrets("the secret §", "a phrase"))


async def test_serving_on_loopback(dialect: Dialect) -> None:
    sandbox = Sandbox(dialect, [], now_ns=time.time_ns, token="t", life_every=0.01)
    async with serve(sandbox) as port, aiohttp.ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{port}/v1/time") as reply:
            assert abs((await reply.json())["data"]["time"] - time.time() * 1000) < 2000
        async with session.ws_connect(f"http://localhost:{port}/v1/public") as socket:
            await socket.send_json({"op": "subscribe", "topics": ["book:USDT_BTC"], "id": 1})
            assert (await socket.receive_json())["code"] == 0
            assert (await socket.receive_json(timeout=5))["topic"] == "book"
        async with session.get(f"http://127.0.0.1:{port}/", headers={"Host": "evil.example"}) as reply:
            assert reply.status == 421
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("sandbox")]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.1", "localhost.evil.example"])
async def test_nothing_but_loopback_is_bound(dialect: Dialect, host: str) -> None:
    sandbox = Sandbox(dialect, [], now_ns=time.time_ns, token="t", life_every=None)
    with pytest.raises(ValueError, match=r"a sandbox is served on 127\.0\.0\.1 or ::1 only"):
        async with serve(sandbox, host=host):
            pass


def test_the_ready_file_is_whole_and_private(tmp_path: Path) -> None:
    path = tmp_path / "ready.json"
    path.write_text("old")
    write_ready(path, 5, "tok", [ACCOUNT])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text()) == {
        "port": 5,
        "token": "tok",
        "accounts": [
            {
                "name": "ann",
                "api_key": "the key §",
                "secret_key": "the secret §",
                "balances": {},
                "passphrase": "a phrase",
            }
        ],
    }
    assert [each.name for each in tmp_path.iterdir()] == ["ready.json"]


async def run(*words: str, **options: Any) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "exconn.cli",
        "sandbox",
        *words,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        **options,
    )


async def test_the_command(tmp_path: Path) -> None:
    accounts, ready = tmp_path / "accounts.yaml", tmp_path / "ready.json"
    accounts.write_text('- {name: ann, api_key: "k 1", secret_key: "s: #1", balances: {USDT: 1000.5, BTC: 2}}\n')
    process = await run("myexchange", "--accounts", str(accounts), "--ready-file", str(ready), "--seed", "4")
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    facts = json.loads(ready.read_text())
    assert facts["accounts"] == [
        {"name": "ann", "api_key": "k 1", "secret_key": "s: #1", "balances": {"USDT": "1000.5", "BTC": "2"}}
    ]
    assert line == f"myexchange on http://127.0.0.1:{facts['port']} (token {facts['token']})\n"
    async with aiohttp.ClientSession(headers={"X-Exconn-Token": facts["token"]}) as session:
        async with session.get(f"http://127.0.0.1:{facts['port']}/_exconn/state") as reply:
            state = await reply.json()
        async with session.ws_connect(f"http://127.0.0.1:{facts['port']}/v1/public") as socket:
            process.send_signal(signal.SIGTERM)
            assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
            assert socket.close_code == 1012
    assert state["accounts"]["ann"]["balances"]["USDT"]["total"] == "1000.5"
    rest, errors = await process.communicate()
    origins = rest.decode().splitlines()
    assert [line.split(":")[0] for line in origins] == ["any client", "a Market"]
    assert all(f"http://127.0.0.1:{facts['port']}" in line for line in origins)
    assert (process.returncode, errors) == (0, b"")


async def test_a_schedule_of_faults(tmp_path: Path) -> None:
    schedule, ready = tmp_path / "faults.yaml", tmp_path / "ready.json"
    schedule.write_text("- {fault: gateway_error, on: [time], status: 504}\n")
    process = await run("myexchange", "--faults", str(schedule), "--ready-file", str(ready), "--no-life")
    assert process.stdout is not None
    while not (await process.stdout.readline()).startswith(b"myexchange on"):
        pass
    port = json.loads(ready.read_text())["port"]
    async with aiohttp.ClientSession() as session:
        for status in (504, 200):
            async with session.get(f"http://127.0.0.1:{port}/v1/time") as reply:
                assert reply.status == status
    process.send_signal(signal.SIGTERM)
    assert (await process.communicate())[1] == b""


async def test_without_accounts_three_are_made_and_told() -> None:
    first, second = [await run("myexchange", "--seed", "4", "--no-life") for _ in range(2)]
    lines = []
    for process in (first, second):
        assert process.stdout is not None
        lines.append([(await process.stdout.readline()).decode() for _ in range(4)][:3])
        process.send_signal(signal.SIGINT)
        await process.communicate()
        assert process.returncode == 0
    assert lines[0] == lines[1]
    assert [line.split()[:2] for line in lines[0]] == [["account", f"{name}:"] for name in ("alice", "bob", "carol")]


USAGE = [
    (["nowhere"], 2, "no .dialect.yaml file of 'nowhere' is shipped; there is"),
    (["../x"], 2, "cannot read ../x: No such file or directory"),
    (["nothing.yaml"], 2, "cannot read nothing.yaml: No such file or directory"),
    (["bad.yaml"], 1, "bad.yaml:1:1: error[missing-key]"),
    (["myexchange", "--accounts", "bad.yaml"], 1, "error[wrong-type] this is not of the form it must have"),
    (["myexchange", "--accounts", "none.yaml"], 2, "cannot read none.yaml"),
    (["myexchange", "--faults", "none.yaml"], 2, "cannot read none.yaml"),
    (["myexchange", "--faults", "bad.yaml"], 1, "bad.yaml:1:1: error[wrong-type] the file is a mapping; it must be a"),
]


@pytest.mark.parametrize(("words", "code", "text"), USAGE, ids=str)
async def test_mistakes_of_usage(tmp_path: Path, words: list[str], code: int, text: str) -> None:
    (tmp_path / "bad.yaml").write_text("dialect: 1\n")
    process = await run(*words, cwd=tmp_path, env={**os.environ, "NO_COLOR": "1"})
    _, errors = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == code
    assert text in errors.decode()
    assert b"Traceback" not in errors
