"""Each answer has the fields of Kraken's documents, of their types: https://docs.kraken.com/exchange/api-reference,
spot-rest and spot-websocket-v2. REST says money as text, the websocket as numbers."""

from typing import Any

import pytest

from ..documented import departures
from .conftest import Client, Open

ORDER = {
    "refid": "null or text",
    "userref": "null or integer",
    "cl_ord_id?": "text",
    "status": "open or closed or canceled",
    "opentm": "number",
    "starttm": "number",
    "expiretm": "number",
    "descr": {
        "pair": "XBTUSD",
        "type": "buy or sell",
        "ordertype": "limit or market",
        **dict.fromkeys(("price", "price2"), "decimal"),
        **dict.fromkeys(("leverage", "order", "close"), "text"),
    },
    **dict.fromkeys(("vol", "vol_exec", "cost", "fee", "price", "stopprice", "limitprice"), "decimal"),
    "time_in_force": "gtc or ioc or gtd or fok",
    "trigger?": "last or index",
    "margin": "flag",
    "misc": "text",
    "oflags": "text",
    "stp_type?": "text",
    "trades?": ["text"],
}
CLOSED = {**ORDER, "reason?": "text", "closetm": "number"}
FILL = {
    **dict.fromkeys(("ordertxid", "postxid", "pair", "misc"), "text"),
    "time": "number",
    "type": "buy or sell",
    "ordertype": "limit or market",
    **dict.fromkeys(("price", "cost", "fee", "vol", "margin", "leverage"), "decimal"),
    "trade_id": "integer",
    "maker": "flag",
}
LEDGER = {
    **dict.fromkeys(("refid", "type", "subtype", "aclass", "asset"), "text"),
    "time": "number",
    **dict.fromkeys(("amount", "fee", "balance"), "decimal"),
}
PAIR = {
    **dict.fromkeys(
        ("altname", "wsname", "aclass_base", "base", "aclass_quote", "quote", "lot", "execution_venue"), "text"
    ),
    **dict.fromkeys(("cost_decimals", "pair_decimals", "lot_decimals", "lot_multiplier"), "integer"),
    **{key: ["integer"] for key in ("leverage_buy", "leverage_sell")},
    **{key: [["number", "number"]] for key in ("fees", "fees_maker")},
    "fee_volume_currency": "text",
    **dict.fromkeys(("margin_call", "margin_stop"), "integer"),
    **dict.fromkeys(("ordermin", "costmin", "tick_size"), "decimal"),
    "status": "online",
}
TICKER = {
    **{key: ["decimal", "decimal", "decimal"] for key in "ab"},
    **{key: ["decimal", "decimal"] for key in "cvplh"},
    "t": ["integer", "integer"],
    "o": "decimal",
}
LEVELS = [["decimal", "decimal", "integer"]]
RATE = dict.fromkeys(("fee", "minfee", "maxfee", "nextfee", "nextvolume", "tiervolume"), "decimal")
INPUTS = ("domain_spot_volume_30d", "domain_futures_volume_30d", "domain_assets_on_platform")
VOLUME = {
    "currency": "ZUSD",
    "asset_class": "currency",
    "volume": "decimal",
    "inputs": dict.fromkeys(INPUTS, "decimal"),
}

PUBLIC: list[tuple[str, dict[str, Any], Any]] = [
    ("Time", {}, {"unixtime": "integer", "rfc1123": "text"}),
    ("SystemStatus", {}, {"status": "online", "timestamp": "instant"}),
    (
        "Assets",
        {},
        {
            "": {
                "aclass": "currency",
                "altname": "text",
                "decimals": "integer",
                "display_decimals": "integer",
                "status": "enabled",
            }
        },
    ),
    ("AssetPairs", {}, {"": PAIR}),
    ("AssetPairs", {"pair": "XBTUSD"}, {"XXBTZUSD": PAIR}),
    ("Ticker", {}, {"": TICKER}),
    ("Ticker", {"pair": "XBTUSD"}, {"XXBTZUSD": TICKER}),
    ("Depth", {"pair": "XBTUSD"}, {"XXBTZUSD": {"asks": LEVELS, "bids": LEVELS}}),
    (
        "OHLC",
        {"pair": "XBTUSD"},
        {"XXBTZUSD": [["integer", *["decimal"] * 6, "integer"]], "last": "integer"},
    ),
    (
        "Trades",
        {"pair": "XBTUSD"},
        {"XXBTZUSD": [["decimal", "decimal", "number", "b or s", "m or l", "text", "integer"]], "last": "decimal"},
    ),
    ("Spread", {"pair": "XBTUSD"}, {"XXBTZUSD": [["integer", "decimal", "decimal"]], "last": "integer"}),
]

