"""`pages` of an endpoint as statements: the cursor of the next page, None at the end.

Rules: a cursor stands in the message, or in the last row of the reply's first record that has rows; offsets and numbers
count by themselves; where `more` is given it alone says whether there is a next page.
"""

import ast

from exconn.compile.emit import Unit, at, attribute, call, const, name
from exconn.compile.matches import match_test, path_value
from exconn.compile.scope import unsayable
from exconn.compile.statements import assign, choose
from exconn.spec.tree import Endpoint, Pages

_COUNTED = {"offset": "next_offset", "number": "next_number"}
_FROM_ROWS = frozenset({"row", "since"})
_FIRST, _LAST = 0, -1


def counts_rows(endpoint: Endpoint) -> bool:
    """Whether the expression reads `rows`, the rows of this page."""
    places = {record.rows.text for record in endpoint.reply if record.rows is not None}
    return endpoint.pages is not None and len(places) == 1


def next_page(endpoint: Endpoint, pages: Pages, unit: Unit) -> list[ast.stmt]:
    """Assign `cursor`, in a function that has `message`, `arguments` and, where `counts_rows`, `rows`."""
    before: list[ast.stmt] = []
    if pages.by in _FROM_ROWS:
        for row, place in (("first", _FIRST), ("row", _LAST)):
            taken = choose(name("rows"), ast.Subscript(name("rows"), const(place), ast.Load()), const(None))
            before.append(at(assign(row, taken), pages.span))
    value = _cursor(pages, unit, counts_rows(endpoint))
    if pages.more is not None:
        value = choose(match_test(pages.more, unit, "message"), value, const(None))
    return [*before, at(assign("cursor", value), pages.span)]


def _cursor(pages: Pages, unit: Unit, has_rows: bool) -> ast.expr:
    before = attribute(name("arguments"), "cursor")
    count = call(name("len"), name("rows")) if has_rows else const(1)
    told = {} if pages.more is None else {"more": const(True)}
    if pages.by in _COUNTED:
        return call(unit.use(_COUNTED[pages.by]), before, count, const(pages.size), **told)
    if pages.next is None:
        raise unsayable(f"pages by {pages.by} need 'next', where the cursor stands", pages.span)
    if pages.by == "cursor":
        return call(unit.use("next_cursor"), path_value(pages.next, unit, "message"), before, count, **told)
    last, first = path_value(pages.next, unit), path_value(pages.next, unit, "first")
    return call(unit.use("next_from_row"), last, first, before, count, const(pages.size), **told)
