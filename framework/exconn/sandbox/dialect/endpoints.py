"""Endpoints: what the exchange answers over HTTP.

Rules:
- An endpoint is a method and a path, the action it does, the readings of its arguments, constants for the action
  (`with`), rules between arguments, and the template of its reply.
- An argument that the action does not know, or one that it needs and nobody gives, is a mistake of the file.
- A reading whose name begins with `x_` is nobody's: it is checked, may be shown by `{sent...}`, and does nothing.
- What a message of a websocket asks for is an endpoint too, without method and path.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from exconn.document import suggest

from .deadlines import ARGUMENT as DEADLINE
from .deadlines import DeadlineRule, build_deadline
from .matches import build_frame_match
from .meanings import Saying, build_sayings
from .place import Place
from .placeholders import Render
from .readings import Reading, build_readings
from .records import RECORDS
from .rules import ArgumentRule, Assumption, build_becomes, build_rules
from .templates import Workshop
from .types import TypeReader
from .values import Value
from .verbs import VERBS, Verb

_PARAMETER = re.compile(r"\{([a-z_]+)\}")
BODIES = ("json", "form", "body", "params")


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
    assumes: tuple[Assumption, ...]
    signature: str | None
    right: str | None
    costs: Mapping[str, int]
    envelope: str
    gated: bool
    body: str | None
    reply: Render
    sayings: Mapping[str, Saying] = field(default_factory=dict)
    becomes: tuple[Assumption, ...] = ()
    costs_when: tuple[tuple[Callable[[Mapping[str, Any]], bool], Mapping[str, int]], ...] = ()
    deadline: DeadlineRule | None = None

    def costs_of(self, sent: Mapping[str, Any]) -> Mapping[str, int]:
        """What a request costs that sent this: its own costs, those of the first match in place of them."""
        return next(({**self.costs, **costs} for holds, costs in self.costs_when if holds(sent)), self.costs)

    @property
    def is_tree(self) -> bool:
        """Whether it answers all that begins with its path, whatever is sent."""
        return self.path.endswith("*")


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
    endpoints: dict[str, Endpoint] = {}
    seen: dict[tuple[str, str], str] = {}
    for entry in place.entries("endpoints"):
        built = _endpoint(entry, bench)
        for method in built.method.split("|"):
            route = method, built.path
            if route in seen:
                message = f"{method} {built.path} is '{seen[route]}' already"
                entry.error("repeated-route", message, "give it another path")
            seen[route] = entry.name
            name = entry.name if entry.name not in endpoints else f"{entry.name} {method}"
            endpoints[name] = replace(built, method=method)
    return endpoints


def _endpoint(place: Place, bench: Bench) -> Endpoint:
    method, _, path = str(place.get("http")).partition(" ")
    verb = VERBS[place.get("does")]
    asked = build_request(place, bench, verb)
    _check_path(place, path, asked.readings)
    reply = bench.workshop.render(place.at("reply"), RECORDS[verb.gives])
    return replace(asked, method=method, path=path, reply=reply)


def build_request(place: Place, bench: Bench, verb: Verb) -> Endpoint:
    """What an endpoint and a message have in common: everything but its address and its answer."""
    readings = build_readings(place, bench.types) if "reads" in place else ()
    rules, assumes = build_rules(place, readings)
    becomes = build_becomes(place, readings)
    constants = dict(place.get("with", {}))
    if "topic" not in place:  # whose arguments make topics, and ask for snapshots
        assumed = [name for _, given in assumes for name in given]
        renamed = [name for _, names in becomes for name in names.values()]
        check_arguments(place, verb, readings, (*constants, *assumed, *renamed))
    signature = _known(place, "signed", bench.signatures)
    envelope = _known(place, "envelope", bench.envelopes) or "default"
    _check_costs(place, bench.pools)
    return Endpoint(
        place.name,
        "",
        "",
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
        lambda row, scope: None,
        build_sayings(place, bench.workshop),
        becomes,
        tuple((build_frame_match(each.at("sent")), each.get("costs")) for each in place.items("costs_when")),
        build_deadline(place, readings),
    )


def _check_costs(place: Place, pools: tuple[str, ...]) -> None:
    """That what a request costs is of pools that there are."""
    otherwise = (cost for each in place.items("costs_when") for cost in each.entries("costs"))
    for cost in (*place.entries("costs"), *otherwise):
        if cost.name not in pools:
            cost.error("unknown-pool", f"there is no pool '{cost.name}'", f"pools: {', '.join(pools) or 'none'}")


def _check_path(place: Place, path: str, readings: tuple[Reading, ...]) -> None:
    """That the path's parameters are exactly those that readings take from it, each once."""
    holes = _PARAMETER.findall(path)
    read = [reading.path for reading in readings if reading.place == "path"]
    if sorted(holes) != sorted(read) or len(set(holes)) < len(holes) or "{" in _PARAMETER.sub("", path):
        message = f"the path has {', '.join(holes) or 'no parameters'}, and read is {', '.join(read) or 'none'}"
        place.at("http").error("path-mismatch", message, "read each {parameter} of the path once, under reads: path:")


def _body(readings: tuple[Reading, ...]) -> str | None:
    """Where the body's arguments are: one of BODIES, or None when the endpoint takes no body."""
    return next((reading.place for reading in readings if reading.place in BODIES), None)


def _known(place: Place, key: str, names: tuple[str, ...]) -> str | None:
    name: str | None = place.get(key)
    if name is not None and name not in names:
        hint = f"did you mean {near}?" if (near := suggest(name, names)) else f"there is {', '.join(names) or 'none'}"
        place.at(key).error("unknown-name", f"'{name}' is not declared", hint)
    return name


def check_arguments(place: Place, verb: Verb, readings: tuple[Reading, ...], constants: tuple[str, ...]) -> None:
    """That an action gets what it needs and nothing that it does not know."""
    given = [*(reading.arg for reading in readings), *constants]
    further = ("request_id", DEADLINE) if DEADLINE in place else ("request_id",)
    for name in given:
        if name not in verb.args and name not in further and not name.startswith("x_"):
            hint = f"it takes {', '.join(verb.args) or 'nothing'}"
            place.at("reads" if "reads" in place else "does").error(
                "unknown-argument", f"the action '{verb.name}' has no argument '{name}'", hint
            )
    for name in verb.needs:
        if name not in given:
            place.at("does").error(
                "missing-argument", f"the action '{verb.name}' needs '{name}'", "read it, or give it by 'with'"
            )
