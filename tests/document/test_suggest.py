"""The nearest known word."""

import random
import time

import pytest

from exconn.document import suggest

KNOWN = ["name", "docs", "hosts", "client_id", "symbols", "signing", "limits", "errors", "endpoints", "json", "form",
         "price", "price_step", "place_order", "place_orders", "ws", "id"]  # fmt: skip


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("nmae", "name"), ("clientId", "client_id"), ("CLIENT-ID", "client_id"), ("symbol", "symbols"),
        ("jsno", "json"), ("pric", "price"), ("prise_step", "price_step"), ("placeorder", "place_order"),
        ("endpiont", "endpoints"),
        ("WS", "ws"), ("_id", "id"), ("xyzzy", None), ("wz", None), ("", None), ("___", None),
        ("price_of_the_step", None),
        ("x" * 16_384, None),
    ],
)  # fmt: skip
def test_suggest(word: str, known: str | None) -> None:
    assert suggest(word, KNOWN) == known


def test_the_order_of_the_known_words_does_not_matter() -> None:
    shuffled = [*KNOWN, "cat", "car", "cab"]
    answers = set()
    for seed in range(20):
        random.Random(seed).shuffle(shuffled)
        answers.add(suggest("caz", shuffled))
    assert answers == {"cab"}


def test_no_known_words() -> None:
    assert suggest("name", []) is None


def test_among_more_words_than_anybody_writes_only_capitals_and_dashes_are_looked_past() -> None:
    many = [f"pool_{number}" for number in range(900)]
    assert suggest("Pool-7", many) == "pool_7"
    assert suggest("pool_7x", many) is None
    begun = time.process_time()
    for number in range(900):
        suggest(f"pool_{number}x", many)
    assert time.process_time() - begun < 2
