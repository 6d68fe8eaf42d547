"""The harness tells equal, explained, different and not covered apart, and finds a forgery of every kind.

The opinions are a few on the exchange of our own making (`opinions/`, from docs/myexchange-api.md, signatures of which
are openssl's); each test changes them, the notes or the spec in one place.
"""

import json
from dataclasses import replace

import pytest

from exconn.shipped import default, find, names
from exconn.testing.cases import Mode, read_cases
from exconn.testing.cases.opinions import Note

from .__main__ import main
from .conftest import NOTES, OPINIONS, Room, codecs, note
from .judging import Judgement, judge_exchange
from .source import open_source
from .table import report
from .verdict import Heard, Kind, Verdict, judge


def verdicts(judgement: Judgement) -> dict[str, Verdict]:
    return {each.heard.id: each.verdict for each in judgement.judged}


def wrong(judgement: Judgement) -> dict[str, list[str]]:
    found = {each.heard.id: list(judgement.unexplained(each)) for each in judgement.judged if not each.is_good}
    return {id: differences or ["not covered"] for id, differences in found.items()}


def test_every_verdict_is_told(room: Room) -> None:
    judgement = room.judge()
    assert wrong(judgement) == {} and judgement.idle == () and judgement.is_good
    found = verdicts(judgement)
    assert {id for id, verdict in found.items() if verdict is Verdict.EXPLAINED} == {"get_ticker:BTC-USDT"}
    assert {id for id, verdict in found.items() if verdict is Verdict.NOT_COVERED} == {
        "create_ioc_buy:BTC-USDT",
        "create_market_buy_by_quote:BTC-USDT",
        "rest/public_trades/1",
        "rest/balances/2",
        "rest/order_object/1",
    }
    assert sum(verdict is Verdict.EQUAL for verdict in found.values()) == 15
    assert {each.heard.kind for each in judgement.judged if each.verdict is Verdict.EQUAL} == set(Kind)


# What is forged -> (the file, the edit, who must be different, its words).
FORGED: dict[str, tuple[str, tuple[str, str], str, str]] = {
    "a request's address": ("vectors", ("/v1/time", "/v2/time"), "get_server_time", "path"),
    "a request's parameter": ("vectors", (r"\"tif\":\"GTC\"", r"\"tif\":\"DAY\""), "create_limit_buy:BTC-USDT", "tif"),
    "a request's key": ("vectors", ('"MX-KEY": "mx-demo', '"MX-KEY": "mx-damo'), "create_limit_buy:BTC-USDT", "key"),
    "a subscription": ("vectors", ("book:USDT_BTC", "books:USDT_BTC"), "ws_order_book", "message"),
    "a login's address": ("vectors", ("/v1/private", "/v2/private"), "ws_user_orders", "url"),
    "a published signature": ("published", ("BqKgYx10tWAz", "BqKgYx10tWAy"), "published/a-get-with-a-query", "MX-SIGN"),
    "a signed request": ("published", ("limit=2", "limit=3"), "published/a-get-with-a-query", "MX-SIGN"),
    "a balance": ("responses", ('"free": 13500.0, "used"', '"free": 13501.0, "used"'), "rest/balances/1", "USDT.free"),
    "an asset": ("responses", ('{"BTC": {"total"', '{"XBT": {"total"'), "rest/balances/1", "XBT: we do not read it"),
    "a state": ("responses", ('"status": "open", "price"', '"status": "closed", "price"'), "rest/order/1", "state"),
    "a filled amount": ("responses", ('"filled": 0.04, "cost"', '"filled": 0.05, "cost"'), "rest/order/1", "filled"),
    "an order's time": ("responses", ('601100}},\n', '601200}},\n'), "rest/order/1", "order.time"),
    "a fee": ("responses", ('"cost": 3.12', '"cost": 3.13'), "rest/my_trades/1", "fees"),
    "a fee's asset": ("responses", ('"currency": "MXT"', '"currency": "BTC"'), "rest/my_trades/1", "fees"),
    "a maker": ("responses", ('"maker", "price": 65000.0', '"taker", "price": 65000.0'), "rest/my_trades/1", "liqui"),
    "a step": ("responses", ('"price": 0.01}', '"price": 0.1}'), "rest/markets/1", "min_price_increment"),
    "a level": ("responses", ("[65010.0, 0.01]", "[65010.0, 0.02]"), "rest/order_book/1", "asks"),
    "a sequence number": ("responses", ('"nonce": 48210', '"nonce": 48211'), "rest/order_book/1", "last_id"),
    "a clock": ("responses", (": 1767225600000},", ": 1767225600},"), "rest/time/1", "time"),
    "a price": ("responses", ('{"last": 65010.0}', '{"last": 65011.0}'), "rest/ticker/1", "price"),
    "a trade's side": ("responses", ('"buy", "price": 65010', '"sell", "price": 65010'), "ws/ws_trade/1", "trade.side"),
    "an order of the stream": ("responses", ('"open", "filled"', '"canceled", "filled"'), "ws/ws_order/1", "state"),
    "an answer that is none": ("responses", ('"filled_quote": "2600", "state"', '"state"'), "rest/order/1", "not read"),
    "a book": ("books", ('["65012.5", "0.03"]', '["65012.5", "0.04"]'), "book", "asks"),
    "a gap that is none": ("books", ('"first": 48214', '"first": 48213'), "book", "gap: the book stays live"),
    "an update that is a gap": ("books", ('"first": 48211', '"first": 48212'), "book", "not live"),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGED)
