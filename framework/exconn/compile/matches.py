"""Matches and paths as expressions.

Rules: where a path's value is got from is the access's business; lines are joined by
`and` in the document's order; literals are typed, so an integer is compared only with an integer; each test carries the
line of the YAML it was written in.
"""

import ast
from collections.abc import Callable, Iterable

from exconn.compile.access import MAPS, Access
from exconn.compile.emit import Unit, at, call, const, name
from exconn.compile.statements import compare, every, is_none, items, negate
from exconn.spec.pieces import Literal, Match, MatchLine, Path, Test, TestKind


def path_value(path: Path, unit: Unit, row: str = "row", access: Access = MAPS) -> ast.expr:
    """What the path finds, None where nothing. The function it stands in has `message`, and `row` under this name."""
    return at(access.find(path, unit, row), path.span)


def match_test(match: Match, unit: Unit, row: str = "row", access: Access = MAPS) -> ast.expr:
    """True where all lines hold."""
    return lines_test(match.lines, unit, row, access)


def lines_test(lines: Iterable[MatchLine], unit: Unit, row: str = "row", access: Access = MAPS) -> ast.expr:
    return every(
        [at(value_test(line.test, path_value(line.path, unit, row, access), unit), line.test.span) for line in lines]
    )


def success_test(success: Match, unit: Unit, is_lookup: bool) -> ast.expr:
    """Whether `message` is a success. Where the match asks only for what must not be there, it must be an object or an
    array, as `null` or a word has no field that could tell of an error; and of a lookup one that holds anything, as
    nothing at all does not prove that there is no order."""
    holds = match_test(success, unit, "message")
    if not all(_holds_of_none(line.test) for line in success.lines):
        return holds
    structured = compare(call(name("type"), name("message")), ast.In(), items(name("dict"), name("list")))
    return every([structured, *([name("message")] if is_lookup else []), holds])


def _holds_of_none(test: Test) -> bool:
    """Whether it holds where its path finds nothing."""
    match test.kind:
        case TestKind.IS | TestKind.ANY_OF:
            return None in test.values
        case TestKind.NOT | TestKind.NONE_OF:
            return None not in test.values
        case TestKind.PRESENT | TestKind.EMPTY:
            return test.values[0] is (test.kind is TestKind.EMPTY)
    return False


def value_test(test: Test, value: ast.expr, unit: Unit) -> ast.expr:
    """Whether the value is what the test says; the expression of the value stands in it once."""
    return _TESTS[test.kind](test, value, unit)


def _equal(value: ast.expr, literal: Literal) -> ast.expr:
    if type(literal) is int:
        return every([_is_exactly_int(value), compare(name("found"), ast.Eq(), const(literal))])
    operator = ast.Eq() if isinstance(literal, str) else ast.Is()
    return compare(value, operator, const(literal))


def _is_exactly_int(value: ast.expr) -> ast.expr:
    """`type(found := value) is int`: an integer, and no boolean."""
    bound = ast.NamedExpr(ast.Name("found", ast.Store()), value)
    return compare(call(name("type"), bound), ast.Is(), name("int"))


def _among(value: ast.expr, literals: tuple[Literal, ...], unit: Unit) -> ast.expr:
    if len(literals) == 1:
        return _equal(value, literals[0])
    listed = items(*map(const, literals))
    if all(type(literal) is str for literal in literals):
        return compare(value, ast.In(), listed)
    if all(type(literal) is int for literal in literals):
        return every([_is_exactly_int(value), compare(name("found"), ast.In(), listed)])
    return call(unit.use("is_one_of"), value, listed)


def _is(test: Test, value: ast.expr, unit: Unit) -> ast.expr:
    return _among(value, test.values, unit)


def _is_not(test: Test, value: ast.expr, unit: Unit) -> ast.expr:
    return negate(_among(value, test.values, unit))


def _present(test: Test, value: ast.expr, unit: Unit) -> ast.expr:
    return compare(value, ast.IsNot(), const(None)) if test.values[0] else is_none(value)


def _empty(test: Test, value: ast.expr, unit: Unit) -> ast.expr:
    found = call(unit.use("is_empty"), value)
    return found if test.values[0] else negate(found)


def _zero(test: Test, value: ast.expr, unit: Unit) -> ast.expr:
    return compare(call(unit.use("is_zero"), value), ast.Is(), const(test.values[0]))


def _starts(test: Test, value: ast.expr, unit: Unit) -> ast.expr:
    return call(unit.use("starts"), value, const(test.values[0]))


def _contains(test: Test, value: ast.expr, unit: Unit) -> ast.expr:
    return call(unit.use("holds"), value, const(test.values[0]))


_TESTS: dict[TestKind, Callable[[Test, ast.expr, Unit], ast.expr]] = {
    TestKind.IS: _is,
    TestKind.ANY_OF: _is,
    TestKind.NOT: _is_not,
    TestKind.NONE_OF: _is_not,
    TestKind.PRESENT: _present,
    TestKind.EMPTY: _empty,
    TestKind.ZERO: _zero,
    TestKind.STARTS: _starts,
    TestKind.CONTAINS: _contains,
}
