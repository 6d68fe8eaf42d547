"""A sandbox on a real port of this machine, and the file that tells others where it is.

Rules:
- Loopback only: 127.0.0.1 and ::1, whatever is asked; nothing else can be bound.
- The ready file holds the port, the token and the accounts with their secrets: only its owner may read it, and it
  appears whole or not at all.
"""

from __future__ import annotations

import json
import os
import socket
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

from .keys import Opening
from .server import Sandbox

HOSTS = {"127.0.0.1": socket.AF_INET, "::1": socket.AF_INET6}


@asynccontextmanager
async def serve(sandbox: Sandbox, *, port: int = 0, host: str = "127.0.0.1") -> AsyncIterator[int]:
    """Serve a sandbox for the block; gives its port (a free one for 0). ValueError for a host that is not loopback."""
    if host not in HOSTS:
        raise ValueError(f"a sandbox is served on {' or '.join(HOSTS)} only, not on {host!r}")
    listening = socket.socket(HOSTS[host], socket.SOCK_STREAM)
    runner = web.AppRunner(sandbox.app, access_log=None, handle_signals=False, shutdown_timeout=1.0)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        await runner.setup()
        await web.SockSite(runner, listening).start()
        yield listening.getsockname()[1]
    finally:
        await runner.cleanup()
        listening.close()


def describe(account: Opening) -> dict[str, Any]:
    """An account as account files and ready files have it, secrets and all."""
    facts: dict[str, Any] = {
        "name": account.name,
        "api_key": account.api_key,
        "secret_key": account.secrets.secret_key,
        "balances": {asset: format(amount, "f") for asset, amount in account.balances.items()},
    }
    return facts if account.secrets.passphrase is None else {**facts, "passphrase": account.secrets.passphrase}


def write_ready(path: Path, port: int, token: str, accounts: Sequence[Opening]) -> None:
    """Write the ready file: `{port, token, accounts}`, mode 0600, in one step. Raises OSError."""
    facts = {"port": port, "token": token, "accounts": [describe(account) for account in accounts]}
    # mkstemp makes a file that only its owner can read; renaming it is what makes it appear whole
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(facts, file)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
