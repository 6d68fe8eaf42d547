"""`exconn sandbox NAME|FILE`: a local exchange that speaks a dialect, until it is told to stop.

Rules: loopback only; SIGTERM and Ctrl-C end it cleanly, exit 0; 1: the files are wrong, 2: usage. Only accounts that
it made up itself are printed, never what an account file holds.
"""

import asyncio
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .sources import DIALECT, locate, read, refuse

if TYPE_CHECKING:
    from exconn.sandbox import Opening, Sandbox


def command(
    dialect: Annotated[str, typer.Argument(help="A shipped exchange's name, or a dialect file.")],
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 0,
    seed: Annotated[int, typer.Option(help="Seed of the market's life and of made-up accounts.")] = 0,
    accounts: Annotated[
        Path | None, typer.Option(help="YAML or JSON list of {name, api_key, secret_key, passphrase?, balances}.")
    ] = None,
    ready_file: Annotated[
        Path | None, typer.Option(help="Written when it serves: port, token and accounts as JSON, mode 0600.")
    ] = None,
    life: Annotated[bool, typer.Option(help="Whether makers and takers trade.")] = True,
    faults: Annotated[
        Path | None, typer.Option(help="YAML or JSON list of faults, played from the moment when it serves.")
    ] = None,
) -> None:
    """Run a local exchange that speaks a dialect."""
    sandbox, opened = _prepare(dialect, seed, accounts, life, faults)
    if accounts is None:
        _introduce(opened)
    try:
        asyncio.run(_serve(sandbox, opened, port, ready_file))
    except OSError as error:
        refuse("sandbox", error.strerror or str(error), code=1)


def _prepare(
    name: str, seed: int, accounts: Path | None, life: bool, schedule: Path | None
) -> "tuple[Sandbox, tuple[Opening, ...]]":
    import random
    import secrets
    import time

    from exconn.document import DocumentError, read_source, readable, render_text
    from exconn.sandbox import Sandbox, dummy_accounts, funds_for, load_dialect, read_accounts, read_faults
    from exconn.sandbox.faults import Fault, Names

    path = locate(name, DIALECT, "sandbox")
    data = read(path, "sandbox")
    try:
        loaded = load_dialect(data, str(path))
        source = random.Random(f"{seed}:accounts")
        if accounts is None:
            opened = dummy_accounts(funds_for(loaded), source)
        else:
            path, data = accounts, b""  # an account file holds secrets: its findings show no excerpt
            opened = read_accounts(read_source(accounts), str(accounts))
        faults: tuple[Fault, ...] = ()
        if schedule is not None:
            path = schedule
            data = read_source(schedule)
            faults = read_faults(data, str(schedule), Names(loaded, [account.name for account in opened]))
    except OSError as error:
        refuse("sandbox", f"cannot read {path}: {error.strerror or error}")
    except DocumentError as error:
        typer.echo(render_text(error.diagnostics, {str(path): readable(data)} if data else {}), err=True)
        raise typer.Exit(1) from None
    # an exchange's clock never falls, whatever becomes of this machine's
    started = time.time_ns() - time.monotonic_ns()
    made = Sandbox(
        loaded,
        opened,
        now_ns=lambda: started + time.monotonic_ns(),
        token=secrets.token_urlsafe(24),
        seed=seed,
        life_every=0.25 if life else None,
        faults=faults,
    )
    return made, opened


def _introduce(accounts: "tuple[Opening, ...]") -> None:
    for account in accounts:
        typer.echo(f"account {account.name}: api_key {account.api_key}, secret_key {account.secrets.secret_key}")


def _welcome(sandbox: "Sandbox", port: int) -> str:
    """Where it is, and how a client gets there."""
    http, ws = f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}"
    return "\n".join(
        (
            f"{sandbox.dialect.name} on {http} (token {sandbox.token})",
            f"any client: every REST origin becomes {http}, every websocket origin {ws}; paths stay",
            f"a Market: hosts={{NAME: ORIGIN, ...}}, each NAME of its spec's hosts, https as {http}, wss as {ws}",
        )
    )


async def _serve(sandbox: "Sandbox", accounts: "tuple[Opening, ...]", port: int, ready: Path | None) -> None:
    from exconn.sandbox.serving import serve, write_ready

    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    async with serve(sandbox, port=port) as bound:
        if ready is not None:
            write_ready(ready, bound, sandbox.token, accounts)
        typer.echo(_welcome(sandbox, bound))
        sys.stdout.flush()
        await stopped.wait()
