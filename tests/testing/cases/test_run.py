"""Running cases: an invented exchange passes in both modes, and each kind of case can fail, with its own words."""

from typing import Any

import pytest

from exconn.compile import finish
from exconn.testing.cases import Mode, codec_of, explain, run_cases, with_signatures

# What is expected wrongly -> (the edit of the cases, the case, what is said, a line of the spec that is named).
WRONG_CASES = {
    "a URL": (
        ("GET https://api.pier.example/markets", "GET https://api.pier.example/market"),
        "rules",
        "sends.http: expected",
        "http: GET /markets",
    ),
    "a header": (
        ("headers: {P-KEY: k, P-TIME: 1700000000,", "headers: {P-KEY: j, P-TIME: 1700000000,"),
        "cancel",
        "sends.headers.P-KEY: expected 'j', came 'k'",
        'P-TIME: "{time_s}"',
    ),
    "a body": (
        ("id=a-1&price=10.50", "id=a-1&price=10.5"),
        "limit-buy",
        'sends.body.price: expected "10.5", came "10.50"',
        "LIMIT: {form",
    ),
    "a refusal": (("refused: LIMIT_MAKER", "refused: post only"), "no-side-of-that-kind", "refused: expected", None),
    "a request that is refused": (
        (
            "with: {pair: BTC-USDT, type: LIMIT, side: buy, amount: 1.5, client_id: a-1, price: 10.50}",
            "with: {pair: BTC-USDT, type: LIMIT, side: buy, amount: 1.5, client_id: a-1}",
        ),
        "limit-buy",
        "expected sends",
        None,
    ),
    "a worked signature": (('body: \'{"a":"1"', 'body: \'{"a":"2"'), "worked-json", "sends.body.a: expected", None),
    "a record": (
        ("{exchange_order_id: 12, state: canceled}", "{exchange_order_id: 12, state: open}"),
        "cancelled",
        "gives[0].order.state: expected 'open', came 'canceled'",
        "state: by state}}\n  order_by",
    ),
    "a sum": (("total: 2.00", "total: 2.0"), "balances-read", "total: expected '2.0', came '2.00'", "total: total"),
    "a cursor": (("    next: 7\n", "    next: 8\n"), "fills-read", "next: expected '8', came '7'", "pages:"),
    "a cursor not told": (("    next: 7\n", ""), "fills-read", "next: expected nothing, but '7' came", "pages:"),
    "a given value": (
        ("given: {ticket: t2}", "given: {ticket: t3}"),
        "ticket-given",
        "given.ticket: expected 't3'",
        "gives:",
    ),
    "an error": (("retry_after: 2}", "retry_after: 3}"), "too-many", "error.retry_after: expected '3', came '2'", None),
    "a meaning": (
        ("auth: [E1], order_not_found: [E4], unl", "auth: [E4], order_not_found: [E1], unl"),
        'refusals/balances/"E4"',
        "error.meaning: expected 'auth', came 'order_not_found'",
        'order_not_found: ["E4"]',
    ),
    "a frame's kind": (("is: ignored", "is: pong"), "info", "is: expected 'pong', came 'ignored'", None),
    "an answer": (
        ("answer: '{\"pong\": 1700000000}'", "answer: '{\"pong\": 1}'"),
        "their-ping",
        "answer.pong: expected 1",
        None,
    ),
    "a level": (
        ("asks: [[11, 2.5]]}}]", "asks: [[11, 2.4]]}}]"),
        "whole-book",
        "asks[0][1]: expected '2.4', came 2.5",
        None,
    ),
    "a value that is not needed": (
        ("needs: [list.0.base, list.0.tick]", "needs: [ok, list.0.open]"),
        "rules-read/without/list.0.open",
        "is: expected 'unreadable', came 'read'",
        None,
    ),
    "a subscription": (
        ('"book": "eth_usdt", "do"', '"book": "ETH_USDT", "do"'),
        "subscribe",
        'frames[1].book: expected "ETH_USDT", came "eth_usdt"',
        "{send: {do",
    ),
    "a handshake": (
        ("public?ticket=t1", "public?ticket=t2"),
        "connect",
        'sends.http.ticket: expected "t2"',
        "connect:",
    ),
    "a ping": (("    protocol_ping: true", "    frames: ['ping']"), "ping", "expected frames", None),
    "an effect": (
        ("does: [withhold, resubscribe]", "does: [withhold, reconnect]"),
        "book-of-a-stream",
        "does[1]: expected 'reconnect', came 'resubscribe'",
        "order_book:",
    ),
    "an effect that is not there": (
        ("        does: [change]\n", ""),
        "book-of-a-stream",
        "does[0]: expected nothing, but 'change'",
        None,
    ),
    "an update that is contained already": (
        ('"n": 7, "changes": []', '"n": 5, "changes": []'),
        "book-of-a-stream",
        "does[0]: expected, but nothing came; this update ends at 5 and 5 is known, so that it is contained already",
        "order_book:",
    ),
    "an update that does not follow": (
        ('- frame: \'{"book": "btc_usdt", "n": 5', '- frame: \'{"book": "btc_usdt", "n": 6'),
        "book-of-a-stream",
        "does[0]: expected 'change', came 'withhold'; update 6 does not follow 4",
        "order_book:",
    ),
    "an update before the snapshot": (
        (
            '"whole": true, "n": 4, "bids": [["10", "1"]], "asks": [["11", "2.5"]]}\'\n        does',
            '"n": 4, "changes": []}\'\n        does',
        ),
        "book-of-a-stream",
        "does[0]: expected, but nothing came; the book waits for a snapshot that fits, and this update with it",
        "order_book:",
    ),
    "a book": (
        ("bids: [[10.5, 3], [10, 1]]", "bids: [[10, 1], [10.5, 3]]"),
        "book-of-a-stream",
        "book.bids[0][0]",
        None,
    ),
    "a book's number": (
        ("book: {last_id: 5", "book: {last_id: 6"),
        "book-of-a-stream",
        "book.last_id: expected '6'",
        None,
    ),
    "an unknown operation": (
        ("operation: balances\n    fresh", "operation: fee_rates\n    fresh"),
        "balances",
        "the spec has no operation fee_rates",
        None,
    ),
    "an unknown socket": (
        ("    socket: public\n    what: ping", "    socket: user\n    what: ping"),
        "ping",
        "the spec has no socket user",
        None,
    ),
    "an unknown pair": (("pairs: [BTC-USDT, ETH-USDT]", "pairs: [XMR-USDT, ETH-USDT]"), "subscribe", "XMR-USDT", None),
}


