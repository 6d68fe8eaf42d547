"""`exconn test SPEC`: does the spec do what the exchange's documents show?

Rules: the cases stand beside the spec, in `<name>.cases.yaml`; they run against the codec in memory and against the
written one; exit 0: all cases pass and nothing is uncovered, 1: there are findings, 2: a file cannot be found, or the
package cannot be written. With `--mutate` the cases are on trial: each small mistake in the spec must make one fail, or
have a written reason.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from exconn.document import Diagnostic, DocumentError, readable, render_github, render_json, render_text
from exconn.errors import UsageError

from .sources import CASES, SPEC, locate, read, refuse

if TYPE_CHECKING:
    from exconn.testing.cases import Trial
    from exconn.testing.mutation import MutationTrial

Files: TypeAlias = tuple[bytes, str, bytes, str]
_ADVICE = (
    "cases stand beside their spec and begin with the lines cases: 1 and spec: {}; docs/cases.md says what follows"
)


class Modes(StrEnum):
    MEMORY = "memory"
    GENERATED = "generated"
    BOTH = "both"


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


def command(
    spec: Annotated[str, typer.Argument(help="A spec file, or the name of a shipped exchange.")],
    mode: Annotated[Modes, typer.Option(help="Which codec is asked.")] = Modes.BOTH,
    format: Annotated[Format, typer.Option(help="How findings are written.")] = Format.TEXT,
    mutate: Annotated[
        bool, typer.Option("--mutate", help="Break the spec in every small way: a case must fail.")
    ] = False,
) -> None:
    """Run the cases of a spec, in memory and against the written package."""
    path = locate(spec, SPEC, "test")
    cases = path.with_name(f"{path.stem}{CASES}")
    data = read(path, "test")
    expected = read(cases, "test", _ADVICE.format(path.stem))
    files = (data, str(path), expected, str(cases))
    try:
        figures, findings = _mutate(files) if mutate else _try(files, mode)
    except DocumentError as error:
        figures, findings = "", error.diagnostics
    except UsageError as error:
        refuse("test", str(error))
    _show(format, figures, list(dict.fromkeys(findings)), {files[1]: readable(data), files[3]: readable(expected)})
    raise typer.Exit(1 if findings else 0)


def _try(files: Files, mode: Modes) -> tuple[str, Sequence[Diagnostic]]:
    """The figures and the findings of the cases. DocumentError."""
    from exconn.testing.cases import Mode, try_spec

    modes = list(Mode) if mode is Modes.BOTH else [Mode(mode.value)]
    trials = try_spec(*files, modes)
    return _table(trials), [each for trial in trials for each in trial.findings]


def _mutate(files: Files) -> tuple[str, Sequence[Diagnostic]]:
    """The figures and the findings of the mutants; those of the cases where they do not even pass. DocumentError."""
    from exconn.testing.mutation import try_mutants

    figures, findings = _try(files, Modes.MEMORY)
    if findings:
        return figures, findings
    trial = try_mutants(*files)
    return _row(trial), trial.findings


def _show(format: Format, figures: str, findings: list[Diagnostic], sources: dict[str, str]) -> None:
    if format is Format.JSON:
        typer.echo(render_json(findings))
        return
    if findings:
        shown = render_github(findings) if format is Format.GITHUB else render_text(findings, sources)
        typer.echo(shown.rstrip("\n"))
    if format is Format.TEXT:
        count = f"{len(findings)} finding{'s' if len(findings) != 1 else ''}"
        typer.echo(("\n" if findings else "") + (figures or count))


def _table(trials: "Sequence[Trial]") -> str:
    head = f"{'mode':10} {'cases':>6} {'passed':>7} {'failed':>7} {'uncovered':>10}"
    rows = [
        f"{trial.mode.value:10} {trial.cases:6} {trial.cases - trial.failed:7} {trial.failed:7} {trial.uncovered:10}"
        for trial in trials
    ]
    return "\n".join([head, *rows])


def _row(trial: "MutationTrial") -> str:
    """Mutants: refused by the checks, noticed by a case, surviving with a reason and without one."""
    counts = (trial.mutants, trial.refused, trial.noticed, trial.excused, trial.survived)
    head = "".join(f"{each:>9}" for each in ("mutants", "refused", "noticed", "excused", "survived", "seconds"))
    return f"{head}\n" + "".join(f"{count:9}" for count in counts) + f"{trial.seconds:9.1f}"
