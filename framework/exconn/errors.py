"""Every error exconn raises at run time, in one tree; each knows what it proves.

Rules: an error answers four questions as attributes: `not_executed` (proof that this request did nothing on the
exchange), `retry_safe` (the same request may be sent again as it is), `throttled` (wait first; `retry_after` in
seconds, None when the exchange did not say), `terminal` (trying again later cannot help). What is not a proven
rejection is of unknown outcome. Messages carry operation, code and the exchange's text cut to 200 characters; never a
URL with a query, a header, a body or a credential. Findings in files are `exconn.document.DocumentError`.
"""

from enum import Enum

TEXT_LIMIT = 200


class Meaning(Enum):
    """What an exchange's error means; a spec's `errors` maps codes to these. Only the first ten prove non-execution."""

    REJECTED = "rejected"
    INSUFFICIENT_BALANCE = "insufficient_balance"
    WOULD_CROSS = "would_cross"
    DUPLICATE_CLIENT_ID = "duplicate_client_id"
    ORDER_NOT_FOUND = "order_not_found"
    ALREADY_REQUESTED = "already_requested"
    RATE_LIMITED = "rate_limited"
    TIME_SKEW = "time_skew"
    BAD_NONCE = "bad_nonce"
    AUTH = "auth"
    MAINTENANCE = "maintenance"
    OUTCOME_UNKNOWN = "outcome_unknown"
    UNLISTED = "unlisted"


_OF_UNKNOWN_OUTCOME = frozenset({Meaning.MAINTENANCE, Meaning.OUTCOME_UNKNOWN, Meaning.UNLISTED})
_RETRY_SAFE = frozenset({Meaning.TIME_SKEW, Meaning.BAD_NONCE, Meaning.RATE_LIMITED})
_TERMINAL = frozenset(
    {Meaning.REJECTED, Meaning.INSUFFICIENT_BALANCE, Meaning.WOULD_CROSS, Meaning.DUPLICATE_CLIENT_ID, Meaning.AUTH}
)


class ExconnError(Exception):
    """The root. The defaults are the careful ones: nothing is proven, nothing may be repeated."""

    not_executed: bool = False
    retry_safe: bool = False
    throttled: bool = False
    terminal: bool = False
    retry_after: float | None = None


class UsageError(ExconnError):
    """The caller asked for something that cannot be: an unknown pair, an order type not offered, a missing
    credential.
    """

    not_executed = True
    terminal = True


class HostRefused(ExconnError):
    """A request or a connection would have gone to a host that the spec does not list. Nothing was sent."""

    not_executed = True
    terminal = True


class RuleBroken(UsageError):
    """An order breaks a trading rule of its pair; it was not sent."""


class NotSent(ExconnError):
    """The connection could not be made; not one byte of the request was written."""

    not_executed = True
    retry_safe = True


class Unanswered(ExconnError):
    """The request was, or may have been, written, and no readable answer came: timeout, reset, broken body, foreign
    body.
    """


class Throttled(ExconnError):
    """Our own limiter, or a ban in force, refused to send; or the exchange refused a handshake. `banned`: it refuses
    everything."""

    not_executed = True
    retry_safe = True
    throttled = True

    def __init__(self, message: str, retry_after: float | None = None, banned: bool = False) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.banned = banned


class Redirected(ExconnError):
    """The exchange answered with a redirect, which is never followed."""

    terminal = True


class ExchangeError(ExconnError):
    """The exchange answered with an error. `meaning` comes from the spec's `errors`; UNLISTED where no row matches."""

    def __init__(
        self,
        operation: str,
        meaning: Meaning,
        code: str | None = None,
        text: str | None = None,
        http: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        self.operation = operation
        self.meaning = meaning
        self.code = code
        self.text = text[:TEXT_LIMIT] if text else text
        self.http = http
        self.retry_after = retry_after
        self.not_executed = meaning not in _OF_UNKNOWN_OUTCOME
        self.retry_safe = meaning in _RETRY_SAFE
        self.throttled = meaning is Meaning.RATE_LIMITED
        self.terminal = meaning in _TERMINAL
        parts = [f"{operation}: {meaning.value}"]
        parts += [f"code {code}"] if code is not None else []
        parts += [f"http {http}"] if http is not None else []
        parts += [f"{self.text!r}"] if self.text else []
        super().__init__(", ".join(parts) if len(parts) > 1 else f"{parts[0]}, without a code or a text that is read")


class Unread(ExconnError):
    """A value could not be read: which reading (file:line), what was found, in the terms of its type."""

    def __init__(self, where: str, why: str) -> None:
        self.where = where
        self.why = why
        super().__init__(f"{where}: {why}")
