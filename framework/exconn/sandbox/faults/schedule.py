"""Reading faults: strict YAML or JSON, the schema of each kind, then what they name, all findings of a pass at once.

Rules:
- A file is a list of faults, each `{at, fault, ...}`; data of Python is read as the same list, one fault a line, so
  that its findings name the fault by its line.
- Endpoints, sockets, channels and symbols are the dialect's, accounts the sandbox's: a name that leads nowhere, or a
  fault that could never happen, is a mistake of the schedule.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from exconn.document import Findings, Node, load, suggest
from exconn.document.schema import check
from exconn.document.source import MAX_BYTES
from exconn.sandbox.dialect import Dialect
from exconn.sandbox.dialect.place import Place, root

from .fault import Fault
from .kind import Kind, Need
from .kinds import KINDS
from .targets import CONNECT, ROLES

_KIND = {"enum": list(KINDS)}
_ITEM = {"type": "object", "required": ["fault"], "properties": {"fault": {**_KIND, "examples": ["lost"]}}}
_LIST = {"type": "array", "items": _ITEM}
_OF_HANDSHAKES = ("lost", "gateway_error", "error_envelope", "rate_limited", "redirect")
_SCHEMAS = {name: kind.schema for name, kind in KINDS.items()}
_OWN = frozenset({"for", "count", "chance", "seed", "on", "socket", "channel", "symbol"})


@dataclass(frozen=True, slots=True)
class Names:
    """What faults may name: a dialect, and the accounts that the sandbox has."""

    dialect: Dialect
    accounts: Collection[str]


def read_faults(data: bytes, file: str, names: Names, most: int = MAX_BYTES) -> tuple[Fault, ...]:
    """The faults of a schedule of at most `most` bytes; `file` is its name in findings.

    Raises DocumentError with all findings of the pass.
    """
    node = load(data, file, most)
    findings = Findings()
    findings.extend(check(node, _LIST, file))
    findings.raise_errors()
    return _read([place.node for place in root(node, findings).items()], names, file)


def read_fault(data: bytes, file: str, names: Names) -> Fault:
    """One fault. Raises DocumentError."""
    node = load(data, file)
    findings = Findings()
    findings.extend(check(node, _ITEM, file))
    findings.raise_errors()
    return _read([node], names, file)[0]


def plan_faults(items: Iterable[Mapping[str, Any]], names: Names, file: str = "schedule") -> tuple[Fault, ...]:
    """The faults that data of Python says; item n is line n in findings. Raises DocumentError."""
    lines = ",\n".join(json.dumps(_exact(item), ensure_ascii=False) for item in items)
    data = f"[{lines}]".encode()
    return read_faults(data, file, names, len(data))


def possible(kind: Kind, dialect: Dialect) -> bool:
    """Whether a kind of fault can happen at an exchange that speaks a dialect."""
    return _has(dialect, kind.needs)


def _exact(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")
    if isinstance(value, Mapping):
        return {key: _exact(each) for key, each in value.items()}
    return [_exact(each) for each in value] if isinstance(value, list | tuple) else value


def _read(nodes: list[Node], names: Names, file: str) -> tuple[Fault, ...]:
    findings = Findings()
    places = [root(node, findings) for node in nodes]
    for place in places:
        findings.extend(check(place.node, _SCHEMAS[place.get("fault")], file))
    findings.raise_errors()
    faults = tuple(_fault(place, names) for place in places)
    findings.raise_errors()
    return faults


def _fault(place: Place, names: Names) -> Fault:
    kind = KINDS[place.get("fault")]
    given = place.plain
    read = {each.name: each.read(given) for each in kind.keys}
    _check_names(place, kind, names)
    return Fault(
        kind,
        float(given.get("at") or 0),
        read.get("for"),
        read.get("count"),
        read.get("chance", 1.0),
        read.get("seed", 0),
        read.get("on", ()),
        read.get("socket", ""),
        read.get("channel", ""),
        _symbol(place, names.dialect),
        {name: value for name, value in read.items() if name not in _OWN},
    )


def _check_names(place: Place, kind: Kind, names: Names) -> None:
    dialect = names.dialect
    if not _has(dialect, kind.needs):
        place.at("fault").error("cannot-happen", f"'{kind.name}' cannot happen: {dialect.name} has not {kind.needs}")
    for item in place.items("on"):
        _check(item, "endpoint or role", (*ROLES, *dialect.endpoints))
        if item.plain == CONNECT and kind.name not in _OF_HANDSHAKES:
            item.error("cannot-happen", f"no handshake can be '{kind.name}'", f"there is {', '.join(_OF_HANDSHAKES)}")
        elif item.plain == CONNECT and place.get("accepted"):
            item.error("cannot-happen", "a handshake is done or refused, never both", "leave accepted out")
    channels = {name: None for socket in dialect.sockets.values() for name in socket.channels}
    for key, known in (("socket", (*dialect.sockets,)), ("channel", (*channels,)), ("account", (*names.accounts,))):
        if key in place and place.get(key) is not None:
            _check(place.at(key), key, known)


def _check(place: Place, what: str, known: Collection[str]) -> None:
    name = str(place.plain)
    if name not in known:
        near = suggest(name, known)
        hint = f"did you mean {near}?" if near else f"there is {', '.join(known) or 'none'}"
        place.error("unknown-name", f"there is no {what} '{name}'", hint)


def _symbol(place: Place, dialect: Dialect) -> str:
    if "symbol" not in place or place.get("symbol") is None:
        return ""
    name, theirs = str(place.get("symbol")), dialect.names.read_symbols[""]
    if name in dialect.venue.prices or name in theirs:
        return name if name in dialect.venue.prices else theirs[name]
    _check(place.at("symbol"), "symbol", (*dialect.venue.prices,))
    return ""


def _has(dialect: Dialect, need: Need) -> bool:
    events = {
        frame.event for socket in dialect.sockets.values() for each in socket.channels.values() for frame in each.frames
    }
    reads = any(endpoint.verb.name == "book_snapshot" for endpoint in dialect.endpoints.values())
    return {
        Need.NOTHING: True,
        Need.SOCKET: bool(events),
        Need.BOOK: "book_update" in events,
        Need.SNAPSHOT: reads or "book_snapshot" in events,
        Need.TOKENS: any(endpoint.verb.name == "issue_token" for endpoint in dialect.endpoints.values()),
        Need.LOGIN: any(socket.needs_login for socket in dialect.sockets.values()),
    }[need]
