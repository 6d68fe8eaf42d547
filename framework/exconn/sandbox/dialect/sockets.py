"""Sockets: what the exchange says over websockets, and what it understands there.

Rules:
- A message is known by its match; its readings and the match together name every field that it may have.
- In a socket with `checks` every message is judged as a request over HTTP is, by those checks; arguments stand below
  `params` of the frame, and `reply` wraps all answers. There a message may call an endpoint by its name.
- A message with `refused` is understood and answered with that error, whatever else it holds.
- `event` wraps event frames: of the whole socket, or of connections that came by an entrance that is `wrapped`.
- A message may make its `topic` of arguments, and be done and answered for `each` item of a list by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from exconn.sandbox.topics import HOLE, TopicForm

from .channels import build_channels
from .endpoints import Bench, Endpoint, build_request
from .formats import build_defaults
from .matches import build_frame_match
from .meanings import Saying, build_sayings
from .place import Place
from .placeholders import Render
from .readings import Reading, build_readings
from .records import RECORDS
from .socket_rules import Entrance, ErrorFrame, Heartbeat, Message, Pings, SocketRules
from .templates import Workshop
from .verbs import LOGIN, SOCKET_VERBS, SUBSCRIBE, UNSUBSCRIBE, VERBS


def build_sockets(place: Place, bench: Bench, endpoints: Mapping[str, Endpoint]) -> dict[str, SocketRules]:
    """The section `sockets`; a message may call one of the endpoints."""
    return {entry.name: _socket(entry, bench, endpoints) for entry in place.entries("sockets")}


def _socket(place: Place, bench: Bench, endpoints: Mapping[str, Endpoint]) -> SocketRules:
    workshop = bench.workshop.under(build_defaults(place, bench.workshop.placeholders.defaults))
    bench = Bench(workshop, bench.types, bench.pools, bench.signatures, bench.envelopes)
    common = build_readings(place, bench.types) if "reads" in place else ()
    sayings = build_sayings(place, workshop)
    messages = tuple(_message(item, place, bench, endpoints, common, sayings) for item in place.items("messages"))
    checks = place.get("checks")
    error = place.at("error")
    limits = place.get("topics", {})
    for key in ("handshakes", "frames"):
        if key in place and place.get(key) not in bench.pools:
            place.at(key).error(
                "unknown-pool", f"there is no pool '{place.get(key)}'", f"pools: {', '.join(bench.pools)}"
            )
    return SocketRules(
        place.name,
        _entrances(place),
        place.get("handshakes"),
        place.get("frames"),
        place.get("most_bytes", 1 << 20),
        limits.get("frame"),
        limits.get("all"),
        place.get("silence"),
        place.get("login_within"),
        any(message.verb.name == LOGIN for message in messages),
        place.get("lives"),
        place.get("behind", 10_000),
        place.get("closes", {}),
        messages,
        _error(error, bench),
        {channel.name: channel for entry in place.entries("channels") for channel in build_channels(entry, bench)},
        None if checks is None else {kind: tuple(steps) for kind, steps in checks.items()},
        place.get("params"),
        workshop.render(place.at("reply"), {}) if "reply" in place else None,
        workshop.render(place.at("event"), {}) if "event" in place else None,
        place.get("numbered", False),
        place.get("unknown_topics", "refused") == "kept",
        place.get("topics_once", False),
        workshop.render(place.at("greeting"), {}) if "greeting" in place else None,
        _heartbeat(place.at("heartbeat"), workshop) if "heartbeat" in place else None,
        Pings(**place.get("pings")) if "pings" in place else None,
        _known_by(place),
        sayings,
    )


def _known_by(place: Place) -> str:
    """The first field that the matches of all messages name."""
    matches = [[key.name for key in item.at("match").key_places()] for item in place.items("messages")]
    return next((name for name in matches[0] if all(name in match for match in matches)), "") if matches else ""


def _heartbeat(place: Place, workshop: Workshop) -> Heartbeat:
    return Heartbeat(place.get("seconds"), workshop.render(place.at("give"), {}))


def _error(place: Place, bench: Bench) -> ErrorFrame:
    readings = build_readings(place, bench.types) if "reads" in place else ()
    return ErrorFrame(readings, bench.workshop.render(place.at("give"), {}))


def _entrances(place: Place) -> tuple[Entrance, ...]:
    if ("path" in place) == ("entrances" in place):
        place.error("no-entrance", "a socket has a path or entrances", "write path, or entrances for several")
        return ()
    if "path" in place:
        return (Entrance(place.get("path"), None, "event" in place),)
    return tuple(
        Entrance(item.get("path"), item.get("topics"), item.get("wrapped", False)) for item in place.items("entrances")
    )


def _message(
    place: Place,
    socket: Place,
    bench: Bench,
    endpoints: Mapping[str, Endpoint],
    common: tuple[Reading, ...],
    sayings: Mapping[str, Saying],
) -> Message:
    if "calls" in place:
        asked, answer = _called(place, socket, bench, endpoints)
    else:
        does = place.get("does", "nothing")
        verb = SOCKET_VERBS.get(does) or VERBS[does]
        asked = build_request(place, bench, verb)
        answer = bench.workshop.render(place.at("answer"), RECORDS[verb.gives]) if "answer" in place else None
        if "checks" not in socket and (verb.name == LOGIN) != (asked.signature is not None):
            hint = "write signed: NAME there, or checks for the socket"
            place.error("login-unsigned", "a login names its signature, and nothing else does", hint)
    asked = replace(asked, readings=(*asked.readings, *common), sayings={**sayings, **asked.sayings})
    matched = [key.name.partition(".")[0] for key in place.at("match").key_places()]
    fields = frozenset([*matched, *(reading.path.partition(".")[0] for reading in asked.readings)])
    match, before_login = build_frame_match(place.at("match")), place.get("before_login", False)
    return Message(
        match,
        fields,
        asked,
        before_login,
        place.get("refused"),
        answer,
        _topic_form(place, asked.readings) if "topic" in place else None,
        _each(place, asked.readings),
        _error(place.at("error"), bench) if "error" in place else None,
        place.get("bare", False),
    )


def _each(place: Place, readings: tuple[Reading, ...]) -> tuple[str, ...]:
    names = [reading.arg for reading in readings]
    for item in place.items("each"):
        _check_argument(item, str(item.plain), names)
    return tuple(place.get("each", ()))


def _topic_form(place: Place, readings: tuple[Reading, ...]) -> TopicForm:
    text, names = str(place.get("topic")), [reading.arg for reading in readings]
    holes = tuple(HOLE.findall(text))
    if place.get("does") not in (SUBSCRIBE, UNSUBSCRIBE):
        place.at("topic").error("topic-unused", "only a subscription or its end has topics", "leave topic out")
    for hole in holes:
        _check_argument(place.at("topic"), hole, names)
    return TopicForm(text, holes)


def _check_argument(place: Place, name: str, names: list[str]) -> None:
    if name not in names:
        place.error("unknown-argument", f"no reading gives '{name}'", f"there is {', '.join(names) or 'none'}")


def _called(
    place: Place, socket: Place, bench: Bench, endpoints: Mapping[str, Endpoint]
) -> tuple[Endpoint, Render | None]:
    """An endpoint that a message calls, signed as the socket signs."""
    endpoint = endpoints.get(place.get("calls"))
    if endpoint is None or "checks" not in socket or "does" in place:
        hint = f"a socket with checks calls endpoints: {', '.join(endpoints)}"
        place.at("calls").error("bad-call", f"'{place.get('calls')}' cannot be called here", hint)
        return build_request(place, bench, VERBS["nothing"]), None
    if endpoint.signature is None:
        return endpoint, endpoint.reply
    signature = socket.get("signed", {}).get(endpoint.signature, endpoint.signature)
    if signature not in bench.signatures:
        socket.at("signed").error("unknown-name", f"there is no signature '{signature}'", ", ".join(bench.signatures))
    return replace(endpoint, signature=signature), endpoint.reply
