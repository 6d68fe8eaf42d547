"""The last look at what is written: it must parse to the nodes that were meant, of the kinds that a compiler emits.

Rules: a written module is parsed again and compared node for node; every node is of a listed kind; every identifier is
a plain one, never a dunder; a difference is a fault of ours and stops the writing, it is never repaired.
"""

import ast
import re

_DUNDERS = ("__init__", "__all__")  # of the faces, which are ours
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*").fullmatch

_KINDS = frozenset(
    {
        *("Module", "Expr", "ImportFrom", "alias", "FunctionDef", "ClassDef", "arguments", "arg", "Return", "Assign"),
        *("AnnAssign", "AugAssign", "If", "For", "While", "Try", "ExceptHandler", "Raise", "Pass", "Break", "Continue"),
        *("Call", "keyword", "Name", "Attribute", "Subscript", "Slice", "Starred", "Lambda", "IfExp", "NamedExpr"),
        *("Load", "Store", "Constant", "Tuple", "List", "Dict", "Set", "ListComp", "DictComp", "GeneratorExp"),
        *("comprehension", "BoolOp", "And", "Or", "UnaryOp", "Not", "USub", "BinOp", "Add", "Sub", "Mult", "FloorDiv"),
        *("Mod", "BitOr", "Compare", "Eq", "NotEq", "Lt", "LtE", "Gt", "GtE", "Is", "IsNot", "In", "NotIn"),
    }
)


class Miswritten(Exception):
    """What was written is not what was meant; nothing has been put in place."""


def check_nodes(tree: ast.Module, module: str) -> None:
    """Miswritten where a node is of a kind, or carries a name, that the compiler never emits."""
    for node in ast.walk(tree):
        kind = type(node).__name__
        if kind not in _KINDS:
            raise Miswritten(f"module {module}: a {kind} node is not one that a compiled spec holds")
        for identifier in _identifiers(node):
            if _PLAIN(identifier) is None or (identifier.startswith("__") and identifier not in _DUNDERS):
                raise Miswritten(f"module {module}: {identifier!r} is no identifier of a compiled spec")


def check_written(source: str, meant: ast.Module, module: str) -> None:
    """Miswritten where `source` does not parse to the nodes that were meant."""
    written = ast.parse(source)
    check_nodes(written, module)
    if _shape(written) != _shape(meant):
        raise Miswritten(f"module {module} does not parse to the nodes it was written from")


def _identifiers(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute):
        return [node.attr]
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.arg | ast.keyword):
        return [node.arg] if node.arg is not None else []
    if isinstance(node, ast.ImportFrom):
        return (node.module or "_").split(".")
    if isinstance(node, ast.alias):
        return [node.name] + ([node.asname] if node.asname else [])
    if isinstance(node, ast.ExceptHandler):
        return [node.name] if node.name else []
    return []


def _shape(tree: ast.AST) -> str:
    return _MINUS.sub(r"Constant(value=-\1)", ast.dump(tree))


_MINUS = re.compile(r"UnaryOp\(op=USub\(\), operand=Constant\(value=([0-9.e+-]+)\)\)")
