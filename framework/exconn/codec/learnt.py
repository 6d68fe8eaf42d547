"""Addresses that a preparation learnt: the handshake to one, refused unless it leads to a host that is listed.

Rules: an address is wss, or ws where a caller gave such an origin; it has a host, perhaps a port, a path and a query,
no user and no fragment; its origin is one of those listed for its name, to the letter; the query of the spec is added
behind its own. What is refused is never shown beyond its origin: an address may hold a token.
"""

import re

from exconn.codec.contract import Context, Request
from exconn.errors import HostRefused

_ADDRESS = re.compile(r"(wss?)://([a-zA-Z0-9.-]+|\[[0-9a-fA-F:.]+\])(?::([0-9]{1,5}))?([/?][!-\"$-\[\]-~]*)?").fullmatch
_DEFAULT_PORTS = {"wss": "443", "ws": "80"}


def learnt_request(context: Context, name: str, address: str, query: str) -> Request:
    """The handshake to the address that was learnt for the host `name`. HostRefused where it leads elsewhere."""
    found = _ADDRESS(address)
    if found is None:
        raise HostRefused(f"what the exchange gave as the address of {name!r} is no wss:// URL; nothing was sent")
    scheme, host, port, rest = found.groups()
    shown = "" if port in (None, _DEFAULT_PORTS[scheme]) else f":{port}"
    origin = f"{scheme}://{host.lower()}{shown}"
    if origin not in context.learnt.get(name, ()):
        raise HostRefused(f"the exchange gave {origin} for {name!r}, which is not listed; nothing was sent")
    target = rest or "/"
    target = target if target.startswith("/") else f"/{target}"
    mark = "" if not query else "&" if "?" in target else "?"
    return Request("GET", origin, f"{target}{mark}{query}")
