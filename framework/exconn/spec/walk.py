"""Walking the tree: the templates of a body, of a request, of a placement; what a request says, without its places."""

from collections.abc import Iterable, Iterator

from exconn.document import Span
from exconn.spec.pieces import Array, Body, Constant, Hole, Object, Template
from exconn.spec.read.place import within
from exconn.spec.tree import Endpoint, Parts, Placement, Recipe, Socket, Spec, Step, Variant


def templates_of(body: Body) -> list[Template]:
    if isinstance(body, Template):
        return [body]
    if isinstance(body, Array):
        return [template for item in body.items for template in templates_of(item)]
    if isinstance(body, Object):
        return [template for _, value in body.fields for template in templates_of(value)]
    return []


def header_templates(parts: Parts | Placement) -> list[Template]:
    return [*parts.headers.values()]


def encoded_templates(parts: Parts | Placement) -> list[Template]:
    """Templates of query, form and params: texts that are percent-encoded where they stand."""
    found = [*parts.query.values(), *parts.form.values()]
    return [*found, *parts.params.values()] if isinstance(parts, Placement) else found


def json_templates(parts: Parts | Placement) -> list[Template]:
    return [template for body in parts.json.values() for template in templates_of(body)] if parts.json else []


def part_templates(parts: Parts | Placement) -> list[Template]:
    return [*header_templates(parts), *encoded_templates(parts), *json_templates(parts)]


def step_templates(step: Step) -> Iterator[Template]:
    """All templates that a named value is made of."""
    yield step.message
    if step.token is not None:
        yield from templates_of(step.token.header)
        yield from templates_of(step.token.claims)


def request_templates(request: Endpoint | Variant) -> list[Template]:
    """All templates of a request as it is sent, its path first."""
    return [request.path, *part_templates(request.parts)]


def repeated_array(body: Body, list_at: str) -> Array | None:
    """The array that `list` names by its dotted path, where it holds the one element that is repeated."""
    found: Body | None = body
    for step in list_at.split("."):
        found = dict(found.fields).get(step) if isinstance(found, Object) else None
    return found if isinstance(found, Array) and len(found.items) == 1 else None


def names_pair(templates: Iterable[Template]) -> bool:
    return any(hole.startswith("symbol.") or hole in ("base", "quote") for hole in hole_names(templates))


def sent_frames(socket: Socket) -> Iterator[Template]:
    """All templates of the frames that a socket sends."""
    sent = [each.send for each in socket.subscribe]
    sent += [socket.ask_snapshot.send] if socket.ask_snapshot is not None else []
    sent += [socket.login.send] if socket.login is not None else []
    sent += [socket.ping.send] if socket.ping is not None and socket.ping.send is not None else []
    sent += [socket.control.server_ping.answer] if socket.control.server_ping is not None else []
    for body in sent:
        yield from templates_of(body)


def recipe_steps(recipe: Recipe) -> Iterator[Template]:
    """What the steps of a recipe are made of."""
    for step in recipe.values:
        yield from step_templates(step)


def sent_templates(spec: Spec) -> Iterator[Template]:
    """All templates that endpoints and sockets send by themselves, without what recipes add."""
    for endpoint in spec.endpoints.values():
        for request in endpoint.variants or (endpoint,):
            yield from request_templates(request)
        if endpoint.pages is not None:
            yield from endpoint.pages.send.values()
    for socket in spec.sockets.values():
        yield socket.connect.path
        yield from socket.connect.query.values()
        yield from sent_frames(socket)


def hole_names(templates: Iterable[Template]) -> set[str]:
    return {hole.name for template in templates for hole in template.holes}


def content(body: Body) -> object:
    """What a body says, to compare two of them wherever they stand."""
    if isinstance(body, Template):
        return tuple(part if isinstance(part, str) else (part.name, part.suffix) for part in body.parts)
    if isinstance(body, Constant):
        return type(body.value).__name__, body.value
    if isinstance(body, Array):
        return "list", tuple(content(item) for item in body.items)
    return "mapping", frozenset((key, content(value)) for key, value in body.fields)


def parts_content(parts: Parts) -> object:
    tables = (parts.headers, parts.query, parts.form, parts.json)
    return tuple(frozenset((key, content(value)) for key, value in table.items()) for table in tables)


def hole_spans(template: Template) -> Iterator[tuple[Hole, Span]]:
    """Each hole with its place."""
    if not template.holes:
        return
    length = sum(map(_width, template.parts))
    at = 0
    for part in template.parts:
        end = at + _width(part)
        if isinstance(part, Hole):
            yield part, within(template.span, length, at, end)
        at = end


def _width(part: str | Hole) -> int:
    """Characters of a part as it is written."""
    if isinstance(part, str):
        return len(part)
    return len(part.name) + 2 + (len(part.suffix) + 1 if part.suffix else 0)
