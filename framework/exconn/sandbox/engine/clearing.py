"""Clearing: what one trade brings to both sides, what they pay for it, and its place on the tape.

Rules:
- Each side's fee is judged with its balances as they are after it paid and before it is given what the trade brings.
- Fees go to the account `house`. Trade ids are a counter of the exchange, numbers one of the instrument.
"""

from collections import deque
from collections.abc import Callable
from decimal import Decimal

from .accounts import Accounts
from .events import Trade
from .fees import Charge, Deal, FeeSchedule, charge
from .kinds import Liquidity
from .order import Fill, Order
from .venue import Listing, Venue

HOUSE = "house"


class Clearing:
    """The trades of one exchange. `prices` are those (symbol, price) of which the triggers have not heard yet."""

    __slots__ = ("_accounts", "_next_trade", "_schedule_of", "_venue", "prices")

    def __init__(
        self, accounts: Accounts, venue: Venue, schedule_of: Callable[[str], FeeSchedule], first_trade: int
    ) -> None:
        self._accounts, self._venue, self._schedule_of = accounts, venue, schedule_of
        self._next_trade = first_trade
        self.prices: deque[tuple[str, Decimal]] = deque()

    def clear(self, listing: Listing, taker: Order, maker: Order, amount: Decimal, now: int) -> Trade:
        """Give both sides what the trade at the maker's price brings them, less its fees, and record it."""
        trade_id, number = self._next_trade, listing.tape.count + 1
        self._next_trade += 1
        price, quote = maker.limit, maker.limit * amount

        def fill(order: Order, liquidity: Liquidity) -> Fill:
            fee = self._bring(order, Deal(listing.instrument, order.side, liquidity, amount, quote))
            who = (order.id, order.client_id, order.account, order.symbol, order.side, liquidity)
            return Fill(trade_id, number, *who, price, amount, quote, fee.amount, fee.asset, now, order.kind)

        of_maker, of_taker = fill(maker, Liquidity.MAKER), fill(taker, Liquidity.TAKER)
        trade = Trade(trade_id, number, taker.symbol, price, amount, quote, taker.side, of_maker, of_taker, now)
        listing.tape.record(trade)
        if listing.watch:
            self.prices.append((trade.symbol, price))
        return trade

    def _bring(self, order: Order, deal: Deal) -> Charge:
        """Judge the fee with the balances as they are, then credit what the deal brings, then take the fee."""
        account = self._accounts[order.account]
        fee = charge(
            self._schedule_of(account.name), deal, self._venue.price_of, lambda asset: account.balance(asset).available
        )
        self._accounts.credit(account.name, *deal.received)
        self._accounts.move(account.name, HOUSE, fee.asset, fee.amount)
        return fee
