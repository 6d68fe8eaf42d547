"""The files that a command is given: a path, or the name of a shipped exchange; one way for all commands.

Rules: what ends like a file, holds a folder or is a file is a path, and every other word a shipped exchange's name; no
more is read of a file than its reader takes; what cannot be found or read ends the command with 2 and one line that
forges no other.
"""

from os.path import isfile
from pathlib import Path
from typing import NoReturn

import typer

from exconn.document import printable, read_source

SPEC, CASES, DIALECT = ".yaml", ".cases.yaml", ".dialect.yaml"


def locate(named: str, suffix: str, command: str) -> Path:
    """The file that `named` means; `suffix` tells which of a shipped exchange's files. Exits 2 where none is meant."""
    from exconn.shipped import find

    path = Path(named)
    if path.suffix or len(path.parts) > 1 or isfile(path):  # which, unlike Path.is_file, takes any name
        return path
    try:
        return find(named, suffix)
    except LookupError as error:
        refuse(command, str(error))


def read(path: Path, command: str, advice: str = "") -> bytes:
    """The bytes of a file. Exits 2 where it cannot be read; `advice` follows where it is not there."""
    try:
        return read_source(path)
    except OSError as error:
        more = f"; {advice}" if advice and isinstance(error, FileNotFoundError) else ""
        refuse(command, f"cannot read {path}: {error.strerror or error}{more}")


def refuse(command: str, message: str, code: int = 2) -> NoReturn:
    """End the command with one line on the standard error."""
    typer.echo(f"exconn {command}: {printable(message)}", err=True)
    raise typer.Exit(code) from None
