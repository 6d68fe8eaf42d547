"""Rows of order books: the bytes of a diff, about 20 levels, to the applied book with both tops read."""

from collections.abc import Callable, Iterator
from functools import partial
from time import process_time

import msgspec

from exconn.codec import Codec
from exconn.testing.cases.modes import Mode

from .. import ours, peers
from ..material import diff_frames
from ..measure import Contender
from ..row import Goal, Row, as_in_memory

FRAMES = 1500
NOTE = "Socket.read and OrderBookTracker.take; ccxt.pro's Client.handle_text_or_binary_message: parse, route, apply"

Level = tuple[float, float]


class Diff(msgspec.Struct):
    s: str
    U: int
    u: int
    E: int
    b: list[Level]
    a: list[Level]


def rows() -> Iterator[Row]:
    floor, peer = Contender("typed decode", _decode, FRAMES), Contender("ccxt.pro", _peer, FRAMES)
    contenders = {mode: Contender(title, _ours(mode), FRAMES) for mode, title in ours.MODES.items()}
    for mode, title in ours.MODES.items():
        subject = contenders[mode]
        goals = (Goal(3.3, floor), Goal(0.17, peer), *as_in_memory(subject, contenders[Mode.MEMORY]))
        yield Row(f"book diff, {title}", subject, goals, NOTE, checked=partial(_check, mode))


def _decode(operations: int) -> None:
    decode = msgspec.json.Decoder(Diff, strict=False).decode
    for frame in diff_frames(FRAMES)[:operations]:
        decode(frame)


def _ours(mode: Mode) -> Callable[[int], float]:
    codec = ours.codec(mode)
    read = codec.sockets["public"].read

    def run(operations: int) -> float:
        market = ours.waited(ours.with_book(codec))
        books, context = market.order_book_tracker, ours.parts(market).ground.context
        frames = diff_frames(FRAMES)[:operations]
        begun = process_time()
        for frame in frames:
            books.take(read(frame, context).reports)
            book = books.get(ours.PAIR)
            _ = book.best_bid, book.best_ask
        return (process_time() - begun) / operations

    return run


def _peer(operations: int) -> float:
    peers.reset_book()
    take, book = peers.socket().handle_text_or_binary_message, peers.pro().orderbooks[peers.SYMBOL]
    frames = diff_frames(FRAMES)[:operations]
    begun = process_time()
    for frame in frames:
        take(frame)
        _ = book["bids"][0], book["asks"][0]
    return (process_time() - begun) / operations


def _check(mode: Mode) -> None:
    """Both books show the same top after every frame."""
    check_tops(ours.codec(mode))


def check_tops(codec: Codec) -> None:
    market = ours.waited(ours.with_book(codec))
    books, context = market.order_book_tracker, ours.parts(market).ground.context
    peers.reset_book()
    for frame in diff_frames(FRAMES)[:100]:
        books.take(codec.sockets["public"].read(frame, context).reports)
        peers.socket().handle_text_or_binary_message(frame)
        assert ours.top(books.get(ours.PAIR)) == peers.top()
