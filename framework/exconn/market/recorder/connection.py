"""The database: an SQLite file, made with its tables where it is missing.

Rules: what is committed survives a crash of the machine (WAL, synchronous FULL); another process that holds the file is
waited for, then it is an error; the file is opened when it is first used.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event

from exconn.market.recorder.tables import METADATA

_WAIT_SECONDS = 5.0


class SQLConnectionManager:
    """`db_path`: the file; its folder must exist. Errors are SQLAlchemy's."""

    def __init__(self, db_path: Path | str) -> None:
        self.db_path = Path(db_path)
        self._engine = create_engine(f"sqlite:///{self.db_path}", connect_args={"timeout": _WAIT_SECONDS})
        event.listen(self._engine, "connect", _make_durable)
        self._is_made = False

    def __repr__(self) -> str:
        return f"<SQLConnectionManager {self.db_path.name}>"

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction: committed at the end of the block, rolled back where the block raises."""
        if not self._is_made:
            METADATA.create_all(self._engine)
            self._is_made = True
        with self._engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Let go of the file; a later `begin` opens it again."""
        self._engine.dispose()


def _make_durable(connection: Any, record: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
