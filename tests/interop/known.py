"""Where ccxt reads a shown answer otherwise than we do, and why ours is right: the exchange's page, or its own words.

Rules: a row is about one exchange and the cases whose id it begins, and explains a difference that holds its words; a
row that explains nothing is an error, as in the cases' own `opinions`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Known:
    """`source`: the page that settles it."""

    exchange: str
    case: str
    words: str
    reason: str
    source: str

    def explains(self, exchange: str, case: str, difference: str) -> bool:
        return self.exchange == exchange and case.startswith(self.case) and self.words in difference


_SPOT: Final = "https://github.com/binance/binance-spot-api-docs/blob/master/"
_KRAKEN: Final = "https://docs.kraken.com/api/docs/rest-api/"

KNOWN: Final = (
    Known("binance", "rules-of-a-halted-symbol", "max_price", "a maximum of 0 is none", f"{_SPOT}filters.md"),
    Known(
        "binance",
        "rules-without-spot-trading",
        "is_open",
        "ccxt goes by the status alone, which other kinds of trading share",
        f"{_SPOT}rest-api.md#exchange-information",
    ),
    Known(
        "binance",
        "cancelled",
        "order.client_id",
        "clientOrderId is the name of the cancel, origClientOrderId that of the order",
        f"{_SPOT}rest-api.md#cancel-order-trade",
    ),
    Known("binance", "found-pending-new", "PENDING_NEW", "ccxt has no word for it", f"{_SPOT}enums.md"),
    Known(
        "kraken",
        "rules-of-pairs",
        "rule BTC-USD: we do not read it",
        "a pair without a wsname is of the dark pool, and ccxt lists it all the same",
        f"{_KRAKEN}get-tradable-asset-pairs",
    ),
    Known(
        "kraken",
        "rules-of-pairs",
        "min_price_increment",
        "prices are multiples of tick_size; ccxt goes by the decimals",
        f"{_KRAKEN}get-tradable-asset-pairs",
    ),
    Known(
        "kraken",
        "rules-of-pairs",
        "is_open",
        "a pair whose status is left out is online; ccxt takes it to be closed",
        f"{_KRAKEN}get-tradable-asset-pairs",
    ),
    Known(
        "kraken",
        "open-orders",
        "order.filled_quote",
        "ours is the exchange's cost, cut to its digits; ccxt multiplies",
        f"{_KRAKEN}get-open-orders",
    ),
    Known(
        "kraken",
        "found-by-exchange-id",
        "order.filled_quote",
        "ours is the exchange's cost, cut to its digits; ccxt multiplies",
        f"{_KRAKEN}get-orders-info",
    ),
    Known(
        "kraken",
        "balances-that-earn",
        "balance BTC",
        "rows of one asset add up, also what earns by itself and can be traded; ccxt keeps them apart",
        f"{_KRAKEN}get-extended-balance",
    ),
    Known(
        "kraken",
        "balances-by-both-names",
        "balance DOGE",
        "rows of one asset add up, also what earns by itself and can be traded; ccxt keeps them apart",
        f"{_KRAKEN}get-extended-balance",
    ),
    Known(
        "kraken",
        "balances-by-both-names",
        "balance REP",
        "the exchange's own name of the asset; ccxt gives it another, to tell it from a newer one",
        "https://support.kraken.com/hc/en-us/articles/360000920306-API-symbols-and-tickers",
    ),
    Known(
        "kraken",
        "orders-and-fills-of-before",
        "ccxt fails: TypeError",
        "reports of executions need not name the order's kind, which ccxt takes to be there",
        "https://docs.kraken.com/api/docs/websocket-v2/executions",
    ),
)


def unexplained(exchange: str, told: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Case -> the differences that no row explains; `told`: case -> all of them."""
    found = {
        case: [each for each in differences if not any(known.explains(exchange, case, each) for known in KNOWN)]
        for case, differences in told.items()
    }
    return {case: differences for case, differences in found.items() if differences}
