"""`exconn demo [SPEC]`: the main job, shown on a sandbox, and compared with the sandbox's own ledger."""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from exconn.document import DocumentError, readable, render_text
from exconn.errors import UsageError

from .sources import DIALECT, SPEC, locate, read, refuse

if TYPE_CHECKING:
    from exconn.spec import Spec


def command(
    spec: Annotated[
        str, typer.Argument(help="A spec file, or the name of a shipped exchange; exconn's own example when left out.")
    ] = "",
    mode: Annotated[
        str, typer.Option(help="memory: compile and run; generated: write the package, run only that.")
    ] = "memory",
    seconds: Annotated[float, typer.Option(help="How long to trade.")] = 20.0,
    seed: Annotated[int, typer.Option(help="Seed of the sandbox and of the random orders.")] = 7,
) -> None:
    """Trade on a sandbox exchange, from one YAML file, and compare with its ledger. Exit 1 on any difference."""
    if mode not in ("memory", "generated"):
        raise typer.BadParameter("mode is memory or generated", param_hint="--mode")
    from exconn.shipped import default

    path = locate(spec or default(), SPEC, "demo")
    loaded, dialect = _load(path), path.with_name(f"{path.stem}{DIALECT}")
    read(dialect, "demo", "the demo trades on a sandbox, which needs the exchange's dialect beside its spec")
    try:
        code = asyncio.run(_demo(loaded, dialect, mode, seconds, seed))
    except UsageError as error:
        refuse("demo", str(error))
    raise typer.Exit(code)


def _load(path: Path) -> "Spec":
    """The spec; its findings, and exit 1, where it is not good."""
    from exconn.spec import load_spec

    data = read(path, "demo")
    try:
        return load_spec(data, str(path))
    except DocumentError as error:
        typer.echo(render_text(error.diagnostics, {str(path): readable(data)}).rstrip("\n"))
        raise typer.Exit(1) from None


async def _demo(spec: "Spec", dialect: Path, mode: str, seconds: float, seed: int) -> int:
    from exconn.testing.demo.exchange import sandbox_process

    with tempfile.TemporaryDirectory(prefix="exconn-demo-") as folder:
        async with sandbox_process(str(dialect), seed, Path(folder)) as ready:
            if mode == "memory":
                return await _in_memory(spec, ready, seconds, seed)
            return await _generated(spec, Path(folder), seconds, seed)


async def _in_memory(spec: "Spec", ready: dict[str, Any], seconds: float, seed: int) -> int:
    from functools import partial

    from rich.console import Console

    from exconn.compile import compile_spec
    from exconn.market import Market
    from exconn.testing.demo.run import demonstrate

    codec = compile_spec(spec)
    make = partial(Market, codec)
    return await demonstrate(make, codec.facts, ready, seconds=seconds, seed=seed, console=Console())


async def _generated(spec: "Spec", folder: Path, seconds: float, seed: int) -> int:
    from exconn_codegen import generate

    generate(spec, folder / "written")
    words = [str(folder / "written"), spec.name, str(folder / "ready.json"), str(seconds), str(seed)]
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "exconn.testing.demo.isolated", *words)
    return await process.wait()
