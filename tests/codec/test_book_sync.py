"""The book's state machine: tables of chains, starts and gaps, and one long run against a book that knows the truth."""

import random
from typing import Any

import pytest

from exconn.codec.book_chain import Link, link
from exconn.codec.book_sync import (
    BUFFER_AT_MOST,
    REPEATS_AT_MOST,
    AskSnapshot,
    BookEvent,
    BookPhase,
    BookSync,
    Change,
    Closed,
    Doubted,
    Effect,
    GoLive,
    Load,
    Opened,
    Reconnect,
    Resubscribe,
    SnapshotFailed,
    Withhold,
    step,
)
from exconn.codec.facts import BookFacts
from exconn.model import BookSnapshot, BookUpdate


def facts(start: str = "rest", chain: str = "range", on_gap: str = "resnapshot") -> BookFacts:
    return BookFacts(start=start, chain=chain, on_gap=on_gap)


def snap(last_id: int | None) -> BookSnapshot:
    return BookSnapshot(bids=[(1.0, 1.0)], asks=[(2.0, 1.0)], last_id=last_id)


def upd(last_id: int | None, first_id: int | None = None, previous_id: int | None = None) -> BookUpdate:
    return BookUpdate(bids=[], asks=[], last_id=last_id, first_id=first_id, previous_id=previous_id)


def run(book: BookFacts, *events: BookEvent) -> tuple[BookSync, list[Effect]]:
    sync = BookSync(book)
    effects: list[Effect] = []
    for event in events:
        sync, more = step(sync, event)
        effects += more
    return sync, effects


def words(effects: list[Effect]) -> str:
    return " ".join(type(effect).__name__ for effect in effects)


N, S, G = Link.NEXT, Link.SEEN, Link.GAP


@pytest.mark.parametrize(
    ("chain", "known", "update", "how"),
    [
        ("range", 10, upd(12, first_id=11), N),
        ("range", 10, upd(12, first_id=9), N),
        ("range", 10, upd(10, first_id=9), S),
        ("range", 10, upd(13, first_id=12), G),
        ("range", 10, upd(11), G),
        ("range", 10, upd(None), G),
        ("range", None, upd(13, first_id=12), N),
        ("link", 10, upd(15, previous_id=10), N),
        ("link", 10, upd(15, previous_id=8), N),
        ("link", 10, upd(10, previous_id=10), S),
        ("link", 10, upd(15, previous_id=11), G),
        ("link", 10, upd(15), G),
        ("link", 15, upd(3, previous_id=15), N),
        ("link", 15, upd(3, previous_id=14), S),
        ("range", 15, upd(3, first_id=1, previous_id=15), S),
        ("count", 10, upd(11), N),
        ("count", 10, upd(10), S),
        ("count", 10, upd(12), G),
        ("count", 10, upd(None), G),
        ("newer", 10, upd(90), N),
        ("newer", 10, upd(10), S),
        ("newer", 10, upd(None), N),
        ("none", 10, upd(3), N),
    ],
)
def test_chains(chain: str, known: int | None, update: BookUpdate, how: Link) -> None:
    assert link(chain, known, update) is how


