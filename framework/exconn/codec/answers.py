"""An answer's way to its message: status, body, envelope, and the error it stands for.

Rules: a redirect is never followed; a 2xx whose body cannot be read is Unanswered; a status beyond 2xx is an error of
the exchange where a row of the spec claims it, also by its status alone (a gateway's HTML with status 429), otherwise
Unanswered without a readable body and UNLISTED with one. What is not listed proves nothing. No body is ever shown.
"""

from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeAlias

from exconn.codec.contract import Answer
from exconn.codec.decoding import decode
from exconn.codec.numbers import BadValue, read_decimal, read_text, shown
from exconn.errors import ExchangeError, Meaning, Redirected, Unanswered, Unread
from exconn.model import OrderReport, Report, Unreadable

Refusal: TypeAlias = Callable[[Any, Answer], ExchangeError]
"""(message or None, answer) -> the error that a reply stands for, by an endpoint's error rows."""

_LONGEST_WAIT = 86_400
_LONGEST_CODE = 64


def answered(operation: str, answer: Answer, refusal: Refusal) -> Any:
    """The message of a 2xx answer; everything else is raised."""
    if not 200 <= answer.status < 300:
        refused(operation, answer, refusal)
    try:
        return decode(answer.body)
    except Unanswered as fault:
        raise Unanswered(f"{operation}: HTTP {answer.status}, {fault}") from None


def accepted(operation: str, answer: Answer, refusal: Refusal) -> None:
    """For an operation whose reply says nothing: any 2xx will do."""
    if not 200 <= answer.status < 300:
        refused(operation, answer, refusal)


def refused(operation: str, answer: Answer, refusal: Refusal) -> NoReturn:
    """The error that an answer beyond 2xx stands for."""
    if 300 <= answer.status < 400:
        raise Redirected(f"{operation}: HTTP {answer.status}, a redirect; redirects are never followed")
    try:
        message = decode(answer.body)
    except Unanswered as fault:
        error = refusal(None, answer)
        if error.meaning is Meaning.UNLISTED:
            raise Unanswered(f"{operation}: HTTP {answer.status}, {fault}") from None
        raise error from None
    raise refusal(message, answer)


def exchange_error(
    operation: str, meaning: Meaning, code: object, text: object, answer: Answer, wait_headers: Sequence[str]
) -> ExchangeError:
    """The error of a REST reply. `wait_headers`: in lower case, those that may tell when to come back."""
    wait = retry_after(answer, wait_headers)
    return ExchangeError(operation, meaning, code_text(code), scalar_text(text), answer.status, wait)


def frame_error(socket: str, meaning: Meaning, code: object, text: object) -> ExchangeError:
    """The error that a frame of a socket stands for."""
    return ExchangeError(socket, meaning, code_text(code), scalar_text(text))


def scalar_text(value: object) -> str | None:
    """A text or a number as text; None for everything else."""
    try:
        return read_text(value)
    except BadValue:
        return None


def code_text(value: object) -> str | None:
    """An error's code as messages carry it: short and printable, so that no answer can write lines into a log."""
    text = scalar_text(value)
    if text is None or (len(text) <= _LONGEST_CODE and text.isprintable()):
        return text
    return shown(text)


def retry_after(answer: Answer, wait_headers: Sequence[str]) -> float | None:
    """Seconds to wait, from the first header that tells them as a number; a date is not read, here is no clock."""
    for name in wait_headers:
        try:
            seconds = float(read_decimal(answer.headers.get(name)))
        except BadValue:
            continue
        if 0 <= seconds <= _LONGEST_WAIT:
            return seconds
    return None


def placed(operation: str, reports: Sequence[Report], wants_exchange_id: bool) -> None:
    """A placing succeeded only if the reply shows the order's id; otherwise its outcome is unknown."""
    for report in reports:
        if isinstance(report, OrderReport) and (report.exchange_order_id or not wants_exchange_id):
            return
    for report in reports:
        if isinstance(report, Unreadable):
            raise Unread(report.where, report.why)
    raise ExchangeError(operation, Meaning.OUTCOME_UNKNOWN, text="the reply reads as success, but shows no order")


def looked_up(operation: str, reports: Sequence[Report]) -> None:
    """A lookup that succeeded without an order has not found it; one whose order cannot be read has said nothing."""
    if not reports:
        raise ExchangeError(operation, Meaning.ORDER_NOT_FOUND, text="the reply holds no order")
    needed_one(reports, OrderReport)


def needed_one(reports: Sequence[Report], kind: type[Any], where: str = "", what: str = "order") -> None:
    """At least one report of a kind; without one the whole reply has no sense."""
    if any(type(report) is kind for report in reports):
        return
    for report in reports:
        if isinstance(report, Unreadable):
            raise Unread(report.where, report.why)
    raise Unread(where, f"the reply holds no {what}")
