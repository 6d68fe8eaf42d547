"""Units in memory: their statements are executed under the name of the spec's file, with the YAML's own lines.

Rules: a unit sees exactly what it asked for: names of exconn.codec, of exconn.model and of earlier units; it may grow,
and then what is new is executed in the names that it has already; its functions are compiled by their first call.
"""

import ast
from types import FunctionType

import exconn.codec
import exconn.model
from exconn.compile.emit import Unit
from exconn.compile.lazy import Space, late


class Spaces:
    """The names of every unit of one program. `file` stands in tracebacks, `name` in the names of the modules."""

    def __init__(self, name: str, file: str) -> None:
        self._name = name
        self._file = file
        self._spaces: dict[str, Space] = {}

    def of(self, title: str) -> Space:
        """The names of a unit; the same dict from the first time on."""
        space = self._spaces.get(title)
        if space is None:
            space = self._spaces[title] = {"__name__": f"{self._name}.{title}"}
        return space

    def run(self, unit: Unit, statements: list[ast.stmt]) -> None:
        """Execute statements of a unit in their order; whatever they need of earlier units has been run before."""
        space = self.of(unit.title)
        space.update((each, getattr(exconn.codec, each)) for each in unit.runtime - space.keys())
        space.update((each, getattr(exconn.model, each)) for each in unit.models - space.keys())
        for title, names in unit.units.items():
            space.update((each, self._spaces[title][each]) for each in names - space.keys())
        for statement in statements:
            if isinstance(statement, ast.FunctionDef):
                space[statement.name] = self._late(statement, space)
            else:
                self._execute(statement, space, space)

    def _late(self, definition: ast.FunctionDef, space: Space) -> FunctionType:
        def make() -> FunctionType:
            own: Space = {}
            self._execute(definition, space, own)
            made: FunctionType = own[definition.name]
            return made

        return late(definition.name, space, make)

    def _execute(self, statement: ast.stmt, space: Space, into: Space) -> None:
        exec(compile(ast.Module([statement], []), self._file, "exec", dont_inherit=True), space, into)  # noqa: S102
