"""Reading a dialect file: strict YAML, the schema, then everything else, all findings of a pass at once.

Rules:
- The result is ready to serve: templates, readings and matches are closures, names and topics are tables.
- Nothing of the file is ever executed or imported; it chooses from closed lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from exconn.document import DocumentError, Findings, load
from exconn.document.schema import check
from exconn.sandbox.limits import SECOND, Pool

from .endpoints import Bench, Endpoint, Envelope, build_endpoints, build_envelopes
from .formats import Defaults, build_defaults
from .meanings import Saying, build_sayings
from .names import Names, build_names
from .place import Place, root
from .records import RECORDS
from .schema import SCHEMA
from .signing import Signature, build_signatures
from .sockets import SocketRules, build_sockets
from .templates import Workshop
from .types import build_types
from .venue import Venue, build_venue
from .words import build_words


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one exchange speaks. `checks` are the steps of requests, `open` and `signed`; `placing` those of orders."""

    name: str
    venue: Venue
    names: Names
    pools: Mapping[str, Pool]
    signatures: Mapping[str, Signature]
    sayings: Mapping[str, Saying]
    envelopes: Mapping[str, Envelope]
    endpoints: Mapping[str, Endpoint]
    sockets: Mapping[str, SocketRules]
    checks: Mapping[str, tuple[str, ...]]
    placing: tuple[str, ...]
    most_body: int


def load_dialect(data: bytes, file: str) -> Dialect:
    """The dialect in `data`; `file` is its name in findings. Raises DocumentError with all findings of the pass."""
    node = load(data, file)
    findings = Findings()
    findings.extend(check(node, SCHEMA, file))
    findings.raise_errors()
    place = root(node, findings)
    dialect = _build(place)
    findings.raise_errors()
    return dialect


def _build(place: Place) -> Dialect:
    words, names = build_words(place), build_names(place)
    if place.findings.has_errors:
        raise DocumentError(place.findings.sorted())
    types = build_types(place, words, names)
    shapes = {entry.name: (entry.get("of"), entry.at("give")) for entry in place.entries("shapes")}
    defaults = build_defaults(place, Defaults())
    workshop = Workshop(names, words, shapes, defaults, frozenset(_wire_names(place)))
    pools = {entry.name: _pool(entry, workshop) for entry in place.entries("limits")}
    signatures = build_signatures(place, types)
    envelopes = build_envelopes(place, workshop)
    bench = Bench(workshop, types, tuple(pools), tuple(signatures), tuple(envelopes))
    checks = place.get("checks")
    _check_shapes(place, workshop)
    endpoints = build_endpoints(place, bench)
    return Dialect(
        place.get("name"),
        build_venue(place),
        names,
        pools,
        signatures,
        build_sayings(place, workshop),
        envelopes,
        endpoints,
        build_sockets(place, bench, endpoints),
        {"open": tuple(checks["open"]), "signed": tuple(checks["signed"])},
        tuple(checks["placing"]),
        place.get("most_body", 1 << 20),
    )


def _check_shapes(place: Place, workshop: Workshop) -> None:
    """Render each shape once over its own record, so that one which nothing uses is checked too."""
    for name, (of, template) in workshop.shapes.items():
        workshop.render(template, RECORDS[of])
        if f"'shape': '{name}'" not in str(place.plain):
            place.at("shapes").at(name).error("unused-shape", f"nothing uses the shape '{name}'", "delete it")


def _pool(place: Place, workshop: Workshop) -> Pool:
    per, used = place.get("per") * SECOND, place.get("used", [])
    headers = tuple(used) if isinstance(used, list) else (used,)
    shown = workshop.render(place.at("shown"), RECORDS["limit"]) if "shown" in place else None
    return Pool(place.name, place.get("allow"), per, place.get("of"), headers, place.get("aligned", False), shown)


def _wire_names(place: Place) -> Iterator[str]:
    """Every field that some reading of the file takes from the wire: what `sent` may show."""
    readers = [*place.entries("signatures"), *place.entries("endpoints")]
    for socket in place.entries("sockets"):
        readers += [*socket.items("messages"), socket.at("error")]
    for reader in readers:
        if "reads" in reader:
            lists = [reader.at("reads"), *reader.entries("reads")]
            yield from (_path(str(item.plain)) for each in lists for item in each.items())


def _path(reading: str) -> str:
    words = reading.split()
    return words[words.index("from") + 1] if "from" in words[:-1] else words[0]
