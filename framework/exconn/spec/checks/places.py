"""Every placeholder where it stands: defined, legal there, with a suffix that makes sense there.

Rules: what is legal is the table of `placeholders`; credentials and given values are legal anywhere, a recipe's values
in its later values, its `after`, and the frames it signs; a bare number stands only in JSON and only for a number; the
side has the case that its words table says. Using a name here counts as its use.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from exconn.document import Findings, Span, quoted, suggest
from exconn.spec import placeholders as known
from exconn.spec.names import Names
from exconn.spec.pieces import Hole, Template
from exconn.spec.read.paths import find_fault
from exconn.spec.tree import Endpoint, Fence, Recipe, Socket, Spec
from exconn.spec.vocabulary import WORDS
from exconn.spec.walk import flat_templates, hole_spans, json_templates, part_templates, templates_of


@dataclass(frozen=True, slots=True)
class Scope:
    """What may stand in a template. `what` is how a finding calls the place; `pair`: symbol forms may stand there."""

    what: str
    names: frozenset[str]
    pair: bool = False
    frame: bool = False


class Places:
    """Checks the holes of one spec."""

    def __init__(self, spec: Spec, names: Names, findings: Findings) -> None:
        self._spec = spec
        self._names = names
        self._findings = findings
        self._given = frozenset(given.name for end in spec.endpoints.values() for given in end.gives)
        values = frozenset(step.name for recipe in spec.signing.values() for step in recipe.values)
        self._everywhere = frozenset(spec.credentials) | self._given
        self._defined = self._everywhere | values | known.BUILT_IN

    def check(self, templates: Iterable[Template], scope: Scope, is_json: bool = False) -> None:
        for template in templates:
            for hole, span in hole_spans(template):
                if self._check_name(hole, scope, span):
                    self._check_suffix(hole, is_json, span)

    def _check_name(self, hole: Hole, scope: Scope, span: Span) -> bool:
        name = hole.name
        if name.startswith("/"):
            return self._check_frame_path(name, scope, span)
        if "." in name:
            return self._check_symbol(name, scope, span)
        if name in self._everywhere:
            if name in self._spec.credentials:
                self._names.touch("credential", name)
            else:
                self._names.touch("given", name)
            return True
        if name in scope.names:
            return self._check_needs(name, span)
        if name in self._defined:
            where = known.WHERE.get(name, "in later values of its recipe, in its after, and in frames it signs")
            message = f"{quoted(name)} has no value in {scope.what}"
            self._findings.add("misplaced-placeholder", message, span, f"it stands {where}")
        else:
            near = suggest(name, scope.names | self._everywhere)
            hint = f"did you mean {{{near}}}?" if near else self._offer(scope)
            self._findings.add("unknown-placeholder", f"there is no placeholder {quoted(name)}", span, hint)
        return False

    def _offer(self, scope: Scope) -> str:
        secret = {name for name, credential in self._spec.credentials.items() if credential.secret}
        names = sorted((scope.names | self._everywhere) - secret)
        forms = [f"symbol.{form}" for form in self._spec.symbols] if scope.pair else []
        return f"possible in {scope.what}: {', '.join([*forms, *names]) or 'none'}"

    def _check_frame_path(self, name: str, scope: Scope, span: Span) -> bool:
        fault = find_fault(name[1:])
        if not scope.frame:
            message = f"{quoted(name)} has no value in {scope.what}"
            hint = "it stands in the answer to an exchange's ping, and reads the frame answered"
            self._findings.add("misplaced-placeholder", message, span, hint)
        elif fault is not None:
            self._findings.add(fault.code, fault.message, span, fault.hint)
        return scope.frame and fault is None

    def _check_symbol(self, name: str, scope: Scope, span: Span) -> bool:
        prefix, _, form = name.partition(".")
        if prefix != "symbol":
            hint = "only symbol.<form> has a dot"
            self._findings.add("unknown-placeholder", f"there is no placeholder {quoted(name)}", span, hint)
        elif not scope.pair:
            message = f"{quoted(name)} has no value in {scope.what}"
            hint = "it stands in requests and subscriptions about a pair"
            self._findings.add("misplaced-placeholder", message, span, hint)
        else:
            return self._names.use("form", form, span)
        return False

    def _check_needs(self, name: str, span: Span) -> bool:
        if name == "side":
            return self._names.use("words", "side", span) and self._has_sides(span)
        if name == "client_id" and self._spec.client_id is None:
            hint = "say which ids the exchange takes, as in client_id: {kind: text, length: 32, unique: forever}"
            self._findings.add("missing-key", "{client_id} is sent, but the key 'client_id' is missing", span, hint)
            return False
        return True

    def _has_sides(self, span: Span) -> bool:
        have = self._spec.words["side"].ours.keys()
        missing = [word for word in WORDS["side"] if word not in have]
        if missing and not have < set(WORDS["side"]):  # one of the two alone is a finding of the table itself
            hint = "write side: {buy: ..., sell: ...} in words"
            self._findings.add("missing-word", f"the table 'side' has no {' and no '.join(missing)}", span, hint)
        return not missing

    def _check_suffix(self, hole: Hole, is_json: bool, span: Span) -> None:
        if not hole.suffix:
            return
        if hole.suffix == "number" and not is_json:
            hint = "delete ':number'"
            self._findings.add("bad-suffix", "everything is text here; only JSON has bare numbers", span, hint)
        elif hole.suffix == "number" and not self._is_number(hole.name):
            hint = "delete ':number'"
            self._findings.add("bad-suffix", f"{quoted(hole.name)} is no number", span, hint)
        elif hole.name == "side":
            hint = "write their words, with their case, in words.side"
            self._findings.add("bad-suffix", "{side} takes no suffix: its words table says the case", span, hint)

    def _is_number(self, name: str) -> bool:
        if name == "client_id":
            return self._spec.client_id is not None and self._spec.client_id.kind == "integer"
        return name in known.NUMBERS or name in self._given or name.startswith("/")


def check_places(spec: Spec, names: Names, findings: Findings) -> None:
    places = Places(spec, names, findings)
    for form in spec.symbols.values():
        if form.template is not None:
            _check_form(form.template, findings)
    for recipe in spec.signing.values():
        _check_recipe(spec, recipe, places)
    for endpoint in spec.endpoints.values():
        _check_endpoint(endpoint, places)
    for socket in spec.sockets.values():
        _check_socket(spec, socket, places)


def _check_form(template: Template, findings: Findings) -> None:
    for hole, span in hole_spans(template):
        if hole.name not in known.PAIR or hole.suffix not in ("", "upper", "lower"):
            message = f"{quoted(hole.name)} cannot stand in a symbol"
            hint = "a symbol is made of {base} and {quote}, perhaps with :upper or :lower"
            findings.add("misplaced-placeholder", message, span, hint)


def _fresh(recipe: Recipe | None) -> frozenset[str]:
    names = known.MOMENTS | known.IDENTIFIERS
    if recipe is not None and recipe.nonce is not None:
        names |= known.NONCE
    if recipe is not None and recipe.expires_in is not None:
        names |= known.EXPIRY
    return names


def _values(recipe: Recipe | None) -> frozenset[str]:
    return frozenset() if recipe is None else frozenset(step.name for step in recipe.values)


def _check_recipe(spec: Spec, recipe: Recipe, places: Places) -> None:
    what = f"the recipe {recipe.name}"
    fresh, values = _fresh(recipe), _values(recipe)
    signs_frames = any(recipe.name in _frame_recipes(socket) for socket in spec.sockets.values())
    request = frozenset() if signs_frames else known.REQUEST
    steps = Scope(f"values of {what}" + (", which signs frames" if signs_frames else ""), fresh | values | request)
    before, after = Scope(f"before of {what}", fresh), Scope(f"after of {what}", fresh | values)
    places.check((step.message for step in recipe.values), steps)
    for placement, scope in ((recipe.before, before), (recipe.after, after)):
        places.check(flat_templates(placement), scope)
        places.check(json_templates(placement), scope, is_json=True)


def _frame_recipes(socket: Socket) -> set[str | None]:
    login = {socket.login.signed} if socket.login is not None else set()
    return login | {subscription.signed for subscription in socket.subscribe}


def _check_endpoint(endpoint: Endpoint, places: Places) -> None:
    names = known.of_operation(endpoint.operation) | _fence_names(endpoint.fence)
    scope = Scope(f"a request of {endpoint.operation}", names, pair=known.is_about_pair(endpoint.operation))
    places.check([endpoint.path, *flat_templates(endpoint.parts)], scope)
    places.check(json_templates(endpoint.parts), scope, is_json=True)
    own = {id(template) for template in part_templates(endpoint.parts)} | {id(endpoint.path)}
    for variant in endpoint.variants:
        flat = (variant.path, *flat_templates(variant.parts))
        places.check((template for template in flat if id(template) not in own), scope)
        bodies = json_templates(variant.parts)
        places.check((template for template in bodies if id(template) not in own), scope, is_json=True)
        own |= {id(template) for template in part_templates(variant.parts)} | {id(variant.path)}
    if endpoint.pages is not None:
        paging = replace(scope, what=f"pages of {endpoint.operation}", names=names | known.CURSOR)
        places.check(endpoint.pages.send.values(), paging, is_json=bool(endpoint.parts.json))


def _fence_names(fence: Fence | None) -> frozenset[str]:
    if fence is None or fence.seconds is None:
        return frozenset()
    return known.FENCE_LENGTH | known.FENCE_MOMENT


def _check_socket(spec: Spec, socket: Socket, places: Places) -> None:
    what = f"of the socket {socket.name}"
    connect = Scope(f"the address {what}", frozenset())
    places.check([socket.connect.path, *socket.connect.query.values()], connect)
    frame = known.MOMENTS | known.IDENTIFIERS | known.FRAME
    if socket.ping is not None and socket.ping.send is not None:
        places.check(templates_of(socket.ping.send), Scope(f"the ping {what}", frame), is_json=True)
    if socket.login is not None:
        recipe = spec.signing.get(socket.login.signed or "")
        login = Scope(f"the login {what}", frame | _fresh(recipe) | _values(recipe))
        places.check(templates_of(socket.login.send), login, is_json=True)
    for subscription in socket.subscribe:
        recipe = spec.signing.get(subscription.signed or "")
        names = frame | _fresh(recipe) | _values(recipe) | known.VERB | known.PAIR
        scope = Scope(f"a subscription {what}", names, pair=True)
        places.check(templates_of(subscription.send), scope, is_json=True)
    if socket.control.server_ping is not None:
        answer = Scope(f"the answer to a ping {what}", frame, frame=True)
        places.check(templates_of(socket.control.server_ping.answer), answer, is_json=True)
