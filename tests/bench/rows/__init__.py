"""All rows of the table, in its order; a file of rows an idea."""

from collections.abc import Iterator

from ..row import Row
from . import books, exchanges, kraken, limits, loading, orders, placing, rules


def all_rows() -> Iterator[Row]:
    for each in (books, orders, exchanges, kraken, rules, limits, loading, placing):
        yield from each.rows()
