"""Requests about a list of orders: the orders of one request, and what the rows of its reply say of each.

Rules: a row that its envelope calls a failure is the error of the order that it names; where a request is about one
order, that error is raised as if the whole reply were it, so that one order is handled alike in a list and alone; a row
that cannot be read tells nothing of any order.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from exconn.codec.answers import needed_one
from exconn.codec.contract import Answer, Arguments, Context, Refused
from exconn.codec.reading import RowReader
from exconn.errors import ExchangeError, Unread
from exconn.model import OrderReport, Report, Unreadable

Judge: TypeAlias = Callable[[Any, Any, Answer], ExchangeError | None]
"""(row, message, answer) -> the error that the row stands for, None for a success."""


def orders_of(arguments: Arguments) -> tuple[Arguments, ...]:
    """The orders that a request is about."""
    return (arguments, *arguments.more)


def read_answers(
    rows: list[Any],
    read: RowReader,
    message: Any,
    context: Context,
    judge: Judge,
    answer: Answer,
    reports: list[Report],
    refused: list[Refused],
) -> None:
    """Append each row to the reports or to what is refused."""
    for number, row in enumerate(rows, 1):
        try:
            report = read(row, message, context)
        except Unread as fault:
            reports.append(Unreadable(f"{fault.where} row {number}", fault.why))
            continue
        if not isinstance(report, OrderReport):
            continue
        error = judge(row, message, answer)
        if error is None:
            reports.append(report)
        else:
            refused.append(Refused(report.exchange_order_id, report.client_id, error))


def one_answer(arguments: Arguments, reports: Sequence[Report], refused: Sequence[Refused], where: str) -> None:
    """Of a request about one order the error is raised, and its row must be there."""
    if arguments.more:
        return
    if refused:
        raise refused[0].error
    needed_one(reports, OrderReport, where)
