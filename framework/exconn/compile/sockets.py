"""What a socket sends: the handshake's request, login, subscriptions and pings, one function each.

Rules: a handshake is a GET built and signed like any request, or goes to the address that was learnt; login and ping
are frames, or a word of plain text; what the socket has not, has no function.
"""

import ast
from collections.abc import Sequence

from exconn.compile.drafts import Draft
from exconn.compile.emit import Unit, Unwritten, at, call, const, name
from exconn.compile.frames import PAIR, Frames, handshake
from exconn.compile.requests import request_scope, write_request
from exconn.compile.scope import Scope
from exconn.compile.signing import Signing
from exconn.compile.subscriptions import emit_subscribe
from exconn.compile.templates import PLAIN, joined, template_parts
from exconn.spec.pieces import Template
from exconn.spec.tree import Ping, Socket, Spec, Subscription


def unwritten_frames(spec: Spec, socket: Socket, unit: Unit, signing: Signing) -> dict[str, Unwritten]:
    """What the socket sends: role (connect, subscribe, login, ask_snapshot, ping) -> its function. The last three only
    where the socket has them."""
    frames = Frames(spec, socket, unit, signing)

    def frame(stem: str, sent: Subscription, leading: Sequence[str] = ()) -> Unwritten:
        return Unwritten(unit, stem, lambda: frames.frame(sent, stem, leading))

    of, ping = socket.name, socket.ping
    functions = {
        "connect": Unwritten(unit, f"connect_{of}", lambda: _emit_connect(spec, socket, unit, signing)),
        "subscribe": Unwritten(unit, f"subscribe_{of}", lambda: emit_subscribe(socket, frames)),
    }
    if socket.login is not None:
        login = Subscription(socket.login.send, socket.login.span, socket.login.signed)
        functions["login"] = frame(f"login_{of}", login)
    if socket.ask_snapshot is not None:
        functions["ask_snapshot"] = frame(f"ask_{of}_snapshot", socket.ask_snapshot, (PAIR,))
    if ping is not None and ping.send is not None:
        functions["ping"] = frame(f"ping_{of}", Subscription(ping.send, ping.span))
    elif ping is not None and ping.word is not None:
        functions["ping"] = Unwritten(unit, f"ping_{of}", lambda: _emit_word(ping, f"ping_{of}", unit))
    return functions


def _emit_word(ping: Ping, stem: str, unit: Unit) -> str:
    return unit.function(stem, ("fresh", "context"), [ast.Return(const(ping.word))], ping.span)


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
