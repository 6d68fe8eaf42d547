"""The one error of reading a path, for the checker to show under the line of the spec.

`kind` is the error's name in the JMESPath specification (`syntax`, `unknown-function`, `invalid-arity`,
`invalid-type`, `invalid-value`) or `budget`, for what the language allows and we refuse.
"""

from exconn.errors import ExconnError


class PathError(ExconnError):
    """An expression that cannot be compiled. `offset`: characters from the start of the text, None where unknown."""

    terminal = True

    def __init__(self, message: str, offset: int | None = None, *, kind: str = "syntax") -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.kind = kind
