"""What each placeholder is: the table from its name to the expression of its value, and what that can hold.

Rules: an expression reads `arguments`, `fresh` or `context` of the function it stands in, and nothing else; one maker a
name; money and moments are digits by construction, so that they need no escaping anywhere; names of the spec become
variables only with a suffix of ours, so that none can hide a name of the runtime.
"""

import ast

from exconn.compile.emit import attribute, call, const, name
from exconn.compile.scope import Charset, Known, Maker, Scope, Value
from exconn.document import Span
from exconn.model import TradeType
from exconn.spec.pieces import word_text
from exconn.spec.tree import Fence, Recipe, Spec

_NS = 1_000_000_000

_TIMES = {
    "time_ms": ("ms_from_ns", True),
    "time_s": ("s_from_ns", True),
    "time_us": ("us_from_ns", True),
    "time_iso_ms": ("iso_ms_from_ns", False),
    "time_iso_s": ("iso_s_from_ns", False),
    "time_utc": ("utc_from_ns", False),
}
_FENCE_TIMES = {
    "fence_at_ms": ("ms_from_ns", True),
    "fence_at_s": ("s_from_ns", True),
    "fence_at_iso_ms": ("iso_ms_from_ns", False),
}
_SINCE_TIMES = {
    "since_ms": ("ms_from_ns", True),
    "since_s": ("s_from_ns", True),
    "since_iso": ("iso_ms_from_ns", False),
}
_MONEY = ("amount", "quote_amount", "price")
_IDS = ("client_id", "exchange_order_id")


def argument(field: str) -> ast.expr:
    return attribute(name("arguments"), field)


def offer_fresh(scope: Scope) -> None:
    """Time, nonce, uuid and request id, as this request or frame has them."""
    for placeholder, (convert, digits) in _TIMES.items():
        scope.offer(placeholder, _moment(placeholder, attribute(name("fresh"), "time_ns"), convert, digits))
    fresh = name("fresh")
    scope.offer("nonce", _simple("nonce", call(name("str"), attribute(fresh, "nonce")), Charset.DIGITS))
    scope.offer("request_id", _simple("request_id", call(name("str"), attribute(fresh, "request_id")), Charset.DIGITS))
    scope.offer("uuid_hex", _simple("uuid_hex", attribute(fresh, "uuid_hex"), Charset.TOKEN))
    scope.offer("uuid", _called("uuid", "uuid_text", attribute(fresh, "uuid_hex"), charset=Charset.TOKEN))


def offer_expiry(scope: Scope, recipe: Recipe | None) -> None:
    """`expires_s` and `expires_ms` of a recipe that says `expires_in` (seconds)."""
    if recipe is None or recipe.expires_in is None:
        return
    moment = ast.BinOp(attribute(name("fresh"), "time_ns"), ast.Add(), const(recipe.expires_in * _NS))
    scope.offer("expires_s", _moment("expires_s", moment, "s_from_ns", True))
    scope.offer("expires_ms", _moment("expires_ms", moment, "ms_from_ns", True))