def test_a_forged_opinion_is_different(room: Room, forgery: str) -> None:
    file, edit, id, words = FORGED[forgery]
    room.change("published.json" if file == "published" else f"{file}/myexchange.json", *edit)
    judgement = room.judge()
    found = wrong(judgement)
    assert not judgement.is_good
    assert id in found and words in " ".join(found[id])


# What is wrong in the spec -> (the edit, who must be different, their words).
BROKEN: dict[str, tuple[tuple[str, str], dict[str, str]]] = {
    "a signature": (
        ("{method}\\n{host}", "{host}\\n{method}"),
        {"create_limit_buy:BTC-USDT": "signature", "published/a-get-with-a-query": "signature"},
    ),
    "a login": (("LOGIN", "LOGON"), {"ws_user_orders": "signature"}),
    "a side": (("{buy: bid, sell: ask}", "{buy: ask, sell: bid}"), {"create_limit_buy:BTC-USDT": "params.side"}),
    "a balance": (("available: available", "available: total"), {"rest/balances/1": "USDT.free"}),
    "one lookup of two": (
        (
            "reply: {order: {rows: data, shape: order, time: updated as ms}}\n  order_by_exchange_id",
            "reply: {order: {rows: data, exchange_order_id: order_id, state: state as state, filled: size}}\n"
            "  order_by_exchange_id",
        ),
        {"rest/order/1": "order.filled: expected 0.04, got 0.10"},
    ),
    "an unread amount": (("    filled: filled\n", ""), {"rest/order/1": "order.filled: expected 0.04, got nothing"}),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_spec_is_different(room: Room, fault: str) -> None:
    edit, expected = BROKEN[fault]
    found = wrong(room.judge(spec=edit))
    assert {id: words in " ".join(found.get(id, ())) for id, words in expected.items()} == dict.fromkeys(expected, True)


def test_a_difference_that_no_note_explains_is_different(room: Room) -> None:
    assert wrong(room.judge(NOTES[1:])) == {"get_ticker:BTC-USDT": ["path: expected '/v1/trades', got '/v1/ticker'"]}


def test_a_note_explains_no_other_difference(room: Room) -> None:
    room.change("vectors/myexchange.json", "/v1/trades?symbol=USDT_BTC", "/v1/trades?symbol=USDT_ETH")
    assert list(wrong(room.judge())) == ["get_ticker:BTC-USDT"]


def test_a_gap_needs_a_note_without_words(room: Room) -> None:
    assert wrong(room.judge((NOTES[0], NOTES[2]))) == {"create_market_buy_by_quote:BTC-USDT": ["not covered"]}
    worded = (NOTES[0], note("create_market_buy_by_quote:*", "amount"), NOTES[2])
    assert list(wrong(room.judge(worded))) == ["create_market_buy_by_quote:BTC-USDT"]


@pytest.mark.parametrize(
    ("idle", "why"),
    [
        (note("get_server_time"), "no opinion needs it"),
        (note("get_server_time", "path"), "no opinion needs it"),
        (note("nobody"), "no opinion needs it"),
        (note("get_ticker:*", "path", "params.limit"), "no difference holds 'params.limit'"),
    ],
)
def test_a_note_that_explains_nothing_is_told(room: Room, idle: Note, why: str) -> None:
    judgement = room.judge((*NOTES, idle))
    assert judgement.idle == ((idle, why),)
    assert not judgement.is_good
    assert any(line.startswith(f"  IDLE NOTE {idle.of}") for line in report(judgement))


def test_modes_that_disagree_are_different(room: Room) -> None:
    """Whatever the notes say: here one mode reads balances otherwise."""
    good, bad = codecs(), codecs("available: available", "available: total")
    mixed = {Mode.MEMORY: good[Mode.MEMORY], Mode.GENERATED: bad[Mode.GENERATED]}
    cases = replace(read_cases(find("myexchange", ".cases.yaml")), opinions=(*NOTES, note("rest/balances/1", "")))
    found = wrong(judge_exchange(mixed, cases, open_source(room.folder)))
    assert list(found) == ["rest/balances/1"]


def test_a_star_stands_for_anything_and_nothing_else_does() -> None:
    heard = Heard("rest/order/1", Kind.READING, ("order.state: expected 'open'",))
    for of, verdict in {
        "*": "explained",
        "rest/*/1": "explained",
        "rest/order/[1]": "different",
        "rest": "different",
    }.items():
        assert judge(heard, [note(of, "state")]).verdict.value == verdict


def test_the_command(capsys: pytest.CaptureFixture[str], room: Room) -> None:
    assert main(["--oracle", str(room.folder), "--exchange", "myexchange"]) == 1  # its cases have no notes
    said = capsys.readouterr().out
    assert "DIFFERENT get_ticker:BTC-USDT: path: expected '/v1/trades', got '/v1/ticker'" in said
    assert "NOT COVERED create_market_buy_by_quote:BTC-USDT: this order needs an amount" in said
    assert "  all                      15            0            1            5" in said


@pytest.mark.parametrize(
    ("arguments", "why"),
    [(["--oracle", "."], "holds no opinions"), (["--oracle", str(OPINIONS), "--exchange", "quay"], "quay has both")],
)
def test_what_the_command_refuses(arguments: list[str], why: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2 and why in capsys.readouterr().err


def test_nothing_is_left_of_the_folders_modules() -> None:
    import sys

    first, second = open_source(OPINIONS), open_source(OPINIONS)
    assert first.compare is not second.compare
    assert not {"compare", "verify", "profiles"} & set(sys.modules)
    assert not (OPINIONS / "__pycache__").exists()
    assert json.loads((OPINIONS / "published.json").read_text())["vectors"] == first.signatures("myexchange")


@pytest.mark.parametrize("name", [name for name in names(".cases.yaml") if name != default()])
def test_the_cases_of_a_real_exchange_have_notes(name: str) -> None:
    """They are written by hand, and easily lost where the rest of a file of cases is made anew."""
    notes = read_cases(find(name, ".cases.yaml")).opinions
    assert notes and all(note.source.startswith("https://") for note in notes)
