"""What a trade moved and what trading costs: ledger ids of trades, fee schedules, pairs named as objects."""

from typing import Any

import pytest

from .conftest import Client, Open


async def _trade(client: Client) -> str:
    bob = Client(client.port, client.session, client.sandbox, "key-bob")
    await bob.place("sell", "0.2", "60000")
    await client.place("buy", "0.2")
    (trade_id,) = (await client.private("TradesHistory"))["result"]["trades"]
    return str(trade_id)


@pytest.mark.parametrize(("sent", "as_json"), [("true", False), (True, True)])
async def test_trades_show_their_ledger_entries(kraken: Open, sent: Any, as_json: bool) -> None:
    async with kraken() as client:
        trade_id = await _trade(client)
        trades = (await client.private("TradesHistory", as_json=as_json, ledgers=sent))["result"]["trades"]
        ledgers = (await client.private("Ledgers", type="trade"))["result"]["ledger"]
        assert set(trades[trade_id]["ledgers"]) == {
            ledger_id for ledger_id, entry in ledgers.items() if entry["refid"] == trade_id
        }
        assert len(trades[trade_id]["ledgers"]) == 2
        for plain in ({}, {"ledgers": "false"}, {"consolidate_taker": "false", "trades": "true"}):
            trades = (await client.private("TradesHistory", **plain))["result"]["trades"]
            assert "ledgers" not in trades[trade_id]
        assert (await client.private("TradesHistory", ledgers="perhaps"))["error"] == [
            "EGeneral:Invalid arguments:ledgers"
        ]


async def test_a_fee_schedule_is_told_to_who_asks(kraken: Open) -> None:
    async with kraken() as client:
        asked = {"pair": "XBTUSD,ETHUSD", "fee_schedule": "true"}
        volume = (await client.private("TradeVolume", **asked))["result"]
        assert [(each["pair"], each["class"]) for each in volume["schedules"]] == [
            ("XXBTZUSD", "forex"),
            ("XETHZUSD", "forex"),
        ]
        for schedule in volume["schedules"]:
            tiers, fee = schedule["tiers"], volume["fees"][schedule["pair"]]
            assert [each["active"] for each in tiers if "active" in each] == [True]
            assert (tiers[0]["taker_fee"], tiers[1]["taker_fee"]) == (fee["fee"], fee["nextfee"])
            assert tiers[1]["min_spot_volume"] == fee["nextvolume"]
            assert tiers[0]["maker_fee"] == volume["fees_maker"][schedule["pair"]]["fee"]
        assert "schedules" not in (await client.private("TradeVolume", pair="XBTUSD"))["result"]
        assert "schedules" not in (await client.private("TradeVolume", fee_schedule="true"))["result"]


async def test_pairs_may_be_named_as_objects(kraken: Open) -> None:
    async with kraken() as client:
        pairs = [{"asset": "XBTUSD", "aclass": "forex"}, {"asset": "XETHZUSD"}]
        volume = (await client.private("TradeVolume", as_json=True, pair=pairs))["result"]
        assert set(volume["fees"]) == {"XXBTZUSD", "XETHZUSD"}
        wrong = await client.private("TradeVolume", as_json=True, pair=[{"asset": "XBTUSD", "aclass": "stone"}])
        assert wrong == {"error": ["EGeneral:Invalid arguments:pair"]}