@pytest.mark.parametrize("mode", list(Mode), ids=lambda mode: mode.value)
def test_all_cases_pass(pier: Any, mode: Mode) -> None:
    spec, cases = pier.load_spec(), pier.load_cases()
    outcomes = run_cases(codec_of(with_signatures(spec, cases), mode), cases)
    assert [outcome.case.id for outcome in outcomes if not outcome.passed] == []
    assert len(outcomes) == len(cases.cases)


@pytest.mark.parametrize("wrong", WRONG_CASES)
def test_a_wrong_expectation_is_told(pier: Any, wrong: str) -> None:
    edit, failing, said, named = WRONG_CASES[wrong]
    spec = pier.load_spec()
    outcomes = {outcome.case.id: outcome for outcome in pier.run(spec, pier.load_cases(edit))}
    assert failing in outcomes, list(outcomes)
    found = [each for each in explain(spec, outcomes[failing]) if said in each.message]
    assert found, [each.message for each in explain(spec, outcomes[failing])]
    assert found[0].message.startswith(f"case {failing} on line {outcomes[failing].case.span.line} (page ")
    if named is not None:
        line = pier.spec[: pier.spec.index(named)].count("\n") + 1
        assert f"pier.yaml:{line}" in (found[0].hint or "").replace(",", "").split(), found[0].hint


def test_an_unreadable_row_names_its_reading_and_its_table(pier: Any) -> None:
    spec = pier.load_spec(("maker: [1, 3]", "maker: [1, 4]"))
    [outcome] = pier.run(spec, pier.load_cases())
    [found] = explain(spec, outcome)
    assert "came unreadable {why: 'liquidity: 3 is not a word of words.role'}" in found.message
    reading = pier.spec[: pier.spec.index("liquidity: role")].count("\n") + 1
    table = pier.spec[: pier.spec.index("  role:")].count("\n") + 1
    assert found.hint == f"the spec says it at pier.yaml:{reading} row 3, pier.yaml:{table}"


# The edit -> (the case, what is said, the symbols to add).
UNTOLD = {
    "written": (
        ("with: {pair: BTC-USDT, type: LIMIT, side: buy", "with: {pair: XMR-USDT, type: LIMIT, side: buy"),
        "limit-buy",
        "unknown trading pair 'XMR-USDT'",
        "{rest: {XMR-USDT: ...}}",
    ),
    "subscribed": (
        ("pairs: [BTC-USDT, ETH-USDT]", "pairs: [BTC-USDT, XMR-USDT]"),
        "subscribe",
        "unknown trading pair 'XMR-USDT'",
        "{rest: {XMR-USDT: ...}}",
    ),
    "read": (
        ('{"book": "btc_usdt", "whole": true', '{"book": "xmr_usdt", "whole": true'),
        "whole-book",
        "'xmr_usdt' is no known symbol.rest",
        "{rest: {BASE-QUOTE: xmr_usdt}}",
    ),
}


@pytest.mark.parametrize("where", UNTOLD)
def test_a_pair_without_a_symbol_is_cured_in_the_cases(pier: Any, where: str) -> None:
    edit, failing, said, symbols = UNTOLD[where]
    spec, cases = pier.load_spec(), pier.load_cases(edit)
    outcomes = {outcome.case.id: outcome for outcome in pier.run(spec, cases)}
    [found] = explain(spec, outcomes[failing])
    assert said in found.message.replace("\\'", "'")
    assert "load the trading rules" not in found.message
    assert found.hint == f"say what the exchange calls the pair at the top of {cases.file}: symbols: {symbols}"


def test_a_broken_codec_fails_its_case_with_the_line(pier: Any) -> None:
    from exconn.testing.cases.run import Outcome

    spec, cases = pier.load_spec(), pier.load_cases()
    codec = codec_of(with_signatures(spec, cases), Mode.MEMORY)
    finish(codec)
    codec.endpoints["balances"].read.__globals__.pop("read_holdings")
    outcomes: list[Outcome] = run_cases(codec, cases)
    [broken] = [outcome for outcome in outcomes if outcome.case.id == "balances-read"]
    assert "the codec fails with NameError" in broken.differences[0].why
    assert broken.read_at[0].startswith("pier.yaml:")


def test_a_secret_never_shows(pier: Any) -> None:
    spec = pier.load_spec()
    cases = pier.load_cases(('secret_key: "00ff10"', 'secret_key: "5ec4e7"'))
    shown = "\n".join(each.message for outcome in pier.run(spec, cases) for each in explain(spec, outcome))
    assert "P-SIGN: expected" in shown
    assert "5ec4e7" not in shown
