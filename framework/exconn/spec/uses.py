"""Which values of preparations a request, a socket or a recipe carries, and in what order preparations can run.

Rules: a value counts wherever its placeholder stands: in the request, in the recipe that signs it, in the handshake and
the frames of a socket; a preparation that carries a value of another runs after it.
"""

from collections.abc import Iterable

from exconn.spec.pieces import Template
from exconn.spec.tree import Endpoint, Recipe, Socket, Spec
from exconn.spec.walk import hole_names, part_templates, request_templates, sent_frames, step_templates


def used_by_endpoint(spec: Spec, endpoint: Endpoint) -> tuple[str, ...]:
    """The names of given values, in the order of the spec."""
    requests = endpoint.variants or (endpoint,)
    templates = [template for request in requests for template in request_templates(request)]
    templates += endpoint.pages.send.values() if endpoint.pages is not None else ()
    return _given_among(spec, templates, (endpoint.signed,))


def used_by_socket(spec: Spec, socket: Socket) -> tuple[str, ...]:
    templates = [socket.connect.path, *socket.connect.query.values(), *sent_frames(socket)]
    templates += [] if socket.connect.url is None else [socket.connect.url]
    recipes = [socket.connect.signed, socket.login.signed if socket.login is not None else None]
    recipes += [subscription.signed for subscription in socket.subscribe]
    return _given_among(spec, templates, recipes)


def _given_among(spec: Spec, templates: Iterable[Template], recipes: Iterable[str | None]) -> tuple[str, ...]:
    holes = hole_names(templates)
    for name in recipes:
        if name is not None and name in spec.signing:
            holes |= hole_names(_recipe_templates(spec.signing[name]))
    given = [given.name for endpoint in spec.endpoints.values() for given in endpoint.gives]
    return tuple(name for name in given if name in holes)


def _recipe_templates(recipe: Recipe) -> list[Template]:
    steps = [template for step in recipe.values for template in step_templates(step)]
    return [*part_templates(recipe.before), *steps, *part_templates(recipe.after)]
