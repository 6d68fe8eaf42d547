"""REST of the Kraken dialect: names, envelopes, signing, orders and what an account is told of them."""

import base64
import hashlib
from decimal import Decimal
from typing import Any
from zlib import crc32

import pytest

from exconn.sandbox import plan_faults
from exconn.sandbox.signatures import FAMILIES, Secrets, Signed

from .conftest import Client, Open, sign

PAGE_SECRET = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg=="
PAGE_BODY = b"nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25"
PAGE_SIGN = "4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ=="


def test_the_signature_of_the_authentication_page() -> None:
    # https://docs.kraken.com/exchange/guides/rest/authentication: its key, its request, its API-Sign
    parameters = {
        "hash": "sha256",
        "hashed": ["nonce", "body"],
        "algorithm": "sha512",
        "secret": "base64",
        "encoding": "base64",
        "pieces": ["path", "digest"],
    }
    fields = {"nonce": "1616492376594", "signature": PAGE_SIGN}
    signed = Signed("POST", "api.kraken.com", "/0/private/AddOrder", PAGE_BODY, fields)
    verdict = FAMILIES["hashed_mac"](parameters)(signed, Secrets(PAGE_SECRET))
    assert verdict.right
    assert ("expected", PAGE_SIGN) in verdict.steps
    assert PAGE_SECRET not in str(verdict.steps)


@pytest.mark.parametrize("pair", ["XXBTZUSD", "XBTUSD", "XBT/USD", "BTC/USD"])
async def test_every_name_of_a_pair_is_understood(kraken: Open, pair: str) -> None:
    async with kraken() as client:
        heads = ["BTC/USD" if "/" in pair else "XXBTZUSD"]
        assert list((await client.public("AssetPairs", pair=pair))["result"]) == heads
        assert list((await client.public("Ticker", pair=pair))["result"]) == heads
        assert list((await client.public("Depth", pair=pair, count=5))["result"]) == heads


async def test_pairs_and_assets_as_documented(kraken: Open) -> None:
    async with kraken() as client:
        pairs = (await client.public("AssetPairs"))["result"]
        assert list(pairs) == ["XXBTZUSD", "XETHZUSD", "XETHXXBT", "XBTUSDT", "XDGUSD"]
        assert pairs["XXBTZUSD"] == {
            "altname": "XBTUSD",
            "wsname": "XBT/USD",
            "aclass_base": "currency",
            "base": "XXBT",
            "aclass_quote": "currency",
            "quote": "ZUSD",
            "execution_venue": "international",
            "lot": "unit",
            "cost_decimals": 5,
            "pair_decimals": 1,
            "lot_decimals": 8,
            "lot_multiplier": 1,
            "leverage_buy": [],
            "leverage_sell": [],
            "fees": [[0, Decimal("0.40")]],
            "fees_maker": [[0, Decimal("0.25")]],
            "fee_volume_currency": "ZUSD",
            "margin_call": 80,
            "margin_stop": 40,
            "ordermin": "0.00005",
            "costmin": "0.5",
            "tick_size": "0.1",
            "status": "online",
        }
        assert (await client.public("Assets", asset="XBT,USD"))["result"] == {
            "XXBT": _asset("XBT", 10, 5),
            "ZUSD": _asset("USD", 4, 2),
        }


def _asset(name: str, decimals: int, display: int) -> dict[str, Any]:
    facts = {"aclass": "currency", "altname": name, "decimals": decimals, "display_decimals": display}
    return {**facts, "status": "enabled"}


REFUSALS: list[tuple[str, dict[str, Any], str]] = [
    ("AddOrder", {"pair": "NOPE"}, "EQuery:Unknown asset pair"),
    ("AddOrder", {"volume": "0.00001"}, "EOrder:Order minimum not met"),
    ("AddOrder", {"volume": "0.0001", "price": "100"}, "EOrder:Cost minimum not met"),
    ("AddOrder", {"price": "100.01"}, "EOrder:Tick size check failed"),
    ("AddOrder", {"volume": "100", "price": "60000"}, "EOrder:Insufficient funds"),
    ("AddOrder", {"volume": "x"}, "EGeneral:Invalid arguments:volume"),
    ("AddOrder", {"type": "bye"}, "EGeneral:Invalid arguments:type"),
    ("AddOrder", {"price": None}, "EGeneral:Invalid arguments:price"),
    ("AddOrder", {"userref": "7", "cl_ord_id": "mine"}, "EGeneral:Invalid arguments"),
    ("CancelOrder", {"txid": "OAAAAA-BBBBB-CCCCCC"}, "EOrder:Unknown order"),
    ("CancelOrder", {"txid": "12345"}, "EOrder:Unknown order"),
    ("QueryOrders", {"txid": "OAAAAA-BBBBB-CCCCCC"}, "EOrder:Unknown order"),
    ("Nothing", {}, "EGeneral:Unknown method"),
]


