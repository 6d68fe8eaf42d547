"""Endpoints: what the exchange answers over HTTP.

Rules:
- An endpoint is a method and a path, the action it does, the readings of its arguments, constants for the action
  (`with`), rules between arguments, and the template of its reply.
- An argument that the action does not know, or one that it needs and nobody gives, is a mistake of the file.
- A rule names arguments as readings do; `when` says for which of our words it holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from exconn.document import suggest

from .place import Place
from .readings import Reading, build_readings
from .records import RECORDS, Value
from .templates import Render, Workshop
from .types import TypeReader
from .verbs import VERBS, Verb

_PARAMETER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class ArgumentRule:
    """One rule between arguments. `kind` is one_of, not_both, needs, refuses or allows."""

    kind: str
    when: Mapping[str, tuple[Any, ...]]
    args: tuple[str, ...]
    words: tuple[Any, ...] = ()

    def holds(self, args: Mapping[str, Any]) -> bool:
        """Whether the rule speaks about a request with these arguments."""
        return all(args.get(name) in words for name, words in self.when.items())


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint. `assumes` are arguments given by their type of order where the client leaves them out."""

    name: str
    method: str
    path: str
    verb: Verb
    constants: Mapping[str, Any]
    readings: tuple[Reading, ...]
    rules: tuple[ArgumentRule, ...]
    assumes: tuple[tuple[Mapping[str, tuple[Any, ...]], Mapping[str, Any]], ...]
    signature: str | None
    right: str | None
    costs: Mapping[str, int]
    envelope: str
    gated: bool
    body: str | None
    reply: Render


@dataclass(frozen=True, slots=True)
class Envelope:
    """How every reply is wrapped."""

    reply: Render
    error: Render


ENVELOPE: dict[str, Value] = {}


def build_envelopes(place: Place, workshop: Workshop) -> dict[str, Envelope]:
    """The section `envelopes`; its templates show `{reply}`, `{code}` and `{text}`."""
    return {
        entry.name: Envelope(workshop.render(entry.at("reply"), ENVELOPE), workshop.render(entry.at("error"), ENVELOPE))
        for entry in place.entries("envelopes")
    }


@dataclass(frozen=True, slots=True)
class Bench:
    """What endpoints and messages are built with, and the names that they may use."""

    workshop: Workshop
    types: TypeReader
    pools: tuple[str, ...]
    signatures: tuple[str, ...]
    envelopes: tuple[str, ...]


def build_endpoints(place: Place, bench: Bench) -> dict[str, Endpoint]:
    """The section `endpoints`."""
    endpoints = {entry.name: _endpoint(entry, bench) for entry in place.entries("endpoints")}
    seen: dict[tuple[str, str], str] = {}
    for name, endpoint in endpoints.items():
        route = endpoint.method, endpoint.path
        if route in seen:
            message = f"{endpoint.method} {endpoint.path} is '{seen[route]}' already"
            place.at("endpoints").at(name).error("repeated-route", message, "give it another path")
        seen[route] = name
    return endpoints


def _endpoint(place: Place, bench: Bench) -> Endpoint:
    method, _, path = str(place.get("http")).partition(" ")
    verb = VERBS[place.get("does")]
    readings = build_readings(place, bench.types) if "reads" in place else ()
    _check_path(place, path, readings)
    rules, assumes = _rules(place, readings)
    constants = dict(place.get("with", {}))
    check_arguments(place, verb, readings, (*constants, *(name for _, given in assumes for name in given)))
    signature = _known(place, "signed", bench.signatures)
    envelope = _known(place, "envelope", bench.envelopes) or "default"
    for cost in place.entries("costs"):
        if cost.name not in bench.pools:
            cost.error("unknown-pool", f"there is no pool '{cost.name}'", f"pools: {', '.join(bench.pools) or 'none'}")
    return Endpoint(
        place.name,
        method,
        path,
        verb,
        constants,
        readings,
        rules,
        assumes,
        signature,
        place.get("right"),
        place.get("costs", {}),
        envelope,
        place.get("gated", False),
        _body(readings),
        bench.workshop.render(place.at("reply"), RECORDS[verb.gives]),
    )


