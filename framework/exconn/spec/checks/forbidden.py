"""Nothing in a spec moves money out of the account.

Rules: no path, field name or text that is sent names a withdrawal or a transfer, some exchanges say it in the body; the
words and defaults that the spec itself fills in for placeholders are read as part of the text; a recipe adds to every
request it signs, so it is read as well.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from exconn.document import Findings, Span, quoted
from exconn.spec.pieces import Array, Body, Hole, Object, Template, word_text
from exconn.spec.tree import Endpoint, Parts, Placement, Spec, Variant
from exconn.spec.walk import part_templates, request_templates, sent_frames

_WORD = re.compile("withdraw|transfer|payout|sapi/v1/capital", re.IGNORECASE)
_HINT = "delete it: a spec places and cancels orders and reads, and does nothing else"
_SAYING = "is refused: a spec moves no money out of an account"


def check_forbidden(spec: Spec, findings: Findings) -> None:
    filled = _filled(spec)
    for endpoint in spec.endpoints.values():
        _check_endpoint(endpoint, filled, findings)
    for recipe in spec.signing.values():
        templates = [template for part in (recipe.before, recipe.after) for template in part_templates(part)]
        _refuse(templates, filled, findings)
        for part in (recipe.before, recipe.after):
            _refuse_names(_names(part), recipe.span, findings)
    for socket in spec.sockets.values():
        _refuse((socket.connect.path, *socket.connect.query.values(), *sent_frames(socket)), filled, findings)
        for subscription in socket.subscribe:
            _refuse_names(_body_names(subscription.send), subscription.span, findings)


def _check_endpoint(endpoint: Endpoint, filled: Mapping[str, tuple[str, ...]], findings: Findings) -> None:
    """One finding an endpoint: its types repeat what it says."""
    if (word := _found(endpoint.operation)) is not None:
        message = f"a request with {quoted(word)} {_SAYING}"
        findings.add("forbidden-path", message, endpoint.path.span, _HINT)
        return
    requests: tuple[Endpoint | Variant, ...] = (endpoint, *endpoint.variants)
    seen: set[int] = set()
    for request in requests:
        templates = [each for each in request_templates(request) if id(each) not in seen]
        seen.update(map(id, templates))
        if _refuse(templates, filled, findings) or _refuse_names(_names(request.parts), request.span, findings):
            return


def _filled(spec: Spec) -> dict[str, tuple[str, ...]]:
    """Placeholder -> the texts that the spec itself gives it."""
    filled = {
        name: (*credential.choice, *([] if credential.default is None else [credential.default]))
        for name, credential in spec.credentials.items()
    }
    side = spec.words.get("side")
    if side is not None:
        filled["side"] = tuple(word_text(words[0]) for words in side.ours.values() if words)
    assets = tuple(theirs[0] for theirs in spec.assets.names.values() if theirs)
    return filled | dict.fromkeys(("base", "quote"), assets)


def _refuse(templates: Iterable[Template], filled: Mapping[str, tuple[str, ...]], findings: Findings) -> bool:
    """Whether what a template can say names what moves money."""
    for template in templates:
        word = next((word for text in _said(template, filled) if (word := _found(text)) is not None), None)
        if word is not None:
            message = f"a request with {quoted(word)} {_SAYING}"
            findings.add("forbidden-path", message, template.span, _HINT)
            return True
    return False


def _refuse_names(names: Iterable[str], span: Span, findings: Findings) -> bool:
    for name in names:
        if _found(name) is not None:
            findings.add("forbidden-path", f"a field {quoted(name)} {_SAYING}", span, _HINT)
            return True
    return False


def _found(text: str) -> str | None:
    found = _WORD.search(text)
    return None if found is None else found[0].lower()


def _said(template: Template, filled: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """The texts a template can be as far as the spec says: without its values, and with each of those it gives."""
    parts = template.parts
    yield "".join([part for part in parts if isinstance(part, str)])
    for name in {part.name for part in parts if isinstance(part, Hole) and part.name in filled}:
        for text in filled[name]:
            yield "".join([part if isinstance(part, str) else text if part.name == name else "" for part in parts])


def _names(parts: Parts | Placement) -> Iterator[str]:
    yield from (*parts.headers, *parts.query, *parts.form)
    if isinstance(parts, Placement):
        yield from parts.params
    for field, body in parts.json.items():
        yield field
        yield from _body_names(body)


def _body_names(body: Body) -> Iterator[str]:
    if isinstance(body, Object):
        for key, value in body.fields:
            yield key
            yield from _body_names(value)
    elif isinstance(body, Array):
        for item in body.items:
            yield from _body_names(item)
