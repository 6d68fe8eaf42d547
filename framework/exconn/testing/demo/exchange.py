"""The sandbox of a demo: in its own process, on loopback, on a free port, found by its ready file.

Rules: the process is ours and ends with us; the ready file stands in a folder only we can read; the ledger is asked
with the token of the ready file, over plain loopback HTTP, and by nothing that the market under test uses.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

START_LIMIT = 30.0


@asynccontextmanager
async def sandbox_process(dialect: str, seed: int, folder: Path) -> AsyncIterator[dict[str, Any]]:
    """Run `exconn sandbox`; gives what its ready file says: port, token, accounts."""
    ready = folder / "ready.json"
    words = ["sandbox", dialect, "--port", "0", "--seed", str(seed), "--ready-file", str(ready)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "exconn.cli", *words, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield await _ready(process, ready)
    finally:
        await _stop(process)


async def _ready(process: asyncio.subprocess.Process, ready: Path) -> dict[str, Any]:
    try:
        async with asyncio.timeout(START_LIMIT):
            while not ready.exists():
                if process.returncode is not None:
                    raise RuntimeError(f"the sandbox ended with code {process.returncode}: {await _complaint(process)}")
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise RuntimeError(f"the sandbox was not ready within {START_LIMIT:.0f} s") from None
    found: dict[str, Any] = json.loads(ready.read_text())
    return found


async def _complaint(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    return (await process.stderr.read()).decode(errors="replace").strip()[-2000:]


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 5)
        except TimeoutError:
            process.kill()
            await process.wait()


async def fetch_ledger(ready: dict[str, Any]) -> dict[str, Any]:
    """The sandbox's own state: accounts with orders, fills, balances; instruments with books."""
    headers = {"X-Exconn-Token": ready["token"]}
    url = f"http://127.0.0.1:{ready['port']}/_exconn/state"
    async with aiohttp.ClientSession(trust_env=False) as session, session.get(url, headers=headers) as reply:
        reply.raise_for_status()
        found: dict[str, Any] = json.loads(await reply.text())
        return found
