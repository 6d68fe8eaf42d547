"""A spec's codec in both modes: compiled in memory, and written down, imported and taken from the written package.

Rules: the written package lives in a temporary folder and under a name of its own, so that it meets no other; of it
only the codec is imported, as its faces bring the whole market with them; nothing of it stays behind.
"""

import sys
from enum import Enum
from importlib import import_module, invalidate_caches
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Final

from exconn.codec import Codec
from exconn.compile import compile_spec
from exconn.spec import Spec


class Mode(Enum):
    MEMORY = "memory"
    GENERATED = "generated"


_NUMBERS: Final = count(1)


def codec_of(spec: Spec, mode: Mode) -> Codec:
    """The codec of `spec` in one mode."""
    return compile_spec(spec) if mode is Mode.MEMORY else _generated(spec)


def _generated(spec: Spec) -> Codec:
    from exconn_codegen import generate

    alias = f"_exconn_generated_{next(_NUMBERS)}"
    with TemporaryDirectory(prefix="exconn-") as folder:
        package = ModuleType(alias)
        package.__path__ = [str(generate(spec, Path(folder)))]
        sys.modules[alias] = package
        invalidate_caches()
        try:
            codec = import_module(f"{alias}.codec").CODEC
        finally:
            for name in [name for name in sys.modules if name == alias or name.startswith(f"{alias}.")]:
                del sys.modules[name]
    assert isinstance(codec, Codec)
    return codec
