"""Opening a socket: one table of stories, each event with the second it happens in."""

import pytest

from exconn.codec.login import (
    Acknowledged,
    Connected,
    LoggedIn,
    LoginEvent,
    LoginPhase,
    Passed,
    Refused,
    Sent,
    start,
    step,
)

C, L, A, P = Connected(), LoggedIn(), Acknowledged(), Passed()


@pytest.mark.parametrize(
    ("has_login", "acknowledges", "story", "phase", "effects"),
    [
        (False, False, [(1, C), (1, Sent(2))], LoginPhase.LIVE, "SendSubscriptions() Ready()"),
        (True, False, [(1, C), (2, Sent(1))], LoginPhase.LOGGING_IN, "SendLogin()"),
        (True, False, [(1, C), (2, L), (2, Sent(1))], LoginPhase.LIVE, "SendLogin() SendSubscriptions() Ready()"),
        (False, True, [(1, C), (1, Sent(2)), (2, A)], LoginPhase.SUBSCRIBING, "SendSubscriptions()"),
        (False, True, [(1, C), (1, Sent(2)), (2, A), (3, A)], LoginPhase.LIVE, "SendSubscriptions() Ready()"),
        (False, True, [(1, C), (1, A), (1, Sent(1))], LoginPhase.LIVE, "SendSubscriptions() Ready()"),
        (False, True, [(1, C), (1, Sent(0))], LoginPhase.LIVE, "SendSubscriptions() Ready()"),
        (False, True, [(1, C), (1, Sent(2)), (2, A), (11, P)], LoginPhase.LIVE, "SendSubscriptions() Ready()"),
        (
            False,
            True,
            [(1, C), (1, Sent(2)), (10.9, P), (11, P)],
            LoginPhase.CLOSED,
            "SendSubscriptions() Close(why='still subscribing after 10 s')",
        ),
        (True, True, [(9.9, P), (10, P)], LoginPhase.CLOSED, "Close(why='still connecting after 10 s')"),
        (True, True, [(5, C), (14, P)], LoginPhase.LOGGING_IN, "SendLogin()"),
        (
            True,
            True,
            [(5, C), (15, P), (16, L), (16, Refused("late"))],
            LoginPhase.CLOSED,
            "SendLogin() Close(why='still logging_in after 10 s')",
        ),
        (
            True,
            True,
            [(1, C), (2, Refused("bad key"))],
            LoginPhase.CLOSED,
            "SendLogin() Close(why='refused while logging_in: bad key')",
        ),
        (
            False,
            False,
            [(1, C), (1, Sent(1)), (2, Refused("x")), (99, P)],
            LoginPhase.LIVE,
            "SendSubscriptions() Ready()",
        ),
        (False, True, [(1, A), (1, Sent(1)), (1, L)], LoginPhase.CONNECTING, ""),
        (False, True, [(1, C), (1, C)], LoginPhase.SUBSCRIBING, "SendSubscriptions()"),
    ],
)
def test_stories(
    has_login: bool, acknowledges: bool, story: list[tuple[float, LoginEvent]], phase: LoginPhase, effects: str
) -> None:
    login, done = start(has_login, acknowledges, now=0.0), []
    for now, event in story:
        login, more = step(login, event, now)
        done += [repr(effect) for effect in more]
    assert (login.phase, " ".join(done)) == (phase, effects)


# where a socket has to settle for 5 s first
SETTLING = [
    ([(1, C), (1, Sent(1)), (2, A)], LoginPhase.SETTLING, "SendSubscriptions()"),
    ([(1, C), (1, Sent(1)), (2, A), (3, A), (6.9, P)], LoginPhase.SETTLING, "SendSubscriptions()"),
    ([(1, C), (1, Sent(1)), (2, A), (7, P)], LoginPhase.LIVE, "SendSubscriptions() Ready()"),
    ([(1, C), (1, Sent(2)), (2, A), (11, P), (15.9, P)], LoginPhase.SETTLING, "SendSubscriptions()"),
    ([(1, C), (1, Sent(2)), (2, A), (11, P), (16, P)], LoginPhase.LIVE, "SendSubscriptions() Ready()"),
    (
        [(1, C), (1, Sent(1)), (2, A), (3, Refused("no such channel")), (7, P)],
        LoginPhase.CLOSED,
        "SendSubscriptions() Close(why='refused while settling: no such channel')",
    ),
]


@pytest.mark.parametrize(("story", "phase", "effects"), SETTLING)
def test_a_socket_that_settles(story: list[tuple[float, LoginEvent]], phase: LoginPhase, effects: str) -> None:
    login, done = start(False, True, now=0.0, settles=5.0), []
    for now, event in story:
        login, more = step(login, event, now)
        done += [repr(effect) for effect in more]
    assert (login.phase, " ".join(done)) == (phase, effects)
