"""Builders in two parts: what all requests of a pair have in common becomes a plan, made once; the rest stays.

Rules: an expression is standing when it is made of functions, the pair, the symbols, texts of credentials, constants
and nothing else; a variable is, when it is bound once, outside every branch, to such an expression. Standing neighbours
of a joined text are joined in the plan; the order of all pieces stays, and so does every byte. What only a branch of
the request needs is left there. Hosts, what preparations gave, moments and keys that sign are never standing.
"""

import ast
from collections import Counter
from collections.abc import Iterable
from itertools import groupby

from exconn.compile.emit import Unit, at, attribute, call, const, name
from exconn.compile.templates import Part, joined
from exconn.document import Span

_GIVEN = ("arguments", "fresh", "context")
_PAIR = ("arguments", "pair")
_STANDING = (_PAIR, ("context", "symbols"), ("context", "keys", "text"))


def planned(stem: str, body: list[ast.stmt], unit: Unit, span: Span) -> list[ast.stmt]:
    """The statements of the builder `build_<stem>`, with what is standing moved to a function `plan_<stem>`."""
    split = _Split(body, span)
    rest = [kept for statement in body if (kept := split.statement(statement)) is not None]
    named = _names(rest)
    told = [each for each in split.standing if each in named]
    if not told:
        return body
    made = ast.Return(ast.Tuple([name(each) for each in told], ast.Load()))
    maker = unit.function(f"plan_{stem}", ("arguments", "context"), [*split.plan, made], span)
    of_pair = any(_dotted(each) == _PAIR for node in split.plan for each in ast.walk(node))
    found = ast.BoolOp(
        ast.Or(),
        [
            _asked("find", maker, of_pair),
            _asked("keep", maker, of_pair, call(name(maker), name("arguments"), name("context"))),
        ],
    )
    into = ast.Tuple([ast.Name(each, ast.Store()) for each in told], ast.Store())
    return [at(ast.Assign([into], found), span), *rest]


def _asked(function: str, maker: str, of_pair: bool, *plan: ast.expr) -> ast.expr:
    pair = attribute(name(_PAIR[0]), _PAIR[1]) if of_pair else const("")
    key = ast.Tuple([name(maker), pair], ast.Load())
    return call(attribute(name("context"), "plans", function), key, *plan)


class _Split:
    """One builder being split. `plan`: the statements of its plan; `standing`: the variables that they bind."""

    def __init__(self, body: list[ast.stmt], span: Span) -> None:
        stored = Counter(
            each.id
            for node in body
            for each in ast.walk(node)
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
        )
        self._own = {*stored, *_GIVEN}
        self._once = {each for each, times in stored.items() if times == 1}
        self._span = span
        self._count = 0
        self.plan: list[ast.stmt] = []
        self.standing: dict[str, None] = {}

    def statement(self, node: ast.stmt) -> ast.stmt | None:
        """The statement as it stays in the builder, None where it went into the plan whole."""
        if isinstance(node, ast.Assign):
            target = node.targets[0]
            if isinstance(target, ast.Name) and target.id in self._once and self._is_standing(node.value):
                self._bind(target.id, node.value)
                return None
            return ast.copy_location(ast.Assign(node.targets, self._rest(node.value)), node)
        if isinstance(node, ast.Return) and node.value is not None:
            return ast.copy_location(ast.Return(self._rest(node.value)), node)
        return node

    def _rest(self, node: ast.expr) -> ast.expr:
        """The expression with its standing parts taken from the plan."""
        if self._is_standing(node):
            return self._taken(node)
        texts = _texts(node)
        if texts:
            return at(joined(self._rest_of_text(texts)), self._span)
        if isinstance(node, ast.Call):
            return ast.copy_location(ast.Call(node.func, [self._rest(each) for each in node.args], node.keywords), node)
        if isinstance(node, ast.Tuple):
            return ast.copy_location(ast.Tuple([self._rest(each) for each in node.elts], ast.Load()), node)
        return node

    def _rest_of_text(self, texts: list[ast.expr]) -> Iterable[Part]:
        for stays, group in groupby(texts, lambda each: isinstance(each, ast.Constant) or self._is_standing(each)):
            pieces = list(group)
            if stays and not all(isinstance(each, ast.Constant) for each in pieces):
                yield self._taken(at(joined(map(_part, pieces)), self._span))
            else:
                yield from map(_part, pieces if stays else map(self._rest, pieces))

    def _taken(self, node: ast.expr) -> ast.expr:
        """The variable of the plan that holds a standing expression."""
        if isinstance(node, ast.Name):
            return node
        self._count += 1
        return self._bind(f"kept_{self._count}", node)

    def _bind(self, identifier: str, value: ast.expr) -> ast.expr:
        self.plan.append(at(ast.Assign([ast.Name(identifier, ast.Store())], value), self._span))
        self.standing[identifier] = None
        return at(name(identifier), self._span)

    def _is_standing(self, node: ast.expr) -> bool:
        return self._is_pure(node) and any(isinstance(each, ast.Call) or self._holds(each) for each in ast.walk(node))

    def _holds(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Name) and node.id in self.standing

    def _is_pure(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Name):
            return node.id in self.standing or node.id not in self._own
        if isinstance(node, ast.Attribute):
            return _dotted(node) in _STANDING or self._is_pure(node.value)
        if isinstance(node, ast.Call):
            return not node.keywords and all(map(self._is_pure, (node.func, *node.args)))
        if isinstance(node, ast.Tuple):
            return all(map(self._is_pure, node.elts))
        if isinstance(node, ast.BinOp):
            return self._is_pure(node.left) and self._is_pure(node.right)
        return isinstance(node, ast.Constant)


def _names(nodes: Iterable[ast.AST]) -> set[str]:
    return {each.id for node in nodes for each in ast.walk(node) if isinstance(each, ast.Name)}


def _dotted(node: ast.AST) -> tuple[str, ...]:
    """The names of an attribute of an attribute of a name; () for anything else."""
    if isinstance(node, ast.Name):
        return (node.id,)
    under = _dotted(node.value) if isinstance(node, ast.Attribute) else ()
    return (*under, node.attr) if under and isinstance(node, ast.Attribute) else ()


def _texts(node: ast.expr) -> list[ast.expr]:
    """The pieces that `joined` made one text of; none where the expression is no such text."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [*(_texts(node.left) or [node.left]), node.right]
    is_join = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join"
    pieces = node.args[0] if is_join and isinstance(node, ast.Call) else None
    return pieces.elts if isinstance(pieces, ast.Tuple) else []


def _part(node: ast.expr) -> Part:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else node
