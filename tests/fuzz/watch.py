"""What a process does while it is watched: every audit event that is not plainly part of the work is noted.

Rules: an audit hook cannot be taken away, so there is one, which notes only while `watched` is open; code may be
compiled from nodes, or from a written module's text, and run when it is the spec's own or such a module's; files may
be opened below the folder that is asked for, and a .proto file beside the spec; everything else that Python thinks
worth auditing is noted, and nothing is prevented.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any, Final

import exconn.compile

_QUIET: Final = frozenset(
    {
        "builtins.id",
        "object.__getattr__",
        "object.__delattr__",
        "object.__setattr__",
        "sys._getframe",
        "marshal.loads",
        "os.listdir",
        "os.scandir",
    }
)
_COMPILER: Final = str(Path(exconn.compile.__file__).parent)
_SHOWN: Final = 200


@dataclass(slots=True)
class Watch:
    """`file`: whose code may be made and run; `folder`: below which files may be opened and modules imported."""

    file: str
    folder: str
    package: str
    seen: list[str] = field(default_factory=list)

    def note(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._is_asked_for(event, arguments):
            self.seen.append(f"{event} {arguments!r}"[:_SHOWN])

    def _is_asked_for(self, event: str, arguments: tuple[Any, ...]) -> bool:
        if event in _QUIET:
            return True
        if event == "compile":
            return isinstance(arguments[0], ast.AST) or self._is_ours(arguments[1])
        if event in ("exec", "function.__new__"):
            if getattr(arguments[0], "co_filename", "").startswith(_COMPILER):  # functions made at their first call
                return event == "function.__new__"
            return isinstance(arguments[0], CodeType) and self._is_ours(arguments[0].co_filename)
        if event == "open":
            opened = type(arguments[0]) is int  # a handle: its file was judged when it was opened
            return opened or self._may_be_read(str(arguments[0]), arguments[1])
        if event == "import":
            return self.package != "" and str(arguments[0]).partition(".")[0] == self.package
        return False

    def _may_be_read(self, file: str, mode: str | None) -> bool:
        folder, _, _ = self.file.rpartition("/")
        is_beside = folder != "" and file == f"{folder}/{Path(file).name}" and file.endswith(".proto")
        is_below = self.folder != "" and file.startswith(f"{self.folder}/")
        return (is_below and mode in ("r", "rb")) or (is_beside and mode is None)

    def _is_ours(self, file: object) -> bool:
        return file == self.file or (self.folder != "" and str(file).startswith(f"{self.folder}/"))


_watches: list[Watch] = []


@cache
def _hook() -> None:
    """Put the hook in, once a process."""
    sys.addaudithook(_noted)


def _noted(event: str, arguments: tuple[Any, ...]) -> None:
    if _watches:
        watch, _watches[:] = _watches[-1], _watches[:-1]  # what noting itself does is nobody's business
        try:
            watch.note(event, arguments)
        finally:
            _watches.append(watch)


@contextmanager
def watched(file: str, folder: str = "", package: str = "") -> Iterator[Watch]:
    """Watch this process; the `Watch` holds what was seen."""
    _hook()
    watch = Watch(file, folder, package)
    _watches.append(watch)
    try:
        yield watch
    finally:
        _watches.remove(watch)
