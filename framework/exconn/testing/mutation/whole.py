"""All single edits of a spec's document that its cases have to notice, in the document's sections.

Rules: what is sent, how it is signed, and what is read from what comes is edited; what only a market acts upon (limits,
costs, timeouts, promises about lookups) is not, as no case looks at it. The list is the same for the same document.
"""

from collections.abc import Iterator

from exconn.document import Mapping, Scalar

from .books import book_mutants
from .edit import Mutant, Site, becomes, removed
from .matches import literal_mutants, match_mutants
from .paths import path_mutants
from .readings import Shapes, reading_mutants, record_mutants, shape_mutants
from .signing import recipe_mutants
from .tables import assets_mutants, decision_mutants, errors_mutants, words_mutants
from .templates import body_mutants, http_mutants, table_mutants, template_mutants

_PACKED = ("gzip_json", "deflate_json")


def mutants_of(root: Mapping) -> list[Mutant]:
    """Every mutant of the document; no two are alike."""
    top = Site((), root, root.span)
    return list({(mutant.path, mutant.change): mutant for mutant in _mutants(top)}.values())


def _mutants(top: Site) -> Iterator[Mutant]:
    shapes = Shapes(top)
    for form in _named(top, "symbols"):
        if form.text != "learnt":
            yield from template_mutants(form)
    for table in _named(top, "words"):
        yield from words_mutants(table)
    yield from assets_mutants(top.get("assets"))
    for table in _named(top, "decisions"):
        yield from decision_mutants(table)
    for recipe in _named(top, "signing"):
        yield from recipe_mutants(recipe, [each.name for each in _named(top, "credentials")])
    for envelope in _named(top, "envelopes"):
        yield from match_mutants(envelope.get("success"))
        yield from _told_mutants(envelope)
    yield from errors_mutants(top.get("errors"))
    for bands in _named(top, "price_steps"):
        yield removed(bands)
        for band in bands.items():
            yield from (
                becomes(each, f"{each.text}1" if "." in each.text else f"{each.text}.1") for each in band.entries()
            )
    for shape in _named(top, "shapes"):
        yield from shape_mutants(shape, shapes)
    for endpoint in _named(top, "endpoints"):
        yield from _endpoint_mutants(endpoint, top)
    for socket in _named(top, "sockets"):
        yield from _socket_mutants(socket, top)
    yield from book_mutants(top.get("order_book"))


def _named(top: Site, section: str) -> list[Site]:
    found = top.get(section)
    return [] if found is None else found.entries()


def _told_mutants(site: Site) -> Iterator[Mutant]:
    """An error's code and text."""
    for key in ("code", "text"):
        told = site.get(key)
        if told is not None:
            yield removed(told)
            yield from path_mutants(told)


def _removed(site: Site, *keys: str) -> Iterator[Mutant]:
    yield from (removed(found) for found in map(site.get, keys) if found is not None)


def _endpoint_mutants(site: Site, top: Site) -> Iterator[Mutant]:
    yield from http_mutants(site.get("http"))
    yield from _removed(site, "host", "signed", "envelope", "list")
    yield from _part_mutants(site)
    for variant in _named(site, "types"):
        yield removed(variant)
        yield from http_mutants(variant.get("http"))
        yield from _part_mutants(variant)
    seconds = site.get("fence", "seconds")
    if seconds is not None and isinstance(seconds.node, Scalar) and isinstance(seconds.node.value, int):
        yield becomes(seconds, seconds.node.value + 1)
    for record in _named(site, "reply"):
        yield from record_mutants(record, record.name, top)
    for given in _named(site, "gives"):
        yield removed(given)
        yield from reading_mutants(given, False)
    renew = site.get("renew")
    if renew is not None:
        yield removed(renew)
        yield from http_mutants(renew.get("http"))
        yield from _part_mutants(renew)
    pages = site.get("pages")
    if pages is not None:
        yield from table_mutants(pages.get("send"))
        yield from path_mutants(pages.get("next"))
        yield from match_mutants(pages.get("more"))
    yield from errors_mutants(site.get("errors"))


def _part_mutants(site: Site) -> Iterator[Mutant]:
    for table in ("headers", "query", "form", "json"):
        yield from table_mutants(site.get(table))


def _socket_mutants(site: Site, top: Site) -> Iterator[Mutant]:
    connect, login, ping = site.get("connect"), site.get("login"), site.get("ping")
    asking = site.get("ask_snapshot")
    if connect is not None:
        path = connect.get("path")
        yield from template_mutants(path) if path is not None else ()
        url = connect.get("url")
        yield from template_mutants(url) if url is not None else ()
        yield from table_mutants(connect.get("query"))
        yield from _removed(connect, "signed")
    if login is not None:
        yield from _removed(login, "signed")
        yield from body_mutants(login.get("send"))
    if asking is not None:
        yield from body_mutants(asking.get("send"))
    if ping is not None:
        yield from body_mutants(ping.get("send"))
        yield from body_mutants(ping.get("word"))
    subscribe = site.get("subscribe")
    for subscription in subscribe.items() if subscribe is not None else ():
        yield removed(subscription)
        yield from body_mutants(subscription.get("send"))
        yield from body_mutants(subscription.get("with"))
        yield from body_mutants(subscription.get("join"))
        yield from _removed(subscription, "signed", "list", "join")
    yield from _control_mutants(site.get("control"))
    yield from _frames_mutants(site)
    messages = site.get("messages")
    for message in messages.items() if messages is not None else ():
        yield removed(message)
        yield from match_mutants(message.get("match"))
        opened_as = message.get("opened_as")
        if opened_as is not None:
            yield removed(opened_as)
            yield from literal_mutants(opened_as)
        for record in message.entries():
            if record.name not in ("match", "opened_as"):
                yield from record_mutants(record, record.name, top)
    yield from errors_mutants(site.get("errors"))


def _frames_mutants(site: Site) -> Iterator[Mutant]:
    """How frames are packed, and how channels are opened."""
    frames, opened, counter = site.get("frames"), site.get("opened"), site.get("counter")
    if frames is not None and not frames.text:
        yield from _removed(frames, "text")
        message = frames.get("message")
        yield from literal_mutants(message) if message is not None else ()
    if counter is not None:
        yield removed(counter)
        yield from path_mutants(counter)
    if frames is not None and frames.text in _PACKED:
        yield from (becomes(frames, form) for form in ("json", *_PACKED) if form != frames.text)
    if opened is not None:
        yield from match_mutants(opened.get("match"))
        for key in ("number", "kind", "symbol", "frames"):
            yield from path_mutants(opened.get(key))


def _control_mutants(site: Site | None) -> Iterator[Mutant]:
    if site is None:
        return
    for control in site.entries():
        for each in control.items():
            yield removed(each)
            match = each.get("match") if control.name in ("error", "server_ping") else each
            yield from match_mutants(match)
            yield from _told_mutants(each) if control.name == "error" else ()
            yield from body_mutants(each.get("answer"))
