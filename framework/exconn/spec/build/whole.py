"""Builds the whole tree: names first, then the sections over them."""

from exconn.document import Findings, Mapping
from exconn.spec.build import declarations as declared
from exconn.spec.build.errors import build_envelopes, build_errors
from exconn.spec.build.nodes import text
from exconn.spec.build.readings import Readings
from exconn.spec.build.records import Records
from exconn.spec.build.requests import Endpoints
from exconn.spec.build.signing import build_signing
from exconn.spec.build.streams import Sockets
from exconn.spec.names import Names, named_entries
from exconn.spec.tree import Spec

_SECTIONS = {
    "credential": "credentials",
    "recipe": "signing",
    "pool": "limits",
    "words": "words",
    "decision": "decisions",
    "envelope": "envelopes",
    "shape": "shapes",
    "form": "symbols",
}


def build_spec(root: Mapping, file: str, names: Names, findings: Findings) -> Spec:
    """The tree of a document that the schema accepts; what is wrong with it is added to `findings`."""
    for noun, section in _SECTIONS.items():
        names.define(noun, named_entries(root.get(section)))
    for group in named_entries(root.get("hosts"))[:1]:
        names.define("host", named_entries(group.value))
    for endpoint in named_entries(root.get("endpoints")):
        if isinstance(endpoint.value, Mapping):
            names.define("given", named_entries(endpoint.value.get("gives")))
    words = declared.build_words(root)
    decisions = declared.build_decisions(root, findings)
    envelopes = build_envelopes(root, findings)
    readings = Readings(words, decisions, names, findings)
    records = Records(root, readings, names, findings)
    return Spec(
        file=file,
        span=root.span,
        name=text(root, "name") or "",
        docs=text(root, "docs") or "",
        hosts=declared.build_hosts(root),
        learnt_hosts=declared.build_learnt_hosts(root),
        credentials=declared.build_credentials(root),
        client_id=declared.build_client_id(root),
        assets=declared.build_assets(root),
        symbols=declared.build_symbols(root, findings),
        words=words,
        decisions=decisions,
        signing=build_signing(root, names, findings),
        limits=declared.build_limits(root, names),
        envelopes=envelopes,
        errors=build_errors(root.get("errors"), findings),
        endpoints=Endpoints(envelopes, records, readings, names, findings).build(root),
        sockets=Sockets(records, names, findings).build(root),
        order_book=declared.build_order_book(root),
        fees=declared.build_fees(root),
        price_steps=declared.build_price_steps(root),
    )
