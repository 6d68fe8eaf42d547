"""A run in a file: what is needed to play it again, as JSON.

Rules: one fault a line, so that a schedule can be read, cut and compared; a file that cannot be played is refused with
what is wrong. What a seed decides besides its faults (the workload, the network) it decides again.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exconn.testing.simulation.schedules import Schedule


@dataclass(frozen=True, slots=True)
class Replay:
    """A run of `seed` with a schedule."""

    exchange: str
    mode: str
    seed: int
    schedule: Schedule


def replay_text(replay: Replay) -> str:
    """The file."""
    head = {"exchange": replay.exchange, "mode": replay.mode, "seed": replay.seed}
    told = ", ".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in head.items())
    faults = ",\n".join(f"  {json.dumps(fault, ensure_ascii=False)}" for fault in replay.schedule)
    return f'{{{told}, "schedule": [\n{faults}\n]}}\n'


def read_replay(path: Path) -> Replay:
    """Raises ValueError for a file that is no replay, OSError for one that cannot be read."""
    data: Any = json.loads(path.read_text(encoding="utf-8"))
    wanted = {"exchange": str, "mode": str, "seed": int, "schedule": list}
    if not isinstance(data, dict) or any(not isinstance(data.get(name), kind) for name, kind in wanted.items()):
        raise ValueError(f"{path.name}: a replay is an object with {', '.join(wanted)}")
    return Replay(data["exchange"], data["mode"], data["seed"], data["schedule"])
