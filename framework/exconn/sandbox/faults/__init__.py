"""Faults as data: what may happen to an exchange and its clients, when, and to whom; on any dialect.

    faults = read_faults(data, file, sandbox.faults.names)      # a schedule: YAML or JSON
    faults = plan_faults([{"at": 5, "fault": "lost", "on": ["place"]}], sandbox.faults.names)
    sandbox.faults.play(faults)                                  # from now on
    sandbox.faults.counts, sandbox.faults.happened               # what took effect

`KINDS` is the closed table of kinds, which `docs/sandbox-faults.md` is written from; `possible` says which of them
can happen at a dialect.
"""

from .fault import Fault, Happened
from .kind import Kind, Lasting, Need, Place, Side
from .kinds import KINDS
from .player import Player
from .schedule import Names, plan_faults, possible, read_fault, read_faults

__all__ = [
    "KINDS",
    "Fault",
    "Happened",
    "Kind",
    "Lasting",
    "Names",
    "Need",
    "Place",
    "Player",
    "Side",
    "plan_faults",
    "possible",
    "read_fault",
    "read_faults",
]
