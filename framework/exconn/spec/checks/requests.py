"""Requests: what each operation must send, one body at most, pages that can go on, rows of errors aside.

Rules: a lookup, a cancel and a history send the id or the moment they are about; a GET has no body, and a handshake is
one; a request, its recipe and its pages never write the same field; a page is asked by what it says, and its cursor is
sent.
"""

from collections.abc import Mapping

from exconn.document import Findings, Span, quoted
from exconn.spec.jmespath import is_filtered, parse
from exconn.spec.placeholders import SINCE, SWITCH
from exconn.spec.tree import Endpoint, Pages, Parts, Placement, Recipe, Spec
from exconn.spec.vocabulary import LOOKUPS
from exconn.spec.walk import hole_names, request_templates

_SENDS = {
    "cancel_order": frozenset({"client_id", "exchange_order_id"}),
    "order_by_client_id": frozenset({"client_id"}),
    "open_order_by_client_id": frozenset({"client_id"}),
    "closed_order_by_client_id": frozenset({"client_id"}),
    "order_by_exchange_id": frozenset({"exchange_order_id"}),
    "fills_of_order": frozenset({"exchange_order_id"}),
    "fills_since": SINCE,
    "dead_mans_switch": SWITCH,
}
_UNSENT = "adds to a body that is not sent: it has body: empty"
_SEND = "place them under query or headers, or delete body: empty"
_ONE_PAIR = ("book_snapshot", "last_price")


def check_requests(spec: Spec, findings: Findings) -> None:
    for each in spec.signing.values():
        _check_placements(each, findings)
    for endpoint in spec.endpoints.values():
        recipe = None if endpoint.signed is None else spec.signing.get(endpoint.signed)
        _check_sent(endpoint, findings)
        for request in endpoint.variants or (endpoint,):
            _check_body(request.method, request.parts, request.span, findings)
            if recipe is not None:
                _check_recipe_body(request.method, recipe, request.span, findings)
                _check_recipe(request.parts, recipe, request.span, findings)
        if endpoint.pages is not None:
            _check_pages(endpoint, endpoint.pages, recipe, findings)
        _check_replies(spec, endpoint, findings)
    for socket in spec.sockets.values():
        recipe = spec.signing.get(socket.connect.signed or "")
        if recipe is not None:
            _check_recipe_body("GET", recipe, socket.connect.span, findings)
            _check_recipe(Parts(query=socket.connect.query), recipe, socket.connect.span, findings)


def _check_sent(endpoint: Endpoint, findings: Findings) -> None:
    names = hole_names(request_templates(endpoint))
    wanted = _SENDS.get(endpoint.operation, frozenset())
    if wanted and not names & wanted:
        shown = " or ".join(f"{{{name}}}" for name in sorted(wanted))
        message = f"{endpoint.operation} does not send what it is about"
        findings.add("not-sent", message, endpoint.span, f"add {shown}")
    if endpoint.operation in _ONE_PAIR and not any(name.startswith("symbol.") or name == "base" for name in names):
        message = f"{endpoint.operation} does not send the pair"
        findings.add("not-sent", message, endpoint.span, "add {symbol.<form>}")


def _check_body(method: str, parts: Parts, span: Span, findings: Findings) -> None:
    if parts.form and parts.json:
        findings.add("two-bodies", "a request has a form or a JSON body", span, "delete one of the two")
    elif method == "GET" and (parts.form or parts.json):
        findings.add("body-on-get", "a GET has no body", span, "write the fields under query")


def _check_recipe_body(method: str, recipe: Recipe, span: Span, findings: Findings) -> None:
    """A GET has no body from its recipe either, but for one that is signed and not sent."""
    added = [recipe.after.form, recipe.after.json]
    added += [] if recipe.after.drop_body else [recipe.before.form, recipe.before.json]
    if method == "GET" and any(added):
        message = f"a GET has no body, and its recipe {quoted(recipe.name)} gives it one"
        findings.add("body-on-get", message, span, "sign it with a recipe that adds to query or headers")


def _check_recipe(parts: Parts, recipe: Recipe, span: Span, findings: Findings) -> None:
    for placement in (recipe.before, recipe.after):
        if (parts.form and placement.json) or (parts.json and placement.form):
            message = f"the request and its recipe {quoted(recipe.name)} have bodies of two kinds"
            findings.add("two-bodies", message, span, "write both as form, or both as json")
        if placement.drop_body and placement.params and (parts.form or parts.json):
            findings.add("not-sent", f"the recipe {quoted(recipe.name)} {_UNSENT}", span, _SEND)
        for field in sorted(_shared(parts, placement)):
            message = f"the field {quoted(field)} is in the request and in its recipe {quoted(recipe.name)}"
            findings.add("collision", message, span, "write it in one of the two")


