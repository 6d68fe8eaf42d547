"""Files that stand beside a spec and are named in it.

Rules: a name without any folder, so that nothing outside is reached; a plain file of its own, no link and no device; of
limited size. A spec that names no file opens none.
"""

import os
import re
import stat
from pathlib import Path
from typing import Final

MAX_BESIDE: Final = 64 * 1024
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,80}(?:[.][A-Za-z0-9_-]{1,20}){0,4}[.]proto")


class NotBeside(Exception):
    """Why the file cannot be read."""


def read_beside(spec: str, name: str) -> str:
    """The text of the file `name` in the folder of the spec's file. NotBeside."""
    if _NAME.fullmatch(name) is None:
        raise NotBeside("it is not the plain name of a .proto file")
    try:
        handle = os.open(Path(spec).parent / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise NotBeside("it is no plain file")
            with open(handle, "rb", closefd=False) as file:
                data = file.read(MAX_BESIDE + 1)
        finally:
            os.close(handle)
    except OSError as error:
        raise NotBeside((error.strerror or type(error).__name__).lower()) from None
    if len(data) > MAX_BESIDE:
        raise NotBeside(f"it has more than {MAX_BESIDE} bytes")
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise NotBeside("it is not UTF-8") from None
