"""Listeners: weak, in order, once, and contained."""

import gc

import pytest

from exconn.market.pubsub import PubSub
from exconn.model import MarketEvent

TAG = MarketEvent.OrderFilled


class Ear:
    def __init__(self, heard: list[str], name: str) -> None:
        self.heard, self.name = heard, name

    def __call__(self, event: object) -> None:
        self.heard.append(f"{self.name} called {event}")

    def hear(self, event: object) -> None:
        self.heard.append(f"{self.name} {event}")

    def fail(self, event: object) -> None:
        raise ValueError(self.name)


def test_listeners_hear_in_the_order_of_adding_once_each() -> None:
    heard: list[str] = []
    pubsub, one, two = PubSub(), Ear(heard, "one"), Ear(heard, "two")
    for listener in (two.hear, one, one.hear, two.hear):
        pubsub.add_listener(TAG, listener)
    pubsub.trigger_event(107, "x")
    pubsub.trigger_event(MarketEvent.OrderCancelled, "y")
    assert heard == ["two x", "one called x", "one x"]


def test_a_listener_nobody_holds_is_gone() -> None:
    heard: list[str] = []
    pubsub, ear = PubSub(), Ear(heard, "one")
    pubsub.c_add_listener(TAG, ear.hear)
    del ear
    gc.collect()
    assert pubsub.get_listeners(TAG) == []
    other = Ear(heard, "other")
    pubsub.add_listener(TAG, other)
    pubsub.trigger_event(TAG, "x")
    assert heard == ["other called x"]


def test_functions_and_builtins_are_held_until_they_are_removed() -> None:
    heard: list[object] = []
    pubsub = PubSub()
    pubsub.add_listener(TAG, lambda event: heard.append(f"lambda {event}"))
    pubsub.add_listener(TAG, heard.append)
    gc.collect()
    pubsub.trigger_event(TAG, "x")
    assert heard == ["lambda x", "x"]
    pubsub.remove_listener(TAG, heard.append)
    pubsub.trigger_event(TAG, "y")
    assert heard == ["lambda x", "x", "lambda y"]


def test_a_removed_listener_hears_no_more() -> None:
    heard: list[str] = []
    pubsub, ear = PubSub(), Ear(heard, "one")
    pubsub.add_listener(TAG, ear.hear)
    pubsub.remove_listener(TAG, ear.hear)
    pubsub.remove_listener(MarketEvent.OrderExpired, ear.hear)
    pubsub.trigger_event(TAG, "x")
    assert heard == []


def test_what_a_listener_raises_is_logged_and_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    heard: list[str] = []
    pubsub, ear = PubSub(), Ear(heard, "one")
    pubsub.add_listener(TAG, ear.fail)
    pubsub.add_listener(TAG, ear.hear)
    pubsub.trigger_event(TAG, "x")
    assert heard == ["one x"]
    assert caplog.messages == ["Unexpected error while processing event 107."]
