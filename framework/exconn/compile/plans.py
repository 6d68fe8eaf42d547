"""Builders in two parts: what all requests of a pair have in common becomes a plan, made once; the rest stays.

Rules: an expression is standing when it is made of functions, the pair, the symbols, texts of credentials, constants
and nothing else; a variable is, when it is bound once, outside every branch, to such an expression. Standing neighbours
of a joined text are joined in the plan; the order of all pieces stays, and so does every byte. What only a branch of
the request needs is left there. Hosts, what preparations gave, moments and keys that sign are never standing.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
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
    rest = [statement for statement in body if not split.takes(statement)]
    told = [each for each in split.standing if each in split.told]
    if not told:
        return body
    made = ast.Return(ast.Tuple([name(each) for each in told], ast.Load()))
    maker = unit.function(f"plan_{stem}", ("arguments", "context"), [*split.plan, made], span)
    plan = call(name(maker), name("arguments"), name("context"))
    found = ast.BoolOp(ast.Or(), [split.asked("find", maker), split.asked("keep", maker, plan)])
    into = ast.Tuple([ast.Name(each, ast.Store()) for each in told], ast.Store())
    return [at(ast.Assign([into], found), span), *rest]


class _Split:
    """One builder being split, its nodes edited in place. `plan`: the statements of its plan; `standing`: the variables
    that they bind; `told`: those of them that the rest of the builder names."""

    def __init__(self, body: list[ast.stmt], span: Span) -> None:
        stored = Counter(_stored(body))
        self._own = {*stored, *_GIVEN}
        self._once = {each for each, times in stored.items() if times == 1}
        self._span = span
        self._count = 0
        self._of_pair = False
        self.plan: list[ast.stmt] = []
        self.standing: dict[str, None] = {}
        self.told: set[str] = set()

    def asked(self, function: str, maker: str, *plan: ast.expr) -> ast.expr:
        """`context.plans.find(key)` or `.keep(key, plan)`."""
        pair = attribute(name(_PAIR[0]), _PAIR[1]) if self._of_pair else const("")
        key = ast.Tuple([name(maker), pair], ast.Load())
        return call(attribute(name("context"), "plans", function), key, *plan)

    def takes(self, node: ast.stmt) -> bool:
        """Whether the statement went into the plan whole; if not, it is left as it stays in the builder."""
        if isinstance(node, ast.Assign):
            target = node.targets[0]
            if isinstance(target, ast.Name) and target.id in self._once and self._is_standing(node.value):
                self.plan.append(node)
                self.standing[target.id] = None
                return True
        if isinstance(node, ast.Assign | ast.Return) and node.value is not None:
            node.value = self._rest(node.value)
        else:
            self._tell_names(node)
        return False

    def _rest(self, node: ast.expr) -> ast.expr:
        """The expression with its standing parts taken from the plan."""
        if self._is_standing(node):
            return self._taken(node)
        texts = _texts(node)
        if texts:
            return at(joined(self._rest_of_text(texts)), self._span)
        if isinstance(node, ast.Call):
            node.args = [self._rest(each) for each in node.args]
        elif isinstance(node, ast.Tuple):
            node.elts = [self._rest(each) for each in node.elts]
        elif not isinstance(node, ast.Constant | ast.Name | ast.Attribute):
            self._tell_names(node)
        return node

    def _rest_of_text(self, texts: list[ast.expr]) -> Iterator[Part]:
        for stays, group in groupby(texts, lambda each: isinstance(each, ast.Constant) or self._is_standing(each)):
            pieces = list(group)
            if stays and not all(isinstance(each, ast.Constant) for each in pieces):
                yield self._taken(at(joined(map(_part, pieces)), self._span))
            else:
                yield from map(_part, pieces if stays else map(self._rest, pieces))

    def _taken(self, node: ast.expr) -> ast.expr:
        """The variable of the plan that holds a standing expression."""
        if not isinstance(node, ast.Name):
            self._count += 1
            kept = f"kept_{self._count}"
            self.plan.append(at(ast.Assign([ast.Name(kept, ast.Store())], node), self._span))
            self.standing[kept] = None
            node = at(name(kept), self._span)
        self.told.add(node.id)
        return node

    def _tell_names(self, node: ast.AST) -> None:
        self.told.update(each.id for each in ast.walk(node) if isinstance(each, ast.Name))

    def _is_standing(self, node: ast.expr) -> bool:
        """Whether it is worth a place in the plan: standing, and more than constants."""
        if isinstance(node, ast.Name):
            return node.id in self.standing
        if isinstance(node, ast.Tuple):
            return self._is_pure(node) and any(map(self._is_standing, node.elts))
        return isinstance(node, ast.Call | ast.BinOp) and self._is_pure(node) and self._has_call(node)

    def _has_call(self, node: ast.expr) -> bool:
        if isinstance(node, ast.BinOp):
            return self._has_call(node.left) or self._has_call(node.right)
        return isinstance(node, ast.Call) or (isinstance(node, ast.Name) and node.id in self.standing)

    def _is_pure(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Name):
            return node.id in self.standing or node.id not in self._own
        if isinstance(node, ast.Attribute):
            names = _dotted(node)
            self._of_pair = self._of_pair or names == _PAIR
            return names in _STANDING if names and names[0] in _GIVEN else self._is_pure(node.value)
        if isinstance(node, ast.Call):
            return not node.keywords and self._is_pure(node.func) and all(map(self._is_pure, node.args))
        if isinstance(node, ast.Tuple):
            return all(map(self._is_pure, node.elts))
        if isinstance(node, ast.BinOp):
            return self._is_pure(node.left) and self._is_pure(node.right)
        return isinstance(node, ast.Constant)


def _stored(body: Iterable[ast.stmt]) -> Iterator[str]:
    """The variables that statements bind, once for each time."""
    for node in body:
        if isinstance(node, ast.If):
            yield from _stored([*node.body, *node.orelse])
        elif isinstance(node, ast.Assign | ast.AugAssign):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                named = target.elts if isinstance(target, ast.Tuple) else [target]
                yield from (each.id for each in named if isinstance(each, ast.Name))


def _dotted(node: ast.expr) -> tuple[str, ...]:
    """The names of an attribute of an attribute of a name; () for anything else."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return (node.id, *reversed(names)) if isinstance(node, ast.Name) else ()


def _texts(node: ast.expr) -> list[ast.expr]:
    """The pieces that `joined` made one text of; none where the expression is no such text."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [*(_texts(node.left) or [node.left]), node.right]
    is_join = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join"
    pieces = node.args[0] if is_join and isinstance(node, ast.Call) else None
    return pieces.elts if isinstance(pieces, ast.Tuple) else []


def _part(node: ast.expr) -> Part:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else node
