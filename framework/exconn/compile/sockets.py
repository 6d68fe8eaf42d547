"""What a socket sends: the handshake's request, login, subscriptions and pings, one function each.

Rules: a handshake is a GET built and signed like any request, or goes to the address that was learnt; login and ping
are frames, or a word of plain text; what the socket has not, has no function.
"""

import ast

from exconn.compile.drafts import Draft
from exconn.compile.emit import Unit, at, call, const, name
from exconn.compile.frames import PAIR, Frames, handshake
from exconn.compile.requests import request_scope, write_request
from exconn.compile.scope import Scope
from exconn.compile.signing import Signing
from exconn.compile.subscriptions import emit_subscribe
from exconn.compile.templates import PLAIN, joined, template_parts
from exconn.spec.pieces import Template
from exconn.spec.tree import Socket, Spec, Subscription


def emit_socket_functions(spec: Spec, socket: Socket, unit: Unit, signing: Signing) -> dict[str, str]:
    """Define what the socket sends; role (connect, subscribe, login, ask_snapshot, ping) -> the function's name. The
    last three only where the socket has them."""
    frames = Frames(spec, socket, unit, signing)
    functions = {
        "connect": _emit_connect(spec, socket, unit, signing),
        "subscribe": emit_subscribe(socket, frames),
    }
    if socket.login is not None:
        login = Subscription(socket.login.send, socket.login.span, socket.login.signed)
        functions["login"] = frames.frame(login, f"login_{socket.name}")
    if socket.ask_snapshot is not None:
        functions["ask_snapshot"] = frames.frame(socket.ask_snapshot, f"ask_{socket.name}_snapshot", (PAIR,))
    if socket.ping is not None and socket.ping.send is not None:
        functions["ping"] = frames.frame(Subscription(socket.ping.send, socket.ping.span), f"ping_{socket.name}")
    elif socket.ping is not None and socket.ping.word is not None:
        word: list[ast.stmt] = [ast.Return(const(socket.ping.word))]
        functions["ping"] = unit.function(f"ping_{socket.name}", ("fresh", "context"), word, socket.ping.span)
    return functions


def _emit_connect(spec: Spec, socket: Socket, unit: Unit, signing: Signing) -> str:
    draft = handshake(spec, socket, socket.connect.signed)
    scope = request_scope(spec, draft, unit, signing)
    if socket.connect.url is None:
        write_request(draft, scope)
    else:
        _write_learnt(socket.connect.url, draft, scope)
    types: dict[str, ast.expr] = {each: unit.use(each.capitalize()) for each in ("fresh", "context")}
    return unit.function(draft.stem, ("fresh", "context"), scope.statements, draft.span, unit.use("Request"), types)


def _write_learnt(url: Template, draft: Draft, scope: Scope) -> None:
    """`return learnt_request(context, host, url, query)`."""
    address = joined(template_parts(url, scope, PLAIN))
    query = scope.value("query", draft.span).node()
    made = call(scope.unit.use("learnt_request"), name("context"), const(draft.host), address, query)
    scope.statements.append(at(ast.Return(made), url.span))
