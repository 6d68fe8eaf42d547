"""JMESPath as a spec may write it: text -> the `jmespath` package's parse tree, proven bounded, or one PathError.

What `parse` accepts does work linear in the message, and can be compiled: the compiler starts from the very tree that
the checker has seen. The surveys say what the checker must know about an expression.
"""

from .error import PathError
from .functions import FUNCTIONS
from .kind import Kind
from .survey import fields, functions_used, is_filtered, literals, made_values
from .tree import Tree, parse

__all__ = [
    "FUNCTIONS",
    "Kind",
    "PathError",
    "Tree",
    "fields",
    "functions_used",
    "is_filtered",
    "literals",
    "made_values",
    "parse",
]
