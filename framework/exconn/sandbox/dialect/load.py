"""Reading a dialect file: strict YAML, the schema, then everything else, all findings of a pass at once.

Rules:
- The result is ready to serve: templates, readings and matches are closures, names and topics are tables.
- Nothing of the file is ever executed or imported; it chooses from closed lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from exconn.document import DocumentError, Findings, load
from exconn.document.schema import check
from exconn.sandbox.limits import SECOND, Bans, Pool
from exconn.sandbox.rule import decimals

from .declared_types import build_types
from .endpoints import Bench, Endpoint, Envelope, build_endpoints, build_envelopes
from .formats import Defaults, build_defaults
from .identifiers import IdForm, build_id_forms
from .meanings import Saying, build_sayings
from .names import Names, build_names, symbol_of
from .objects import build_object
from .place import Place, root
from .placeholders import Placeholders
from .records import RECORDS
from .schema import SCHEMA
from .signing import Signature, build_signatures
from .socket_rules import SocketRules
from .sockets import build_sockets
from .templates import Workshop
from .time_units import TimeUnits, build_time_units
from .venue import Venue, build_venue, decimal_at
from .words import build_words


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one exchange speaks. `checks` are the steps of requests, `open` and `signed`; `placing` those of orders.
    `places`: how many digits after the point values of each step (price, amount) are declared with, by our symbol.
    """

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
    id_forms: Mapping[str, IdForm] = field(default_factory=dict)
    places: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    time_units: TimeUnits = field(default_factory=TimeUnits)

    def trade_id(self, number: int) -> str:
        """A trade's id, of the whole exchange, as it is written."""
        form = self.id_forms.get("trade")
        return str(number) if form is None else form.write(number)


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
    id_forms = build_id_forms(place)
    types = build_types(place, words, names, id_forms, {"object": build_object})
    shapes = {entry.name: (entry.get("of"), entry.at("give")) for entry in place.entries("shapes")}
    defaults = build_defaults(place, Defaults())
    units = build_time_units(place)
    heard, given = _heard(place)
    known = frozenset((units.words or {}).values())
    workshop = Workshop(
        Placeholders(names, words, defaults, heard, given, known, id_forms, _step_digits(place)), shapes
    )
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
        id_forms,
        workshop.placeholders.step_digits,
        units,
    )


def _check_shapes(place: Place, workshop: Workshop) -> None:
    """Render each shape once over its own record, so that one which nothing uses is checked too."""
    for name, (of, template) in workshop.shapes.items():
        workshop.render(template, RECORDS[of])
        if f"'shape': '{name}'" not in str(place.plain):
            place.at("shapes").at(name).error("unused-shape", f"nothing uses the shape '{name}'", "delete it")


def _pool(place: Place, workshop: Workshop) -> Pool:
    per, used = place.get("per", 0) * SECOND, place.get("used", [])
    if ("decay" in place) == ("per" in place):
        place.error("bad-pool", "a pool has a period, or a counter that decays", "write per, or decay")
    if "first_fill" in place and place.get("of") != "key":
        place.at("first_fill").error("bad-pool", "only a pool of keys hears of fills", "write of: key")
    decay = Fraction(decimal_at(place, "decay") or 1) if "decay" in place else None
    headers = tuple(used) if isinstance(used, list) else (used,)
    shown = workshop.render(place.at("shown"), RECORDS["limit"]) if "shown" in place else None
    bans = place.get("bans")
    banned = None if bans is None else Bans(bans["after"], bans["first"] * SECOND, bans["most"] * SECOND)
    return Pool(
        place.name,
        place.get("allow"),
        per,
        place.get("of"),
        headers,
        place.get("aligned", False),
        shown,
        decay,
        banned,
        place.get("first_fill", {}),
    )


def _step_digits(place: Place) -> dict[str, dict[str, int]]:
    """The digits of each instrument's steps: price and amount, by our symbol."""
    pairs = list(place.items("instruments"))
    return {
        what: {symbol_of(pair): _digits(str(pair.get(step))) for pair in pairs}
        for what, step in (("price", "price_step"), ("amount", "size_step"))
    }


def _digits(step: str) -> int:
    try:
        return decimals(Decimal(step))
    except InvalidOperation:
        return 0  # the venue says what is wrong with it


def _heard(place: Place) -> tuple[frozenset[str], frozenset[str]]:
    """What readings of the file take from the wire, and the arguments that they make of it."""
    readings = list(_readings(place))
    return frozenset(map(_path, readings)), frozenset(reading.partition(" ")[0] for reading in readings)


def _readings(place: Place) -> Iterator[str]:
    """Every reading of the file."""
    readers = [*place.entries("signatures"), *place.entries("endpoints")]
    for socket in place.entries("sockets"):
        messages = list(socket.items("messages"))
        readers += [socket, *messages, *(each.at("error") for each in messages if "error" in each), socket.at("error")]
    for reader in readers:
        if "reads" in reader:
            lists = [reader.at("reads"), *reader.entries("reads")]
            yield from (str(item.plain) for each in lists for item in each.items())


def _path(reading: str) -> str:
    words = reading.split() or [""]  # who builds the endpoint says what is wrong with a reading that is blank
    return words[words.index("from") + 1] if "from" in words[:-1] else words[0]
