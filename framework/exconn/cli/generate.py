"""`exconn generate SPEC --out DIR`: write a spec down as a Python package.

Rules: a spec with findings writes nothing; exit 0: written, 1: the spec has findings, 2: a file cannot be read, or
something that was not generated is in the way.
"""

from pathlib import Path
from typing import Annotated

import typer

from exconn.document import DocumentError, printable, read_source, readable, render_text
from exconn.errors import UsageError


def command(
    spec: Annotated[Path, typer.Argument(help="The YAML file of one exchange.")],
    out: Annotated[Path, typer.Option(help="The folder that gets the package, in a folder of the spec's name.")],
) -> None:
    """Write the spec down as a Python package with its Auth and its Market."""
    from exconn.spec import load_spec
    from exconn_codegen import generate

    file = str(spec)
    data = _read(spec)
    try:
        written = generate(load_spec(data, file), out)
    except DocumentError as error:
        typer.echo(render_text(error.diagnostics, {file: readable(data)}).rstrip("\n"))
        raise typer.Exit(1) from None
    except (UsageError, OSError) as error:
        typer.echo(f"exconn generate: {printable(str(error))}", err=True)
        raise typer.Exit(2) from None
    typer.echo(f"{printable(str(written))}: written from {printable(file)}")


def _read(spec: Path) -> bytes:
    try:
        return read_source(spec)
    except OSError as error:
        typer.echo(f"exconn generate: cannot read {printable(str(spec))}: {error.strerror or error}", err=True)
        raise typer.Exit(2) from None
