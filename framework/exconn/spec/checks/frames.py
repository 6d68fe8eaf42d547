"""Frames: each is claimed once, each record of a stream says whose it is, subscriptions and logins can be followed.

Rules: two matches that some frame surely satisfies both are an error, what is not proved is left to the samples; a
message about a book, a trade or a price reads its symbol, an order its state; the array that a subscription repeats
holds one element with a pair in it, a text that it joins names a pair.
"""

from itertools import combinations

from exconn.document import Findings, Span, quoted
from exconn.spec.checks.overlap import surely_overlap
from exconn.spec.pieces import Array, Body, Match, Object, Template
from exconn.spec.tree import Message, Socket, Spec, Subscription
from exconn.spec.vocabulary import OF_A_PAIR
from exconn.spec.walk import hole_names, names_pair, step_templates, templates_of


def check_frames(spec: Spec, findings: Findings) -> None:
    for socket in spec.sockets.values():
        _check_claims(socket, findings)
        _check_route(socket, findings)
        for message in socket.messages:
            _check_records(message, findings)
        for subscription in socket.subscribe:
            _check_subscription(subscription, findings)
            _check_words(spec, subscription, findings)
        _check_login(socket, findings)
        _check_ping(socket, findings)


def _check_ping(socket: Socket, findings: Findings) -> None:
    """A ping that waits for the silence that ends the socket is never sent."""
    ping = socket.ping
    if ping is not None and ping.after_silence is not None and ping.after_silence >= socket.silence:
        message = f"the ping comes after {ping.after_silence:g} s of silence, when the socket is dead already"
        hint = f"write less than silence, which is {socket.silence:g}"
        findings.add("bad-ping", message, ping.span, hint)


def _claims(socket: Socket) -> list[tuple[str, Match, str | None]]:
    """What each claim is called, its match, and the kind of channel that it is about."""
    control = socket.control
    named = {
        "control.subscribed": control.subscribed,
        "control.logged_in": control.logged_in,
        "control.pong": control.pong,
        "control.error": control.error and control.error.match,
        "control.server_ping": control.server_ping and control.server_ping.match,
        "opened": socket.opened and socket.opened.match,
    }
    claims = [(name, match, None) for name, match in named.items() if isinstance(match, Match)]
    claims += [("control.ignored", match, None) for match in control.ignored]
    claims += [("control.reconnect", match, None) for match in control.reconnect]
    return claims + [("a message", message.match, message.opened_as) for message in socket.messages]


def _check_claims(socket: Socket, findings: Findings) -> None:
    for (name, first, kind), (_other, second, other_kind) in combinations(_claims(socket), 2):
        if kind == other_kind and surely_overlap(first, second):
            whose = f"{name} on line {first.span.line}"
            message = f"a frame can be this and {whose}: nothing tells them apart"
            hint = "add a line to one of them that the other's frames do not satisfy"
            findings.add("frames-overlap", message, second.span, hint)


def _check_route(socket: Socket, findings: Findings) -> None:
    paths = {line.path.text for _, match, _ in _claims(socket) for line in match.lines}
    for path in socket.route:
        if path.text not in paths:
            message = f"no match of the socket {quoted(socket.name)} asks for {quoted(path.text)}"
            findings.add("needless-route", message, path.span, "delete it, or ask for it in a match")


def _check_records(message: Message, findings: Findings) -> None:
    for record in message.records:
        start = Span(record.span.file, record.span.line, record.span.col)
        kind = record.kind.replace("_", " ")
        if record.kind in OF_A_PAIR and "symbol" not in record.fields:
            hint = "add symbol: PATH as symbol.<form>"
            findings.add("missing-field", f"a {kind} record of a stream must have symbol", start, hint)
        if record.kind == "order" and "state" not in record.fields:
            hint = "add state: PATH as <table>"
            findings.add("missing-field", "an order record of a stream must have state", start, hint)


def _check_subscription(subscription: Subscription, findings: Findings) -> None:
    if subscription.list_at is None:
        if subscription.at_most is not None:
            message = "at_most counts the elements of a list, and there is none"
            findings.add("bad-list", message, subscription.span, "add list: and the array's place, or delete at_most")
        if subscription.join is not None:
            message = "join stands between the symbols of a list, and there is none"
            findings.add("bad-list", message, subscription.span, "add list: and the text's place, or delete join")
        return
    found: Body | None = subscription.send
    for step in subscription.list_at.split("."):
        found = dict(found.fields).get(step) if isinstance(found, Object) else None
    name = quoted(subscription.list_at)
    if subscription.join is not None:
        if not isinstance(found, Template) or found.is_number:
            message = f"{name} is no text in the frame, and only symbols in a text are joined"
            findings.add("bad-list", message, subscription.span, "write the dotted path of the text, or delete join")
            return
    elif not isinstance(found, Array) or len(found.items) != 1:
        message, hint = f"{name} is no array in the frame", "write the dotted path of the array that is repeated"
        if isinstance(found, Array):
            message = f"{name} has {len(found.items)} elements; the one element of a list is repeated for each symbol"
            hint = "write a frame for each element, or one element with a word of `with` in it; or delete list"
        findings.add("bad-list", message, subscription.span, hint)
        return
    inside = list(templates_of(found))
    outside = [each for each in templates_of(subscription.send) if not any(each is template for template in inside)]
    if not names_pair(inside):
        what = "the text" if subscription.join is not None else "the element of"
        message = f"{what} {name} does not name a pair, so there is nothing to repeat it for"
        hint = f"delete list, or add {{symbol.<form>}} to {'the element' if subscription.join is None else 'it'}"
        findings.add("bad-list", message, subscription.span, hint)
    elif names_pair(outside):
        message = f"a pair is named outside of {name}, in a frame that is about several"
        findings.add("bad-list", message, subscription.span, "name pairs in what is repeated, or delete list")


def _check_words(spec: Spec, subscription: Subscription, findings: Findings) -> None:
    """The words that a frame is multiplied by are in it, or in what signs it."""
    recipe = spec.signing.get(subscription.signed or "")
    named = hole_names(templates_of(subscription.send))
    named |= {name for step in recipe.values for name in hole_names(step_templates(step))} if recipe else set()
    for word in subscription.words:
        if word not in named:
            message = f"the name {quoted(word)} of with is never used"
            findings.add("unused-name", message, subscription.span, "use it or delete it")


def _check_login(socket: Socket, findings: Findings) -> None:
    control = socket.control
    if socket.login is not None and control.logged_in is None:
        message = f"the socket {quoted(socket.name)} logs in, but no frame tells that it worked"
        findings.add(
            "missing-control",
            message,
            socket.login.span,
            "add control: {logged_in: {PATH: VALUE}}",
        )
    if socket.login is None and control.logged_in is not None:
        message = f"the socket {quoted(socket.name)} does not log in"
        findings.add("needless-control", message, control.logged_in.span, "delete logged_in, or add login")
