"""What the proofs share: the shipped exchange, compiled and written down, and the size of a run.

A proof is one file; it asserts, and prints its figures (seen with `-s`). With SHOWN=full in the environment the long
ones run at full length; otherwise they take seconds and cover the same ground.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from exconn.codec import Codec
from exconn.compile import compile_spec
from exconn.sandbox import Dialect, Opening, dummy_accounts, funds_for, load_dialect
from exconn.shipped import find
from exconn.spec import load_spec
from exconn.testing.simulation import origins_of
from exconn.testing.virtual import fork

NAME = "myexchange"


@dataclass(frozen=True, slots=True)
class Exchange:
    """The shipped files of one exchange, read once; the accounts are made up, with ample funds."""

    spec: Path
    codec: Codec
    dialect: Dialect
    accounts: tuple[Opening, ...]
    origins: tuple[str, ...]


@pytest.fixture(scope="session")
def exchange_files() -> Exchange:
    path, dialect_path = find(NAME, ".yaml"), find(NAME, ".dialect.yaml")
    codec = compile_spec(load_spec(path.read_bytes(), path.name))
    dialect = load_dialect(dialect_path.read_bytes(), dialect_path.name)
    accounts = dummy_accounts(funds_for(dialect), fork(0, "accounts"))
    return Exchange(path, codec, dialect, accounts, origins_of(codec.facts))


@pytest.fixture(scope="session")
def is_full() -> bool:
    """Whether the long proofs run at full length."""
    return os.environ.get("SHOWN") == "full"