PRIVATE: list[tuple[str, dict[str, Any], Any]] = [
    ("Balance", {}, {"": "decimal"}),
    ("BalanceEx", {}, {"": {"balance": "decimal", "hold_trade": "decimal"}}),
    ("TradeBalance", {}, dict.fromkeys(("eb", "tb", "m", "uv", "n", "c", "v", "e", "mf", "mfo"), "decimal")),
    ("OpenOrders", {}, {"open": {"": ORDER}}),
    ("ClosedOrders", {}, {"closed": {"": CLOSED}, "count": "integer"}),
    ("TradesHistory", {}, {"trades": {"": FILL}, "count": "integer"}),
    ("Ledgers", {}, {"ledger": {"": LEDGER}, "count": "integer"}),
    (
        "TradeVolume",
        {"pair": "XBTUSD"},
        {**VOLUME, "fees": {"": RATE}, "fees_maker": {"": RATE}},
    ),
    ("TradeVolume", {}, {**VOLUME, "fees": "null", "fees_maker": "null"}),
    ("GetWebSocketsToken", {}, {"token": "text", "expires": "integer"}),
    ("CancelAll", {}, {"count": "integer", "pending": "flag"}),
    ("CancelAllOrdersAfter", {"timeout": 60}, {"currentTime": "instant", "triggerTime": "instant"}),
    ("CancelAllOrdersAfter", {"timeout": 0}, {"currentTime": "instant", "triggerTime": "instant"}),
]

LEVELS_V2 = [{"price": "number", "qty": "number"}]
BOOK = {
    "symbol": "BTC/USD",
    "bids": LEVELS_V2,
    "asks": LEVELS_V2,
    "checksum": "integer",
    "timestamp": "instant",
}
CHANNELS: list[tuple[str, dict[str, Any], str, Any]] = [
    ("book", {"depth": 10}, "snapshot", BOOK),
    (
        "ticker",
        {},
        "snapshot",
        {
            "symbol": "BTC/USD",
            **dict.fromkeys(("bid", "bid_qty", "ask", "ask_qty", "last", "volume", "vwap", "low", "high"), "number"),
            **dict.fromkeys(("change", "change_pct"), "number"),
            "volume_usd": "number",
            "timestamp": "instant",
        },
    ),
    (
        "trade",
        {"snapshot": True},
        "snapshot",
        {
            "symbol": "BTC/USD",
            "side": "buy or sell",
            "price": "number",
            "qty": "number",
            "ord_type": "limit or market",
            "trade_id": "integer",
            "timestamp": "instant",
        },
    ),
    (
        "ohlc",
        {"interval": 1},
        "snapshot",
        {
            "symbol": "BTC/USD",
            **dict.fromkeys(("open", "high", "low", "close", "volume", "vwap"), "number"),
            "trades": "integer",
            "interval_begin": "instant",
            "interval": "integer",
            "timestamp": "instant",
        },
    ),
]


async def trade(client: Client) -> None:
    """A trade of alice's and an order of hers that rests."""
    bob = Client(client.port, client.session, client.sandbox, "key-bob")
    await bob.place("sell", "1", "65000")
    await client.place("buy", "0.5", "65000")
    await client.place("buy", "0.5", "60000", cl_ord_id="mine")


