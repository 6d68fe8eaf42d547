"""`exconn demo [SPEC]`: the main job, shown on a sandbox, and compared with the sandbox's own ledger."""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer


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
    path = _spec_path(spec)
    raise typer.Exit(asyncio.run(_demo(path, mode, seconds, seed)))


def _spec_path(spec: str) -> Path:
    from exconn.shipped import default, find

    spec = spec or default()
    path = Path(spec)
    if path.suffix in (".yaml", ".yml"):
        if not path.is_file():
            raise typer.BadParameter(f"{spec} is not a file", param_hint="SPEC")
        return path
    try:
        return find(spec, ".yaml")
    except LookupError as error:
        raise typer.BadParameter(str(error), param_hint="SPEC") from None


async def _demo(path: Path, mode: str, seconds: float, seed: int) -> int:
    from exconn.testing.demo.exchange import sandbox_process

    dialect = path.with_name(f"{path.stem}.dialect.yaml")
    with tempfile.TemporaryDirectory(prefix="exconn-demo-") as folder:
        async with sandbox_process(str(dialect), seed, Path(folder)) as ready:
            if mode == "memory":
                return await _in_memory(path, ready, seconds, seed)
            return await _generated(path, Path(folder), seconds, seed)


async def _in_memory(path: Path, ready: dict[str, Any], seconds: float, seed: int) -> int:
    from functools import partial

    from rich.console import Console

    from exconn.compile import compile_spec
    from exconn.market import Market
    from exconn.spec import load_spec
    from exconn.testing.demo.run import demonstrate

    codec = compile_spec(load_spec(path.read_bytes(), str(path)))
    make = partial(Market, codec)
    return await demonstrate(make, codec.facts, ready, seconds=seconds, seed=seed, console=Console())


async def _generated(path: Path, folder: Path, seconds: float, seed: int) -> int:
    from exconn.spec import load_spec
    from exconn_codegen import generate

    spec = load_spec(path.read_bytes(), str(path))
    generate(spec, folder / "written")
    words = [str(folder / "written"), spec.name, str(folder / "ready.json"), str(seconds), str(seed)]
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "exconn.testing.demo.isolated", *words)
    return await process.wait()
