"""Every answer that the cases show: what we read in it, and what ccxt does, agree.

Rules: ccxt is told the very text of the case as the answer to its own public function; `tests.oracle.alike` compares
ids, states, amounts, fees, balances, levels and rules, in both modes. Where they differ, `known` says why.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from tests.oracle.kinds import asked_for, compare

from exconn.model import Report
from exconn.testing.cases import Case, Mode
from exconn.testing.cases.tree import SampleReply

from .known import unexplained
from .venue import Venue, reader_of, venue_of
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
def told(name: str) -> Mapping[str, list[str]]:
    """Case -> the differences, for every answer that is read, of operations that ccxt has as well."""
    venue = venue_of(name)
    return {case.id: differences(venue, case) for case in shown(venue)}


def shown(venue: Venue) -> list[Case]:
    return [
        case
        for case in venue.cases.cases
        if isinstance(case.subject, SampleReply)
        and case.expected.get("gives") is not None
        and case.subject.operation in venue.way.reads
    ]


def differences(venue: Venue, case: Case) -> list[str]:
    """Of our reading of the answer to ccxt's."""
    reply = case.subject
    assert isinstance(reply, SampleReply)
    memory, generated = (
        venue.codecs[mode].endpoints[reply.operation].read(reply.answer, reply.arguments, venue.context(mode)).reports
        for mode in Mode
    )
    assert memory == generated
    pair = reply.arguments.pair or next(filter(None, map(pair_in, memory)), "")
    id = next(filter(None, (getattr(each, "exchange_order_id", None) for each in memory)), "1")
    ask = venue.way.reads[reply.operation]
    answer = reply.answer.body.decode()
    peer = venue.peer() if reply.operation == "trading_rules" else reader_of(venue.name)  # it learns from rules
    theirs = peer.told(answer, lambda client: ask(client, pair.replace("-", "/"), id))
    kind = KINDS[reply.operation]
    return list(compare(kind, asked_for(memory, kind, "", theirs), theirs))


def pair_in(report: Report) -> str | None:
    found: Any = getattr(report, "pair", None)
    return found if isinstance(found, str) else None


@pytest.mark.parametrize("name", WAYS)
def test_answers_are_read_alike(name: str) -> None:
    assert unexplained(name, told(name)) == {}


@pytest.mark.parametrize("name", WAYS)
def test_enough_is_shown(name: str) -> None:
    """Every kind of answer that ccxt reads too is compared at least once."""
    venue = venue_of(name)
    subjects = [case.subject for case in shown(venue)]
    assert {each.operation for each in subjects if isinstance(each, SampleReply)} == set(venue.way.reads)
