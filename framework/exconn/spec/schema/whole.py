"""The whole schema: the sections joined under the first key's name."""

from . import declarations, pieces, records, requests, streams
from .terms import Term, table

_ORIGIN = "https://api.exchange.example"
_EXAMPLE = {
    "exconn": 1,
    "name": "harbor",
    "docs": "https://docs.exchange.example/api",
    "hosts": {"main": {"rest": _ORIGIN}},
    "endpoints": {"server_time": {"http": "GET /v1/time", "reply": {"time": {"at": "data.time as ms"}}}},
}


def build_schema() -> Term:
    """JSON Schema draft 2020-12 of a spec, language version 1."""
    keys = {
        **declarations.head(),
        "shapes": records.shapes(),
        "endpoints": requests.endpoints(),
        "sockets": streams.sockets(),
        "order_book": streams.order_book(),
    }
    required = ("exconn", "name", "docs", "hosts", "endpoints")
    root = table("One exchange, for exconn.", _EXAMPLE, keys, required)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "exconn spec, language version 1",
        **root,
        "$defs": {**pieces.definitions(), **records.definitions()},
    }
