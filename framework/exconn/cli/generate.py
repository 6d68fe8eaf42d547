"""`exconn generate SPEC --out DIR`: write a spec down as a Python package.

Rules: a spec with findings writes nothing; exit 0: written, 1: the spec has findings, 2: a file cannot be read, or
something that was not generated is in the way.
"""

from pathlib import Path
from typing import Annotated

import typer

from exconn.document import DocumentError, printable, readable, render_text
from exconn.errors import UsageError

from .sources import SPEC, locate, read, refuse


def command(
    spec: Annotated[str, typer.Argument(help="A spec file, or the name of a shipped exchange.")],
    out: Annotated[Path, typer.Option(help="The folder that gets the package, in a folder of the spec's name.")],
) -> None:
    """Write the spec down as a Python package with its Auth and its Market."""
    from exconn.spec import load_spec
    from exconn_codegen import generate

    path = locate(spec, SPEC, "generate")
    file, data = str(path), read(path, "generate")
    try:
        written = generate(load_spec(data, file), out)
    except DocumentError as error:
        typer.echo(render_text(error.diagnostics, {file: readable(data)}).rstrip("\n"))
        raise typer.Exit(1) from None
    except (UsageError, OSError) as error:
        refuse("generate", str(error))
    typer.echo(f"{printable(str(written))}: written from {printable(file)}")
