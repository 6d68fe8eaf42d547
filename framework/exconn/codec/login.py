"""Opening a socket: connecting, logging in where there is a login, subscribing, live. `(state, event) -> (state,
effects)`.

Rules: each phase before live has a deadline; passing it, an error or a login refused closes the connection with a
reason. Where the exchange acknowledges subscriptions, the socket is live once every frame is acknowledged, or at the
deadline if at least one was, because some answer once for many; where it does not, sending them is all that can be
done. A socket that was refused something right after it became live settles first: it is live when no error came for a
while after the last answer. Times are seconds of a steady clock.
"""

from enum import Enum
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace


class LoginPhase(Enum):
    CONNECTING = "connecting"
    LOGGING_IN = "logging_in"
    SUBSCRIBING = "subscribing"
    SETTLING = "settling"
    LIVE = "live"
    CLOSED = "closed"


class Connected(Struct, frozen=True):
    """The handshake is done."""


class LoggedIn(Struct, frozen=True):
    """The exchange says that the login is good."""


class Sent(Struct, frozen=True):
    """The subscriptions have been written, `frames` of them."""

    frames: int


class Acknowledged(Struct, frozen=True):
    """The exchange says that a subscription is good."""


class Refused(Struct, frozen=True):
    """The exchange answered with an error."""

    why: str


class Passed(Struct, frozen=True):
    """Time has passed."""


class SendLogin(Struct, frozen=True):
    pass


class SendSubscriptions(Struct, frozen=True):
    """Write the subscriptions, then tell `Sent`."""


class Ready(Struct, frozen=True):
    """The socket is live."""


class Close(Struct, frozen=True):
    why: str


LoginEvent: TypeAlias = Connected | LoggedIn | Sent | Acknowledged | Refused | Passed
LoginEffect: TypeAlias = SendLogin | SendSubscriptions | Ready | Close


class Login(Struct, frozen=True, kw_only=True):
    """The state of one connection attempt. `deadline`: when the present phase must be over; `step_seconds`: its
    length; `settles`: seconds without an error that have to pass after the answers.
    """

    has_login: bool
    acknowledges: bool
    deadline: float
    step_seconds: float = 10.0
    settles: float = 0.0
    phase: LoginPhase = LoginPhase.CONNECTING
    waiting: int | None = None
    acknowledged: int = 0


LoginStep: TypeAlias = tuple[Login, tuple[LoginEffect, ...]]


def start(has_login: bool, acknowledges: bool, now: float, step_seconds: float = 10.0, settles: float = 0.0) -> Login:
    """A connection attempt that begins now."""
    deadline = now + step_seconds
    return Login(
        has_login=has_login, acknowledges=acknowledges, deadline=deadline, step_seconds=step_seconds, settles=settles
    )


def step(login: Login, event: LoginEvent, now: float) -> LoginStep:
    """The next state and what is to be done, in order. `now`: seconds of a steady clock."""
    if login.phase is LoginPhase.CLOSED:
        return login, ()
    if isinstance(event, Refused):
        return _refused(login, event)
    if isinstance(event, Passed):
        return _passed(login, now)
    if isinstance(event, Connected):
        return _connected(login, now)
    if isinstance(event, LoggedIn):
        return _subscribing(login, now) if login.phase is LoginPhase.LOGGING_IN else (login, ())
    if login.phase is not LoginPhase.SUBSCRIBING:
        return login, ()
    if isinstance(event, Sent):
        return _answered(replace(login, waiting=event.frames), now)
    return _answered(replace(login, acknowledged=login.acknowledged + 1), now)


def _connected(login: Login, now: float) -> LoginStep:
    if login.phase is not LoginPhase.CONNECTING:
        return login, ()
    if not login.has_login:
        return _subscribing(login, now)
    login = replace(login, phase=LoginPhase.LOGGING_IN, deadline=now + login.step_seconds)
    return login, (SendLogin(),)


def _subscribing(login: Login, now: float) -> LoginStep:
    login = replace(login, phase=LoginPhase.SUBSCRIBING, deadline=now + login.step_seconds)
    return login, (SendSubscriptions(),)


def _answered(login: Login, now: float) -> LoginStep:
    if login.waiting is None or (login.acknowledges and login.acknowledged < login.waiting):
        return login, ()
    return _confirmed(login, now)


def _confirmed(login: Login, now: float) -> LoginStep:
    if login.settles:
        return replace(login, phase=LoginPhase.SETTLING, deadline=now + login.settles), ()
    return replace(login, phase=LoginPhase.LIVE), (Ready(),)


def _refused(login: Login, event: Refused) -> LoginStep:
    """Once live, an error frame is the caller's to judge."""
    if login.phase is LoginPhase.LIVE:
        return login, ()
    return replace(login, phase=LoginPhase.CLOSED), (Close(f"refused while {login.phase.value}: {event.why}"),)


def _passed(login: Login, now: float) -> LoginStep:
    if login.phase is LoginPhase.LIVE or now < login.deadline:
        return login, ()
    if login.phase is LoginPhase.SETTLING:
        return replace(login, phase=LoginPhase.LIVE), (Ready(),)
    if login.phase is LoginPhase.SUBSCRIBING and login.acknowledged:
        return _confirmed(login, now)
    why = f"still {login.phase.value} after {login.step_seconds:g} s"
    return replace(login, phase=LoginPhase.CLOSED), (Close(why),)
