"""What a virtual world raises when the code in it cannot go on.

Each error carries a readable account: the virtual time, what was expected, and for waiting tasks the line each one
waits at. Those about time come out of `run` and not out of a task, so no `except Exception` of the code under test can
hide one.
"""

__all__ = ["SimDeadlock", "SimError", "SimForbidden", "SimSpin", "SimTimeout", "SimUnhandled"]


class SimError(Exception):
    """Base of everything that a virtual world reports about itself."""


class SimDeadlock(SimError):
    """Nothing is ready and no timer is set: no task can ever run again."""


class SimTimeout(SimError):
    """The next thing to happen lies beyond the virtual time that the run was given."""


class SimSpin(SimError):
    """The loop keeps running callbacks while virtual time stands still."""


class SimForbidden(SimError):
    """Code in the world reached for a real socket, a name server, a process, a signal or another thread."""


class SimUnhandled(SimError):
    """Exceptions that nobody awaited, or that a callback raised, came to light during the run."""
