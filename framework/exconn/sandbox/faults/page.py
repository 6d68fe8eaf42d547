"""The page of faults, `docs/sandbox-faults.md`, written from the table of kinds: never by hand, and never out of date.

Rules: one section a side, one row a kind, its parameters with their types and defaults, and an example that is valid.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from . import parameters
from .kind import FILTERS, LASTING, Kind, Lasting, Need, Side
from .kinds import KINDS
from .parameters import Parameter

FILE = "sandbox-faults.md"
_INTRODUCTION = """# Faults of the sandbox

This page is written by `python -m exconn.sandbox.faults`.

A fault is data, and the same on every dialect. A schedule is a YAML or JSON list of faults, each with its moment in
seconds:

```yaml
- {at: 5, fault: gateway_error, on: [place], status: 504, accepted: true}
- {at: 10, fault: stall, channel: book, for: 20}
- {at: 30, fault: drop_frame, symbol: BTC-USDT, for: 60, chance: 0.01}
- {at: 40, fault: clock_step, seconds: -10}
```

`exconn sandbox NAME --faults FILE` plays one from the moment when it serves. The control interface takes the same,
with the sandbox's token:

| request | does |
|---|---|
| `POST /_exconn/fault` | one fault, there at once where it has no `at`; answers how often faults took effect with it |
| `POST /_exconn/schedule` | a list of faults, whose beginning is now |
| `GET /_exconn/faults` | what is pending, what happened lately (by the loop's seconds), and how often each kind did |
| `DELETE /_exconn/faults` | forgets what is pending, and ends what lasts |

From Python: `sandbox.faults.play(plan_faults([{"fault": "lost", "on": ["place"]}], sandbox.faults.names))`.

Where several faults fit, the first that came strikes. One with a `chance` draws from a source of its own, seeded by
the sandbox's seed, its `seed`, its kind and its `at`: the same schedule strikes the same, and taking one fault out
changes nothing for the others.
"""
_LASTING = {
    Lasting.EACH: "What strikes requests or frames is used up by one, by `count` of them, or by the end of `for`.",
    Lasting.WHILE: "What is a state lasts as long as `for`; without it until it is deleted, and what befalls\n"
    "connections then befalls only those that are there. What changes the world happens at its moment.",
}
_SIDES = {
    Side.REQUEST: (
        "Requests",
        "Each request is struck by one fault at most. Roles: `place` and `cancel` are what changes orders, `read` is\n"
        "all else; a role goes before an endpoint of its name. A request in a frame of a websocket is struck like one\n"
        "over HTTP; the connection is then the one that it came by, and what only HTTP has (`gateway_error`,\n"
        "`mis_encoded`, `redirect`) strikes no frame. Logins and subscriptions have faults of their own below.",
    ),
    Side.STREAM: (
        "Streams",
        "Without a filter every socket, channel and symbol is meant. A frame is struck for one subscriber, not all.",
    ),
    Side.WORLD: (
        "The world",
        "What happens at the exchange itself. What cannot be done there (an order that its rules refuse) does not\n"
        "happen, and the sandbox's log says why.",
    ),
}


def write_page() -> str:
    """The whole page."""
    lines = [_INTRODUCTION, "## When, and how often", "", *_LASTING.values(), ""]
    common = {each.name: each for lasting in LASTING.values() for each in lasting}
    lines += [*_parameters(common.values()), ""]
    for side, (title, about) in _SIDES.items():
        lines += [f"## {title}", "", about, ""]
        if FILTERS[side]:
            lines += [*_parameters(FILTERS[side]), ""]
        lines += ["| fault | what happens | its own parameters | example |", "|---|---|---|---|"]
        lines += [_row(kind) for kind in KINDS.values() if kind.side is side]
        lines.append("")
    return "\n".join(lines)


def _parameters(listed: Iterable[Parameter]) -> list[str]:
    rows = [f"| `{each.name}` | {each.type.title} | {each.about} |" for each in listed]
    return ["| parameter | type | meaning |", "|---|---|---|", *rows]


def _row(kind: Kind) -> str:
    about = kind.about if kind.needs is Need.NOTHING else f"{kind.about} Needs {kind.needs}."
    own = "; ".join(_own(each) for each in kind.parameters) or "none"
    return f"| `{kind.name}` | {about} | {own} | `{_flow(kind.example)}` |"


def _own(each: Parameter) -> str:
    if each.default is parameters.REQUIRED:
        default = "required"
    else:
        default = "none" if each.default in (None, "") else f"`{_scalar(each.default)}`"
    return f"`{each.name}` ({each.type.title}, {default}): {each.about.removesuffix('.')}"


def _flow(fault: dict[str, Any]) -> str:
    return "{" + ", ".join(f"{name}: {_scalar(value)}" for name, value in fault.items()) + "}"


def _scalar(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, str) and any(sign in value for sign in "{\"'<> :"):
        return f"'{value}'"
    return str(value).lower() if isinstance(value, bool) else str(value)
