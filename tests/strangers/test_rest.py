"""ccxt trades by REST on the dialects: what it reads is what the exchange's ledger holds, to the digit."""

import base64
from decimal import Decimal
from typing import Any

import ccxt
import pytest

from .conftest import PAIR, SYMBOL, Venue, money


async def test_markets_and_rules(venue: Venue) -> None:
    client = await venue.client()
    instruments = {f"{each.base}/{each.quote}": each for each in venue.sandbox.exchange.instruments()}
    assert {name for name, market in client.markets.items() if market["spot"]} == set(instruments)
    for name, rule in instruments.items():
        market = client.markets[name]
        assert market["active"]
        assert money(market["precision"]["price"]) == rule.tick
        assert money(market["precision"]["amount"]) == rule.lot
        assert money(market["limits"]["amount"]["min"]) == rule.min_size
        assert money(market["limits"]["cost"]["min"]) == rule.min_notional
    assert abs(await client.fetch_time() - venue.sandbox.now_ns() // 1_000_000) < 5000


async def test_the_book(venue: Venue) -> None:
    client = await venue.client()
    book, kept = await client.fetch_order_book(PAIR, 10), venue.sandbox.exchange.book(SYMBOL, 10)
    for side, levels in (("bids", kept.bids), ("asks", kept.asks)):
        assert [[*map(float, level[:2])] for level in book[side]] == [[*map(float, level[:2])] for level in levels]


async def test_a_resting_order_is_open_and_holds_funds_until_it_is_cancelled(venue: Venue) -> None:
    client = await venue.client()
    bid, _ = venue.best()
    before = await client.fetch_balance()
    placed = await client.create_order(PAIR, "limit", "buy", 0.01, float(bid))
    (order,) = venue.orders(open_only=True)
    assert (order.price, order.amount) == (bid, Decimal("0.01"))
    (shown,) = await client.fetch_open_orders(PAIR)
    assert (shown["id"], shown["status"], shown["side"]) == (placed["id"], "open", "buy")
    assert (money(shown["price"]), money(shown["amount"]), money(shown["filled"])) == (bid, Decimal("0.01"), 0)
    during = await client.fetch_balance()
    assert money(during["USDT"]["used"]) == venue.balance("USDT").held >= bid * Decimal("0.01")
    assert money(during["USDT"]["total"]) == venue.balance("USDT").total
    await client.cancel_order(placed["id"], PAIR)
    assert await client.fetch_open_orders(PAIR) == []
    assert (await client.fetch_order(placed["id"], PAIR))["status"] == "canceled"
    after = await client.fetch_balance()
    assert {asset: after[asset] for asset in ("BTC", "USDT")} == {asset: before[asset] for asset in ("BTC", "USDT")}
    with pytest.raises(ccxt.OrderNotFound):
        await client.cancel_order(placed["id"], PAIR)


@pytest.mark.parametrize("side", ["buy", "sell"])
async def test_a_crossing_order_fills_and_all_adds_up(venue: Venue, side: str) -> None:
    client = await venue.client()
    bid, ask = venue.best()
    price = float(ask + 100 if side == "buy" else bid - 100)
    placed = await client.create_order(PAIR, "limit", side, 0.75, price)
    shown = await client.fetch_order(placed["id"], PAIR)
    assert (shown["status"], money(shown["filled"])) == ("closed", Decimal("0.75"))
    kept = venue.fills()
    trades = await client.fetch_my_trades(PAIR)
    assert sorted((money(each["price"]), money(each["amount"]), money(each["fee"]["cost"])) for each in trades) == (
        sorted((fill.price, fill.amount, fill.fee) for fill in kept)
    )
    assert {(each["order"], each["fee"]["currency"], each["takerOrMaker"]) for each in trades} == {
        (placed["id"], kept[0].fee_asset, "taker")
    }
    assert sum(money(each["cost"]) for each in trades) == sum(fill.price * fill.amount for fill in kept)
    await check_balances(venue, client, side)


async def test_a_market_order_fills(venue: Venue) -> None:
    client = await venue.client()
    placed = await client.create_order(PAIR, "market", "sell", 0.5)
    shown = await client.fetch_order(placed["id"], PAIR)
    assert (shown["status"], money(shown["filled"])) == ("closed", Decimal("0.5"))
    await check_balances(venue, client, "sell")


async def check_balances(venue: Venue, client: Any, side: str) -> None:
    """Balances are the ledger's, and the fills that the client was told account for all of their change."""
    sign = 1 if side == "buy" else -1
    due = {"BTC": Decimal(100_000), "USDT": Decimal(100_000)}
    for trade in await client.fetch_my_trades(PAIR):
        due["BTC"] += sign * money(trade["amount"])
        due["USDT"] -= sign * money(trade["price"]) * money(trade["amount"])
        due[trade["fee"]["currency"]] -= money(trade["fee"]["cost"])
    balances = await client.fetch_balance()
    for asset, total in due.items():
        assert money(balances[asset]["total"]) == venue.balance(asset).total == total
        assert money(balances[asset]["used"]) == 0


# Kraken tells a wrong signature from a wrong key (https://docs.kraken.com/exchange/guides/general/errors); ccxt knows
# the second alone as one of authentication
REFUSALS = {
    "binance": (ccxt.AuthenticationError, '{"code":-1022,"msg":"Signature for this request is not valid."}'),
    "kraken": (ccxt.ExchangeError, '{"error":["EAPI:Invalid signature"]}'),
}
UNKNOWN = {
    "binance": '{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}',
    "kraken": '{"error":["EAPI:Invalid key"]}',
}


async def test_a_wrong_secret_is_refused_with_the_exchanges_own_error(venue: Venue) -> None:
    client = await venue.client()
    client.secret = base64.b64encode(b"another secret").decode()
    error, text = REFUSALS[client.id]
    with pytest.raises(error) as refused:
        await client.fetch_balance()
    assert text in str(refused.value)
    with pytest.raises(error):
        await client.create_order(PAIR, "limit", "buy", 0.01, 60000)
    assert venue.orders() == []


async def test_an_unknown_key_is_refused_with_the_exchanges_own_error(venue: Venue) -> None:
    client = await venue.client()
    client.apiKey = "k" * 64
    with pytest.raises(ccxt.AuthenticationError) as refused:
        await client.fetch_balance()
    assert UNKNOWN[client.id] in str(refused.value)
