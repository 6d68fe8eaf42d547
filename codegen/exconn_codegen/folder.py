"""A folder that is replaced as a whole, and only if everything in it is ours.

Rules: the new folder is complete beside the old one before either moves; files that `exconn generate` did not write are
never touched, they stop the writing; what fails leaves the old folder as it was.
"""

import os
import shutil
from pathlib import Path
from tempfile import mkdtemp

from exconn.errors import UsageError

HEADER = b"# Written by `exconn generate`."
_CACHE = "__pycache__"


def replace(target: Path, files: dict[str, bytes]) -> None:
    """Make `target` a folder of exactly `files` (name -> bytes). UsageError where foreign files are in the way."""
    refuse_foreign(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        for name, content in files.items():
            (fresh / name).write_bytes(content)
        fresh.chmod(0o755)
        _swap(fresh, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _swap(fresh: Path, target: Path) -> None:
    if not target.exists():
        os.rename(fresh, target)
        return
    old = Path(mkdtemp(prefix=f".{target.name}.old.", dir=target.parent))
    os.rename(target, old / target.name)
    try:
        os.rename(fresh, target)
    except OSError:
        os.rename(old / target.name, target)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def refuse_foreign(target: Path) -> None:
    """UsageError where something that `exconn generate` did not write stands at `target`, or in it."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise UsageError(f"{target} is not a folder; move it away or choose another --out")
    if not target.exists():
        return
    for path in sorted(target.iterdir()):
        if path.name != _CACHE and not _is_ours(path):
            raise UsageError(f"{path} was not written by exconn generate; move it away or choose another --out")


def _is_ours(path: Path) -> bool:
    if path.is_symlink() or not path.is_file() or path.suffix != ".py":
        return False
    with path.open("rb") as file:
        return file.read(len(HEADER)) == HEADER
