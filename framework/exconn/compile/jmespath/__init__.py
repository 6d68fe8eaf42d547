"""JMESPath compiled to Python: a tree that `exconn.spec.jmespath.parse` has proven bounded -> one `ast` expression.

`emit` gives an expression with the results of `jmespath.search`, which needs no metering; it stands on the `jmes_*`
functions of `exconn.codec`. The library itself is needed only while compiling.
"""

from .emit import emit, emit_steps
from .memory import compile_path

__all__ = ["compile_path", "emit", "emit_steps"]