@pytest.mark.parametrize(("name", "fields", "error"), REFUSALS, ids=[f"{each[0]} {each[2]}" for each in REFUSALS])
async def test_refusals(kraken: Open, name: str, fields: dict[str, Any], error: str) -> None:
    order = {"pair": "XBTUSD", "type": "buy", "ordertype": "limit", "volume": "0.01", "price": "50000"}
    given = {**(order if name == "AddOrder" else {}), **fields}
    async with kraken() as client:
        reply = await client.private(name, **{field: value for field, value in given.items() if value is not None})
    assert reply == {"error": [error]}


ACCESS: list[tuple[dict[str, str], str]] = [
    ({"API-Key": "nobody"}, "EAPI:Invalid key"),
    (
        {"API-Sign": sign("/0/private/Balance", "1", "nonce=1", base64.b64encode(b"other").decode())},
        "EAPI:Invalid signature",
    ),
    ({"API-Sign": ""}, "EAPI:Invalid key"),
]


@pytest.mark.parametrize(("changes", "error"), ACCESS)
async def test_who_asks(kraken: Open, changes: dict[str, str], error: str) -> None:
    async with kraken() as client:
        right = {"API-Key": "key-alice", "API-Sign": sign("/0/private/Balance", "1", "nonce=1")}
        assert await client.post("/0/private/Balance", {**right, **changes}, "nonce=1") == {"error": [error]}


async def test_a_refused_signature_is_explained(kraken: Open) -> None:
    async with kraken() as client:
        await client.post("/0/private/Balance", {"API-Key": "key-alice", "API-Sign": "d3Jvbmc="}, "nonce=7")
        entry = next(each for each in client.sandbox.log.since(0) if each.get("meaning") == "wrong_signature")
    steps = dict(entry["steps"])
    assert steps["nonce"] == "7"
    assert steps["body"] == "nonce=7"
    assert steps["sha256 of nonce + body, hex"] == hashlib.sha256(b"7nonce=7").hexdigest()
    assert steps["path"] == "/0/private/Balance"
    assert steps["expected"] == sign("/0/private/Balance", "7", "nonce=7")
    assert steps["sent"] == "d3Jvbmc="


async def test_a_nonce_must_rise(kraken: Open) -> None:
    async with kraken() as client:
        assert (await client.private("Balance"))["error"] == []
        client.nonce -= 1
        assert await client.private("Balance") == {"error": ["EAPI:Invalid nonce"]}


async def test_the_counter_of_calls_runs_over_and_decays(kraken: Open) -> None:
    now = [10**18]
    async with kraken(now_ns=lambda: now[0]) as client:
        errors = [(await client.private("TradesHistory"))["error"] for _ in range(11)]
        assert errors == [[]] * 10 + [["EAPI:Rate limit exceeded"]]
        assert (await client.place("buy", "0.01", "50000"))["error"] == []
        now[0] += 2 * 10**9
        assert (await client.private("TradesHistory"))["error"] == []


async def _order(client: Client, txid: str) -> Any:
    return (await client.private("QueryOrders", txid=txid, trades="true"))["result"][txid]


@pytest.mark.parametrize("as_json", [False, True])
async def test_an_order_rests_fills_and_is_told(kraken: Open, as_json: bool) -> None:
    async with kraken() as client:
        fields: dict[str, Any] = {"pair": "XBTUSD", "type": "buy", "ordertype": "limit", "volume": "0.5"}
        placed = await client.private("AddOrder", as_json=as_json, price="60000", cl_ord_id="mine-1", **fields)
        assert placed["error"] == []
        assert placed["result"]["descr"] == {"order": "buy 0.50000000 XBTUSD @ limit 60000.0"}
        (txid,) = placed["result"]["txid"]
        opened = (await client.private("OpenOrders"))["result"]["open"]
        assert list(opened) == [txid]
        assert opened[txid]["status"] == "open"
        assert opened[txid]["userref"] is None
        assert opened[txid]["cl_ord_id"] == "mine-1"
        held = (await client.private("BalanceEx"))["result"]["ZUSD"]
        assert Decimal(held["balance"]) == 10**6
        assert Decimal(held["hold_trade"]) == Decimal(30000) * Decimal("1.004")
        bob = Client(client.port, client.session, client.sandbox, "key-bob")
        await bob.place("sell", "0.2", "60000")
        order = await _order(client, txid)
        assert (order["status"], order["vol_exec"], order["cost"], order["fee"]) == (
            "open",
            "0.20000000",
            "12000",
            "30",
        )
        history = (await client.private("TradesHistory"))["result"]
        assert history["count"] == 1
        ((trade_id, trade),) = history["trades"].items()
        assert trade_id.startswith("T")
        told = [fill for account in client.sandbox.state()["accounts"].values() for fill in account["fills"]]
        assert {fill["trade_id"] for fill in told} == {trade_id}
        assert (trade["ordertxid"], trade["pair"], trade["price"], trade["vol"]) == (
            txid,
            "XXBTZUSD",
            "60000.0",
            "0.20000000",
        )
        assert (trade["fee"], trade["maker"], trade["ordertype"]) == ("30", True, "limit")
        assert list((await client.private("QueryTrades", txid=trade_id))["result"]) == [trade_id]
        assert (await client.private("CancelOrder", txid=txid))["result"] == {"count": 1, "pending": False}
        order = await _order(client, txid)
        assert (order["status"], order["reason"], order["trades"]) == ("canceled", "User requested", [trade_id])
        closed = (await client.private("ClosedOrders"))["result"]
        assert (closed["count"], list(closed["closed"])) == (1, [txid])
        ledger = (await client.private("Ledgers", asset="ZUSD"))["result"]["ledger"]
        last = max(ledger.values(), key=lambda entry: entry["time"])
        assert (last["refid"], last["amount"], last["fee"], last["balance"]) == (trade_id, "-12000", "30", "987970")


