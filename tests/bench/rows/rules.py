"""Rows of reading: 2,000 trading rules from bytes, and JMESPath extractors on objects."""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache, partial
from typing import Any

import jmespath
import msgspec

from exconn.codec import Answer, Arguments
from exconn.compile.jmespath import compile_path
from exconn.model import TradingRule
from exconn.testing.cases.modes import Mode

from .. import ours
from ..material import rules_body
from ..measure import Contender
from ..row import Goal, Row, as_in_memory

SYMBOLS = 2000
SLOW = 6
RULES_NOTE = "Endpoint.read of 1.9 MB; msgspec into hand-written Structs; json and one jmespath search a field"
PATHS_NOTE = "six paths over one symbol's rules; functions written by hand for the same values; jmespath, compiled once"
PATHS: tuple[tuple[str, Callable[[Any], object]], ...] = (
    ("symbol", lambda row: row.get("symbol")),
    ("filters[0].tickSize", lambda row: row.get("filters")[0].get("tickSize") if row.get("filters") else None),
    (
        "filters[?filterType=='LOT_SIZE'] | [0].stepSize",
        lambda row: next(
            (each.get("stepSize") for each in row.get("filters", ()) if each.get("filterType") == "LOT_SIZE"), None
        ),
    ),
    ("filters[*].filterType", lambda row: [each["filterType"] for each in row.get("filters", ())]),
    ("[baseAsset, quoteAsset]", lambda row: [row.get("baseAsset"), row.get("quoteAsset")]),
    (
        "status == 'TRADING' && isSpotTradingAllowed",
        lambda row: row.get("status") == "TRADING" and row.get("isSpotTradingAllowed"),
    ),
)


class Filter(msgspec.Struct):
    filterType: str  # noqa: N815 - the exchange's names
    tickSize: str | None = None  # noqa: N815
    stepSize: str | None = None  # noqa: N815
    minQty: str | None = None  # noqa: N815
    minNotional: str | None = None  # noqa: N815


class Symbol(msgspec.Struct):
    symbol: str
    status: str
    baseAsset: str  # noqa: N815
    quoteAsset: str  # noqa: N815
    filters: list[Filter]


class Rules(msgspec.Struct):
    symbols: list[Symbol]


def rows() -> Iterator[Row]:
    floor = Contender("typed decode", _decode, 1, SLOW)
    library = Contender("jmespath", _search, 1, SLOW)
    contenders = {mode: Contender(title, _ours(mode), 1, SLOW) for mode, title in ours.MODES.items()}
    for mode, title in ours.MODES.items():
        subject = contenders[mode]
        goals = (Goal(1.6, floor), *as_in_memory(subject, contenders[Mode.MEMORY]))
        if mode is Mode.GENERATED:  # after both of ours, which are not to work in the heap that the library leaves
            goals = (*goals, Goal(None, library))
        yield Row(f"2,000 rules, {title}", subject, goals, RULES_NOTE, "ms", checked=partial(_check, mode))
    goals = (Goal(1.4, Contender("plain Python", _plain())), Goal(1 / 12, Contender("jmespath", _library())))
    yield Row("extractors", Contender("exconn", _compiled()), goals, PATHS_NOTE, checked=_check_paths)


def _decode(operations: int) -> None:
    for _ in range(operations):
        msgspec.json.decode(rules_body(SYMBOLS), type=Rules)


def _ours(mode: Mode) -> Callable[[int], None]:
    market = ours.new_market(ours.codec(mode))

    def run(operations: int) -> None:
        for _ in range(operations):
            _read(mode, market, SYMBOLS)

    return run


def _read(mode: Mode, market: Any, symbols: int) -> list[TradingRule]:
    answer, context = Answer(200, {}, rules_body(symbols)), ours.parts(market).ground.context
    reports = ours.codec(mode).endpoints["trading_rules"].read(answer, Arguments(), context).reports
    return [report for report in reports if isinstance(report, TradingRule)]


_STEP = "filters[?filterType=='{}'] | [0].{}"
_FIELDS = [
    jmespath.compile(path)
    for path in (
        _STEP.format("PRICE_FILTER", "tickSize"),
        _STEP.format("LOT_SIZE", "stepSize"),
        _STEP.format("LOT_SIZE", "minQty"),
        _STEP.format("NOTIONAL", "minNotional"),
    )
]
_PAIR = [jmespath.compile(path) for path in ("symbol", "baseAsset", "quoteAsset")]
_TRADED = jmespath.compile("symbols[?status=='TRADING']")


def _search(operations: int) -> None:
    for _ in range(operations):
        _searched(SYMBOLS)


def _searched(symbols: int) -> list[tuple[Decimal, ...]]:
    """The names and the steps of each symbol; of the names only that they were looked for."""
    steps = []
    for row in _TRADED.search(json.loads(rules_body(symbols))):
        assert all(each.search(row) for each in _PAIR)
        steps.append(tuple(Decimal(each.search(row)) for each in _FIELDS))
    return steps


def _check(mode: Mode) -> None:
    """Both read the same rules."""
    mine = _read(mode, ours.new_market(ours.codec(mode)), 20)
    told = [
        (each.min_price_increment, each.min_base_amount_increment, each.min_order_size, each.min_notional_size)
        for each in mine
    ]
    assert told == _searched(20)


@cache
def _row() -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(rules_body(1))["symbols"][0]
    return found


def _each(functions: list[Callable[[Any], object]]) -> Callable[[int], None]:
    row = _row()

    def run(operations: int) -> None:
        for _ in range(operations):
            for each in functions:
                each(row)

    return run


def _compiled() -> Callable[[int], None]:
    return _each([compile_path(path) for path, _ in PATHS])


def _plain() -> Callable[[int], None]:
    return _each([plain for _, plain in PATHS])


def _library() -> Callable[[int], None]:
    return _each([jmespath.compile(path).search for path, _ in PATHS])


def _check_paths() -> None:
    """All three find the same."""
    for path, plain in PATHS:
        assert compile_path(path)(_row()) == plain(_row()) == jmespath.search(path, _row())
