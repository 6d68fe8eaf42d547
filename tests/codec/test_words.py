"""Words tables and names of assets: total, typed, both policies for the unknown."""

import pytest

from exconn.codec.numbers import BadValue
from exconn.codec.words import AssetNames, OpenWords, Words

TABLE = Words("state", (("NEW", "open"), ("1", "text one"), (1, "one"), (True, "true"), (0, "zero")))
PREFIXES = Words("state", (("EXEC", "filled"), ("EXECUTING", "open"), ("CANC", "canceled")), prefix=True)
ASSETS = AssetNames({"BTC": ("XXBT", "XBT"), "USD": ("ZUSD",)}, (".S", ".F"))


@pytest.mark.parametrize(
    ("table", "theirs", "ours"),
    [
        (TABLE, "NEW", "open"),
        (TABLE, "1", "text one"),
        (TABLE, 1, "one"),
        (TABLE, True, "true"),
        (TABLE, 0, "zero"),
        (PREFIXES, "EXECUTED @ 107.6(-0.2)", "filled"),
        (PREFIXES, "EXECUTING slowly", "open"),
        (PREFIXES, "CANC", "canceled"),
        (OpenWords("reason", (("u", "user"),)), "u", "user"),
        (OpenWords("reason", (("u", "user"),)), "engine", "engine"),
        (OpenWords("reason", (("u", "user"),)), 17, "17"),
        (ASSETS, "XXBT", "BTC"),
        (ASSETS, "XBT", "BTC"),
        (ASSETS, "XBT.F", "BTC"),
        (ASSETS, "DOT.S", "DOT"),
        (ASSETS, "eth", "ETH"),
        (ASSETS, "ETH", "ETH"),
    ],
)
def test_a_word(table, theirs, ours):
    assert table.read(theirs) == ours


@pytest.mark.parametrize(
    ("table", "theirs", "why"),
    [
        (TABLE, "new", "'new' is not a word of words.state"),
        (TABLE, False, "false is not a word of words.state"),
        (TABLE, "0", "'0' is not a word of words.state"),
        (TABLE, ["NEW"], "an array is not a word of words.state"),
        (TABLE, {}, "an object is not a word of words.state"),
        (PREFIXES, "EXE", "'EXE' is not a word of words.state"),
        (OpenWords("reason", ()), [], "an array is not a text"),
        (ASSETS, "A-B", "'A-B' is no name of an asset"),
        (ASSETS, "", "the text is empty"),
        (ASSETS, True, "true is not a text"),
    ],
)
def test_a_word_that_is_not_listed(table, theirs, why):
    with pytest.raises(BadValue) as told:
        table.read(theirs)
    assert told.value.why == why


@pytest.mark.parametrize(("ours", "written"), [("BTC", "XXBT"), ("ETH", "ETH"), ("USD", "ZUSD")])
def test_the_first_name_is_written(ours, written):
    assert ASSETS.write(ours) == written
