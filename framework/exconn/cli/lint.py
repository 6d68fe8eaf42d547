"""`exconn lint SPEC`: the guarantee card of a spec.

Rules: exit 0: the card was printed and what was required holds; 1: the spec has findings, or a guarantee that was
required does not hold; 2: the file cannot be read, or a name is no guarantee's.
"""

from enum import StrEnum
from typing import Annotated

import typer

from exconn.document import DocumentError, Mapping, load, readable

from .sources import SPEC, locate, read, refuse


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"


def command(
    file: Annotated[str, typer.Argument(help="The spec's file, or the name of a shipped exchange.")],
    format: Annotated[Format, typer.Option(help="How the card is written.")] = Format.TEXT,
    require: Annotated[list[str] | None, typer.Option(help="A guarantee that must hold; may be given again.")] = None,
) -> None:
    """Print what a market can promise with a spec, and what the spec gives up by what it leaves out."""
    from exconn.document import render_text as render_findings
    from exconn.guarantees import Verdict, card_of, located, render_json, render_text
    from exconn.guarantees.table import NAMES
    from exconn.spec.load import MAX_SPEC, spec_of

    _check_names(require or [], NAMES)
    path = locate(file, SPEC, "lint")
    data = read(path, "lint")
    try:
        root = load(data, str(path), MAX_SPEC)
        spec = spec_of(root, str(path))
    except DocumentError as error:
        typer.echo(render_findings(error.diagnostics, {str(path): readable(data)}).rstrip("\n"))
        raise typer.Exit(1) from None
    assert isinstance(root, Mapping)  # or it would be no spec
    card = located(card_of(spec), root)
    typer.echo((render_json(card) if format is Format.JSON else render_text(card)).rstrip("\n"))
    lost = [line for line in card.lines if line.name in (require or []) and line.verdict is not Verdict.HOLDS]
    for line in lost:
        typer.echo(f"exconn lint: {line.name} is required, and is {line.verdict.value}: {line.why}", err=True)
    raise typer.Exit(1 if lost else 0)


def _check_names(asked: list[str], names: tuple[str, ...]) -> None:
    from exconn.document import suggest

    for name in asked:
        if name not in names:
            near = suggest(name, names)
            hint = f"did you mean {near}?" if near else f"they are {', '.join(names)}"
            refuse("lint", f"there is no guarantee {name!r}; {hint}")
