"""An order book: levels of one pair, with the names and queries of the market contract.

Rules: prices and sizes are floats, or Decimals where the spec asks for exact levels; size 0 deletes. Each side is a
dict of price to size with one heap of prices (`Side`), or with its prices in order where it is cut to a depth, proved
or exact (`Ladder`); sorted views are made when they are asked for. A book never knows whether it is in step with the
exchange: that is the book sync's, and a book that is not is withheld by its tracker.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from exconn.errors import ExconnError
from exconn.market.book_ladder import Ladder
from exconn.market.book_proof import Proof
from exconn.market.book_side import Level, Side
from exconn.model import BookSnapshot, BookUpdate, OrderBookTradeEvent

_NAN = float("nan")


class EmptySide(ExconnError, LookupError):
    """A price was asked of a side without levels."""

    terminal = False


class OrderBookRow(NamedTuple):
    price: float
    amount: float
    update_id: int


class OrderBookQueryResult(NamedTuple):
    """What was asked (NaN where that was not given) and what came out: the last price reached and the volume up to
    it.
    """

    query_price: float
    query_volume: float
    result_price: float
    result_volume: float


class OrderBook:
    """`snapshot_uid`, `last_diff_uid`: sequence numbers contained, 0 before the first. `depth`: levels kept a side;
    `exact`: levels are Decimals; `proof`: of checksums, None where the exchange sends none."""

    def __init__(self, depth: int | None = None, exact: bool = False, proof: Proof | None = None) -> None:
        is_ordered = depth is not None or exact or proof is not None
        self._bids = Ladder(True, depth) if is_ordered else Side(-1.0)
        self._asks = Ladder(False, depth) if is_ordered else Side(1.0)
        self._is_exact = exact
        self._proof = proof
        self.snapshot_uid = 0
        self.last_diff_uid = 0
        self.last_trade_price = _NAN
        self.last_trade_price_rest_updated = -1000.0
        self.last_applied_trade = -1000.0

    def __repr__(self) -> str:
        bid, ask = self.best_bid, self.best_ask
        return f"<OrderBook {bid and bid[0]} / {ask and ask[0]}, uid {self.uid}>"

    def apply_snapshot(self, snapshot: BookSnapshot) -> None:
        """Replace all levels."""
        self._bids.load(snapshot.bids)
        self._asks.load(snapshot.asks)
        if self._proof is not None:
            self._proof.load(snapshot)
        self.snapshot_uid = self.last_diff_uid = snapshot.last_id or 0

    def apply_diffs(self, update: BookUpdate) -> None:
        """Set the levels that changed."""
        if update.bids:
            self._bids.change(update.bids)
        if update.asks:
            self._asks.change(update.asks)
        if self._proof is not None:
            self._proof.change(update)
        if update.last_id is not None:
            self.last_diff_uid = update.last_id

    def apply_trade(self, trade: OrderBookTradeEvent) -> None:
        self.last_trade_price = trade.price
        self.last_applied_trade = trade.timestamp

    def agrees(self, checksum: int | None) -> bool:
        """Whether the levels have this checksum; true where none was sent, or the book is not proved by any."""
        if self._proof is None:
            return True
        assert isinstance(self._bids, Ladder) and isinstance(self._asks, Ladder)  # a book with a proof is ordered
        return self._proof.holds(checksum, self._bids, self._asks)

    @property
    def best_bid(self) -> Level | None:
        return self._bids.best()

    @property
    def best_ask(self) -> Level | None:
        return self._asks.best()

    @property
    def is_crossed(self) -> bool:
        bid, ask = self._bids.best(), self._asks.best()
        return bid is not None and ask is not None and bid[0] >= ask[0]

    @property
    def uid(self) -> int:
        """The sequence number contained last; a sequence may start again from lower ones."""
        return self.last_diff_uid

    def bid_entries(self) -> Iterator[OrderBookRow]:
        """From the highest price down."""
        uid = self.uid
        return (OrderBookRow(price, amount, uid) for price, amount in self._bids.sorted())

    def ask_entries(self) -> Iterator[OrderBookRow]:
        """From the lowest price up."""
        uid = self.uid
        return (OrderBookRow(price, amount, uid) for price, amount in self._asks.sorted())

    @property
    def snapshot(self) -> tuple[list[OrderBookRow], list[OrderBookRow]]:
        """(bids, asks), best first."""
        return list(self.bid_entries()), list(self.ask_entries())

    def get_price(self, is_buy: bool) -> float:
        """The price that a buyer (seller) meets first: the best ask (bid). EmptySide where there is none."""
        best = self._met(is_buy).best()
        if best is None:
            raise EmptySide(f"the book has no {'asks' if is_buy else 'bids'}, so there is no price to quote")
        return best[0]

    def _met(self, is_buy: bool) -> Side | Ladder:
        return self._asks if is_buy else self._bids

    def _number(self, given: float) -> float:
        """A number that can be reckoned with the levels."""
        return Decimal(str(given)) if self._is_exact else given  # type: ignore[return-value]

    def get_price_for_volume(self, is_buy: bool, volume: float) -> OrderBookQueryResult:
        """How far a taker of `volume` base reaches; result_volume is what is there up to that price, NaN price if
        none.
        """
        volume, reached, last = self._number(volume), self._number(0.0), _NAN
        for price, amount in self._met(is_buy).sorted():
            reached, last = reached + amount, price
            if reached >= volume:
                break
        return OrderBookQueryResult(_NAN, volume, last, min(reached, volume))

    def get_price_for_quote_volume(self, is_buy: bool, quote_volume: float) -> OrderBookQueryResult:
        """How far a taker of `quote_volume` quote reaches."""
        quote_volume, reached, last = self._number(quote_volume), self._number(0.0), _NAN
        for price, amount in self._met(is_buy).sorted():
            reached, last = reached + amount * price, price
            if reached >= quote_volume:
                break
        return OrderBookQueryResult(_NAN, quote_volume, last, min(reached, quote_volume))

    def get_volume_for_price(self, is_buy: bool, price: float) -> OrderBookQueryResult:
        """The base volume that a taker with limit `price` meets."""
        taken = self._within(is_buy, price)
        last = taken[-1][0] if taken else _NAN
        return OrderBookQueryResult(price, _NAN, last, sum(amount for _, amount in taken))

    def get_quote_volume_for_price(self, is_buy: bool, price: float) -> OrderBookQueryResult:
        """The quote volume that a taker with limit `price` meets."""
        taken = self._within(is_buy, price)
        last = taken[-1][0] if taken else _NAN
        return OrderBookQueryResult(price, _NAN, last, sum(level * amount for level, amount in taken))

    def get_quote_volume_for_base_amount(self, is_buy: bool, base_amount: float) -> OrderBookQueryResult:
        """What a taker of `base_amount` base pays or gets, in quote."""
        taken = self._taken(is_buy, base_amount)
        return OrderBookQueryResult(_NAN, base_amount, _NAN, sum(price * amount for price, amount in taken))

    def get_vwap_for_volume(self, is_buy: bool, volume: float) -> OrderBookQueryResult:
        """The average price that a taker of `volume` base gets; NaN where nothing is there."""
        taken = self._taken(is_buy, volume)
        reached = sum(amount for _, amount in taken)
        vwap = sum(price * amount for price, amount in taken) / reached if reached else _NAN
        return OrderBookQueryResult(_NAN, volume, vwap, reached)

    def simulate_buy(self, amount: float) -> list[OrderBookRow]:
        """The levels that a buyer of `amount` base would take, the last in part."""
        return [OrderBookRow(price, taken, self.uid) for price, taken in self._taken(True, amount)]

    def simulate_sell(self, amount: float) -> list[OrderBookRow]:
        return [OrderBookRow(price, taken, self.uid) for price, taken in self._taken(False, amount)]

    def _within(self, is_buy: bool, limit: float) -> list[Level]:
        levels, limit = self._met(is_buy).sorted(), self._number(limit)
        return [level for level in levels if (level[0] <= limit if is_buy else level[0] >= limit)]

    def _taken(self, is_buy: bool, volume: float) -> list[Level]:
        taken, left = [], self._number(volume)
        for price, amount in self._met(is_buy).sorted():
            if left <= 0:
                break
            taken.append((price, min(amount, left)))
            left -= amount
        return taken

    c_get_price = get_price
    c_get_price_for_volume = get_price_for_volume
    c_get_price_for_quote_volume = get_price_for_quote_volume
    c_get_volume_for_price = get_volume_for_price
    c_get_quote_volume_for_price = get_quote_volume_for_price
    c_get_quote_volume_for_base_amount = get_quote_volume_for_base_amount
    c_get_vwap_for_volume = get_vwap_for_volume
