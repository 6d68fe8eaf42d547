"""Every placeholder where it stands: which names a template may use, by what it is a part of.

Rules: what is legal is the table of `placeholders`; a recipe's values stand in its later values, its `after`, and the
frames it signs; whether a hole is sound in its place is told by `holes`.
"""

from dataclasses import replace

from exconn.document import Findings, quoted
from exconn.spec import placeholders as known
from exconn.spec.checks.holes import Place, Places, Scope
from exconn.spec.names import Names
from exconn.spec.pieces import Template
from exconn.spec.tree import Endpoint, Fence, Recipe, Socket, Spec
from exconn.spec.walk import hole_spans, part_templates, step_templates, templates_of


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
    request = known.HANDSHAKE if signs_frames else known.REQUEST
    known_names = fresh | values | request | _frame_words(spec, recipe)
    steps = Scope(f"values of {what}" + (", which signs frames" if signs_frames else ""), known_names)
    target = frozenset() if signs_frames else known.TARGET
    before, after = Scope(f"before of {what}", fresh | target), Scope(f"after of {what}", fresh | values)
    for step in recipe.values:
        place = Place.JSON if step.token is not None else Place.TEXT
        places.check(step_templates(step), replace(steps, made=step.name), place)
    for placement, scope in ((recipe.before, before), (recipe.after, after)):
        places.check_parts(placement, scope)


def _frame_words(spec: Spec, recipe: Recipe) -> frozenset[str]:
    """The verb and the words that all subscriptions name which a recipe signs, where it signs nothing else."""
    sockets = spec.sockets.values()
    signed = [each for socket in sockets for each in socket.subscribe if each.signed == recipe.name]
    elsewhere = {socket.connect.signed for socket in sockets} | {end.signed for end in spec.endpoints.values()}
    elsewhere |= {socket.login.signed for socket in sockets if socket.login is not None}
    if not signed or recipe.name in elsewhere:
        return frozenset()
    return known.VERB | frozenset.intersection(*(frozenset(each.words) for each in signed))


def _frame_recipes(socket: Socket) -> set[str | None]:
    login = {socket.login.signed} if socket.login is not None else set()
    return login | {subscription.signed for subscription in socket.subscribe}


def _check_endpoint(endpoint: Endpoint, places: Places) -> None:
    names = known.of_operation(endpoint.operation) | _fence_names(endpoint.fence)
    scope = Scope(f"a request of {endpoint.operation}", names, pair=known.is_about_pair(endpoint.operation))
    places.check_parts(endpoint.parts, scope, endpoint.path)
    done = [*part_templates(endpoint.parts), endpoint.path]
    for variant in endpoint.variants:
        places.check_parts(variant.parts, scope, variant.path, done)
        done += [*part_templates(variant.parts), variant.path]
    if endpoint.pages is not None:
        paging = replace(scope, what=f"pages of {endpoint.operation}", names=names | known.CURSOR)
        places.check(endpoint.pages.send.values(), paging, Place.JSON if endpoint.parts.json else Place.ENCODED)


def _fence_names(fence: Fence | None) -> frozenset[str]:
    if fence is None or fence.seconds is None:
        return frozenset()
    return known.FENCE_LENGTH | known.FENCE_MOMENT


def _check_socket(spec: Spec, socket: Socket, places: Places) -> None:
    what = f"of the socket {socket.name}"
    connect = Scope(f"the address {what}", frozenset())
    url = [] if socket.connect.url is None else [socket.connect.url]
    places.check([socket.connect.path], connect, Place.ENCODED)
    places.check(url, connect)
    places.check(
        socket.connect.query.values(), replace(connect, names=known.MOMENTS | known.IDENTIFIERS), Place.ENCODED
    )
    frame = known.MOMENTS | known.IDENTIFIERS | known.FRAME
    if socket.ping is not None and socket.ping.send is not None:
        places.check(templates_of(socket.ping.send), Scope(f"the ping {what}", frame), Place.JSON)
    if socket.login is not None:
        recipe = spec.signing.get(socket.login.signed or "")
        login = Scope(f"the login {what}", frame | _fresh(recipe) | _values(recipe))
        places.check(templates_of(socket.login.send), login, Place.JSON)
    for subscription in socket.subscribe:
        recipe = spec.signing.get(subscription.signed or "")
        names = frame | _fresh(recipe) | _values(recipe) | known.VERB | known.PAIR | subscription.words.keys()
        scope = Scope(f"a subscription {what}", names, pair=True)
        places.check(templates_of(subscription.send), scope, Place.JSON)
    if socket.ask_snapshot is not None:
        asking = Scope(f"the asking for a snapshot {what}", frame | known.PAIR, pair=True)
        places.check(templates_of(socket.ask_snapshot.send), asking, Place.JSON)
    if socket.control.server_ping is not None:
        answer = Scope(f"the answer to a ping {what}", frame, frame=True)
        places.check(templates_of(socket.control.server_ping.answer), answer, Place.JSON)
