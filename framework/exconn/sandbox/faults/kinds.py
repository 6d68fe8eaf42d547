"""Every kind of fault there is: a closed table.

Rules: a kind says nothing of any exchange, for what it does is said in the words of whatever dialect is served; the
page `docs/sandbox-faults.md` is written from this table; a new kind is a row here, and a function at its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import parameters as types
from .kind import SYMBOL, THE_SYMBOL, Kind, Lasting, Need, Place, Side
from .parameters import Parameter

_DELAY = "Seconds by which it is late."
_ACCOUNT = Parameter("account", types.NAME, "Whose; the first account's, if left out.", "alice", None)
_ORDER = (
    THE_SYMBOL,
    _ACCOUNT,
    Parameter("side", types.one_of("buy", "sell"), "Its side.", "buy", "buy"),
    Parameter("type", types.one_of("limit", "market"), "Its type.", "limit", "limit"),
    Parameter("amount", types.MONEY, "Its size, base; the least that the rules take, if left out.", "0.01", None),
    Parameter("price", types.MONEY, "Its price; 5 % off the last one, where it rests, if left out.", "60000", None),
)


def _late(example: Any = 8, default: Any = types.REQUIRED) -> Parameter:
    return Parameter("delay", types.SECONDS, _DELAY, example, default)


def _request(name: str, place: Place, about: str, *parameters: Parameter) -> Kind:
    return Kind(name, Side.REQUEST, place, about, parameters)


def _frame(name: str, about: str, *parameters: Parameter, place: Place = Place.FRAME) -> Kind:
    book = place in (Place.BOOK, Place.SNAPSHOT) or name == "book_gap"
    needs = Need.SNAPSHOT if place is Place.SNAPSHOT else Need.BOOK if book else Need.SOCKET
    return Kind(name, Side.STREAM, place, about, parameters, Lasting.EACH, needs)


def _line(
    name: str, about: str, *parameters: Parameter, place: Place = Place.CONNECTION, needs: Need = Need.SOCKET
) -> Kind:
    return Kind(name, Side.STREAM, place, about, parameters, Lasting.WHILE, needs)


def _world(
    name: str, about: str, *parameters: Parameter, lasting: Lasting = Lasting.ONCE, needs: Need = Need.NOTHING
) -> Kind:
    return Kind(name, Side.WORLD, Place.WORLD, about, parameters, lasting, needs)


_REQUEST_SIDE = (
    _request("lost", Place.REPLY, "The connection is closed before the request is done."),
    _request("accepted_then_reset", Place.REPLY, "The request is done, and the connection closed before the reply."),
    _request(
        "accepted_then_hang",
        Place.REPLY,
        "The request is done, and nothing comes until the client goes, or the connection is cut.",
        Parameter("delay", types.SECONDS, "Seconds until the connection is cut.", 60, 300.0),
    ),
    _request(
        "accepted_late",
        Place.GATE,
        "The request passes its checks and waits; then it is done, or refused where its window has passed.",
        _late(),
    ),
    _request("slow_ack", Place.REPLY, "The request is done at once, and its reply comes late.", _late()),
    _request(
        "gateway_error",
        Place.REPLY,
        "A gateway answers in the exchange's place.",
        Parameter("status", types.one_of(500, 502, 503, 504, 520, 525), "The status of the reply.", 504, 502),
        Parameter("accepted", types.FLAG, "Whether the request is done all the same.", True, False),
        Parameter("html", types.FLAG, "Whether the body is a page; else it is empty.", True, True),
    ),
    _request(
        "error_envelope",
        Place.REPLY,
        "The exchange answers with an error of its own, as the dialect writes it.",
        Parameter("meaning", types.MEANING, "Which error.", "internal", "internal"),
        Parameter("accepted", types.FLAG, "Whether the request is done all the same.", True, False),
        Parameter("status", types.one_of(200, 400, 500), "The status, in place of the error's own.", 400, None),
    ),
    _request(
        "rate_limited",
        Place.REPLY,
        "The request is refused for its rate, by the dialect's own error where it has one, and not done.",
        Parameter("status", types.one_of(429, 418), "The status of the reply.", 418, 429),
        Parameter("retry_after", types.WHOLE, "What Retry-After says, in seconds; none, if left out.", 30, None),
    ),
    _request(
        "truncated",
        Place.REPLY,
        "The request is done, and its reply ends early.",
        Parameter("keep", types.BYTES, "How many bytes of the body come; half of them, if left out.", 10, None),
        Parameter("cut", types.FLAG, "Whether the whole length is promised, and the connection cut.", True, False),
    ),
    _request(
        "mis_encoded",
        Place.REPLY,
        "The request is done, and its reply cannot be decoded.",
        Parameter("how", types.one_of("utf8", "gzip"), "No UTF-8, or said to be gzip and is not.", "gzip", "utf8"),
    ),
    _request(
        "replica_lag",
        Place.RECORDS,
        "Reads of orders, fills and balances answer from a state some seconds old; all else is current.",
        Parameter(
            "seconds", types.Type("seconds", {**types.SECONDS.schema, "maximum": 120}, float), "How old it is.", 15
        ),
    ),
    _request("empty_list", Place.ROW, "A read that gives rows gives none."),
    _request(
        "redirect",
        Place.REPLY,
        "The request is answered with 307, and not done.",
        Parameter(
            "to", types.TEXT, "The origin that it names.", "https://elsewhere.invalid", "https://elsewhere.invalid"
        ),
    ),
)
_STREAM_SIDE = (
    _line(
        "close",
        "Connections are closed with a code; with `for`, also those that come.",
        Parameter("code", types.CLOSE_CODE, "The close code.", 1001, 1001),
    ),
    _line("cut", "Connections are cut without a word; with `for`, also those that come."),
    _line(
        "stall", "Connections stay, and nothing gets through either way; what was said is lost.", place=Place.SILENCE
    ),
    _frame("drop_frame", "An event frame is lost."),
    _frame("duplicate_frame", "An event frame comes twice.", _late(2, 0.0)),
    _frame("reorder", "An event frame comes late, and others overtake it.", _late(2)),
    _frame(
        "delay",
        "Event frames come late, in their order.",
        Parameter("seconds", types.SECONDS, "By how much.", 3),
    ),
    _frame(
        "garbage_frame",
        "A frame that cannot be read comes before an event frame.",
        Parameter("text", types.TEXT, "What it holds.", "<html>", '{"half": '),
    ),
    _line(
        "expire_login",
        "Logins end: the connection is closed as for a revoked key, or stays and tells nothing of the account.",
        Parameter("silent", types.FLAG, "Whether the connection stays.", True, False),
        needs=Need.LOGIN,
    ),
    _frame(
        "refuse_subscribe",
        "A subscription is refused, by an error of the dialect.",
        Parameter("meaning", types.MEANING, "Which error.", "unknown_topic", "internal"),
        place=Place.SUBSCRIBE,
    ),
    _frame("book_gap", "A book update is lost, on whatever channel it comes."),
    _frame(
        "bad_checksum",
        "One size of a book is changed on its way; only a checksum tells, where the dialect sends one.",
        place=Place.BOOK,
    ),
    _frame(
        "old_snapshot",
        "A snapshot of a book, asked for or sent, is as the book was some seconds ago; of one symbol, or of any.",
        Parameter("age", types.SECONDS, "How old it is.", 5),
        place=Place.SNAPSHOT,
    ),
    _frame("crossed_book", "A book says that there is a bid at its best ask.", place=Place.BOOK),
)
_WORLD_SIDE = (
    _world(
        "clock_step",
        "The exchange's clock is set forward, or back.",
        Parameter("seconds", types.SIGNED, "By how much; back, if negative.", "-10"),
    ),
    _world(
        "clock_drift",
        "The exchange's clock runs too fast, or too slow.",
        Parameter("ppm", types.SIGNED, "Microseconds gained a second.", 200),
        lasting=Lasting.WHILE,
    ),
    _world("maintenance", "The exchange is closed, and connections with it.", lasting=Lasting.WHILE),
    _world("delist", "A symbol is delisted, and its orders are closed.", THE_SYMBOL),
    _world(
        "change_rules",
        "A symbol's price step, size step and least size change.",
        THE_SYMBOL,
        Parameter("factor", types.MONEY, "By how much they are multiplied.", 10),
    ),
    _world("manual_order", "The user places an order elsewhere, without a client id.", *_ORDER),
    _world(
        "manual_cancel",
        "The user cancels an open order elsewhere.",
        SYMBOL,
        _ACCOUNT,
        Parameter("which", types.one_of("oldest", "newest", "all"), "Which of them.", "all", "oldest"),
    ),
    _world(
        "foreign_order",
        "Another program with the same account places an order, with a client id of its own.",
        *_ORDER,
        Parameter("client_id", types.NAME, "Its client id.", "other-1", "foreign"),
    ),
    _world(
        "expire_tokens",
        "Listen keys and other tokens end, as if their time were over.",
        Parameter("account", types.NAME, "Whose; everybody's, if left out.", "alice", None),
        needs=Need.TOKENS,
    ),
)
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (*_REQUEST_SIDE, *_STREAM_SIDE, *_WORLD_SIDE)}
"""Every kind by its name."""
