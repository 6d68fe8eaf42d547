"""Every answer that the cases show: what we read in it, and what ccxt does, agree.

Rules: ccxt is told the very text of the case as the answer to its own public function; `tests.oracle.alike` compares ids,
states, amounts, fees, balances, levels and rules, in both modes. Where ccxt is wrong or reads another thing, `ways`
says why, and an exception that nothing needs is an error.
"""

from typing import Any

import pytest
from tests.oracle.readings import asked_for, compare

from exconn.model import Report
from exconn.testing.cases import Case, Mode
from exconn.testing.cases.tree import SampleReply

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
    "open_order_by_client_id": "order",
    "closed_order_by_client_id": "order",
    "open_orders": "open_orders",
    "fills_of_order": "my_trades",
    "fills_since": "my_trades",
    "balances": "balances",
}


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
    return list(compare(kind, asked_for(ours, kind, pair, theirs), theirs))


def pair_in(report: Report) -> str | None:
    found: Any = getattr(report, "pair", None)
    return found if isinstance(found, str) else None


@pytest.mark.parametrize(("name", "case"), ANSWERS, ids=[f"{name} {case.id}" for name, case in ANSWERS])
def test_an_answer_is_read_alike(name: str, case: Case) -> None:
    venue = venue_of(name)
    memory, generated = (differences(venue, case, mode) for mode in Mode)
    assert memory == generated
    assert memory == []
