"""Where inside a scalar: the span of some of its characters.

Rules: exact where the scalar is written on one line without escapes, which its span's width tells; otherwise the span
of the whole scalar, which is never wrong.
"""

from exconn.document import Scalar, Span


def inside(node: Scalar, start: int, end: int) -> Span:
    """The characters `start` to `end` (from 0, end not included) of the text of `node`."""
    return within(node.span, len(node.text), start, end)


def within(span: Span, length: int, start: int, end: int) -> Span:
    """The same for a scalar known only by its span and the length of its text."""
    if span.end_line != span.line or span.end_col is None:
        return span
    quotes = span.end_col - span.col - length
    if quotes not in (0, 2):
        return span
    first = span.col + quotes // 2
    return Span(span.file, span.line, first + start, span.line, first + max(end, start + 1))
