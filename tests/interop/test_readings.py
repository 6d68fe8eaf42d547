"""Every answer that the cases show: what we read in it, and what ccxt does, agree.

Rules: ccxt is told the very text of the case as the answer to its own public function; `tests.oracle.alike` compares
ids, states, amounts, fees, balances, levels and rules, in both modes. Where they differ, `known` says why.
"""

from functools import cache
from typing import Any

import pytest
from tests.oracle.readings import asked_for, compare

from exconn.model import Report
from exconn.testing.cases import Case, Mode
from exconn.testing.cases.tree import SampleReply

from .known import KNOWN, Known
from .venue import Venue, venue_of
from .ways import WAYS

KINDS = {
    "server_time": "time",
    "trading_rules": "markets",
    "book_snapshot": "order_book",
    "last_price": "ticker",
    "place_order": "create_order",
    "cancel_order": "cancel_order",
    "order_by_client_id": "order",
    "order_by_exchange_id": "order",
    "open_order_by_client_id": "open_orders",
    "closed_order_by_client_id": "open_orders",
    "open_orders": "open_orders",
    "fills_of_order": "my_trades",
    "fills_since": "my_trades",
    "balances": "balances",
}


@cache
def shown(name: str) -> list[Case]:
    """The answers that are read, of operations that ccxt has as well."""
    venue = venue_of(name)
    return [
        case
        for case in venue.cases.cases
        if isinstance(case.subject, SampleReply)
        and case.expected.get("gives") is not None
        and case.subject.operation in venue.way.reads
    ]


ANSWERS = [(name, case) for name in WAYS for case in shown(name)]


def differences(venue: Venue, case: Case, mode: Mode) -> list[str]:
    reply = case.subject
    assert isinstance(reply, SampleReply)
    endpoint = venue.codecs[mode].endpoints[reply.operation]
    ours = endpoint.read(reply.answer, reply.arguments, venue.context(mode)).reports
    pair = reply.arguments.pair or next((p for p in map(pair_in, ours) if p), "")
    id = next((getattr(each, "exchange_order_id", None) for each in ours), None) or "1"
    peer = venue.peer_of_cases()
    ask = venue.way.reads[reply.operation]
    theirs = peer.told(reply.answer.body.decode(), lambda client: ask(client, pair.replace("-", "/"), id))
    kind = KINDS[reply.operation]
    return list(compare(kind, asked_for(ours, kind, "", theirs), theirs))


def pair_in(report: Report) -> str | None:
    found: Any = getattr(report, "pair", None)
    return found if isinstance(found, str) else None


def explains(known: Known, name: str, case: Case, difference: str) -> bool:
    return known.exchange == name and case.id.startswith(known.case) and known.words in difference


@pytest.mark.parametrize(("name", "case"), ANSWERS, ids=[f"{name} {case.id}" for name, case in ANSWERS])
def test_an_answer_is_read_alike(name: str, case: Case) -> None:
    venue = venue_of(name)
    memory, generated = (differences(venue, case, mode) for mode in Mode)
    assert memory == generated
    assert [each for each in memory if not any(explains(known, name, case, each) for known in KNOWN)] == []


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: f"{known.exchange} {known.case} {known.words}")
def test_what_is_known_is_so(known: Known) -> None:
    venue = venue_of(known.exchange)
    told = [(case, differences(venue, case, Mode.MEMORY)) for name, case in ANSWERS if name == known.exchange]
    assert any(explains(known, known.exchange, case, each) for case, found in told for each in found)


@pytest.mark.parametrize("name", WAYS)
def test_enough_is_shown(name: str) -> None:
    """Every kind of answer that ccxt reads too is compared at least once."""
    assert {case.subject.operation for case in shown(name)} == set(venue_of(name).way.reads)
