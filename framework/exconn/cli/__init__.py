"""The command line: `exconn COMMAND`.

Rules: a command is one module with a function `command`, named in the table below with its line of help; a module is
imported when its command is run and not before, so that `exconn --help` is fast; a command's own heavy imports stand
inside its function.
"""

import sys
from importlib import import_module
from types import MappingProxyType
from typing import Final

# Name -> (module, help). Adding a command is adding a line.
COMMANDS: Final = MappingProxyType(
    {
        "demo": ("exconn.cli.demo", "Trade on a sandbox exchange, and compare with its ledger."),
        "validate": ("exconn.cli.validate", "Check specs, cases and dialects."),
        "lint": ("exconn.cli.lint", "Print what a market can promise with a spec: its guarantee card."),
        "test": ("exconn.cli.test", "Run a spec's cases, in memory and generated."),
        "generate": ("exconn.cli.generate", "Write the connector of a spec down as a Python package."),
        "sandbox": ("exconn.cli.sandbox", "Run a local exchange that speaks a dialect."),
    }
)

_USAGE_ERROR = 2


def main() -> None:
    """Run the command that the arguments name. Exits 2 where they name none."""
    arguments = sys.argv[1:]
    if arguments and arguments[0] in COMMANDS:
        import typer

        name = arguments[0]
        app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
        app.command()(import_module(COMMANDS[name][0]).command)
        app(arguments[1:], prog_name=f"exconn {name}")
        return
    asked = not arguments or arguments[0] in ("--help", "-h", "help")
    if asked:
        print(_overview())
        sys.exit(0 if arguments else _USAGE_ERROR)
    print(f"exconn: there is no command {arguments[0]!r}\n\n{_overview()}", file=sys.stderr)
    sys.exit(_USAGE_ERROR)


def _overview() -> str:
    lines = ["Usage: exconn COMMAND [ARGUMENTS]", "", "Commands (each has --help):"]
    width = max(map(len, COMMANDS)) + 2
    lines += [f"  {name:{width}}{about}" for name, (_, about) in COMMANDS.items()]
    return "\n".join(lines)
