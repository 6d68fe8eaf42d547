"""A small exchange for the simulation's own tests: the shipped files, and accounts with ample funds."""

from dataclasses import dataclass

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
class Files:
    codec: Codec
    dialect: Dialect
    accounts: tuple[Opening, ...]
    origins: tuple[str, ...]


@pytest.fixture(scope="session")
def files() -> Files:
    spec, dialect = find(NAME, ".yaml"), find(NAME, ".dialect.yaml")
    codec = compile_spec(load_spec(spec.read_bytes(), spec.name))
    loaded = load_dialect(dialect.read_bytes(), dialect.name)
    accounts = dummy_accounts(funds_for(loaded), fork(0, "accounts"))
    return Files(codec, loaded, accounts, origins_of(codec.facts))
