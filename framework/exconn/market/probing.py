"""What an operation needs, found out by asking its builder: a pure function that says no by a UsageError.

Rules: nothing is sent and no nonce is drawn; an answer is found once and kept, because a builder never changes its mind
about what it reads. Credentials must be there already, or every signed operation seems to need more than it gets.
"""

from decimal import Decimal

from exconn.codec import Arguments, Codec, Context, Fresh
from exconn.errors import UsageError
from exconn.model import OrderType, TradeType

_PROBE = Fresh(0, 1, "0" * 32, 1)
_ONE = Decimal(1)


class Needs:
    """Questions about a codec's operations, with their answers remembered."""

    __slots__ = ("_codec", "_context", "_known")

    def __init__(self, codec: Codec, context: Context) -> None:
        self._codec = codec
        self._context = context
        self._known: dict[object, bool] = {}

    def pair(self, operation: str) -> bool:
        """Whether a list of orders or fills, fee rates or a dead man's switch can only be asked for pair by pair."""
        if operation not in self._known:
            self._known[operation] = not self._builds(operation, Arguments(since_ns=0, switch_s=1))
        return self._known[operation]

    def quote(self, pair: str, order_type: OrderType, side: TradeType) -> bool:
        """Whether the exchange wants the quote to spend rather than the base amount."""
        if order_type.is_limit_type():
            return False
        key = (order_type, side)
        if key not in self._known:
            base = Arguments(pair=pair, order_type=order_type, side=side, client_id="1", amount=_ONE)
            quote = Arguments(pair=pair, order_type=order_type, side=side, client_id="1", quote_amount=_ONE)
            self._known[key] = not self._builds("place_order", base) and self._builds("place_order", quote)
        return self._known[key]

    def _builds(self, operation: str, arguments: Arguments) -> bool:
        try:
            self._codec.endpoints[operation].build(arguments, _PROBE, self._context)
        except UsageError:
            return False
        return True
