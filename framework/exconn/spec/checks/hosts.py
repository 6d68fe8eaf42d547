"""Hosts: origins that requests and sockets may go to, and nothing else.

Rules: https or wss and a public host name, in small letters; no user, path, IP address or local name; every
group has the same names; requests go to https, sockets to wss.
"""

import re

from exconn.document import Findings, Mapping, Span, find, key_span, quoted
from exconn.spec.tree import Spec

_ORIGIN = re.compile(r"(https|wss)://([^/:@?#\\\s]+)(?::([0-9]{1,5}))?")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LAST_LABEL = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}")
_LOCAL = ("localhost", "local", "internal", "lan", "home", "localdomain", "arpa", "corp", "intranet")


def check_hosts(spec: Spec, root: Mapping, findings: Findings) -> None:
    first: tuple[str, set[str]] | None = None
    for group, hosts in spec.hosts.items():
        learnt = spec.learnt_hosts.get(group, {})
        for name, origin in hosts.items():
            _check_origin(origin, find(root, ("hosts", group, name)).span, findings)
            if name == "rest" and not origin.startswith("https://"):
                _refuse_scheme(name, "https", find(root, ("hosts", group, name)).span, findings)
        names = {*hosts, *(f"{name} (learnt)" for name in learnt)}
        if first is None:
            first = group, names
        elif names != first[1]:
            missing = ", ".join(sorted(names ^ first[1]))
            message = f"the groups {quoted(first[0])} and {quoted(group)} differ in: {missing}"
            hint = "give every group the same names"
            findings.add("hosts-differ", message, key_span(root, ("hosts", group)), hint)
    _check_use(spec, root, findings)


def _check_use(spec: Spec, root: Mapping, findings: Findings) -> None:
    default = next(iter(spec.hosts))
    wanted = {endpoint.host: "https" for endpoint in spec.endpoints.values()}
    wanted |= {socket.connect.host: "wss" for socket in spec.sockets.values()}
    hosts = spec.hosts[default]
    if any(endpoint.host == "rest" for endpoint in spec.endpoints.values()) and "rest" not in hosts:
        findings.add(
            "missing-key", "there is no host 'rest'", key_span(root, ("hosts", default)), "add rest: https://..."
        )
    for name, scheme in wanted.items():
        origin = hosts.get(name)
        if origin is not None and name != "rest" and not origin.startswith(f"{scheme}://"):
            _refuse_scheme(name, scheme, find(root, ("hosts", default, name)).span, findings)


def _refuse_scheme(name: str, scheme: str, span: Span, findings: Findings) -> None:
    use = "requests" if scheme == "https" else "sockets"
    findings.add("wrong-scheme", f"the host {quoted(name)} is used for {use}", span, f"write {scheme}://")


def _check_origin(origin: str, span: Span, findings: Findings) -> None:
    reason = host_fault(origin)
    if reason is not None:
        hint = "write https:// or wss:// and a public host name, as in https://api.exchange.example"
        findings.add("bad-host", f"{quoted(origin)} {reason}", span, hint)


def host_fault(origin: str) -> str | None:
    """What is wrong with an origin; None: nothing."""
    found = _ORIGIN.fullmatch(origin)
    if found is None:
        return "is not an origin: a scheme, a host and perhaps a port"
    host, port = found[2], found[3]
    labels = host.split(".")
    if not origin.isascii():
        return "is not in ASCII; write its xn-- form, so that a reader sees which host it is"
    if host != host.lower():
        return "has capital letters"
    if port is not None and not 0 < int(port) < 65536:
        return "has no such port"
    if port is not None and (port == "443" or port.startswith("0")):
        return "has a needless or malformed port"
    if labels[-1] in _LOCAL:
        return "is a name of a local network"
    if len(host) > 253 or len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)):
        return "is not a public host name"
    if not _LAST_LABEL.fullmatch(labels[-1]):
        return "is an IP address, or no public host name"
    return None
