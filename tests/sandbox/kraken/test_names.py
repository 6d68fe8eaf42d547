"""What answers are headed by, and whose assets they are of:
https://docs.kraken.com/exchange/api-reference/spot-rest/market-data"""

from typing import Any

import pytest

from .conftest import Client, Open

OF_A_PAIR = ("AssetPairs", "Ticker", "Depth", "OHLC", "Trades", "Spread")


@pytest.mark.parametrize("name", OF_A_PAIR)
async def test_names_as_people_read_them(kraken: Open, name: str) -> None:
    async with kraken() as client:
        for version, head in (({}, "XXBTZUSD"), ({"assetVersion": 1}, "BTC/USD")):
            reply = await client.public(name, pair="XBTUSD", **version)
            assert [each for each in reply["result"] if each != "last"] == [head]
        assert await client.public(name, pair="XBTUSD", assetVersion=2) == {
            "error": ["EGeneral:Invalid arguments:assetVersion"]
        }


async def test_assets_as_people_read_them(kraken: Open) -> None:
    async with kraken() as client:
        assets = (await client.public("Assets", assetVersion=1))["result"]
        assert (list(assets)[:2], assets["BTC"]["altname"]) == (["BTC", "USD"], "XBT")
        pair = (await client.public("AssetPairs", pair="XBTUSD", assetVersion=1))["result"]["BTC/USD"]
        assert (pair["base"], pair["quote"], pair["fee_volume_currency"], pair["wsname"]) == (
            "BTC",
            "USD",
            "USD",
            "XBT/USD",
        )


NONE: list[tuple[str, dict[str, Any]]] = [
    ("Assets", {"aclass": "tokenized_asset"}),
    ("AssetPairs", {"aclass_base": "tokenized_asset"}),
    ("Ticker", {"asset_class": "tokenized_asset"}),
]


@pytest.mark.parametrize(("name", "asked"), NONE)
async def test_no_tokenized_asset_is_traded(kraken: Open, name: str, asked: dict[str, str]) -> None:
    async with kraken() as client:
        assert await client.public(name, **asked) == {"error": [], "result": {}}


async def test_the_grouped_book(kraken: Open) -> None:
    # bids are accumulated to the level below, asks to the one above
    async with kraken() as client:
        for price in ("50000.1", "50000.4", "50000.5", "49999.9"):
            await client.place("buy", "0.1", price)
        for price in ("60000.0", "60000.1", "60000.6"):
            await client.place("sell", "0.1", price)
        book = (await client.public("GroupedBook", pair="XBTUSD", grouping=5, depth=10))["result"]
        assert (book["pair"], book["grouping"]) == ("BTC/USD", 5)
        assert [(each["price"], each["qty"]) for each in book["bids"]] == [
            ("50000.5", "0.10000000"),
            ("50000.0", "0.20000000"),
            ("49999.5", "0.10000000"),
        ]
        assert [(each["price"], each["qty"]) for each in book["asks"]] == [
            ("60000.0", "0.10000000"),
            ("60000.5", "0.10000000"),
            ("60001.0", "0.10000000"),
        ]
        assert await client.public("GroupedBook", pair="XBTUSD", grouping=7) == {
            "error": ["EGeneral:Invalid arguments:grouping"]
        }


WITHHELD = ("WithdrawInfo", "Withdraw", "WalletTransfer", "AddExport", "CreateSubaccount", "Earn/Allocate")


@pytest.mark.parametrize("name", WITHHELD)
async def test_what_keys_have_no_permission_for(kraken: Open, name: str) -> None:
    async with kraken() as client:
        assert await client.private(name) == {"error": ["EGeneral:Permission denied"]}


async def test_what_a_key_may_do(kraken: Open) -> None:
    # https://docs.kraken.com/api-reference/account-data/get-api-key-info
    async with kraken() as client:
        info = (await _key_info(client))["result"]
        assert (info["apiKey"], info["nonceWindow"], info["ipAllowlist"]) == ("key-alice", 0, [])
        assert {"query-funds", "modify-trades", "create-ws-token"} <= set(info["permissions"])


async def _key_info(client: Client) -> Any:
    return await client.private("GetApiKeyInfo")
