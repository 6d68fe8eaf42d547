"""What is not written yet: events in their order, and the newest states of each market.

Rules: memory is bounded: of a market's states the newest stand for those before, and of more events than may wait the
oldest leaves. Nothing leaves unsaid: an event that has no room, or that no database would take, is written to the log
as it is. One that cannot be written keeps none of the others; nothing is let go before the transaction is committed.
"""

import logging
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, ProgrammingError

from exconn.market.recorder.states import State
from exconn.market.recorder.writing import statements_of
from exconn.model import MarketEvent

AT_MOST = 100_000
"""Events, of about 1 kB each."""
_OF_A_ROW = (DataError, IntegrityError, InterfaceError, ProgrammingError)
_log = logging.getLogger(__name__)


class Told(NamedTuple):
    """`named`: market, config_file_path and strategy."""

    event: Any
    tag: MarketEvent
    named: dict[str, str]

    def write(self, connection: Connection) -> None:
        for statement in statements_of(*self):
            connection.execute(statement)

    def __str__(self) -> str:
        return f"{self.named['market']} ({self.named['config_file_path']}): {self.tag.name}: {self.event!r}"


class Waiting:
    def __init__(self, at_most: int = AT_MOST) -> None:
        self._at_most = at_most
        self._events: deque[Told] = deque()
        self._states: dict[tuple[str, str], State] = {}
        self._said: set[tuple[str, str]] = set()

    def __len__(self) -> int:
        return len(self._events)

    def __bool__(self) -> bool:
        return bool(self._events or self._states)

    def add(self, told: Told) -> None:
        self._events.append(told)
        if len(self._events) > self._at_most:
            _log.error("no room to keep this event, it is not recorded: %s", self._events.popleft())

    def keep(self, state: State) -> None:
        key = (state.config_file_path, state.market)
        self._states[key] = state.after(self._states.get(key))

    def write(self, connection: Connection) -> "Refused":
        """Within a transaction; gives what no database would take. Raises what keeps all of it from being written."""
        events = [(told, _tried(connection, told.write)) for told in self._events]
        states = [(key, _tried(connection, state.write)) for key, state in self._states.items()]
        return Refused(
            [(told, why) for told, why in events if why is not None],
            [(key, why) for key, why in states if why is not None],
        )

    def clear(self, refused: "Refused") -> None:
        """The transaction is committed. States that were refused wait on: the row that is there may be mended."""
        for told, why in refused.events:
            _log.error("this event cannot be recorded: %s: %s", type(why).__name__, told)
        for key, why in refused.states:
            if key not in self._said:
                _log.error("the tracking states of %s (%s) are not kept: %s", *key[::-1], why)
        self._said = {key for key, _ in refused.states}
        self._states = {key: self._states[key] for key in self._said}
        self._events.clear()


class Refused(NamedTuple):
    """With the reasons. `states`: by config file and market."""

    events: list[tuple[Told, Exception]]
    states: list[tuple[tuple[str, str], Exception]]


def _tried(connection: Connection, write: Callable[[Connection], None]) -> Exception | None:
    """Why this alone cannot be written, None where it is."""
    savepoint = connection.begin_nested()
    try:
        write(connection)
    except Exception as error:
        if isinstance(error, OSError) or (isinstance(error, DBAPIError) and not isinstance(error, _OF_A_ROW)):
            raise  # and the savepoint may be gone with the transaction
        savepoint.rollback()
        return error
    savepoint.commit()
    return None
