"""The modules of a package as source text: units of a program, with their imports, unparsed.

Rules: a module is a docstring of ours, its imports in sorted order, and the unit's own nodes; names of the spec become
class names only by capitalising the parts of an identifier, and never a keyword; nothing else of a spec is a name.
"""

import ast
import keyword
import re
from dataclasses import dataclass

from exconn.compile.emit import Unit, const
from exconn.compile.program import Program
from exconn.errors import UsageError

_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}").fullmatch

_DOCSTRINGS = {
    "signing": "Recipes: from the texts of a request to the values that sign it.",
    "requests": "Builders: from what a request is about to the bytes that are sent.",
    "sockets": "What a socket sends: the handshake, login, subscriptions and pings.",
    "readings": "What replies and frames share: rows, words, decisions and the meanings of errors.",
    "decoders": "Typed decoders: what frames and replies are decoded into, only what is read.",
    "replies": "Readers: from an answer to what it says.",
    "streams": "Readers of frames; they never raise.",
    "codec": "The facts of the exchange, and every function under the name it is known by.",
}


@dataclass(frozen=True, slots=True)
class Module:
    """One file of the package: its name without ending, its nodes."""

    name: str
    tree: ast.Module


def package_name(program: Program) -> str:
    """The package's name; UsageError where the spec's name cannot be one."""
    if _NAME(program.name) is None or keyword.iskeyword(program.name) or keyword.issoftkeyword(program.name):
        raise UsageError(f"{program.name!r} cannot name a package; give the spec a name of the form [a-z][a-z0-9_]*")
    return str(program.name)


def class_name(package: str) -> str:
    """`deep_water` -> `DeepWater`."""
    return "".join(part.capitalize() for part in package.split("_"))


def unit_modules(program: Program) -> list[Module]:
    """The program's units as modules of one package."""
    return [Module(unit.title, _tree(program, unit)) for unit in program.units]


def _tree(program: Program, unit: Unit) -> ast.Module:
    docstring = ast.Expr(const(_DOCSTRINGS[unit.title]))
    body = [docstring, *_imports(unit), *program.module(unit).body]
    return ast.fix_missing_locations(ast.Module(body, []))


def _imports(unit: Unit) -> list[ast.stmt]:
    outside = [("exconn.codec", unit.runtime), ("exconn.model", unit.models)]
    found = [_import(module, names, 0) for module, names in outside if names]
    return found + [_import(title, unit.units[title], 1) for title in sorted(unit.units)]


def _import(module: str, names: set[str], level: int) -> ast.stmt:
    return ast.ImportFrom(module, [ast.alias(each) for each in sorted(names)], level)