def _check_placements(recipe: Recipe, findings: Findings) -> None:
    """Before and after never write the same field, nor bodies of two kinds, nor what is not sent."""
    placed = (recipe.before, recipe.after)
    if any(each.form for each in placed) and any(each.json for each in placed):
        message = f"the recipe {quoted(recipe.name)} adds to bodies of two kinds"
        findings.add("two-bodies", message, recipe.span, "write all as form, or all as json")
    if recipe.after.drop_body and (recipe.after.form or recipe.after.json):
        findings.add("not-sent", f"the recipe {quoted(recipe.name)} {_UNSENT}", recipe.span, _SEND)
    first = Parts(recipe.before.headers, recipe.before.query, recipe.before.form, recipe.before.json)
    shared = _shared(first, recipe.after) | (recipe.before.params.keys() & recipe.after.params.keys())
    for field in sorted(shared):
        message = f"the field {quoted(field)} is in before and in after of the recipe {quoted(recipe.name)}"
        findings.add("collision", message, recipe.span, "write it in one of the two")


def _shared(parts: Parts, placement: Placement) -> set[str]:
    pairs: list[tuple[Mapping[str, object], Mapping[str, object]]] = [
        (parts.query, placement.query),
        (parts.form, placement.form),
        (parts.json, placement.json),
        (parts.query | parts.form | dict.fromkeys(parts.json), placement.params),
    ]
    shared = {field for first, second in pairs for field in first.keys() & second.keys()}
    headers = {name.lower() for name in placement.headers}
    return shared | {name for name in parts.headers if name.lower() in headers}


def _check_pages(endpoint: Endpoint, pages: Pages, recipe: Recipe | None, findings: Findings) -> None:
    if not hole_names(pages.send.values()) & {"cursor"}:
        findings.add("not-sent", "the pages do not send {cursor}", pages.span, 'add send: {field: "{cursor}"}')
    if pages.by in ("cursor", "row", "since") and pages.next is None:
        findings.add("bad-pages", f"pages by {pages.by} need next", pages.span, "add next: and where the cursor stands")
    if pages.by in ("offset", "number") and pages.next is not None:
        findings.add("bad-pages", f"pages by {pages.by} have no next", pages.span, "delete next")
    _check_ends(endpoint, pages, findings)
    own = endpoint.parts.query.keys() | endpoint.parts.form.keys() | endpoint.parts.json.keys()
    for field in pages.send.keys() & own if pages.by != "since" else ():
        message = f"the field {quoted(field)} is in the request and in its pages"
        findings.add("collision", message, pages.send[field].span, "write it in one of the two")
    for field in sorted(pages.send.keys() & _fields_of(recipe)):
        message = f"the field {quoted(field)} is in the recipe of the request and in its pages"
        findings.add("collision", message, pages.send[field].span, "write it in one of the two")


def _check_ends(endpoint: Endpoint, pages: Pages, findings: Findings) -> None:
    """A page is told to be the last in one way: by `more`, by its cursor, or by its rows."""
    if pages.by in ("offset", "number") and pages.size is None and pages.more is None:
        message, hint = f"pages by {pages.by} need size", "add size: the rows of a full page; or more"
        findings.add("bad-pages", message, pages.span, hint)
    if pages.size is not None and (pages.by == "cursor" or pages.more is not None):
        message = f"size decides nothing where {'more' if pages.more is not None else 'the cursor'} tells the last page"
        findings.add("bad-pages", message, pages.span, "delete size")
    if pages.by != "cursor":
        _check_counted(endpoint, pages, findings)


def _check_counted(endpoint: Endpoint, pages: Pages, findings: Findings) -> None:
    """Pages that go on from their rows see each row of a page, and know which is the last."""
    rows = {each.rows.text: each.rows for each in endpoint.reply if each.rows is not None}
    if not rows:
        message = f"pages by {pages.by} go on from rows, and no record of the reply has any"
        findings.add("bad-pages", message, pages.span, "add rows: PATH to a record")
    if pages.by == "number" and pages.more is not None:
        return
    if len(rows) > 1:
        message = f"pages by {pages.by} go on from the rows of one place, and the reply has them at {len(rows)}"
        findings.add("bad-pages", message, pages.span, "read all records from one PATH, perhaps with only")
    for path in rows.values():
        if is_filtered(parse(path.text)):
            message = f"pages by {pages.by} go on from all rows of a page, and a filter leaves some out"
            findings.add("bad-pages", message, path.span, "write the condition under only")


def _fields_of(recipe: Recipe | None) -> set[str]:
    """What a recipe adds to a query or a body."""
    placed = () if recipe is None else (recipe.before, recipe.after)
    return {field for each in placed for field in (*each.query, *each.form, *each.json, *each.params)}


def _check_replies(spec: Spec, endpoint: Endpoint, findings: Findings) -> None:
    learnt = {f"symbol.{form.name}" for form in spec.symbols.values() if form.template is None}
    known = {f"symbol.{form}" for form in spec.symbols}
    for record in endpoint.reply:
        start = Span(record.span.file, record.span.line, record.span.col)
        if record.kind == "rule":
            written = {field for field in record.fields if field.startswith("symbol.")}
            for field in sorted(learnt - written):
                findings.add(
                    "missing-field", f"a rule record must have {field}: it is learnt here", start, f"add {field}: PATH"
                )
            for field in sorted(written - learnt):
                code = "needless-field" if field in known else "unknown-name"
                why = "is made by its template" if field in known else "is no symbol form"
                findings.add(code, f"{quoted(field)} {why}", record.fields[field].span, "delete it")
        if record.kind == "order" and endpoint.operation in LOOKUPS and "state" not in record.fields:
            findings.add(
                "missing-field", "an order record of a lookup must have state", start, "add state: PATH as <table>"
            )
