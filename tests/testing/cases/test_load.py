"""Files of cases: what a good one becomes, and what is said of a bad one."""

import os
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from exconn.document import DocumentError
from exconn.model import OrderType, TradeType
from exconn.testing.cases import load_cases
from exconn.testing.cases.tree import AskedRequest, BrokenPayload, SampleFrame, SampleReply, WorkedSignature

# What is wrong -> (the edit, the code, the line's own words, the message).
BAD = {
    "an id given twice": (("id: limit-sell", "id: limit-buy"), "repeated-id", "the id 'limit-buy' is given twice"),
    "no id": (("  - id: rules\n    source", "  - source"), "missing-key", "the key 'id' is missing"),
    "no source": (
        ("    source: page 1\n    operation: trading_rules\n    sends", "    operation: trading_rules\n    sends"),
        "missing-key",
        "the key 'source' is missing",
    ),
    "an unknown key": (
        ("operation: stream_ticket\n    sends", "operaton: stream_ticket\n    sends"),
        "unknown-key",
        "unknown key 'operaton'",
    ),
    "an unknown section": (("\nsent:\n", "\nspeeches:\n"), "unknown-key", "unknown key 'speeches'"),
    "an unknown record": (("{balance: {asset", "{balances: {asset"), "unknown-key", "unknown key 'balances'"),
    "an unknown field": (("{asset: BTC, total", "{asset: BTC, sum"), "unknown-key", "unknown key 'sum'"),
    "a moment without a unit": (
        ("fresh: {time: 1700000000 s}", "fresh: {time: 1700000000}"),
        "wrong-type",
        "'time' is an integer; it must be a text",
    ),
    "a unit that is none": (
        ("fresh: {time: 1700000000 s}", "fresh: {time: 1700000000 sec}"),
        "wrong-form",
        "'1700000000 sec' is not of the form of this value",
    ),
    "an amount that is none": (("amount: 1.5", "amount: 1e5"), "wrong-form", "'1e5' is not of the form of this value"),
    "a pair of another form": (("pair: BTC-USDT", "pair: BTC/USDT"), "wrong-form", "'BTC/USDT'"),
    "an unknown meaning": (("{auth: [E1]", "{author: [E1]"), "unknown-key", "unknown key 'author'"),
    "two outcomes": (
        ("    gives: [{order: {exchange_order_id: 12}}]", "    gives: []\n    unread: x"),
        "bad-outcome",
        "a case of replies has exactly one of gives, error, unread, unanswered, redirected",
    ),
    "no outcome": (
        ("    refused: LIMIT_MAKER\n", ""),
        "bad-outcome",
        "a case of requests has exactly one of sends, refused",
    ),
    "no payload": (("    sample: markets.json\n", ""), "bad-payload", "the case has neither 'body' nor 'sample'"),
    "two payloads": (
        ("    sample: markets.json\n", "    sample: markets.json\n    body: x\n"),
        "bad-payload",
        "the case has both 'body' and 'sample'",
    ),
    "a sample that is not there": (
        ("markets.json", "market.json"),
        "missing-sample",
        "the sample 'market.json' cannot be read: No such file or directory",
    ),
    "a sample elsewhere": (("markets.json", "../pier/markets.json"), "wrong-form", "'../pier/markets.json'"),
    "a table without its mark": (('"code": $code', '"code": 1'), "bad-payload", "the body has no $code"),
    "a table of nothing": (("    operations: [balances]\n", ""), "bad-outcome", "of no operation and no socket"),
    "a value that is not there": (
        ("needs: [n, bids]", "needs: [n, bid]"),
        "missing-value",
        "the payload has no value at 'bid'",
    ),
    "two records in one": (
        ("[{order: {exchange_order_id: 12}}]", "[{order: {client_id: a}, price: {price: 1}}]"),
        "wrong-size",
        "it must have at most 1",
    ),
    "an opinion whose difference no page settles": (
        ("\nsent:\n", "\nopinions: [{of: a, reason: others count in another unit}]\nsent:\n"),
        "missing-key",
        "the key 'source' is missing",
    ),
    "an opinion without a reason": (
        ("\nsent:\n", "\nopinions: [{of: a, reason: so, source: docs/a.md}]\nsent:\n"),
        "wrong-size",
        "at least 20",
    ),
    "another language": (("cases: 1\n", "cases: 2\n"), "not-one-of", "'cases' is '2'; it must be 1"),
}


@pytest.mark.parametrize("wrong", BAD)
def test_what_is_said_of_bad_cases(pier: Any, wrong: str) -> None:
    edit, code, message = BAD[wrong]
    with pytest.raises(DocumentError) as raised:
        pier.load_cases(edit)
    found = {(each.code, message in each.message) for each in raised.value.diagnostics}
    assert (code, True) in found, str(raised.value)


def test_all_findings_of_a_pass_come_at_once(pier: Any) -> None:
    with pytest.raises(DocumentError) as raised:
        pier.load_cases(("markets.json", "market.json"), ("id: limit-sell", "id: limit-buy"))
    assert [each.code for each in raised.value.diagnostics] == ["repeated-id", "missing-sample"]


