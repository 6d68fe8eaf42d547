"""Channels with numbers, and symbols inside topics."""

from typing import Any

import pytest

from exconn.codec import (
    BadValue,
    Channel,
    Context,
    Frame,
    FrameKind,
    Keyring,
    Symbols,
    channel,
    opened_kind,
    opened_symbol,
    remember,
    topic_symbol,
)


def context() -> Context:
    return Context(Keyring((), {}), {}, Symbols(), {})


@pytest.mark.parametrize(
    ("said", "made"),
    [
        ((17, "book", "BTCUSDT"), Channel(17, "book", "BTCUSDT")),
        (("a1", "book"), Channel("a1", "book")),
        ((0, 5, ""), Channel(0, "5")),
    ],
)
def test_a_channel(said: tuple[Any, ...], made: Channel) -> None:
    assert channel(*said) == made


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ((None, "book"), "null is no channel's number"),
        (("", "book"), "'' is no channel's number"),
        ((True, "book"), "true is no channel's number"),
        (([1], "book"), "an array is no channel's number"),
        ((17, None), "the channel's kind is absent"),
    ],
)
def test_no_channel(said: tuple[Any, ...], why: str) -> None:
    with pytest.raises(BadValue) as raised:
        channel(*said)
    assert str(raised.value) == why


def test_a_connection_has_channels_of_its_own() -> None:
    shared = context()
    first, second = shared.of_connection(), shared.of_connection()
    remember(first, Frame(FrameKind.SUBSCRIBED, opened=Channel(17, "book", "BTCUSDT")))
    remember(first, Frame(FrameKind.SUBSCRIBED))
    assert (opened_kind(first, 17), opened_symbol(first, 17)) == ("book", "BTCUSDT")
    assert (opened_kind(second, 17), opened_symbol(second, 17)) == (None, None)
    first.given["token"] = "t"
    assert second.given == shared.given == {"token": "t"} and shared.opened == {}


@pytest.mark.parametrize("number", ["17", True, None, [17], {"a": 1}, 18])
def test_what_is_no_number_of_a_channel_opens_nothing(number: object) -> None:
    here = context()
    remember(here, Frame(FrameKind.SUBSCRIBED, opened=Channel(1, "x")))
    remember(here, Frame(FrameKind.SUBSCRIBED, opened=Channel(17, "book", "BTCUSDT")))
    assert opened_kind(here, number) is None


TOPICS = (("market.", ".depth.step0"), ("market.", ".depth"), ("book:", ""))


@pytest.mark.parametrize(
    ("topic", "symbol"),
    [
        ("market.btcusdt.depth.step0", "btcusdt"),
        ("market.btcusdt.depth", "btcusdt"),
        ("book:BTC-USDT", "BTC-USDT"),
        (None, None),
        ("", None),
    ],
)
def test_the_symbol_of_a_topic(topic: object, symbol: str | None) -> None:
    assert topic_symbol(topic, TOPICS) == symbol


@pytest.mark.parametrize("topic", ["book:", "market.depth", "trades:BTC-USDT", 7, ["book:x"]])
def test_another_topic(topic: object) -> None:
    with pytest.raises(BadValue, match="is no topic that is subscribed to"):
        topic_symbol(topic, TOPICS)
