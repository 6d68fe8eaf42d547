"""Requests that others send for neutral inputs, beside those that our endpoints build for the same.

Rules: an action is one of our operations, or one of several lookups, of which the nearest counts; the folder's comparer
judges, and recomputes our signature; the requests that had to come before are compared with our preparations.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from exconn.codec import Arguments, Context, Endpoint
from exconn.errors import UsageError
from exconn.model import OrderType, TradeType

from .bench import Bench, as_sent
from .verdict import Heard, Kind

Case = Mapping[str, Any]

_BY_CLIENT_ID: Final = ("order_by_client_id", "open_order_by_client_id", "closed_order_by_client_id")
_OPERATIONS: Final[dict[str, tuple[str, ...]]] = {
    "get_markets": ("trading_rules",),
    "get_server_time": ("server_time",),
    "get_order_book": ("book_snapshot",),
    "get_ticker": ("last_price",),
    "get_balances": ("balances",),
    "cancel_order": ("cancel_order",),
    "cancel_order_by_client_id": ("cancel_order",),
    "get_order": ("order_by_exchange_id", *_BY_CLIENT_ID),
    "get_order_by_client_id": _BY_CLIENT_ID,
    "get_open_orders": ("open_orders",),
    "get_my_trades": ("fills_since",),
    "get_order_trades": ("fills_of_order",),
    "get_trading_fee": ("fee_rates",),
}
_TYPES: Final = {"limit": OrderType.LIMIT, "limit_maker": OrderType.LIMIT_MAKER, "market": OrderType.MARKET}

SETTLED: Final = {
    "get_public_trades": "a market takes the tape from the stream",
    "create_ioc_buy": "a market places LIMIT, LIMIT_MAKER and MARKET orders",
    "create_fok_buy": "a market places LIMIT, LIMIT_MAKER and MARKET orders",
    "cancel_all_orders": "a market cancels its own orders, and no others",
    "ws_ticker": "a market takes prices from the book and the tape",
}


def hear(bench: Bench) -> Iterator[Heard]:
    """Every REST request of the exchange."""
    for case in bench.source.vectors(bench.name):
        if "expect" in case:
            yield _hear(bench, case)


def _hear(bench: Bench, case: Case) -> Heard:
    id = str(case["id"]).partition("/")[2]
    if case["action"] in SETTLED:
        return Heard(id, Kind.REQUEST, gap=SETTLED[case["action"]], settled=True)
    operations = ("place_order",) if case["action"].startswith("create_") else _OPERATIONS[case["action"]]
    known = [bench.codec.endpoints[each] for each in operations if each in bench.codec.endpoints]
    if not known:
        return Heard(id, Kind.REQUEST, gap=f"the spec has no {operations[0]}")
    context = bench.context(case["inputs"]["credentials"])
    found, refused = [], ""
    for endpoint in known:
        try:
            found.append(_differences(bench, case, endpoint, context))
        except UsageError as error:
            refused = refused or str(error)
    if not found:
        return Heard(id, Kind.REQUEST, gap=refused)
    nearest = min(found, key=len)
    return Heard(id, Kind.REQUEST, (*before(bench, case, context), *nearest))


def _differences(bench: Bench, case: Case, endpoint: Endpoint, context: Context) -> list[str]:
    request = endpoint.build(arguments_of(bench, case), bench.fresh(endpoint.nonce), context)
    inputs = case["inputs"]
    compare = bench.source.compare.compare
    return list(compare(bench.name, case["expect"], as_sent(request), inputs["credentials"], inputs).differences)


def before(bench: Bench, case: Case, context: Context) -> Iterator[str]:
    """Differences of the requests that had to come first to our preparations, the nearest of them."""
    for expected in case.get("before", ()):
        ours = [as_sent(each.build(Arguments(), bench.fresh(each.nonce), context)) for each in bench.preparations()]
        credentials = case["inputs"]["credentials"]
        found = [bench.source.compare.compare(bench.name, expected, each, credentials).differences for each in ours]
        if not found:
            yield f"before: no preparation sends {expected['method']} {expected['url']}"
        for difference in min(found, key=len, default=()):
            yield f"before: {difference}"


def arguments_of(bench: Bench, case: Case) -> Arguments:
    """The neutral inputs as ours. An order without a client id gets one, as all of ours have one."""
    given = case["inputs"]
    client_id = given.get("client_order_id")
    if client_id is None and case["action"].startswith("create_"):
        client_id = bench.source.profiles.client_id(bench.name)
    if given.get("market_buy_unit") == "quote":  # their price says how much of it is meant
        given = {**given, "quote_amount": str(Decimal(given["amount"]) * Decimal(given["price"]))}
    return Arguments(
        pair=f"{given['base']}-{given['quote']}" if "base" in given else "",
        order_type=_TYPES.get(given.get("type", ""), OrderType.LIMIT),
        side=TradeType[given.get("side", "buy").upper()],
        client_id=None if client_id is None else _prefixed(bench, str(client_id)),
        exchange_order_id=given.get("exchange_order_id"),
        created_ns=bench.time_ns,
        since_ns=bench.time_ns,
        **_decimals(given, ("amount", "quote_amount", "price")),
    )


def _prefixed(bench: Bench, client_id: str) -> str:
    """Our ids carry the prefix that the exchange wants, where others add it when they send."""
    form = bench.codec.facts.client_id
    return client_id if form is None or client_id.startswith(form.prefix) else form.prefix + client_id


def _decimals(given: Case, names: Iterable[str]) -> dict[str, Any]:
    return {name: Decimal(given[name]) for name in names if name in given}
