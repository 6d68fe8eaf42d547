"""`pages` of an endpoint as statements: the cursor of the next page, None at the end.

Rules: a cursor stands in the message, or in the last row of the reply's first record that has rows; offsets and numbers
count by themselves; where `more` is given it must hold for there to be a next page.
"""

import ast

from exconn.compile.emit import Unit, at, attribute, call, const, name
from exconn.compile.matches import match_test, path_value
from exconn.compile.scope import unsayable
from exconn.compile.statements import assign, choose
from exconn.spec.tree import Pages

_COUNTED = {"offset": "next_offset", "number": "next_number"}


def counts_rows(pages: Pages | None) -> bool:
    """Whether the expression reads `rows`, the rows of this page."""
    return pages is not None and pages.by != "cursor"


def next_page(pages: Pages, unit: Unit) -> list[ast.stmt]:
    """Assign `cursor`, in a function that has `message`, `arguments` and, where `counts_rows`, `rows`."""
    before: list[ast.stmt] = []
    if counts_rows(pages) and pages.by not in _COUNTED:
        last = ast.Subscript(name("rows"), ast.UnaryOp(ast.USub(), const(1)), ast.Load())
        before.append(at(assign("row", choose(name("rows"), last, const(None))), pages.span))
    value = _cursor(pages, unit)
    if pages.more is not None:
        value = choose(match_test(pages.more, unit, "message"), value, const(None))
    return [*before, at(assign("cursor", value), pages.span)]


def _cursor(pages: Pages, unit: Unit) -> ast.expr:
    before = attribute(name("arguments"), "cursor")
    count = call(name("len"), name("rows"))
    if pages.by in _COUNTED:
        return call(unit.use(_COUNTED[pages.by]), before, count, const(pages.size))
    if pages.next is None:
        raise unsayable(f"pages by {pages.by} need 'next', where the cursor stands", pages.span)
    if pages.by == "cursor":
        return call(unit.use("next_cursor"), path_value(pages.next, unit, "message"), before)
    return call(unit.use("next_from_row"), path_value(pages.next, unit), before, count, const(pages.size))
