"""Placing: each offered type is one exact order, on both sides, and no two are the same request.

Rules: exactly one amount; a price for limit orders and none for market orders; the pair and, where there is one, the
client id; both sides, told apart in the request; a fence that is promised is sent where its kind is sent; that no
second order can be made is said only of ids that are never taken again.
"""

from exconn.document import Findings, quoted
from exconn.model import OrderType
from exconn.spec.placeholders import FENCE_LENGTH, FENCE_MOMENT, MOMENTS, NONCE, PAIR
from exconn.spec.tree import Endpoint, Fence, Spec, Variant
from exconn.spec.walk import content, hole_names, part_templates, parts_content, request_templates

ONE_ORDER = ("refused", "same_order")
"""What `same_id` says where one id never makes two orders."""
_AGAIN = {
    "while_open": "it is free again once the first order is filled",
    "day": "it is free again once the day is over, which may be at once",
    "never": "it is always free",
}
_AMOUNTS = ("amount", "quote_amount", "signed_amount")


def check_orders(spec: Spec, findings: Findings) -> None:
    endpoint = spec.endpoints.get("place_order")
    if endpoint is None:
        return
    for variant in endpoint.variants:
        _check_variant(spec, variant, _label(variant, endpoint), findings)
    _check_sides(endpoint, findings)
    _check_alike(endpoint, findings)
    _check_same_id(spec, endpoint, findings)
    _check_fence(spec, endpoint, findings)


def _label(variant: Variant, endpoint: Endpoint) -> str:
    """The type as the spec writes it: with its side where the other side stands elsewhere."""
    name = variant.order_type.name
    together = sum(other.span == variant.span for other in endpoint.variants) > 1
    return name if together else f"{name} {variant.side.name.lower()}"


def _check_variant(spec: Spec, variant: Variant, label: str, findings: Findings) -> None:
    names = hole_names(request_templates(variant))
    amounts = [f"{{{name}}}" for name in _AMOUNTS if name in names]
    if len(amounts) != 1:
        said = f"sends {' and '.join(amounts)}" if amounts else "sends no amount"
        hint = "write one of {amount} (base), {quote_amount}, {signed_amount}"
        findings.add("order-amount", f"{label} {said}; an order has one amount", variant.span, hint)
    if variant.order_type is OrderType.MARKET:
        if "price" in names:
            findings.add(
                "order-price", f"{label} sends a price", variant.span, "move {price} to the types that have one"
            )
    elif "price" not in names:
        findings.add(
            "order-price",
            f"{label} sends no {{price}}",
            variant.span,
            'add the field of the price, as in price: "{price}"',
        )
    if not any(name.startswith("symbol.") for name in names) and not names >= PAIR:
        findings.add("order-symbol", f"{label} does not send the pair", variant.span, "add {symbol.<form>}")
    if spec.client_id is not None and "client_id" not in names:
        hint = "add {client_id}: without it a lost reply loses the order"
        findings.add("order-client-id", f"{label} does not send the client id", variant.span, hint)


def _check_sides(endpoint: Endpoint, findings: Findings) -> None:
    offered = {(variant.order_type, variant.side.name) for variant in endpoint.variants}
    for variant in endpoint.variants:
        other = "SELL" if variant.side.name == "BUY" else "BUY"
        if (variant.order_type, other) not in offered:
            name = variant.order_type.name
            message = f"{name} is offered for {variant.side.name.lower()} only"
            findings.add("one-sided", message, variant.span, f"add {name} {other.lower()}")


def _request(variant: Variant) -> object:
    return variant.method, content(variant.path), parts_content(variant.parts)


def _told(variant: Variant) -> object:
    """The request with what it says of the side: equal for two offers only where the exchange cannot tell them."""
    sides = hole_names(request_templates(variant)) & {"side", "signed_amount"}
    return _request(variant), variant.side if sides else None


def _check_alike(endpoint: Endpoint, findings: Findings) -> None:
    seen: dict[object, Variant] = {}
    for variant in endpoint.variants:
        first = seen.setdefault(_told(variant), variant)
        if first is not variant and first.span != variant.span:
            hint = "add the field that tells them apart, or delete one"
            message = f"{_label(first, endpoint)} and {_label(variant, endpoint)} send the same request"
            findings.add("types-alike", message, variant.span, hint)
    for variant in endpoint.variants:
        names = hole_names(request_templates(variant))
        twins = [other for other in endpoint.variants if other.order_type is variant.order_type]
        told_apart = names & {"side", "signed_amount"} or len({_request(twin) for twin in twins}) == len(twins)
        if variant.side.name == "BUY" and not told_apart:
            message = f"{variant.order_type.name} sends the same request to buy and to sell"
            findings.add("types-alike", message, variant.span, "add {side}, or say the sides as two types")


