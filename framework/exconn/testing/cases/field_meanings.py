"""What each kind of record, each of its fields and each argument of a request is, in a phrase for the schema.

Rules: a field means the same in every record, but where a record says otherwise; no text says how a value is written,
which is the business of its sort; a test holds the tables whole.
"""

from types import MappingProxyType
from typing import Final

KINDS: Final = MappingProxyType(
    {
        "order": "One of our orders, as far as the reply or frame shows it",
        "fill": "One trade of one of our orders",
        "balance": "What we hold of an asset",
        "rule": "What an order on a pair must satisfy",
        "book": "A whole order book, by REST or by websocket",
        "book_update": "Changed levels of an order book",
        "book_checksum": "The checksum of an order book, told on its own",
        "trade": "A trade of anybody on the tape",
        "price": "The last price of a pair",
        "time": "The exchange's clock",
        "fee_rate": "Fees as fractions: 0.001 is 0.1 %",
        "rights": "What the key may do",
        "unreadable": "A row that could not be read, and costs only itself",
    }
)

_FIELDS: Final = MappingProxyType(
    {
        "exchange_order_id": "the exchange's id of the order",
        "client_id": "our own id of the order",
        "pair": "the pair, ours",
        "side": "the side",
        "state": "the order's state",
        "price": "the price",
        "amount": "the amount in base",
        "filled": "what is filled so far, in base",
        "filled_quote": "what is filled so far, in quote",
        "average_price": "the average price of what is filled",
        "reason": "why the order ended, in the exchange's words",
        "time": "when it happened",
        "trade_id": "the exchange's id of the trade",
        "quote_amount": "the amount in quote",
        "liquidity": "whether we made or took",
        "fees": "fees, negative for a rebate; left out where the exchange says nothing",
        "asset": "the asset, ours",
        "total": "all of it, holds included",
        "available": "what is free for orders; left out where only totals are given",
        "symbols": "what the exchange calls the pair",
        "price_step": "prices are multiples of it",
        "price_digits": "prices have at most so many significant digits",
        "price_steps": "from each of these prices on, prices are multiples of its step",
        "quote_step": "amounts in quote are multiples of it",
        "open": "whether it takes orders; left out where it does",
        "size_step": "amounts are multiples of it",
        "min_size": "least amount in base",
        "max_size": "greatest amount in base",
        "min_price": "least price",
        "max_price": "greatest price",
        "min_notional": "least worth in quote",
        "max_notional": "greatest worth in quote",
        "first_id": "the first sequence number in it",
        "last_id": "the last sequence number in it",
        "previous_id": "the last sequence number of the update before",
        "checksum": "the exchange's checksum of the book",
        "bids": "bids, in the order of the payload; size 0 deletes a level",
        "asks": "asks, in the order of the payload; size 0 deletes a level",
        "at": "what it shows",
        "maker": "the fee of who rests",
        "taker": "the fee of who takes",
        "withdraw": "whether it may withdraw",
        "trade": "whether it may trade",
        "why": "what was found, and where",
    }
)
_OF_RECORDS: Final = MappingProxyType({("trade", "side"): "the side of who took", ("price", "price"): "the last price"})

ARGUMENT_MEANINGS: Final = MappingProxyType(
    {
        "amount": "The amount in base.",
        "quote_amount": "The amount in quote, for orders that are sized so.",
        "price": "The price.",
        "client_id": "Our own id of the order.",
        "exchange_order_id": "The exchange's id of the order.",
        "created": "When the order was made, for lookups that ask for it.",
        "since": "From when on fills are asked for.",
        "switch": "The seconds of a dead man's switch; 0 releases it.",
        "cursor": "The page, as the one before gave it in `next`.",
    }
)


def field_meaning(kind: str, field: str) -> str:
    """A phrase without an end."""
    return _OF_RECORDS.get((kind, field)) or _FIELDS[field]
