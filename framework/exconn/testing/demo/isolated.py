"""The generated package in a process of its own, where what wrote it cannot be imported.

Rules: the block stands before anything else of ours is imported, and covers yaml, jsonschema, jmespath and jinja2; the
package is found in the folder given, by its name; everything after that is the same demonstration as in memory.
Run as `python -m exconn.testing.demo.isolated FOLDER NAME READY_FILE SECONDS SEED`.
"""

import asyncio
import importlib
import json
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

BLOCKED = frozenset({"yaml", "jsonschema", "jmespath", "jinja2"})


class Block:
    """A finder that refuses the blocked packages, wherever they are installed."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name.partition(".")[0] in BLOCKED:
            raise ImportError(f"{name} is blocked here: a written package must do without it")
        return None


def main(folder: str, name: str, ready: str, seconds: str, seed: str) -> int:
    sys.meta_path.insert(0, Block())
    sys.path.insert(0, folder)
    from rich.console import Console

    from exconn.testing.demo.run import demonstrate

    package = importlib.import_module(name)
    market = next(value for key, value in vars(package).items() if key.endswith("Market"))
    assert not BLOCKED & set(sys.modules), "the block came too late"
    facts = package.CODEC.facts
    told = json.loads(Path(ready).read_text())
    work = demonstrate(market, facts, told, seconds=float(seconds), seed=int(seed), console=Console())
    return asyncio.run(work)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