def _check_same_id(spec: Spec, endpoint: Endpoint, findings: Findings) -> None:
    """An id that is free again once its order has ended lets a second one through: a market order ends at once."""
    if endpoint.same_id not in ONE_ORDER or (spec.client_id is not None and spec.client_id.unique == "forever"):
        return
    span = endpoint.same_id_span or endpoint.span
    says = f"same_id: {endpoint.same_id} says that one id never makes two orders"
    if spec.client_id is None:
        hint = "write same_id: second_order, or add client_id, if the exchange takes ids of ours"
        findings.add("id-comes-again", f"{says}, and the request sends no id of ours", span, hint)
        return
    unique = spec.client_id.unique
    message = f"{says}, but with client_id.unique: {unique} {_AGAIN[unique]}"
    hint = "write same_id: second_order; or unique: forever, if an id stays taken after its order has ended"
    findings.add("id-comes-again", message, span, hint)


def _check_fence(spec: Spec, endpoint: Endpoint, findings: Findings) -> None:
    fence = endpoint.fence
    if fence is None:
        return
    timed = fence.kind in ("window", "deadline")
    if timed and not fence.seconds:
        findings.add("bad-fence", f"a {fence.kind} needs seconds", fence.span, "add seconds: and how long it lasts")
    elif not timed and fence.seconds is not None:
        findings.add("bad-fence", f"a fence of the kind {fence.kind} has no seconds", fence.span, "delete them")
    elif timed:
        _check_moment(spec, endpoint, fence, findings)
        wanted = FENCE_LENGTH if fence.kind == "window" else FENCE_MOMENT
        if not all(hole_names(request_templates(variant)) & wanted for variant in endpoint.variants):
            names = " or ".join(sorted(f"{{{name}}}" for name in wanted))
            message = f"the fence is a {fence.kind}, but the request does not send it"
            findings.add("fence-not-sent", message, fence.span, f"send {names} where the exchange takes it")
    recipe = spec.signing.get(endpoint.signed or "")
    if fence.kind == "nonce" and (recipe is None or recipe.nonce is None):
        findings.add(
            "bad-fence", "the fence is the nonce, but the recipe has none", fence.span, "add nonce to the recipe"
        )
    if fence.kind == "resend" and endpoint.same_id not in ONE_ORDER:
        message = "sending again is a fence only where a second order with the same id is impossible"
        hint = "say another kind; or same_id: refused or same_order, if an id is taken once and for ever"
        findings.add("bad-fence", message, fence.span, hint)
    cancel = spec.endpoints.get("cancel_order")
    if fence.kind == "cancel_by_client_id" and cancel and "client_id" not in hole_names(request_templates(cancel)):
        message = f"the fence is cancelling by client id, but cancel_order does not send {quoted('client_id')}"
        findings.add("bad-fence", message, fence.span, "send {client_id} in cancel_order")


def _check_moment(spec: Spec, endpoint: Endpoint, fence: Fence, findings: Findings) -> None:
    """A window is counted from a moment that is sent, and a fence is as long as the unit it is written in."""
    names = set().union(*(hole_names(request_templates(variant)) for variant in endpoint.variants))
    least = 1.0 if "fence_at_s" in names else 0.001
    if fence.seconds is not None and fence.seconds < least:
        message = f"a fence of less than {'a second' if least == 1.0 else 'a millisecond'} cannot be sent here"
        findings.add("bad-fence", message, fence.span, "write the time in which the exchange may still execute it")
    recipe = spec.signing.get(endpoint.signed or "")
    sent = set() if recipe is None else hole_names([*part_templates(recipe.before), *part_templates(recipe.after)])
    if fence.kind == "window" and not sent & (MOMENTS | NONCE):
        message = "a window is counted from a moment, and the request sends none"
        findings.add("bad-fence", message, fence.span, "sign and send a moment, as {time_ms}, or say kind: deadline")
