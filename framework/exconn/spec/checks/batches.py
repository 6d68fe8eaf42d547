"""Requests about several orders at once: the element that is repeated, how many go together, what each row says.

Rules: the element names its order, and no order is named outside it; an envelope of rows stands where there are rows of
several orders, and nowhere else.
"""

from exconn.document import Findings, quoted
from exconn.spec.pieces import Object
from exconn.spec.tree import Endpoint, Spec
from exconn.spec.walk import hole_names, repeated_array, request_templates, templates_of

_IDS = frozenset({"client_id", "exchange_order_id"})
_OF_ONE = _IDS | {"created_date"}


def check_batches(spec: Spec, findings: Findings) -> None:
    for endpoint in spec.endpoints.values():
        _check_list(endpoint, findings)
        for record in endpoint.reply:
            if record.envelope is not None and (endpoint.list_at is None or record.rows is None):
                message = "rows have an envelope of their own only in the reply to a list of orders"
                hint = "delete it, or write it as the endpoint's envelope"
                findings.add("needless-envelope", message, record.span, hint)


def _check_list(endpoint: Endpoint, findings: Findings) -> None:
    if endpoint.list_at is None:
        if endpoint.at_most is not None:
            message = "at_most counts the elements of a list, and there is none"
            findings.add("bad-list", message, endpoint.span, "add list: and the array's place, or delete at_most")
        return
    name = quoted(endpoint.list_at)
    array = repeated_array(Object(tuple(endpoint.parts.json.items()), endpoint.span), endpoint.list_at)
    if array is None:
        message = f"{name} is no array of one element in the body"
        findings.add("bad-list", message, endpoint.span, "write the dotted path of the array that is repeated")
        return
    inside = list(templates_of(array))
    outside = [each for each in request_templates(endpoint) if not any(each is template for template in inside)]
    if not hole_names(inside) & _IDS:
        message = f"the element of {name} does not name an order, so there is nothing to repeat it for"
        findings.add("bad-list", message, endpoint.span, "add {exchange_order_id} or {client_id} to the element")
    elif hole_names(outside) & _OF_ONE:
        message = f"something of one order stands outside of {name}, and would be the first one's only"
        findings.add("bad-list", message, endpoint.span, "write it in the element that is repeated")
    elif endpoint.at_most is None:
        message = f"nothing says how many orders {name} takes"
        findings.add("bad-list", message, endpoint.span, "add at_most: as the documents say it, or 1")
    elif not any(record.rows is not None for record in endpoint.reply):
        message = f"the reply does not say what became of each order of {name}"
        findings.add("bad-list", message, endpoint.span, "add reply: {order: {rows: PATH, exchange_order_id: PATH}}")
