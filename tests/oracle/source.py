"""A folder of third opinions: what others send to an exchange and read from it, and the comparer that goes with them.

Rules: the folder is laid out as its own README says (`vectors`, `responses`, `books`, `published.json`, and the modules
`compare`, `verify`, `profiles`); the modules are imported from it when it is opened, nothing of it is copied, and
nothing is written into it; a part that is not there has no opinions.
"""

import json
import sys
from dataclasses import dataclass
from importlib import import_module, invalidate_caches
from pathlib import Path
from types import ModuleType
from typing import Any

_MODULES = ("profiles", "verify", "compare")


@dataclass(frozen=True, slots=True)
class Source:
    """`compare` and `profiles` are the folder's own modules."""

    folder: Path
    compare: ModuleType
    profiles: ModuleType

    @property
    def exchanges(self) -> tuple[str, ...]:
        """Those that the folder says anything about."""
        found = {path.stem for part in ("vectors", "responses", "books") for path in self.folder.glob(f"{part}/*.json")}
        return tuple(sorted(found))

    def vectors(self, exchange: str) -> list[dict[str, Any]]:
        """Requests and websocket messages, each with the inputs that it was made from."""
        return list((self._read(f"vectors/{exchange}.json") or {}).get("cases", ()))

    def samples(self, exchange: str) -> list[dict[str, Any]]:
        """Messages of the exchange, most with somebody's reading."""
        return list((self._read(f"responses/{exchange}.json") or {}).get("samples", ()))

    def signatures(self, exchange: str) -> list[dict[str, Any]]:
        """Published examples of signing."""
        published = (self._read("published.json") or {}).get("vectors", ())
        return [each for each in published if each["exchange"] == exchange]

    def book(self, exchange: str) -> dict[str, Any] | None:
        """A dialogue of snapshot and updates."""
        found: dict[str, Any] | None = self._read(f"books/{exchange}.json")
        return found

    def _read(self, name: str) -> Any:
        path = self.folder / name
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def open_source(folder: Path) -> Source:
    """The opinions in `folder`. Raises FileNotFoundError where it holds no comparer."""
    if not (folder / "compare.py").is_file():
        raise FileNotFoundError(f"{folder} holds no opinions: there is no compare.py in it")
    held = sys.dont_write_bytecode, list(sys.path)
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(folder.resolve()))
    invalidate_caches()
    try:
        modules = {name: import_module(name) for name in _MODULES}
    finally:
        sys.dont_write_bytecode, sys.path[:] = held
        for name in _MODULES:
            sys.modules.pop(name, None)
    return Source(folder, modules["compare"], modules["profiles"])
