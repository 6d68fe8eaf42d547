"""Addresses that a preparation learns: which hosts they may have, and that they are nothing but what was given.

Rules: a socket with a url needs a host that lists what may be learnt, one with a path needs an origin; a url is one
value that a preparation gives, so that nothing can be put in front of it; it carries what it needs and is not signed;
hosts that may be learnt are public names, as origins are.
"""

from exconn.document import Findings, Mapping, find, quoted
from exconn.spec.checks.hosts import host_fault
from exconn.spec.tree import Socket, Spec


def check_addresses(spec: Spec, root: Mapping, findings: Findings) -> None:
    for group, names in spec.learnt_hosts.items():
        for name, hosts in names.items():
            for host in hosts:
                fault = host_fault(f"wss://{host}")
                if fault is not None:
                    place = find(root, ("hosts", group, name, "learnt")).span
                    hint = "write public host names, as in ws.exchange.example"
                    findings.add("bad-host", f"{quoted(host)} {fault}", place, hint)
    learnt = next(iter(spec.learnt_hosts.values()), {})
    for endpoint in spec.endpoints.values():
        if endpoint.host in learnt:
            message = f"the host {quoted(endpoint.host)} is learnt, and only sockets connect to such"
            findings.add("learnt-host", message, endpoint.span, "name a host with an origin")
    given = {each.name for endpoint in spec.endpoints.values() for each in endpoint.gives}
    for socket in spec.sockets.values():
        _check_socket(socket, set(learnt), given, findings)


def _check_socket(socket: Socket, learnt: set[str], given: set[str], findings: Findings) -> None:
    connect = socket.connect
    if connect.url is None:
        if connect.host in learnt:
            message = f"the host {quoted(connect.host)} is learnt, so there is no origin for a path"
            findings.add("learnt-host", message, connect.span, 'write url: "{...}" with what a preparation gives')
        return
    if connect.host not in learnt:
        message = f"the host {quoted(connect.host)} has an origin, and a url may only lead where learnt says"
        hint = f"write hosts: {{main: {{{connect.host}: {{learnt: [ws.exchange.example]}}}}}}"
        findings.add("learnt-host", message, connect.span, hint)
    holes = connect.url.holes
    if len(connect.url.parts) != 1 or len(holes) != 1 or holes[0].suffix or holes[0].name not in given:
        message = "a url is one value that a preparation gives, and nothing else"
        findings.add("bad-connect", message, connect.url.span, 'write "{NAME}", with the name of such a value')
    if connect.signed is not None:
        message = "a url that is learnt is not signed: it carries what it needs"
        findings.add("bad-connect", message, connect.span, "delete signed, or write a path")
