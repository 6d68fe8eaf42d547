"""Preparations and the dead man's switch: what lasts is renewed in time, and what is needed can be had.

Rules: a value is renewed before it ends; preparations that carry each other's values in a circle never run; a switch
is refreshed at least twice in its time, so that one lost request does not set it off.
"""

from exconn.document import Findings, quoted
from exconn.spec.tree import Endpoint, Spec
from exconn.spec.uses import used_by_endpoint


def check_preparations(spec: Spec, findings: Findings) -> None:
    for endpoint in spec.endpoints.values():
        _check_renewal(endpoint, findings)
        _check_switch(endpoint, findings)
    _check_circles(spec, findings)


def _check_renewal(endpoint: Endpoint, findings: Findings) -> None:
    every, lasts = endpoint.renew_every, endpoint.lasts or ""
    if every is not None and lasts.isdigit() and every >= int(lasts):
        message = f"{endpoint.operation} lasts {lasts} s and is renewed every {every} s"
        findings.add("bad-renew", message, endpoint.span, "renew it before it ends, best at half its life")


def _check_switch(endpoint: Endpoint, findings: Findings) -> None:
    switch = endpoint.switch
    if switch is not None and switch.refresh * 2 > switch.seconds:
        message = f"the switch goes off after {switch.seconds} s and is refreshed every {switch.refresh} s"
        hint = f"refresh it every {max(1, switch.seconds // 2)} s or sooner: one request may be lost"
        findings.add("bad-switch", message, switch.span, hint)


def _check_circles(spec: Spec, findings: Findings) -> None:
    """Take away what can run, again and again; what is left waits for itself."""
    waiting = {end.operation: end for end in spec.endpoints.values() if end.gives}
    while waiting:
        missing = {given.name for endpoint in waiting.values() for given in endpoint.gives}
        ready = [name for name, end in waiting.items() if missing.isdisjoint(used_by_endpoint(spec, end))]
        if not ready:
            first, names = next(iter(waiting.values())), ", ".join(quoted(name) for name in waiting)
            message = f"{names} cannot run: each needs what another gives, or what it gives itself"
            findings.add("given-circle", message, first.span, "one of them has to do without the others' values")
            return
        for name in ready:
            del waiting[name]
