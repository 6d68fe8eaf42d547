"""Good documents with something wrong: keys and values dropped, doubled, renamed, moved or of another kind.

Rules: a change is made at a random place of the tree, of the corpus file's own or of another one's pieces; one to four
changes, so that most mutants are nearly good and reach the later passes.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from .corpus import choose, good_files
from .language import mangled
from .tree import Table, Tree, copy_tree, write_tree

_HUGE: Final = (2**63 - 1, -(2**63), 2**63, 10**18, 0, -1, 1, 65536)
_ODD: Final = (
    *("", " ", "\n", "\x00", "\x1b[2J", "\u202e", "\ufeff", "\u2028", "é", "𝔞", "e\u0301", "\U0010ffff", "ａ", "٣"),
    *("x" * 300, "x" * 5000, "null", "true", "1", "1.5", "-", ".", "/", "*", "<<", "=", "NaN", "1e999", "0x10"),
    *("1_000"),
    *("constructor", "__proto__", "__class__", "class", "None", "self", "x-", "x-a", "otherwise", "match", "default"),
)  # fmt: skip


def mutant(kind: str, source: Random) -> bytes:
    """A good file of `kind` with one to four structural changes."""
    tree = copy_tree(choose(kind, source).tree)
    for _ in range(source.choice((1, 1, 1, 2, 2, 3, 4))):
        source.choice(_CHANGES)(tree, kind, source)
    return write_tree(tree).encode("utf-8", "surrogatepass")


def containers(tree: Tree) -> list[Table | list[Tree]]:
    """Every table and list in `tree` that is not empty, itself first."""
    below = _values(tree)
    own = [tree] if below and isinstance(tree, Table | list) else []
    return own + [each for value in below for each in containers(value)]


def _values(tree: Tree) -> list[Tree]:
    if isinstance(tree, Table):
        return [value for _, value in tree.pairs]
    return list(tree) if isinstance(tree, list) else []


def texts(tree: Tree) -> list[tuple[Table | list[Tree], int]]:
    """Every place that holds a text: its container, and its index there."""
    return [
        (each, index)
        for each in containers(tree)
        for index, value in enumerate(_values(each))
        if isinstance(value, str)
    ]


def put(container: Table | list[Tree], index: int, value: Tree) -> None:
    if isinstance(container, Table):
        container.pairs[index] = (container.pairs[index][0], value)
    else:
        container[index] = value


def _place(tree: Tree, source: Random) -> tuple[list[object], int]:
    """The raw list of a random container, and an index into it."""
    container = source.choice(containers(tree) or [Table([("exconn", 1)])])
    inside: list[object] = container.pairs if isinstance(container, Table) else container  # type: ignore[assignment]
    return inside, source.randrange(len(inside))


def _drop(tree: Tree, kind: str, source: Random) -> None:
    inside, at = _place(tree, source)
    del inside[at]


def _double(tree: Tree, kind: str, source: Random) -> None:
    inside, at = _place(tree, source)
    inside.insert(source.randrange(len(inside) + 1), inside[at])


def _move(tree: Tree, kind: str, source: Random) -> None:
    """An entry or item goes somewhere else, perhaps into itself's neighbour."""
    inside, at = _place(tree, source)
    piece = inside.pop(at)
    target = source.choice(containers(tree) or [Table()])
    value = piece[1] if isinstance(piece, tuple) else piece
    if isinstance(target, Table):
        key = piece[0] if isinstance(piece, tuple) else source.choice(_ODD)
        target.pairs.insert(source.randrange(len(target.pairs) + 1), (key, value))
    else:
        target.insert(source.randrange(len(target) + 1), value)


def _rename(tree: Tree, kind: str, source: Random) -> None:
    tables = [each for each in containers(tree) if isinstance(each, Table)]
    if tables:
        table = source.choice(tables)
        at = source.randrange(len(table.pairs))
        key, value = table.pairs[at]
        other = source.choice(source.choice(tables).pairs)[0]
        table.pairs[at] = (source.choice((key + "x", key[:-1], other, source.choice(_ODD), "x-" + key)), value)


def _retype(tree: Tree, kind: str, source: Random) -> None:
    container = source.choice(containers(tree) or [Table([("exconn", 1)])])
    put(container, source.randrange(len(_values(container))), odd_value(kind, source))


def _exchange(tree: Tree, kind: str, source: Random) -> None:
    """Two values change places."""
    one, other = (source.choice(containers(tree) or [Table([("exconn", 1)])]) for _ in range(2))
    at, to = source.randrange(len(_values(one))), source.randrange(len(_values(other)))
    first, second = copy_tree(_values(one)[at]), copy_tree(_values(other)[to])
    put(one, at, second)
    put(other, to, first)


def _graft(tree: Tree, kind: str, source: Random) -> None:
    """A piece of another good file, often under a key that is right for it."""
    donor = source.choice(good_files(kind)).tree
    piece = source.choice(containers(donor))
    tables = [each for each in containers(tree) if isinstance(each, Table)]
    if isinstance(piece, Table) and tables:
        key, value = source.choice(piece.pairs)
        source.choice(tables).pairs.append((key, copy_tree(value)))
    else:
        _retype(tree, kind, source)


def _mangle(tree: Tree, kind: str, source: Random) -> None:
    """A text of one of the small languages, mangled."""
    places = texts(tree)
    if places:
        container, index = source.choice(places)
        text = _values(container)[index]
        assert isinstance(text, str)
        put(container, index, mangled(text, source))


def odd_value(kind: str, source: Random) -> Tree:
    """A value of another kind: huge, deep, wide, odd, or a piece of a good file."""
    way = source.randrange(8)
    if way == 0:
        return source.choice(_HUGE)
    if way == 1:
        return source.choice((None, True, False, [], Table(), [[]], [None], Table([("", None)])))
    if way == 2:
        return _nested(source.choice((3, 10, 28, 33)), source)
    if way == 3:
        return [source.choice(_ODD) for _ in range(source.choice((1, 5, 200)))]
    if way == 4:
        return Table([(f"k{n}", source.choice(_ODD)) for n in range(source.choice((1, 5, 200)))])
    if way == 5:
        return copy_tree(source.choice(containers(source.choice(good_files(kind)).tree)))
    return source.choice(_ODD)


def _nested(depth: int, source: Random) -> Tree:
    tree: Tree = source.choice(_ODD)
    for _ in range(depth):
        tree = [tree] if source.random() < 0.5 else Table([(source.choice(("a", "not", "match", "json")), tree)])
    return tree


_CHANGES: Final[tuple[Callable[[Tree, str, Random], None], ...]] = (
    *(_drop, _double, _move, _rename, _retype, _retype, _exchange, _graft, _mangle, _mangle, _mangle),
)
