"""`docs/contract.md`: each row of the document that exconn was asked for: our function, its test, why it differs.

Made from `table.json`, which holds the names and the parameters as the document's tables give them: run
`python -m tests.market.contract.page` after a change of the table.
"""

import json
from itertools import groupby
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("table.json")
PAGE = Path(__file__).parents[3] / "docs" / "contract.md"

_HEAD = """\
# The Market contract

exconn makes the `Market` and `Auth` that Hummingbot's document "Task 3. Market Connector" asks for. Here is each row of
its tables, with our function, the test that shows it work, and where we differ on purpose, the reason. This page and
the checks of names and parameters come from one table, `tests/market/contract/table.json`; every row is called on the
shipped specs of Binance and Kraken as well, each against its sandbox (`tests/market/contract/test_walk.py`).

Names without `c_` (`buy`, `sell`, `cancel`, `tick`, `get_fee`...) are the same functions as those with it. `symbol` and
`trading_pair` are pairs, `BASE-QUOTE`; `order_id` is always the client's.
"""
_TAIL = """\
## Where two eras of the original differ

| setting of `MarketSettings` | values | default | why |
| --- | --- | --- | --- |
| `price_rounding` | `FLOOR` (from v1.0 on), `HALF_EVEN` (before) | `FLOOR` | no buy is rounded up |
| `buy_lock` | `REMAINING_TIMES_PRICE` (since July 2022), `EXECUTED_QUOTE` (before) | `REMAINING_TIMES_PRICE` | \
what remains is what the exchange holds, whatever the fills before it cost |

## Around it

| of the original | ours |
| --- | --- |
| Clock, TimeIterator, ClockMode | `exconn.market.clock` |
| NetworkIterator | the market's own check: `check_network` every 10 s, `start_network` at the first answer |
| PubSub, market events | `exconn.market.pubsub`, `exconn.model.events` |
| InFlightOrder, LimitOrder, TradeFee, TradingRule, CancellationResult | `exconn.market`, `exconn.model` |
| OrderBook, OrderBookTracker, UserStreamTracker | `exconn.market` |
| MarketsRecorder, SQLConnectionManager | `exconn.market.recorder`, on SQLAlchemy and SQLite; money is kept as text. \
A market's states are found by its name and the `config_file_path`, as with the original: each account has a \
`config_file_path`, and two markets of one name in a recorder are refused. What a market does not know of (orders \
of an earlier life that were not restored, those of another process) is left in its row. Orders, statuses and fills \
are found by config file, market and id, not by the client id alone. While the database cannot be written, events \
wait in memory and are written when it can be; at most 100,000 of them: one for which there is no room is told to the \
log as it is |

## What every function keeps

- What cannot be an argument at all (a pair that is no text, an amount that is no number, a word for an `OrderType`, \
anything but True and False for `is_buy`) is a `UsageError` that names it, raised at once, told and sent to nobody.
- A broken trading rule raises its failure event and is never sent; `execute_buy` and `execute_sell` raise as well.
- A submit ends accepted, proven rejected or unresolved; unresolved stays tracked and reserved.
- Where client ids may come again (`unique` other than `forever`), an order of unknown outcome is told from an older \
one of its id by the exchange's times, in lookups and in lists of open orders. Not provable, and so not kept apart: an \
older order of the same id, price and amount that the stream reports a change of now, and a cancel of ours before the \
first lookup has shown whose the id is. Ids that are drawn here do not come again; ids of your own should not either.
- One terminal event an order, ever; a fill counts once, however often it is told.
- Events, their order and their fields are those of the original (`exconn.model.events`); what we add stands last.
- An event's `timestamp` is the market's own clock at that moment: this machine's time when the market was made, \
steady from there on, never the exchange's. The original has the last tick of the outer clock, up to a second older: a \
fill in the same tick as a reading of the balances would not count as after it. `current_timestamp` is that tick, as \
with the original, and the market's own clock where no outer one drives it.
"""


def read_table() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(TABLE.read_text(encoding="utf-8"))
    return rows


def write_page() -> str:
    parts = [_HEAD]
    for section, rows in groupby(read_table(), lambda row: row["section"]):
        lines = [_row(row) for row in rows]
        parts.append(
            "\n".join([f"## {section}", "", "| function | test | difference |", "| --- | --- | --- |", *lines, ""])
        )
    return "\n".join([*parts, _TAIL])


def _row(row: dict[str, Any]) -> str:
    call = "" if row["kind"] == "property" else f"({', '.join(row['parameters'])})"
    shown = f"`{row['on']}.{row['name']}{call}`"
    file, test = row["test"].split("::")
    return f"| {shown} | `{test}` in [{file.removeprefix('tests/market/')}](../{file}) | {row['differs']} |"


if __name__ == "__main__":
    PAGE.write_text(write_page(), encoding="utf-8")