def offer_fence(scope: Scope, fence: Fence | None) -> None:
    """The length and the moment of an endpoint's fence."""
    if fence is None or fence.seconds is None:
        return
    length = fence_length(fence.seconds)
    scope.know("fence_ms", Known(str(length // 1_000_000), Charset.DIGITS))
    moment = ast.BinOp(attribute(name("fresh"), "time_ns"), ast.Add(), const(length))
    for placeholder, (convert, digits) in _FENCE_TIMES.items():
        scope.offer(placeholder, _moment(placeholder, moment, convert, digits))


def fence_length(seconds: float) -> int:
    """Nanoseconds, exact for what a spec can write in milliseconds."""
    return round(seconds * 1000) * 1_000_000


def offer_arguments(scope: Scope) -> None:
    """What a request is about, but for its pair and side."""
    for field in _MONEY:
        scope.offer(field, _called(field, "money_text", argument(field), const(field), charset=Charset.DIGITS))
    for field in _IDS:
        scope.offer(field, _called(field, "needed", argument(field), const(field)))
    for placeholder, (convert, digits) in _SINCE_TIMES.items():
        scope.offer(placeholder, _needed_moment(placeholder, "since_ns", convert, digits))
    switch = call(name("str"), call(scope.unit.use("needed"), argument("switch_s"), const("switch_s")))
    scope.offer("switch_s", _simple("switch_s", switch, Charset.DIGITS))
    scope.offer("switch_ms", _called("switch_ms", "switch_ms_text", argument("switch_s"), charset=Charset.DIGITS))
    scope.offer("created_date", _needed_moment("created_date", "created_ns", "date_from_ns", False))


def offer_cursor(scope: Scope) -> None:
    """The cursor; asked for only where there is one."""
    scope.offer("cursor", _simple("cursor", call(name("str"), argument("cursor")), Charset.TEXT))


def offer_side(scope: Scope, spec: Spec, side: TradeType) -> None:
    """`side` and the sign of `signed_amount`, both known while compiling."""
    table = spec.words.get("side")
    if table is not None:
        scope.know("side", Known(word_text(table.ours[side.name.lower()][0])))

    def signed(inner: Scope, span: Span) -> Value:
        amount = inner.value("amount", span)
        if side is TradeType.BUY:
            return amount
        return inner.bind("signed_amount", ast.BinOp(const("-"), ast.Add(), amount.node()), span, Charset.DIGITS)

    scope.offer("signed_amount", signed)


def offer_pair(scope: Scope, spec: Spec, pair: ast.expr) -> None:
    """Symbols of every form, `base` and `quote` of the pair that `pair` gives."""
    symbols = attribute(name("context"), "symbols")
    for form in spec.symbols:
        scope.offer(f"symbol.{form}", _called(f"{form}_symbol", "symbol_text", symbols, const(form), pair))
    for asset in ("base", "quote"):
        scope.offer(asset, _asset(asset, spec, pair))


def offer_context(scope: Scope, spec: Spec) -> None:
    """Credentials and the values that preparations give. A built-in name is never hidden."""
    for credential in spec.credentials:
        text = call(attribute(name("context"), "keys", "text"), const(credential))
        _offer_new(scope, credential, _simple(f"{credential}_credential", text, Charset.TEXT))
    for endpoint in spec.endpoints.values():
        for given in endpoint.gives:
            held = attribute(name("context"), "given")
            _offer_new(scope, given.name, _called(f"{given.name}_given", "given_text", held, const(given.name)))


def _offer_new(scope: Scope, placeholder: str, maker: Maker) -> None:
    if not scope.offers(placeholder):
        scope.offer(placeholder, maker)


def _simple(stem: str, node: ast.expr, charset: Charset) -> Maker:
    return lambda scope, span: scope.bind(stem, node, span, charset)


def _called(stem: str, runtime: str, *arguments: ast.expr, charset: Charset = Charset.TEXT) -> Maker:
    return lambda scope, span: scope.bind(stem, call(scope.unit.use(runtime), *arguments), span, charset)


def _moment(stem: str, time_ns: ast.expr, convert: str, digits: bool) -> Maker:
    def bind(scope: Scope, span: Span) -> Value:
        moment = call(scope.unit.use(convert), time_ns)
        return scope.bind(stem, *_written(moment, span, digits))

    return bind


def _needed_moment(stem: str, field: str, convert: str, digits: bool) -> Maker:
    def bind(scope: Scope, span: Span) -> Value:
        moment = call(scope.unit.use(convert), call(scope.unit.use("needed"), argument(field), const(field)))
        return scope.bind(stem, *_written(moment, span, digits))

    return bind


def _written(moment: ast.expr, span: Span, digits: bool) -> tuple[ast.expr, Span, Charset]:
    if digits:
        return call(name("str"), moment), span, Charset.DIGITS
    return moment, span, Charset.VISIBLE


def _asset(which: str, spec: Spec, pair: ast.expr) -> Maker:
    def bind(scope: Scope, span: Span) -> Value:
        table = scope.unit.constant("WRITTEN_ASSETS", lambda: _written_assets(spec))
        return scope.bind(which, call(scope.unit.use(f"{which}_text"), table, pair), span)

    return bind


def _written_assets(spec: Spec) -> ast.expr:
    """Our name of an asset -> the one that is written, where they differ."""
    written = {ours: theirs[0] for ours, theirs in spec.assets.names.items() if theirs[0] != ours}
    return ast.Dict([const(ours) for ours in written], [const(theirs) for theirs in written.values()])