async def test_cancelling_by_reference_and_all(kraken: Open) -> None:
    async with kraken() as client:
        for price in ("50000", "50001"):
            await client.place("buy", "0.01", price, userref=42)
        await client.place("buy", "0.01", "50002", cl_ord_id="one")
        assert (await client.private("CancelOrder", txid="42"))["result"]["count"] == 2
        assert (await client.private("CancelOrder", cl_ord_id="one"))["result"]["count"] == 1
        await client.place("buy", "0.01", "50000")
        assert (await client.private("CancelAll"))["result"]["count"] == 1


async def test_what_needs_no_account(kraken: Open) -> None:
    async with kraken(life_every=0.01, seed=3) as client:
        assert (await client.public("SystemStatus"))["result"]["status"] == "online"
        assert set((await client.public("Time"))["result"]) == {"unixtime", "rfc1123"}
        depth = (await client.public("Depth", pair="XBTUSD", count=2))["result"]["XXBTZUSD"]
        assert [len(depth[side]) for side in ("bids", "asks")] == [2, 2]
        price, volume, at = depth["bids"][0]
        assert (type(price), type(volume), type(at)) == (str, str, int)
        trades = (await client.public("Trades", pair="XBTUSD"))["result"]
        assert trades["last"].isdecimal()
        spread = (await client.public("Spread", pair="XBTUSD"))["result"]["XXBTZUSD"]
        assert len(spread[0]) == 3
        assert (await client.public("Depth", pair="NOPE")) == {"error": ["EQuery:Unknown asset pair"]}


async def test_a_coarser_tick_leaves_the_digits_of_prices_as_they_were(kraken: Open) -> None:
    # pair_decimals are the digits that prices are written with, tick_size is the step that is now in force
    async with kraken() as client:
        await client.place("buy", "0.01", "50000.1")
        client.sandbox.faults.play(
            plan_faults([{"fault": "change_rules", "symbol": "BTC-USD", "factor": 10}], client.sandbox.faults.names)
        )
        rule = (await client.public("AssetPairs", pair="XBTUSD"))["result"]["XXBTZUSD"]
        assert (rule["tick_size"], rule["pair_decimals"], rule["lot_decimals"]) == ("1", 1, 8)
        ((price, *_),) = (await client.public("Depth", pair="XBTUSD"))["result"]["XXBTZUSD"]["bids"]
        assert price == "50000.1"
        async with client.stream() as stream:
            await stream.send("subscribe", channel="book", symbol=["BTC/USD"])
            books = [await stream.next() for _ in range(2)]
        assert [each["data"][0]["checksum"] for each in books if each.get("type") == "snapshot"] == [
            crc32(b"5000011000000")
        ]


# what of a pair is asked for by `info`, and what is told then
PARTS: list[tuple[str, set[str]]] = [
    ("leverage", {"leverage_buy", "leverage_sell"}),
    ("fees", {"fees", "fees_maker", "fee_volume_currency"}),
    ("margin", {"margin_call", "margin_stop"}),
]


@pytest.mark.parametrize(("info", "fields"), PARTS)
async def test_a_part_of_what_there_is_to_say_of_a_pair(kraken: Open, info: str, fields: set[str]) -> None:
    async with kraken() as client:
        whole = (await client.public("AssetPairs", pair="XBTUSD", info="info"))["result"]["XXBTZUSD"]
        assert whole == (await client.public("AssetPairs", pair="XBTUSD"))["result"]["XXBTZUSD"]
        for method in ("GET", "POST"):
            (part,) = (await client.public("AssetPairs", method, pair="XBTUSD", info=info))["result"].values()
            assert part == {name: whole[name] for name in fields}
        assert (await client.public("AssetPairs", info="all")) == {"error": ["EGeneral:Invalid arguments:info"]}
