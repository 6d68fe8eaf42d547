"""The tracking states of markets: one row for each market's name and config file, as the contract has it.

Rules: a row is every order that is to be gone on with, whoever wrote it: a market replaces what it knows of and leaves
the rest, the orders of an earlier life that it has not taken up, or of another process of the same config file. What a
market knew a moment ago and knows no more is over, or was forgotten on purpose, and goes.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import sqlite

from exconn.market.recorder.tables import MARKET_STATES


@dataclass(frozen=True, slots=True)
class State:
    """A market's orders at a moment, in milliseconds. `known`: the client ids that it speaks for, those that are over
    among them."""

    config_file_path: str
    market: str
    timestamp: int
    orders: Mapping[str, Any]
    known: Collection[str]

    def after(self, earlier: "State | None") -> "State":
        """This state, where an earlier one of the same row was not written: it speaks for the orders of both."""
        return self if earlier is None else replace(self, known=frozenset([*self.known, *earlier.known]))

    def write(self, connection: Connection) -> None:
        """Within a transaction; writing the row first locks it before it is read."""
        row = {"config_file_path": self.config_file_path, "market": self.market}
        new = sqlite.insert(MARKET_STATES).values(**row, timestamp=self.timestamp, saved_state={})
        connection.execute(new.on_conflict_do_nothing())
        before = read_state(connection, self.config_file_path, self.market) or {}
        others = {client_id: order for client_id, order in before.items() if client_id not in self.known}
        told = {"timestamp": self.timestamp, "saved_state": {**others, **self.orders}}
        connection.execute(update(MARKET_STATES).filter_by(**row).values(told))


def read_state(connection: Connection, config_file_path: str, market: str) -> dict[str, Any] | None:
    """The orders kept, by client id; None where none ever were."""
    asked = select(MARKET_STATES.c.saved_state).filter_by(config_file_path=config_file_path, market=market)
    return cast("dict[str, Any] | None", connection.execute(asked).scalar())
