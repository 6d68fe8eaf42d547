"""Cancels on their way to the exchange: one by one, or together where it takes a list.

Rules: cancels that are asked for in the same moment go together, as many as the exchange takes, of one pair where it
wants that; each is told what the answer says of its own order and nothing of the others: its reports, its error, or
that the answer does not show it. A cancel that cannot be written, its order having no id yet, keeps none of the others.
"""

import asyncio
from collections.abc import Sequence
from itertools import count
from typing import TypeAlias

from msgspec.structs import replace

from exconn.codec import Arguments, Batch, Fresh, Reply
from exconn.errors import ExconnError, Unread
from exconn.market.limiter import Kind
from exconn.market.lookups import arguments_of
from exconn.market.rest import Rest
from exconn.market.tasks import Tasks
from exconn.market.tracking import TrackedOrder
from exconn.model import FillReport, OrderReport, Report

_OPERATION = "cancel_order"
Answered: TypeAlias = "asyncio.Future[list[OrderReport | FillReport]]"
Waiting: TypeAlias = tuple[Arguments, Answered]
_PROBE = Fresh(0, 1, "0" * 32, 1)


class Cancels:
    """Sends cancels by `rest`; lists of them in tasks of their own, as whoever asks first may be cancelled."""

    def __init__(self, rest: Rest, tasks: Tasks) -> None:
        self._rest = rest
        self._tasks = tasks
        self._numbers = count(1)
        self._waiting: dict[str, list[Waiting]] = {}

    async def ask(self, order: TrackedOrder, age: float | None = None) -> list[OrderReport | FillReport]:
        """What the answer says of the order, which is at least `age` seconds old. Raises what `Rest.ask` raises, Unread
        where it is not shown."""
        arguments, batch = arguments_of(order), self._rest.codec.facts.cancels
        if batch is None or batch.at_most == 1:
            asked = await self._rest.ask(_OPERATION, arguments, Kind.CANCEL, age=age)
            return _told(asked.reply.reports)
        self._rest.endpoint(_OPERATION).build(arguments, _PROBE, self._rest.context)
        return await self._join(arguments, batch)

    async def _join(self, arguments: Arguments, batch: Batch) -> list[OrderReport | FillReport]:
        """Wait for the answer to a list that this order goes with."""
        key = arguments.pair if batch.by_pair else ""
        answer: Answered = asyncio.get_running_loop().create_future()
        waiting = self._waiting.setdefault(key, [])
        waiting.append((arguments, answer))
        if len(waiting) > 1:
            return await answer
        if not self._tasks.start(f"cancels {next(self._numbers)}", self._send(key, batch.at_most)):
            del self._waiting[key]
            asked = await self._rest.ask(_OPERATION, arguments, Kind.CANCEL)
            return _told(asked.reply.reports)
        return await answer

    async def _send(self, key: str, at_most: int) -> None:
        await asyncio.sleep(0)  # whoever asks in this moment has done so then
        waiting = self._waiting.pop(key)
        lists = [waiting[start : start + at_most] for start in range(0, len(waiting), at_most)]
        await asyncio.gather(*(self._send_list(each) for each in lists))

    async def _send_list(self, waiting: Sequence[Waiting]) -> None:
        first, *others = [arguments for arguments, _ in waiting]
        try:
            asked = await self._rest.ask(_OPERATION, replace(first, more=tuple(others)), Kind.CANCEL)
        except BaseException as error:
            for _, answer in waiting:
                _tell(answer, error if isinstance(error, ExconnError) else Unread(_OPERATION, "it was broken off"))
            if not isinstance(error, ExconnError):
                raise
            return
        for arguments, answer in waiting:
            _tell(answer, _of(arguments, asked.reply))


def _of(arguments: Arguments, reply: Reply) -> list[OrderReport | FillReport] | ExconnError:
    """What a reply says of one order."""
    for refused in reply.refused:
        if _is_about(arguments, refused.exchange_order_id, refused.client_id):
            return refused.error
    told = [each for each in _told(reply.reports) if _is_about(arguments, each.exchange_order_id, each.client_id)]
    return told or Unread(_OPERATION, "the answer does not show this order")


def _is_about(arguments: Arguments, exchange_order_id: str | None, client_id: str | None) -> bool:
    if exchange_order_id is not None and arguments.exchange_order_id is not None:
        return exchange_order_id == arguments.exchange_order_id
    return client_id is not None and client_id == arguments.client_id


def _told(reports: Sequence[Report]) -> list[OrderReport | FillReport]:
    return [report for report in reports if isinstance(report, OrderReport | FillReport)]


def _tell(answer: Answered, told: list[OrderReport | FillReport] | ExconnError) -> None:
    if answer.done():  # nobody waits any more
        return
    if isinstance(told, ExconnError):
        answer.set_exception(told)
    else:
        answer.set_result(told)
