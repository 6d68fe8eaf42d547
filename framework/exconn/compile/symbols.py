"""The symbols of one trading rule: each form of the spec, learnt from the row or rendered from base and quote.

Rules: a form's template writes assets in the exchange's own spelling, exactly as a request would; a form that is learnt
was read by the row function into `<form>_symbol`.
"""

import ast

from exconn.compile.emit import at, attribute, call, const, name
from exconn.compile.scope import Local, Scope
from exconn.compile.statements import assign
from exconn.compile.templates import PLAIN, joined, template_parts
from exconn.compile.values import Values
from exconn.spec.pieces import Record, Template


def symbol_table(record: Record, values: Values) -> tuple[list[ast.stmt], ast.expr]:
    """`{form: text}` of a row whose `base` and `quote` are read, and the statements that must stand before it."""
    forms: dict[str, ast.expr] = {}
    rendered: dict[str, ast.stmt] = {}
    for form in values.spec.symbols.values():
        if f"symbol.{form.name}" in record.fields:
            forms[form.name] = name(f"{form.name}_symbol")
        elif form.template is not None:
            forms[form.name] = at(_rendered(form.template, values), form.span)
            rendered |= {hole.name: _written(hole.name, values) for hole in form.template.holes}
    table = ast.Dict([const(form) for form in forms], list(forms.values()))
    return list(rendered.values()), table


def _written(asset: str, values: Values) -> ast.stmt:
    """`base_text = ASSETS.write(base)`."""
    write = attribute(values.assets(values.unit), "write")
    return assign(f"{asset}_text", call(write, name(asset)))


def _rendered(template: Template, values: Values) -> ast.expr:
    scope = Scope(values.unit)
    for asset in ("base", "quote"):
        scope.know(asset, Local(f"{asset}_text"))
    return joined(template_parts(template, scope, PLAIN))