@pytest.mark.parametrize("way", ["link", "pipe", "folder", "device"])
def test_a_sample_is_a_file_beside_its_cases(tmp_path: Path, way: str) -> None:
    """A file of cases is a stranger's: what its samples lead to is no reason to read something else, or to wait."""
    sample = tmp_path / "samples" / "pier" / "s.json"
    sample.parent.mkdir(parents=True)
    elsewhere = tmp_path.parent / "elsewhere.json"
    elsewhere.write_text("[]")
    {
        "link": lambda: sample.symlink_to(elsewhere),
        "pipe": lambda: os.mkfifo(sample),
        "folder": sample.mkdir,
        "device": lambda: sample.symlink_to("/dev/zero"),
    }[way]()
    why = {"pipe": "it is no regular file", "folder": "Is a directory"}.get(way, "it is a link that leads elsewhere")
    text = "cases: 1\nspec: pier\nreplies: [{id: r, source: x, operation: balances, sample: s.json, gives: []}]\n"
    with pytest.raises(DocumentError, match=f"the sample 's.json' cannot be read: {why}"):
        load_cases(text.encode(), str(tmp_path / "pier.cases.yaml"))


def test_a_sample_may_be_a_link_to_another(tmp_path: Path) -> None:
    folder = tmp_path / "samples" / "pier"
    folder.mkdir(parents=True)
    (folder / "a.json").write_text("[]")
    (folder / "b.json").symlink_to(folder / "a.json")
    text = "cases: 1\nspec: pier\nreplies: [{id: r, source: x, operation: balances, sample: b.json, gives: []}]\n"
    assert len(load_cases(text.encode(), str(tmp_path / "pier.cases.yaml")).cases) == 1


LARGE = {
    "a table of codes and operations": (
        "errors: [{id: t, source: x, body: '[$code]', operations: ["
        + "balances, " * 8000
        + "], meanings: {auth: ["
        + ", ".join(map(str, range(8000)))
        + "]}}]"
    ),
    "a sample used often": "replies:\n"
    + "".join(f"- {{id: r{n}, source: x, operation: balances, sample: large.json, gives: []}}\n" for n in range(3000)),
    "a sample that lacks much": (
        "replies: [{id: r, source: x, operation: balances, sample: large.json, gives: [], needs: ["
        + ", ".join(f"a.{n}" for n in range(9000))
        + "]}]"
    ),
}


@pytest.mark.parametrize("large", LARGE)
def test_a_short_file_cannot_make_cases_without_end(tmp_path: Path, large: str) -> None:
    sample = tmp_path / "samples" / "pier" / "large.json"
    sample.parent.mkdir(parents=True)
    sample.write_text('{"a": [' + "1," * 1_900_000 + "1]}")
    begun = time.process_time()
    with pytest.raises(DocumentError) as raised:
        load_cases(f"cases: 1\nspec: pier\n{LARGE[large]}\n".encode(), str(tmp_path / "pier.cases.yaml"))
    assert [each.code for each in raised.value.diagnostics] == ["too-many-cases"]
    assert time.process_time() - begun < 2


def test_a_list_is_no_file_of_cases() -> None:
    from exconn.testing.cases import load_cases

    with pytest.raises(DocumentError, match="it must be a mapping"):
        load_cases(b"- cases: 1\n", "x.yaml")


def test_what_cases_share(pier: Any) -> None:
    cases = pier.load_cases()
    assert cases.spec == "pier"
    assert cases.credentials == {"api_key": "k", "secret_key": "00ff10"}
    assert cases.symbols == {"rest": {"BTC-USDT": "btc_usdt", "ETH-USDT": "eth_usdt"}}
    assert cases.given == {"ticket": "t1"}


def test_a_request_is_typed(pier: Any) -> None:
    [asked] = [case.subject for case in pier.load_cases().cases if case.id == "limit-sell"]
    assert isinstance(asked, AskedRequest)
    told = asked.arguments
    assert (told.pair, told.order_type, told.side) == ("BTC-USDT", OrderType.LIMIT, TradeType.SELL)
    assert (told.amount, str(told.price), told.client_id) == (Decimal("1.5"), "10.50", "a-1")
    assert asked.fresh.time_ns == 1_700_000_000 * 10**9


def test_tables_and_needs_become_cases_of_their_own(pier: Any) -> None:
    cases = {case.id: case for case in pier.load_cases().cases}
    coded, faulty = cases['refusals/balances/"E1"'].subject, cases['faults/public/"E4"'].subject
    broken = cases["whole-book/without/n"].subject
    assert isinstance(coded, SampleReply) and b'"code": "E1"' in coded.answer.body
    assert isinstance(cases["refusals/balances/4"].subject, SampleReply)
    assert isinstance(faulty, SampleFrame) and '"fault": "E4"' in faulty.frame
    assert isinstance(broken, BrokenPayload) and '"n":null' in broken.payload.frame  # type: ignore[union-attr]


def test_a_worked_signature_keeps_its_url_apart(pier: Any) -> None:
    [worked] = [case.subject for case in pier.load_cases().cases if case.id == "worked-json"]
    assert isinstance(worked, WorkedSignature)
    assert (worked.method, worked.origin, worked.target) == ("POST", "https://api.pier.example", "/x?a=1&b=c%2Fd")


def test_a_whole_book_has_one_name_in_cases(pier: Any) -> None:
    with pytest.raises(DocumentError) as caught:
        pier.load_cases(("gives: [{book: {pair", "gives: [{book_snapshot: {pair"))
    [found] = caught.value.diagnostics
    assert (found.hint or "").startswith("a record is one of order, fill, balance, ")
    assert (found.hint or "").endswith("; a whole book is `book`, by REST and by websocket alike")