@pytest.mark.parametrize(
    ("book", "events", "live", "effects"),
    [
        (facts(), [upd(5, 5)], False, ""),
        (facts(), [Opened()], False, "AskSnapshot"),
        (facts(), [Opened(), SnapshotFailed()], False, "AskSnapshot AskSnapshot"),
        (facts(), [Opened(), upd(5, 5)], False, "AskSnapshot"),
        (facts(), [Opened(), snap(5)], True, "AskSnapshot Load GoLive"),
        (facts(), [Opened(), upd(5, 5), upd(6, 6), snap(5)], True, "AskSnapshot Load Change GoLive"),
        (facts(), [Opened(), upd(5, 5), snap(3)], False, "AskSnapshot AskSnapshot"),
        (
            facts(),
            [Opened(), upd(5, 5), snap(3), snap(5), upd(6, 6)],
            True,
            "AskSnapshot AskSnapshot Load GoLive Change",
        ),
        (facts(), [Opened(), snap(5), snap(3)], True, "AskSnapshot Load GoLive"),
        (facts(), [Opened(), snap(5), upd(5, 5), upd(6, 6)], True, "AskSnapshot Load GoLive Change"),
        (facts(), [Opened(), snap(5), upd(7, 7)], False, "AskSnapshot Load GoLive Withhold AskSnapshot"),
        (
            facts(),
            [Opened(), snap(5), upd(7, 7), upd(8, 8), snap(7)],
            True,
            "AskSnapshot Load GoLive Withhold AskSnapshot Load Change GoLive",
        ),
        (facts(), [Opened(), snap(5), Closed(), upd(6, 6), snap(6)], False, "AskSnapshot Load GoLive Withhold"),
        (facts(), [Opened(), snap(5), Opened()], False, "AskSnapshot Load GoLive Withhold AskSnapshot"),
        (facts(), [Opened(), snap(5), Doubted("crossed")], False, "AskSnapshot Load GoLive Withhold AskSnapshot"),
        (facts("asked", "count"), [Opened(), snap(5), upd(6)], True, "AskSnapshot Load GoLive Change"),
        (
            facts("asked", "count"),
            [Opened(), upd(6), snap(4), snap(5)],
            True,
            "AskSnapshot AskSnapshot Load Change GoLive",
        ),
        (facts("asked", "count"), [Opened(), snap(5), snap(9), upd(6)], True, "AskSnapshot Load GoLive Change"),
        (facts("asked", "count"), [Opened(), snap(5), upd(7)], False, "AskSnapshot Load GoLive Withhold AskSnapshot"),
        (
            facts("rest", "range", "resubscribe"),
            [Opened(), snap(5), upd(9, 9)],
            False,
            "AskSnapshot Load GoLive Withhold Resubscribe",
        ),
        (
            facts("asked", "count", "reconnect"),
            [Opened(), snap(5), upd(7)],
            False,
            "AskSnapshot Load GoLive Withhold Reconnect",
        ),
        (facts("stream", "link", "resubscribe"), [Opened(), snap(5)], True, "Load GoLive"),
        (facts("stream", "link", "resubscribe"), [Opened(), upd(6, None, 5), snap(5)], True, "Load Change GoLive"),
        (facts("stream", "link", "resubscribe"), [Opened(), upd(6, None, 5), snap(None)], True, "Load GoLive"),
        (facts("stream", "none", "resubscribe"), [Opened(), upd(None), snap(None)], True, "Load GoLive"),
        (facts("stream", "none", "resubscribe"), [Opened(), upd(6), snap(5), upd(None)], True, "Load GoLive Change"),
        (facts("rest", "none"), [Opened(), upd(None), snap(None)], True, "AskSnapshot Load Change GoLive"),
        (facts("stream", "link", "resubscribe"), [Opened(), snap(5), snap(9)], True, "Load GoLive Load"),
        (facts("stream", "link", "resubscribe"), [Opened(), snap(5), snap(5)], True, "Load GoLive"),
        (
            facts("stream", "link", "resubscribe"),
            [Opened(), snap(5), snap(4)],
            False,
            "Load GoLive Withhold Resubscribe",
        ),
        (facts("stream", "newer", "reconnect"), [Opened(), snap(5), snap(1)], False, "Load GoLive Withhold Reconnect"),
        (facts("stream", "none", "resubscribe"), [Opened(), snap(5), snap(1)], True, "Load GoLive Load"),
        (
            facts("stream", "link", "resubscribe"),
            [Opened(), snap(5), upd(9, None, 8), upd(10, None, 9)],
            False,
            "Load GoLive Withhold Resubscribe",
        ),
        (
            facts("stream", "count", "resnapshot"),
            [Opened(), snap(5), upd(7)],
            False,
            "Load GoLive Withhold Resubscribe",
        ),
        (facts("stream", "count", "reconnect"), [Opened(), snap(5), upd(7)], False, "Load GoLive Withhold Reconnect"),
        (facts("first_frame", "count", "resubscribe"), [Opened(), upd(5), upd(6)], True, "Load GoLive Change"),
        (
            facts("first_frame", "count", "resubscribe"),
            [Opened(), upd(5), upd(7)],
            False,
            "Load GoLive Withhold Reconnect",
        ),
        (facts("whole", "newer"), [Opened(), snap(5), snap(9), snap(7)], True, "Load GoLive Load"),
        (facts("whole", "none"), [Opened(), snap(None), snap(None)], True, "Load GoLive Load"),
        (
            facts("whole", "none"),
            [Opened(), snap(None), Doubted("x"), snap(None)],
            True,
            "Load GoLive Withhold Load GoLive",
        ),
    ],
)
def test_starts_and_gaps(book: BookFacts, events: list[Any], live: bool, effects: str) -> None:
    sync, done = run(book, *events)
    assert (sync.is_live, words(done)) == (live, effects)


REPLAY = [upd(number, number) for number in range(1, 40)]
"""Ids far below those known: a repeat for a while, then a sequence that has started again."""