def _check_path(place: Place, path: str, readings: tuple[Reading, ...]) -> None:
    """That the path's parameters are exactly those that readings take from it, each once."""
    holes = _PARAMETER.findall(path)
    read = [reading.path for reading in readings if reading.place == "path"]
    if sorted(holes) != sorted(read) or len(set(holes)) < len(holes) or "{" in _PARAMETER.sub("", path):
        message = f"the path has {', '.join(holes) or 'no parameters'}, and read is {', '.join(read) or 'none'}"
        place.at("http").error("path-mismatch", message, "read each {parameter} of the path once, under reads: path:")


def _body(readings: tuple[Reading, ...]) -> str | None:
    """Where the body's arguments are: `json`, `form`, or None when the endpoint takes no body."""
    return next((reading.place for reading in readings if reading.place in ("json", "form")), None)


def _known(place: Place, key: str, names: tuple[str, ...]) -> str | None:
    name: str | None = place.get(key)
    if name is not None and name not in names:
        hint = f"did you mean {near}?" if (near := suggest(name, names)) else f"there is {', '.join(names) or 'none'}"
        place.at(key).error("unknown-name", f"'{name}' is not declared", hint)
    return name


def check_arguments(place: Place, verb: Verb, readings: tuple[Reading, ...], constants: tuple[str, ...]) -> None:
    """That an action gets what it needs and nothing that it does not know."""
    given = [*(reading.arg for reading in readings), *constants]
    for name in given:
        if name not in verb.args and name != "request_id":
            hint = f"it takes {', '.join(verb.args) or 'nothing'}"
            place.at("reads" if "reads" in place else "does").error(
                "unknown-argument", f"the action '{verb.name}' has no argument '{name}'", hint
            )
    for name in verb.needs:
        if name not in given:
            place.at("does").error(
                "missing-argument", f"the action '{verb.name}' needs '{name}'", "read it, or give it by 'with'"
            )


def _rules(
    place: Place, readings: tuple[Reading, ...]
) -> tuple[tuple[ArgumentRule, ...], tuple[tuple[Mapping[str, tuple[Any, ...]], Mapping[str, Any]], ...]]:
    rules: list[ArgumentRule] = []
    assumes: list[tuple[Mapping[str, tuple[Any, ...]], Mapping[str, Any]]] = []
    names = [reading.arg for reading in readings]
    for item in place.items("rules"):
        when = {key: tuple(_listed(words)) for key, words in item.get("when", {}).items()}
        _check_names(item, [*when], names)
        for entry in item.entries():
            build = _RULES.get(entry.name)
            if build is not None:
                made = build(entry.plain, when)
                _check_names(entry, [name for rule in made for name in rule.args], names)
                rules += made
            elif entry.name == "assumes":
                _check_names(entry, list(entry.plain), names)
                assumes.append((when, entry.plain))
    return tuple(rules), tuple(assumes)


def _check_names(place: Place, used: list[str], names: list[str]) -> None:
    for name in used:
        if name not in names:
            place.error("unknown-argument", f"no reading gives '{name}'", f"there is {', '.join(names) or 'none'}")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


_When = Mapping[str, tuple[Any, ...]]
_RULES: dict[str, Callable[[Any, _When], list[ArgumentRule]]] = {
    "one_of": lambda names, when: [ArgumentRule("one_of", when, tuple(names))],
    "not_both": lambda names, when: [ArgumentRule("not_both", when, tuple(names))],
    "needs": lambda names, when: [ArgumentRule("needs", when, (name,)) for name in names],
    "refuses": lambda names, when: [ArgumentRule("refuses", when, (name,)) for name in names],
    "allows": lambda table, when: [
        ArgumentRule("allows", when, (name,), tuple(_listed(words))) for name, words in table.items()
    ],
}
