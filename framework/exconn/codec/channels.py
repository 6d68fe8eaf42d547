"""What frames of a connection say by their place in it: numbered channels, topics, the connection's own count.

Rules: all is read from the frame, from the context's table of opened channels, and from the topics that were
subscribed; nothing is guessed: a channel that was not opened has no kind and no symbol, a topic that nobody subscribed
to is a bad value.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from exconn.codec.contract import Channel, Context, Frame
from exconn.codec.numbers import BadValue, read_text, shown


def channel(number: object, kind: object, symbol: object = None) -> Channel:
    """What an opening frame said of its channel. BadValue where it has no number or no kind."""
    if type(number) is not int and (type(number) is not str or not number):
        raise BadValue(f"{shown(number)} is no channel's number")
    if kind is None or kind == "":
        raise BadValue("the channel's kind is absent")
    return Channel(number, read_text(kind), None if symbol is None or symbol == "" else read_text(symbol))


def remember(context: Context, frame: Frame) -> None:
    """Put the channel that a frame opened, if it did, into the context of its connection."""
    if frame.opened is not None:
        context.opened[frame.opened.number] = frame.opened


def counted(frame: Frame, count: object) -> Frame:
    """The frame with its place in the connection's count; a frame that has none as it is."""
    return replace(frame, count=count) if type(count) is int else frame


def opened_kind(context: Context, number: object) -> str | None:
    """The kind of an opened channel; None for whatever is not the number of one."""
    found = _find(context, number)
    return None if found is None else found.kind


def opened_symbol(context: Context, number: object) -> str | None:
    """The symbol that an opened channel was opened for."""
    found = _find(context, number)
    return None if found is None else found.symbol


def _find(context: Context, number: object) -> Channel | None:
    if type(number) is int or type(number) is str:
        return context.opened.get(number)
    return None


def topic_symbol(topic: object, topics: Sequence[tuple[str, str]]) -> str | None:
    """The symbol in the text of a topic. `topics`: what stands before and behind the symbol in each that is subscribed,
    the longest first. BadValue for a text that is none of them."""
    if topic is None or topic == "":
        return None
    text = topic if type(topic) is str else ""
    for before, behind in topics:
        if text.startswith(before) and text.endswith(behind) and len(text) > len(before) + len(behind):
            return text[len(before) : len(text) - len(behind)]
    raise BadValue(f"{shown(topic)} is no topic that is subscribed to")
