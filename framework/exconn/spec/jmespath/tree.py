"""Text -> Tree, or one typed error.

Rules: the budget of text is checked before the library sees anything, the budget of nodes before anything recurses,
then names, arities and growth. Whatever the library raises (its own errors, bare TypeErrors, RecursionError) becomes a
PathError; nothing else leaves `parse`. The tree is the library's own and is shared with its cache: never change it.
"""

import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from jmespath.exceptions import EmptyExpressionError, IncompleteExpressionError, LexerError, ParseError
from jmespath.parser import Parser

from exconn.document import printable

from .budget import measure_text, measure_tree
from .error import PathError
from .rules import check_tree


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed expression: the text as written, and the root node: `{type, children, value?}` all the way down."""

    text: str
    root: dict[str, Any]


@lru_cache(maxsize=4096)
def parse(text: str) -> Tree:
    """Parse and check an expression; PathError says what is wrong and, where known, at which offset."""
    measure_text(text)
    root = _read(text)
    measure_tree(root)
    check_tree(root, text)
    return Tree(text, root)


def _read(text: str) -> dict[str, Any]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # `foo` in backticks: deprecated, yet part of the language as the library reads it
            root: Any = Parser().parse(text).parsed
    except RecursionError:
        raise PathError("nested too deeply", kind="budget") from None
    except Exception as error:
        raise _translated(error, text) from None
    return cast(dict[str, Any], root)


def _translated(error: Exception, text: str) -> PathError:
    match error:
        case EmptyExpressionError():
            return PathError("an empty path: `@` means the value itself", 0)
        case LexerError():
            return PathError(printable(error.message), error.lexer_position)
        case IncompleteExpressionError() | ParseError(token_type="EOF"):
            return PathError("the expression ends too early", len(text))
        case ParseError():
            return PathError(f"{error.msg.rstrip('.')}, at {str(error.token_value)!r}", error.lex_position)
        case _:
            return PathError("not a JMESPath expression")