@pytest.mark.parametrize(("name", "params", "form"), PUBLIC, ids=[f"{each[0]} {each[1]}" for each in PUBLIC])
@pytest.mark.parametrize("traded", [True, False])
async def test_public_answers(kraken: Open, name: str, params: dict[str, Any], form: Any, traded: bool) -> None:
    async with kraken() as client:
        if traded:
            await trade(client)
        reply = await client.public(name, **params)
        assert departures(reply, {"error": [], "result": form}) == []


@pytest.mark.parametrize(("name", "params", "form"), PRIVATE, ids=[f"{each[0]} {each[1]}" for each in PRIVATE])
async def test_private_answers(kraken: Open, name: str, params: dict[str, Any], form: Any) -> None:
    async with kraken() as client:
        await trade(client)
        reply = await client.private(name, **params)
        assert departures(reply, {"error": [], "result": form}) == []


@pytest.mark.parametrize(("channel", "params", "kind", "form"), CHANNELS, ids=[each[0] for each in CHANNELS])
async def test_channels(kraken: Open, channel: str, params: dict[str, Any], kind: str, form: Any) -> None:
    async with kraken() as client, client.stream() as stream:
        await trade(client)
        await stream.send("subscribe", channel=channel, symbol=["BTC/USD"], **params)
        answer = {"method": "subscribe", "success": "flag", "time_in": "instant", "time_out": "instant"}
        result = {"channel": channel, "symbol": "text", **dict.fromkeys(("depth?", "interval?"), "integer")}
        result |= {"snapshot": "flag", "event_trigger?": "text"}
        assert departures(await stream.next(), {**answer, "result": result}) == []
        told = await stream.next()
        assert told["data"] != []
        assert departures(told, {"channel": channel, "type": kind, "timestamp?": "instant", "data": [form]}) == []


NAMED = {"order_id": "text", "order_userref": "integer", "cl_ord_id?": "text", "timestamp": "instant"}
SUMS = dict.fromkeys(("cum_qty", "cum_cost", "avg_price", "fee_usd_equiv"), "number")
STATES = {
    "pending_new": {
        **NAMED,
        **SUMS,
        "symbol": "BTC/USD",
        "side": "buy or sell",
        "order_type": "limit or market",
        "order_qty": "number",
        "limit_price?": "number",
        "limit_price_type?": "static",
        "time_in_force": "GTC or IOC",
        "post_only?": "flag",
        "margin": "flag",
        "fee_ccy_pref": "fciq",
        "order_status": "pending_new",
    },
    "new": {**NAMED, "order_status": "new"},
    "trade": {
        **NAMED,
        **SUMS,
        **dict.fromkeys(("exec_id", "symbol"), "text"),
        "trade_id": "integer",
        "side": "buy or sell",
        **dict.fromkeys(("last_qty", "last_price", "cost", "order_qty"), "number"),
        "liquidity_ind": "t or m",
        "order_type": "limit or market",
        "order_status": "partially_filled or filled",
        "fees": [{"asset": "text", "qty": "number"}],
    },
    "filled": {**NAMED, **SUMS, "order_status": "filled"},
    "canceled": {**NAMED, **SUMS, "order_status": "canceled", "reason": "text", "cancel_reason?": "text"},
}


async def test_executions(kraken: Open) -> None:
    async with kraken() as client, client.stream() as stream:
        token = (await client.private("GetWebSocketsToken"))["result"]["token"]
        assert (await stream.ask("subscribe", channel="executions", token=token))["success"]
        assert (await stream.next())["type"] == "snapshot"
        await trade(client)
        await client.private("CancelAll")
        seen = []
        while seen.count("canceled") == 0:
            told = await stream.next()
            (row,) = told["data"]
            seen.append(row["exec_type"])
            form = {**STATES[row["exec_type"]], "exec_type": "text"}
            outer = {"channel": "executions", "type": "update", "sequence": "integer", "data": [form]}
            assert departures(told, outer) == []
        assert seen == ["pending_new", "new", "trade", "filled", "pending_new", "new", "canceled"]
