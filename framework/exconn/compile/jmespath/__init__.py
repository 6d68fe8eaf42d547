"""JMESPath compiled to Python: text -> the `jmespath` package's parse tree, proven bounded -> one `ast` expression.

`parse` accepts or raises `PathError`; what it accepts does work linear in the message, so compiled code needs no
metering. `emit` gives an expression with the results of `jmespath.search`; it stands on the `jmes_*` functions of
`exconn.codec`. The surveys say what the checker must know about an expression. The library itself is needed only
while compiling.
"""

from .emit import emit
from .memory import compile_path
from .survey import fields, functions_used, literals
from .tree import PathError, Tree, parse

__all__ = ["PathError", "Tree", "compile_path", "emit", "fields", "functions_used", "literals", "parse"]
