"""Each test of a match against values that hold and values that do not; lines are joined by `and`."""

import pytest

ROWS = """
endpoints:
  open_orders:
    http: GET /orders
    reply:
      order: {{rows: data, only: {match}, exchange_order_id: id, state: always open}}
"""
LISTED = {"a": "x"}


@pytest.mark.parametrize(
    ("match", "holding", "failing"),
    [
        ("{a: x}", ["x"], ["y", None, "X", ["x"], {"x": 1}]),
        ("{a: '0'}", ["0"], [0, "00", False]),
        ("{a: 0}", [0], ["0", False, None, 0.5, "", 1]),
        ("{a: true}", [True], [1, "true", False, None]),
        ("{a: false}", [False], [0, "", None]),
        ("{a: null}", [None], ["", 0, False]),
        ("{a: [x, y]}", ["x", "y"], ["z", None, ["x", "y"]]),
        ("{a: [1, 2]}", [1, 2], ["1", True, 3]),
        ("{a: [1, x, null]}", [1, "x", None], [True, "1", ""]),
        ("{a: {not: x}}", ["y", None, ["x"]], ["x"]),
        ("{a: {not: 0}}", ["0", False, None], [0]),
        ("{a: {not: [x, 1]}}", ["y", True], ["x", 1]),
        ("{a: {present: true}}", ["", 0, False, [], "x"], [None]),
        ("{a: {present: false}}", [None], ["", 0]),
        ("{a: {empty: true}}", [None, "", [], {}], [0, "x", False, [0]]),
        ("{a: {empty: false}}", [0, "x", False], [None, "", [], {}]),
        ("{a: {zero: true}}", ["0", "0.00", 0, 0.0], ["1", "x", None, "", False]),
        ("{a: {zero: false}}", ["1", -0.5, 7], ["0", "x", None, "", True]),
        ("{a: {starts: ab}}", ["ab", "abc"], ["b", "Ab", None, ["ab"]]),
        ("{a: {contains: b}}", ["abc", ["a", "b"]], ["ac", ["abc"], None, {"b": 1}]),
        ("{a: {contains: 1}}", [[1]], ["1", [True], 1]),
        ("{a: x, b: {present: false}}", ["x"], ["y"]),
        ("{a: x, b: {present: true}}", [], ["x"]),
        ("{a: x, /code: 0}", ["x"], ["y"]),
        ("{a: x, /code: 1}", [], ["x"]),
        ("{a.b: x}", [{"b": "x"}], ["x", {"b": "y"}, [{"b": "x"}]]),
    ],
)
def test_a_match(reading_of, match, holding, failing):
    values = [*holding, *failing]
    body = {"code": 0, "data": [{"id": str(place), "a": value} for place, value in enumerate(values)]}
    reports = reading_of(ROWS.format(match=match)).reply("open_orders", body).reports
    assert [values[int(each.exchange_order_id)] for each in reports] == holding
    assert len(reports) == len(holding)
