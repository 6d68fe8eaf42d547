"""The database: an SQLite file, made with its tables where it is missing.

Rules: what is committed survives a crash of the machine (WAL, synchronous FULL); another process that holds the file is
waited for, then it is an error; the file is opened when it is first used, and its tables are brought to what they are
now before anything is read or written. A transaction begins where it says so, also for tables.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event

from exconn.market.recorder.schema import bring_up_to_date

WAIT_SECONDS = 5.0
_WAIT_FOR_WAL = 1.0


class SQLConnectionManager:
    """`db_path`: the file; its folder must exist. Errors are SQLAlchemy's and sqlite3's."""

    def __init__(self, db_path: Path | str) -> None:
        self.db_path = Path(db_path)
        self._engine = create_engine(
            f"sqlite:///{self.db_path}", connect_args={"isolation_level": None, "timeout": _WAIT_FOR_WAL}
        )
        event.listen(self._engine, "connect", _make_durable)
        event.listen(self._engine, "begin", _begin)
        self._is_open = False

    def __repr__(self) -> str:
        return f"<SQLConnectionManager {self.db_path.name}>"

    def open(self, wait: float = WAIT_SECONDS) -> None:
        """Make the tables, or bring those of an earlier version to what they are now. UsageError for a file that is
        another program's, or a later version's."""
        if not self._is_open:
            with self._engine.execution_options(begins="BEGIN IMMEDIATE", waits=wait).begin() as connection:
                bring_up_to_date(connection)
            self._is_open = True

    @contextmanager
    def begin(self, wait: float = WAIT_SECONDS) -> Iterator[Connection]:
        """A transaction: committed at the end of the block, rolled back where the block raises. `wait`: seconds for
        another process that holds the file."""
        self.open(wait)
        with self._engine.execution_options(waits=wait).begin() as connection:
            yield connection

    def close(self) -> None:
        """Let go of the file; a later `begin` opens it again."""
        self._engine.dispose()
        self._is_open = False


def _make_durable(connection: Any, record: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")


def _begin(connection: Connection) -> None:
    """The driver would begin at the first row that is written, and never for a table."""
    options = connection.get_execution_options()
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {round(options['waits'] * 1e3)}")
    connection.exec_driver_sql(options.get("begins", "BEGIN"))
