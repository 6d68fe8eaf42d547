"""What can be simulated: an exchange by name or by its spec file, in memory or as a written package.

Rules: the dialect stands beside the spec; accounts are made up from a fixed seed, so that a seed of the simulator means
the same everywhere.
"""

from pathlib import Path

from exconn.sandbox import dummy_accounts, funds_for, load_dialect
from exconn.shipped import find
from exconn.spec import load_spec
from exconn.testing.cases.modes import Mode, codec_of
from exconn.testing.simulation.run import Subject
from exconn.testing.virtual import fork


def load_subject(exchange: str, mode: str) -> Subject:
    """The exchange of a name or spec file. Raises FileNotFoundError, DocumentError, ValueError for another mode."""
    spec, dialect = _files(exchange)
    codec = codec_of(load_spec(spec.read_bytes(), spec.name), Mode(mode))
    rules = load_dialect(dialect.read_bytes(), dialect.name)
    return Subject(codec, rules, dummy_accounts(funds_for(rules), fork(0, "accounts")))


def _files(exchange: str) -> tuple[Path, Path]:
    if exchange.endswith(".yaml"):
        path = Path(exchange)
        return path, path.with_name(f"{path.stem}.dialect.yaml")
    return find(exchange, ".yaml"), find(exchange, ".dialect.yaml")