@pytest.mark.parametrize(
    ("book", "events", "told"),
    [
        (facts(), [snap(500), upd(501, 501), *REPLAY[:REPEATS_AT_MOST]], None),
        (
            facts(),
            [snap(500), upd(501, 501), *REPLAY[:REPEATS_AT_MOST], upd(502, 502), *REPLAY[:REPEATS_AT_MOST]],
            None,
        ),
        (facts(), [snap(500), upd(501, 501), *REPLAY], "the sequence started again: 17 comes long after 501"),
        (facts(), [snap(500), *REPLAY], None),
        (facts(), [snap(500), upd(501, 501), *[upd(501, 501)] * (BUFFER_AT_MOST + 1)], None),
        (facts("stream", "link"), [snap(500), *[upd(500, None, 500)] * (BUFFER_AT_MOST + 1)], None),
        (facts("stream", "link"), [snap(15), upd(3, None, 15), *(upd(n + 1, None, n) for n in range(3, 90))], None),
        (facts(), [snap(500), upd(499, 499), *REPLAY], "the sequence started again: 16 comes long after 500"),
        (
            facts("stream", "newer", "reconnect"),
            [snap(5_000), *(upd(number) for number in range(1, BUFFER_AT_MOST + 2))],
            "the sequence started again: 17 comes long after 5000",
        ),
        (
            facts("whole", "newer"),
            [snap(90), *map(snap, range(1, 40))],
            "the sequence started again: 17 comes long after 90",
        ),
        (
            facts(),
            [snap(5_000), *(upd(number, number) for number in range(1, BUFFER_AT_MOST + 2))],
            "the sequence started again: 1001 comes long after 5000",
        ),
        (facts("stream", "count", "reconnect"), [snap(5), upd(6), snap(2)], "a snapshot of 2 came after 6"),
    ],
)
def test_a_sequence_that_starts_again_from_lower_freezes_no_book(
    book: BookFacts, events: list[Any], told: str | None
) -> None:
    _, effects = run(book, Opened(), *events)
    reasons = [effect.why for effect in effects if isinstance(effect, Withhold)]
    assert reasons[:1] == ([] if told is None else [told])


def test_a_gap_says_what_did_not_follow() -> None:
    _, effects = run(facts(), Opened(), snap(5), upd(9, 7))
    assert effects[-2] == Withhold("update 7..9 does not follow 5")


def test_the_buffer_is_bounded_and_a_snapshot_must_reach_what_is_left_of_it() -> None:
    events: list[BookEvent] = [Opened(), *(upd(number, number) for number in range(1, BUFFER_AT_MOST + 3))]
    sync, _ = run(facts(), *events)
    assert (len(sync.buffer), sync.buffer[0].last_id) == (BUFFER_AT_MOST, 3)
    assert step(sync, snap(1))[1] == (AskSnapshot(),)
    assert step(sync, snap(2))[0].is_live


@pytest.mark.parametrize("chain", ["range", "link", "count"])
@pytest.mark.parametrize("seed", range(20))
def test_no_published_book_differs_from_the_truth_under_loss_and_repetition(chain: str, seed: int) -> None:
    """An exchange's book of one level a price, told with drops, repeats and late snapshots."""
    draw = random.Random(seed)
    truth: dict[int, dict[float, float]] = {0: {}}
    levels: dict[float, float] = {}
    sync, _ = step(BookSync(facts("rest", chain)), Opened())
    asked, resyncs = 1, 0
    for last_id in range(1, 800):
        change = (float(draw.randrange(20)), float(draw.randrange(3)))
        truth[last_id] = truth[last_id - 1] | {change[0]: change[1]}
        update = BookUpdate(bids=[change], asks=[], last_id=last_id, first_id=last_id, previous_id=last_id - 1)
        told: list[BookEvent] = [] if draw.random() < 0.02 else [update] * draw.choice([1, 1, 1, 2])
        if asked and draw.random() < 0.3:
            at = max(0, last_id - draw.randrange(6))
            told.insert(0, BookSnapshot(bids=list(truth[at].items()), asks=[], last_id=at))
        for event in told:
            sync, effects = step(sync, event)
            for effect in effects:
                if isinstance(effect, Load):
                    levels, asked = dict(effect.snapshot.bids), 0
                elif isinstance(effect, Change):
                    levels |= dict(effect.update.bids)
                resyncs += isinstance(effect, Withhold)
                asked += isinstance(effect, AskSnapshot)
            if sync.is_live:
                assert sync.last_id is not None and levels == truth[sync.last_id]
    assert resyncs > 3


def test_effects_that_only_name_themselves_are_distinct() -> None:
    assert len({type(effect) for effect in (AskSnapshot(), Resubscribe(), Reconnect(), GoLive())}) == 4
    assert BookSync(facts()).phase is BookPhase.IDLE


def test_a_first_frame_keeps_all_that_it_tells() -> None:
    texts = ([("1.0", "2")], [("3", "4")])
    first = BookUpdate(bids=[(1.0, 2.0)], asks=[(3.0, 4.0)], last_id=5, checksum=7, texts=texts)
    _, effects = run(facts("first_frame", "none", "reconnect"), Opened(), first)
    assert effects[0] == Load(BookSnapshot(bids=[(1.0, 2.0)], asks=[(3.0, 4.0)], last_id=5, checksum=7, texts=texts))
