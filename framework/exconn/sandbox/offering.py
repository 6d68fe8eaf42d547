"""Requests in frames, offered to what may come between: judged, and done when that lets them.

Rules:
- What is refused, at its checks or when it is done, is answered by an error frame; what nobody foresaw is `internal`.
- Whether and when a request is judged and done is the interference's to say; usually at once.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from .connection import Connection
from .dialect.endpoints import Endpoint
from .dialect.meanings import Refused
from .interference import FramedRequest, Interference, Say
from .log import Log

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Offering:
    """Offers requests to what comes between; what fails goes to the log."""

    interference: Interference
    log: Log

    def offer(
        self,
        connection: Connection,
        endpoint: Endpoint,
        judge: Callable[[], T],
        act: Callable[[T, Say], None],
        refuse: Callable[[Say, Refused], None],
    ) -> None:
        """Let a request be judged and done. `judge` gives what `act` works with."""
        judged: list[T] = []

        def attempt(say: Say, do: Callable[[], Any]) -> bool:
            try:
                do()
            except Refused as refused:
                refuse(say, refused)
            except Exception:
                self.log.add("failure", connection=connection.name, traceback=traceback.format_exc())
                refuse(say, Refused("internal"))
            else:
                return True
            return False

        def check(say: Say) -> bool:
            return attempt(say, lambda: judged.append(judge()))

        def do(say: Say) -> None:
            attempt(say, lambda: act(judged[-1], say))

        self.interference.framed(FramedRequest(connection, endpoint, check, do, refuse))
