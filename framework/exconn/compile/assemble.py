"""The codec unit: the facts, and every function of the other units under the name it is known by.

Rules: only what the spec says is written, a field of the contract at its default is left out; kinds are listed in the
order in which replies and messages first hold them; nothing is computed here when the unit runs.
"""

import ast
from collections.abc import Iterable, Mapping

from exconn.compile.emit import Unit, at, call, const, name
from exconn.compile.facts import facts_of, literal
from exconn.compile.requests import recipe_of
from exconn.spec.pieces import Record, Template
from exconn.spec.tree import Endpoint, Ping, Socket, Spec
from exconn.spec.uses import used_by_endpoint, used_by_socket


def emit_codec(
    spec: Spec,
    unit: Unit,
    endpoints: dict[str, dict[str, ast.expr]],
    sockets: dict[str, dict[str, ast.expr]],
    signers: dict[str, ast.expr],
) -> None:
    """Define FACTS and CODEC. `endpoints`: operation -> build, read; `sockets`: name -> connect, subscribe, read and
    perhaps login and ping; `signers`: recipe -> sign; each the expression that names its function."""
    facts = ast.Assign([ast.Name("FACTS", ast.Store())], literal(facts_of(spec), unit))
    codec = call(
        unit.use("Codec"),
        facts=name("FACTS"),
        endpoints=_table({each: _endpoint(spec, spec.endpoints[each], of, unit) for each, of in endpoints.items()}),
        sockets=_table({each: _socket(spec, spec.sockets[each], of, unit) for each, of in sockets.items()}),
        **(
            {"signers": _table({each: _signer(spec, each, of, unit) for each, of in signers.items()})}
            if signers
            else {}
        ),
    )
    unit.add(at(facts, spec.span), at(ast.Assign([ast.Name("CODEC", ast.Store())], codec), spec.span))


def _table(values: dict[str, ast.expr]) -> ast.expr:
    return ast.Dict([const(key) for key in values], list(values.values()))


def _endpoint(spec: Spec, endpoint: Endpoint, functions: dict[str, ast.expr], unit: Unit) -> ast.expr:
    recipe = recipe_of(spec, endpoint.signed)
    told = {
        "signed": recipe is not None,
        "nonce": recipe.nonce if recipe is not None else None,
        "costs": endpoint.costs,
        "kinds": _kinds(endpoint.reply),
        "paged": endpoint.pages is not None,
        "lasts": endpoint.lasts,
        "renew_every": endpoint.renew_every,
        "gives": tuple(given.name for given in endpoint.gives),
        "uses": used_by_endpoint(spec, endpoint),
    }
    written = call(
        unit.use("Endpoint"),
        operation=const(endpoint.operation),
        method=const(endpoint.method),
        path=const(_shown(endpoint.path)),
        **functions,
        **_said(told, unit),
    )
    return at(written, endpoint.span)


def _socket(spec: Spec, socket: Socket, functions: dict[str, ast.expr], unit: Unit) -> ast.expr:
    ping = functions.pop("ping", None)
    pinging = {"ping": _ping(socket.ping, ping, unit)} if socket.ping is not None else {}
    told = {
        "nonces": _nonces(spec, socket),
        "acknowledges": socket.control.subscribed is not None or socket.opened is not None,
        "silence": socket.silence,
        "lives": socket.lives,
        "kinds": _kinds(record for message in socket.messages for record in message.records),
        "orders_arrive": socket.orders_arrive,
        "costs": socket.costs,
        "sends": socket.sends,
        "uses": used_by_socket(spec, socket),
    }
    return at(
        call(unit.use("Socket"), name=const(socket.name), **functions, **pinging, **_said(told, unit)), socket.span
    )


def _signer(spec: Spec, recipe: str, function: ast.expr, unit: Unit) -> ast.expr:
    span = spec.signing[recipe].span
    return at(call(unit.use("Signer"), sign=function, **_said({"nonce": spec.signing[recipe].nonce}, unit)), span)


def _ping(ping: Ping, frame: ast.expr | None, unit: Unit) -> ast.expr:
    built = {} if frame is None else {"frame": frame}
    return at(
        call(unit.use("Ping"), **built, **_said({"every": ping.every, "after_silence": ping.after_silence}, unit)),
        ping.span,
    )


def _nonces(spec: Spec, socket: Socket) -> dict[str, str]:
    """Role -> the unit of the nonce that its recipe draws."""
    signed = [("connect", socket.connect.signed), ("login", socket.login.signed if socket.login else None)]
    signed += [("subscribe", subscription.signed) for subscription in socket.subscribe]
    drawn = {role: recipe.nonce for role, each in signed if (recipe := recipe_of(spec, each)) is not None}
    return {role: nonce for role, nonce in drawn.items() if nonce is not None}


def _said(told: Mapping[str, object], unit: Unit) -> dict[str, ast.expr]:
    """What is not at the contract's default of nothing."""
    return {key: literal(value, unit) for key, value in told.items() if value not in (None, False, (), {})}


def _kinds(records: Iterable[Record]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(record.kind for record in records))


def _shown(path: Template) -> str:
    return "".join(part if isinstance(part, str) else f"{{{part.name}}}" for part in path.parts)
