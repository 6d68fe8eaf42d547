"""Claims on a frame, and the way to the one that holds: each has a match and the function that reads what it claims.

Rules: claims are asked in the document's order, controls first, and the match alone decides; of a claim with a literal
on a `route` path that line is answered by a dict lookup and not asked again; claims without one are asked last. A
claim's function takes (message, context) and gives a Frame.
"""

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from exconn.compile.access import MAPS, Access
from exconn.compile.emit import Unit, at, attribute, call, const, name
from exconn.compile.matches import lines_test, path_value
from exconn.compile.statements import assign, compare, every, is_there, returns, when
from exconn.document import Span
from exconn.spec.pieces import Literal, Match, MatchLine, Path, TestKind

ASKED = ("message", "context")


@dataclass(frozen=True, slots=True)
class Claim:
    """`reader`: the function (message, context) -> Frame of what the match claims, in channels opened as this kind;
    `is_plain`: it does not look at the message."""

    match: Match
    reader: str
    is_plain: bool = False
    opened_as: str | None = None


def emit_dispatch(
    socket: str,
    route: Sequence[Path],
    claims: Sequence[Claim],
    unit: Unit,
    access: Access = MAPS,
    number: Path | None = None,
) -> list[ast.stmt]:
    """Statements that return the Frame of the first claim that holds; they fall through where none does. `number`:
    where frames hold the number of their channel."""
    body: list[ast.stmt] = []
    left = list(claims)
    for path in route:
        routed = [claim for claim in left if _routed_line(claim, path) is not None]
        if routed:
            left = [claim for claim in left if claim not in routed]
            body += _lookup(socket, path, routed, unit, access)
    if number is not None:
        kind = call(unit.use("opened_kind"), name("context"), path_value(number, unit, "message", access))
        body.append(at(assign("opened_as", kind), number.span))
    return [*body, *(_ask(claim, claim.match.lines, unit, access) for claim in left)]


def _routed_line(claim: Claim, path: Path) -> MatchLine | None:
    """The line of a claim that a dict over `path` answers: text or integer literals on that very path."""
    for line in claim.match.lines if claim.opened_as is None else ():
        if line.path.text == path.text and line.test.kind in (TestKind.IS, TestKind.ANY_OF):
            return line if all(type(literal) in (str, int) for literal in line.test.values) else None
    return None


def _lookup(socket: str, path: Path, claims: Sequence[Claim], unit: Unit, access: Access) -> list[ast.stmt]:
    """Look the value at `path` up, and return what the function found there gives."""
    table: dict[Literal, list[tuple[Claim, MatchLine]]] = {}
    for claim in claims:
        line = _routed_line(claim, path)
        assert line is not None  # the caller took only claims that have one
        for literal in line.test.values:
            table.setdefault(literal, []).append((claim, line))
    buckets = [_bucket(socket, each, unit, path.span, access) for each in table.values()]
    made = ast.Dict([const(key) for key in table], buckets)
    constant = unit.fresh(f"{socket}_routes".upper())
    unit.add(at(assign(constant, made), path.span))
    reader = call(attribute(name(constant), "get"), name("kind"))
    routable = compare(call(name("type"), name("kind")), ast.In(), ast.Tuple([name("str"), name("int")], ast.Load()))
    give = [
        assign("frame", call(name("reader"), *map(name, ASKED))),
        when(is_there(name("frame")), returns(name("frame"))),
    ]
    found = [assign("reader", reader), when(is_there(name("reader")), *give)]
    statements = [assign("kind", path_value(path, unit, "message", access)), when(routable, *found)]
    return [at(statement, path.span) for statement in statements]


def _bucket(socket: str, claims: Sequence[tuple[Claim, MatchLine]], unit: Unit, span: Span, access: Access) -> ast.expr:
    """The function of one literal: that of its only claim, where nothing is left to test, or one that asks in turn."""
    claim, line = claims[0]
    if len(claims) == 1 and claim.match.lines == (line,):
        return name(claim.reader)
    body: list[ast.stmt] = [
        _ask(claim, [each for each in claim.match.lines if each is not line], unit, access) for claim, line in claims
    ]
    return name(unit.function(f"{socket}_route", ASKED, [*body, returns(const(None))], span))


def _ask(claim: Claim, lines: Sequence[MatchLine], unit: Unit, access: Access) -> ast.stmt:
    """Return the claim's frame, if the lines hold."""
    give = returns(call(name(claim.reader), *map(name, ASKED)))
    tests = [] if claim.opened_as is None else [compare(name("opened_as"), ast.Eq(), const(claim.opened_as))]
    tests += [lines_test(lines, unit, "message", access)] if lines else []
    return at(when(every(tests), give) if tests else give, claim.match.span)
