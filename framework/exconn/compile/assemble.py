"""The codec: the facts, and every function under the name it is known by.

Rules: it is put together as a value, of whatever stands for the functions: in memory themselves, and written down their
names; the codec unit is that value's literal, so that both modes say the same; kinds are listed in the order in which
replies and messages first hold them; what the spec does not say is at the contract's default.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from exconn import codec
from exconn.compile.emit import Unit, Unwritten, call, name
from exconn.compile.facts import facts_of, literal_fields
from exconn.compile.requests import recipe_of
from exconn.compile.statements import assign
from exconn.spec.pieces import Record, Template
from exconn.spec.tree import Endpoint, Ping, Socket, Spec
from exconn.spec.uses import used_by_endpoint, used_by_socket

Stand = Callable[[Unwritten], Any]
"""From a function that is not written to what stands for it in the codec."""


@dataclass(frozen=True, slots=True)
class Functions:
    """Every function of a codec. `endpoints`: operation -> build, read; `sockets`: name -> connect, subscribe, read and
    perhaps login, ask_snapshot and ping; `signers`: recipe -> sign."""

    endpoints: dict[str, dict[str, Unwritten]]
    sockets: dict[str, dict[str, Unwritten]]
    signers: dict[str, Unwritten]


def codec_of(spec: Spec, functions: Functions, stand: Stand) -> codec.Codec:
    """The codec of a spec."""
    return codec.Codec(
        facts=facts_of(spec),
        endpoints={
            each: _endpoint(spec, spec.endpoints[each], _standing(of, stand))
            for each, of in functions.endpoints.items()
        },
        sockets={
            each: _socket(spec, spec.sockets[each], _standing(of, stand)) for each, of in functions.sockets.items()
        },
        signers={
            each: codec.Signer(sign=stand(of), nonce=spec.signing[each].nonce) for each, of in functions.signers.items()
        },
    )


def emit_codec(written: codec.Codec, unit: Unit) -> None:
    """Define FACTS and CODEC, of a codec whose functions are names."""
    fields = literal_fields(written, unit)
    unit.add(assign("FACTS", fields["facts"]))
    unit.add(assign("CODEC", call(unit.use("Codec"), **{**fields, "facts": name("FACTS")})))


def _standing(functions: dict[str, Unwritten], stand: Stand) -> dict[str, Any]:
    return {role: stand(each) for role, each in functions.items()}


def _endpoint(spec: Spec, endpoint: Endpoint, functions: dict[str, Any]) -> codec.Endpoint:
    recipe = recipe_of(spec, endpoint.signed)
    return codec.Endpoint(
        operation=endpoint.operation,
        method=endpoint.method,
        path=_shown(endpoint.path),
        **functions,
        signed=recipe is not None,
        nonce=recipe.nonce if recipe is not None else None,
        costs=endpoint.costs,
        kinds=_kinds(endpoint.reply),
        paged=endpoint.pages is not None,
        lasts=endpoint.lasts,
        renew_every=endpoint.renew_every,
        gives=tuple(given.name for given in endpoint.gives),
        uses=used_by_endpoint(spec, endpoint),
        costs_by_age={
            pool: tuple((row.start, row.cost) for row in rows) for pool, rows in endpoint.costs_by_age.items()
        },
    )


def _socket(spec: Spec, socket: Socket, functions: dict[str, Any]) -> codec.Socket:
    frame = functions.pop("ping", None)
    told: dict[str, Any] = {"silence": socket.silence, "orders_arrive": socket.orders_arrive}
    records = [record for message in socket.messages for record in message.records]
    return codec.Socket(
        name=socket.name,
        **functions,
        nonces=_nonces(spec, socket),
        acknowledges=socket.control.subscribed is not None or socket.opened is not None,
        ping=None if socket.ping is None else _ping(socket.ping, frame),
        lives=socket.lives,
        kinds=_kinds(records),
        tells_available=all(each.fields.keys() & {"available", "held"} for each in records if each.kind == "balance"),
        costs=socket.costs,
        sends=socket.sends,
        uses=used_by_socket(spec, socket),
        **{key: value for key, value in told.items() if value is not None},
    )


def _ping(ping: Ping, frame: Any) -> codec.Ping:
    return codec.Ping(frame=frame, every=ping.every, after_silence=ping.after_silence)


def _nonces(spec: Spec, socket: Socket) -> dict[str, str]:
    """Role -> the unit of the nonce that its recipe draws."""
    signed = [("connect", socket.connect.signed), ("login", socket.login.signed if socket.login else None)]
    signed += [("subscribe", subscription.signed) for subscription in socket.subscribe]
    drawn = {role: recipe.nonce for role, each in signed if (recipe := recipe_of(spec, each)) is not None}
    return {role: nonce for role, nonce in drawn.items() if nonce is not None}


def _kinds(records: Iterable[Record]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(record.kind for record in records))


def _shown(path: Template) -> str:
    return "".join(part if isinstance(part, str) else f"{{{part.name}}}" for part in path.parts)
