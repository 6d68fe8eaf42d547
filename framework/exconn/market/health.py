"""How the market stands with its exchange: the last error of each kind of trouble, and the network status.

Rules: trouble lasts until a call of the same kind succeeds, an answer of any kind ends trouble with the network; a
key, a clock or a nonce that the exchange refuses is named as that and not as a network failure.
"""

from msgspec import Struct

from exconn.errors import ExchangeError, ExconnError, Meaning, NotSent, Unanswered
from exconn.model import NetworkStatus

_OF_THE_ACCOUNT = frozenset({Meaning.AUTH, Meaning.TIME_SKEW, Meaning.BAD_NONCE})


class Health(Struct):
    """`last_error`: the newest error of any call, kept after the trouble is over."""

    last_error: ExconnError | None = None
    network_trouble: ExconnError | None = None
    account_trouble: ExconnError | None = None
    is_started: bool = False

    def succeeded(self, signed: bool) -> None:
        """A call was answered as it should be."""
        self.network_trouble = None
        if signed:
            self.account_trouble = None

    def failed(self, error: ExconnError) -> None:
        """A call ended in an error."""
        self.last_error = error
        if isinstance(error, NotSent | Unanswered):
            self.network_trouble = error
        elif isinstance(error, ExchangeError):
            self.network_trouble = error if error.meaning is Meaning.MAINTENANCE else None
            if error.meaning in _OF_THE_ACCOUNT:
                self.account_trouble = error

    @property
    def network_status(self) -> NetworkStatus:
        if not self.is_started:
            return NetworkStatus.STOPPED
        troubled = self.network_trouble is not None or self.account_trouble is not None
        return NetworkStatus.NOT_CONNECTED if troubled else NetworkStatus.CONNECTED
