"""The exchange files that come with exconn: specs, cases and dialects, found by the exchange's name.

An installed wheel carries them at `exconn/exchanges`; a checkout (an editable install) has them in `exchanges` beside
its `framework` folder. A name is letters, digits, `_` and `-` only, so it cannot lead out of that folder.
"""

import re
from pathlib import Path

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PACKAGE = Path(__file__).parent


def folder() -> Path:
    """The folder of the shipped files. Raises LookupError where this installation has none."""
    for place in (_PACKAGE / "exchanges", _PACKAGE.parent.parent / "exchanges"):
        if place.is_dir():
            return place
    raise LookupError("this installation of exconn has no exchanges folder: install it again, or give a file's path")


def find(name: str, suffix: str) -> Path:
    """The shipped file of exchange `name`, as `find("NAME", ".dialect.yaml")`.

    Raises LookupError, with the names that exist, when there is none.
    """
    known = names(suffix)
    if name in known:
        return folder() / f"{name}{suffix}"
    raise LookupError(f"no {suffix} file of {name!r} is shipped; there is {', '.join(known) or 'none at all'}")


def default() -> str:
    """The exchange that a command means when none is named: one of our own making, so that nobody's is favoured."""
    return (folder() / "default.txt").read_text(encoding="utf-8").strip()


def names(suffix: str) -> tuple[str, ...]:
    """The exchanges that a file with `suffix` is shipped for, in alphabetical order."""
    stems = (path.name.removesuffix(suffix) for path in folder().iterdir() if path.name.endswith(suffix))
    return tuple(sorted(stem for stem in stems if _NAME.fullmatch(stem)))
