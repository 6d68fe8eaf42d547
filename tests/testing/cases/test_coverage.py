"""What no case shows is found at its line of the spec, and so is a frame that two claims take."""

from typing import Any

import pytest

from exconn.testing.cases import uncovered

# What is missing -> (edits of the spec, edits of the cases, the message, the line's own words).
GAPS = {
    "a request": (
        (),
        (
            (
                "  - id: rules\n    source: page 1\n    operation: trading_rules\n    sends",
                "  - id: rules\n    source: page 1\n    operation: key_rights\n    sends",
            ),
        ),
        "a request of trading_rules",
        "  trading_rules:",
    ),
    "an order type's side": (
        (),
        (("type: MARKET, side: sell", "type: MARKET, side: buy"),),
        "a request of place_order for MARKET sell",
        "MARKET: {form",
    ),
    "a further page": (
        (),
        (("since: 1600000000 s, cursor: 7", "since: 1600000000 s"),),
        "a request of fills_since for a further page",
        "pages:",
    ),
    "an answer": (
        (),
        (('body: \'{"ok": true, "ticket"', 'body: \'{"ok": false, "ticket"'),),
        "a successful answer to stream_ticket",
        "  stream_ticket:",
    ),
    "a page with more to come": ((), (('"next": 7', '"next": null'),), "with more to come", "pages:"),
    "the last page": ((), (('"next": null, "list": []', '"next": 1, "list": []'),), "that is the last page", "pages:"),
    "a row left out": (
        (("only: {open: true}", "only: {open: {present: true}}"),),
        (),
        "row that is left out",
        "only: {open",
    ),
    "a word": ((("taker: 2", "taker: [2, 5]"),), (), "the word 5 of words.role, our 'taker'", "  role:"),
    "a decision": (
        (
            (
                "    - {when: {left: {present: true}}, is: canceled}",
                "    - {when: {left: {present: true}}, is: canceled}\n    - {when: {gone: true}, is: expired}",
            ),
        ),
        (),
        "row 4 of the decision state, 'expired'",
        "    - {when: {left: {present",
    ),
    "an optional field": ((), ((', "why": "slow"', ""),), "an order with its optional reason", "reason: why"),
    "an error code": (
        (('code: "E1"', 'code: ["E1", "E7"]'),),
        (),
        "the error code 'E7', which means auth",
        "auth: [{code",
    ),
    "an error row": (
        (),
        (("http: 429", "http: 500"),),
        "an error of this row, which means rate_limited",
        "rate_limited",
    ),
    "a control frame": (
        (),
        (('{"info": "hello"}', '{"nothing": 1}'),),
        "a frame of the socket public that is ignored",
        "ignored:",
    ),
    "a word of a control frame": (
        (("subscribed: {did: subscribe}", "subscribed: {did: [subscribe, leave]}"),),
        (),
        "that is subscribed 'leave'",
        "subscribed:",
    ),
    "a pong": ((), (("    frame: pong", "    frame: ping"),), "the pong of the socket public", "  public:"),
    "a message": (
        (("book: {present: true}, whole: {present: false}", "book: {present: true}, part: true"),),
        (),
        "a message of the socket public",
        "whole: {present: false}",
    ),
    "a handshake": (
        (),
        (("what: connect", "what: ping"), ("    sends: {http: GET wss", "    frames: []\n    x-sends: {http: GET wss")),
        "the connect of the socket public",
        "connect:",
    ),
    "a book": ((), (("does: [load, go_live]", "does: [load]"),), "a book that becomes live", "order_book:"),
    "a gap of a book": (
        (),
        (("does: [withhold, resubscribe]", "does: [withhold]"),),
        "a book with a gap",
        "order_book:",
    ),
}


def test_nothing_is_uncovered(pier: Any) -> None:
    assert uncovered(pier.load_spec(), pier.load_cases()) == []


@pytest.mark.parametrize("gap", GAPS)
def test_a_gap_is_found(pier: Any, gap: str) -> None:
    spec_edits, case_edits, said, words = GAPS[gap]
    findings = uncovered(pier.load_spec(*spec_edits), pier.load_cases(*case_edits))
    telling = [each for each in findings if said in each.message]
    assert telling, [each.message for each in findings]
    line = pier.spec[: pier.spec.index(words)].count("\n") + 1 + (gap == "a decision")
    assert (telling[0].code, telling[0].span.file) == ("uncovered", "pier.yaml")
    assert telling[0].span.line == line
    assert telling[0].message.startswith("no case shows ")
    assert "pier.cases.yaml" in (telling[0].hint or "")


def test_a_frame_that_two_claims_take(pier: Any) -> None:
    spec = pier.load_spec(("did: subscribe", "n: 4"))
    twice = [each for each in uncovered(spec, pier.load_cases()) if each.code == "claimed-twice"]
    assert len(twice) == 1
    assert twice[0].message.startswith("the frame of case whole-book is claimed by control.subscribed on line ")


def test_cases_of_another_spec(pier: Any) -> None:
    [found] = uncovered(pier.load_spec(("name: pier", "name: quay")), pier.load_cases())
    assert found.message == "these cases are about 'pier', and the spec is 'quay'"
    assert found.span.file.endswith("pier.cases.yaml")
