"""Books of imaginary exchanges through a whole market: asked for on the socket, proved by checksums, shared with the
user's socket, polled."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import WSMsgType, web

from exconn.compile import compile_spec
from exconn.market import BookNotLive, Market, MarketSettings, Surroundings
from exconn.spec import load_spec
from exconn.testing.virtual import Latency, Link, Route, World

IMAGINARY = Path(__file__).parent.parent / "imaginary"
PAIR, OTHER = "BTC-USDT", "ETH-USDT"
SYMBOLS = ("BTCUSDT", "ETHUSDT")
PAIRS = [{"base": base, "quote": "USDT", "tick": "0.1", "lot": "0.0001"} for base in ("BTC", "ETH")]
Answer = Callable[["Venue", dict[str, Any]], list[dict[str, Any]]]


@dataclass
class Venue:
    """What the exchange of one test says; `heard`: what it was told on its sockets."""

    answer: Answer
    books: dict[str, Any] = field(default_factory=dict)
    heard: list[dict[str, Any]] = field(default_factory=list)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    status: int = 200
    polls: int = 0

    async def rest(self, request: web.Request) -> web.Response:
        self.polls += request.path == "/book"
        data = {"/pairs": PAIRS, "/book": self.books.get(request.query.get("pair", ""))}.get(request.path, [])
        return web.json_response({"ok": True, "data": data}, status=self.status if request.path == "/book" else 200)

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        ours = web.WebSocketResponse()
        await ours.prepare(request)
        self.sockets.append(ours)
        async for message in ours:
            if message.type is WSMsgType.TEXT:
                said = json.loads(message.data)
                self.heard.append(said)
                for frame in self.answer(self, said):
                    await ours.send_json(frame)
        return ours

    async def say(self, *frames: dict[str, Any]) -> None:
        for frame in frames:
            await self.sockets[-1].send_json(frame)
        await asyncio.sleep(0.07)  # there, and not yet back


@asynccontextmanager
async def open_market(
    world: World, name: str, venue: Venue, edit: Callable[[str], str] = str, **options: Any
) -> AsyncIterator[Market]:
    spec = (IMAGINARY / f"{name}.yaml").read_text()
    codec = compile_spec(load_spec(edit(spec).encode(), f"{name}.yaml"))
    app = web.Application()
    app.router.add_get("/public", venue.socket)
    app.router.add_get("/{rest:.*}", venue.rest)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    for origin in codec.facts.hosts["main"].values():
        await world.network.serve(origin, runner)
    way = Link(Latency(0.05, 0.05))
    world.network.set_route(Route(up=way, down=way))
    source = world.fork("market")
    surroundings = Surroundings(world.wall_ns, world.time, source, lambda: f"{source.getrandbits(128):032x}")
    options = {"trading_required": False} | options
    market = Market(codec, (PAIR, OTHER), surroundings=surroundings, connector=world.connector, **options)
    try:
        await market.start()
        yield market
    finally:
        await market.stop()
        await runner.cleanup()


def tops(market: Market, pair: str = PAIR) -> tuple[Any, Any]:
    book = market.get_order_book(pair)
    return book.best_bid, book.best_ask


def linked(symbol: str, action: str, previous: int, last: int, **told: Any) -> dict[str, Any]:
    row = {"prevSeqId": previous, "seqId": last, "bids": [], "asks": []} | told
    return {"arg": {"instId": symbol}, "action": action, "data": [row]}


def linked_snapshots(venue: Venue, said: dict[str, Any]) -> list[dict[str, Any]]:
    """The worked example of tests/imaginary/linked-interleaved-checksum.cases.yaml for every pair subscribed to."""
    if said["op"] != "subscribe":
        return []
    bids, asks = [["3366.1", "7"], ["3366", "6"]], [["3366.8", "9"], ["3368", "8"]]
    return [linked(each, "snapshot", -1, 10, bids=bids, asks=asks, checksum=-1881014294) for each in said["books"]]


@pytest.mark.virtual
async def test_a_wrong_checksum_costs_one_book_which_is_read_again(virtual_world: World) -> None:
    venue = Venue(linked_snapshots)
    async with open_market(virtual_world, "linked-interleaved-checksum", venue) as market:
        await market.wait_ready(10)
        change = {"bids": [["3366", "0"]], "asks": [["3372", "8"]]}
        await venue.say(linked("BTC-USDT", "update", 10, 15, checksum=831078360, **change))
        assert tops(market) == ((3366.1, 7.0), (3366.8, 9.0)) and market.ready
        await venue.say(linked("BTC-USDT", "update", 15, 17, checksum=831078361))
        with pytest.raises(BookNotLive, match="its checksum is not the exchange's"):
            market.get_order_book(PAIR)
        assert OTHER in market.order_books
        await asyncio.sleep(2)
        assert market.ready
        assert [each for each in venue.heard if each["books"] == ["BTC-USDT"]] == [
            {"op": "unsubscribe", "books": ["BTC-USDT"]},
            {"op": "subscribe", "books": ["BTC-USDT"]},
        ]


@pytest.mark.virtual
async def test_a_book_whose_beginning_is_lost_is_subscribed_to_again(virtual_world: World) -> None:
    lost = ["BTC-USDT", "BTC-USDT"]

    def answers(venue: Venue, said: dict[str, Any]) -> list[dict[str, Any]]:
        found = linked_snapshots(venue, said)
        kept = [frame for frame in found if frame["arg"]["instId"] not in lost]
        if len(kept) < len(found):
            lost.pop()
        return kept

    venue = Venue(answers)
    async with open_market(virtual_world, "linked-interleaved-checksum", venue) as market:
        await asyncio.sleep(15)
        assert list(market.order_books) == [OTHER]
        await asyncio.sleep(60)
        assert market.ready
        asked = [each["op"] for each in venue.heard if each["books"] == ["BTC-USDT"]]
        assert asked == ["unsubscribe", "subscribe"] * 2
        await asyncio.sleep(60)
        assert len(venue.sockets) == 1 and market.ready


@pytest.mark.virtual
async def test_subscribing_again_that_fails_again_and_again_is_no_storm(virtual_world: World) -> None:
    """An exchange that answers each subscription with an error, as for a pair that it has delisted."""

    def answers(venue: Venue, said: dict[str, Any]) -> list[dict[str, Any]]:
        found = linked_snapshots(venue, said)
        return found if len(venue.heard) < 3 else [*found, {"action": "what"}]

    def without_chain(spec: str) -> str:
        return spec.replace("chain: link", "chain: none")

    venue = Venue(answers)
    async with open_market(virtual_world, "linked-interleaved-checksum", venue, without_chain) as market:
        await market.wait_ready(10)
        await venue.say({"action": "what"})
        await asyncio.sleep(300)
        assert 10 < len(venue.heard) < 150
        assert len(venue.sockets) == 1


def answering(spec: str) -> str:
    """The socket answers what it is asked."""
    control = """    control:
      subscribed: {event: [subscribe, unsubscribe]}
      error: {match: {event: error}, code: code, text: msg}
    messages:
"""
    return spec.replace("    messages:\n", control)


def denying(verb: str, times: int) -> Answer:
    """As above, but the first times after the opening in which one pair is left or joined, that is an error."""
    left = [times]

    def answers(venue: Venue, said: dict[str, Any]) -> list[dict[str, Any]]:
        if left[0] and said["op"] == verb and said["books"] == ["BTC-USDT"]:
            left[0] -= 1
            return [{"event": "error", "code": 60018, "msg": "no such channel"}]
        return [{"event": said["op"]}, *linked_snapshots(venue, said)]

    return answers


# what is refused, how often, whether the book is withheld meanwhile, and how often it is left and joined in all
DENIALS = [("unsubscribe", 1, False, 1), ("subscribe", 4, True, 5)]


@pytest.mark.virtual
@pytest.mark.parametrize(("verb", "times", "is_lost", "tried"), DENIALS)
async def test_a_pair_that_cannot_be_joined_again_costs_itself_alone(
    virtual_world: World, verb: str, times: int, is_lost: bool, tried: int
) -> None:
    venue = Venue(denying(verb, times))
    async with open_market(virtual_world, "linked-interleaved-checksum", venue, answering) as market:
        await market.wait_ready(10)
        await asyncio.sleep(60)
        await venue.say(linked("BTC-USDT", "update", 12, 15))
        await asyncio.sleep(0.5)
        assert OTHER in market.order_books and (PAIR not in market.order_books) is is_lost
        if is_lost:
            with pytest.raises(BookNotLive, match="the exchange does not tell it: public: unlisted, code 60018"):
                market.get_order_book(PAIR)
        await asyncio.sleep(30)
        assert market.ready and len(venue.sockets) == 1
        assert sum(each["books"] == ["BTC-USDT"] and each["op"] == "subscribe" for each in venue.heard) == tried


@pytest.mark.virtual
async def test_the_end_of_a_channel_leaves_no_book_that_stands_still(virtual_world: World) -> None:
    """An error that does not say which pair: all are asked for anew."""
    venue = Venue(denying("subscribe", 0))
    async with open_market(virtual_world, "linked-interleaved-checksum", venue, answering) as market:
        await market.wait_ready(10)
        await asyncio.sleep(60)
        await venue.say({"event": "error", "code": 60018, "msg": "no such channel"})
        assert market.order_books == {}
        await asyncio.sleep(10)
        assert market.ready and len(venue.sockets) == 2
        await asyncio.sleep(300)
        assert market.ready and len(venue.sockets) == 2


def asked_answers(venue: Venue, said: dict[str, Any]) -> list[dict[str, Any]]:
    """Changes as soon as it is subscribed to, and the book when asked; the first answer is older than the changes."""
    if "req" not in said:
        changes = {"bids": [["10.05", "1"]], "asks": []}
        return [{"ch": each, "prevSeqNum": 10, "seqNum": 13, **changes} for each in said["books"]]
    asked = sum(each.get("req") == said["req"] for each in venue.heard)
    number = {1: 8, 2: 10}.get(asked, 20)
    return [{"rep": said["req"], "seqNum": number, "bids": [["10", "0.10"]], "asks": [["11", "2"]]}]


@pytest.mark.virtual
async def test_a_book_is_asked_for_on_its_socket_until_it_fits(virtual_world: World) -> None:
    venue = Venue(asked_answers)
    async with open_market(virtual_world, "asked-snapshot", venue) as market:
        await market.wait_ready(10)
        assert str(tops(market)[0]) == "(Decimal('10.05'), Decimal('1'))"
        assert [each["req"] for each in venue.heard if "req" in each].count("btcusdt") == 2
        await venue.say({"ch": "btcusdt", "prevSeqNum": 15, "seqNum": 20, "bids": [], "asks": []})
        assert PAIR not in market.order_books and OTHER in market.order_books
        await asyncio.sleep(3)
        assert market.get_order_book(PAIR).uid == 20


@pytest.mark.virtual
async def test_an_answer_that_does_not_come_is_asked_for_again(virtual_world: World) -> None:
    deaf = [3]

    def answers(venue: Venue, said: dict[str, Any]) -> list[dict[str, Any]]:
        if said.get("req") == "btcusdt" and deaf[0]:
            deaf[0] -= 1
            return []
        return asked_answers(venue, said)

    venue = Venue(answers)
    async with open_market(virtual_world, "asked-snapshot", venue) as market:
        await asyncio.sleep(5)
        assert list(market.order_books) == [OTHER]
        await asyncio.sleep(60)
        assert market.ready


@pytest.mark.virtual
async def test_asking_for_a_book_that_is_refused_costs_nothing_else(virtual_world: World) -> None:
    refused = [3]

    def answers(venue: Venue, said: dict[str, Any]) -> list[dict[str, Any]]:
        if said.get("req") == "btcusdt" and refused[0]:
            refused[0] -= 1
            return [{"event": "error", "code": 7, "msg": "too busy"}]
        confirmed = [] if "req" in said else [{"event": "subscribe"}]
        return [*confirmed, *asked_answers(venue, said)]

    venue = Venue(answers)
    async with open_market(virtual_world, "asked-snapshot", venue, answering) as market:
        await asyncio.sleep(5)
        assert list(market.order_books) == [OTHER]
        await asyncio.sleep(60)
        assert market.ready and len(venue.sockets) == 1


def shared(spec: str) -> str:
    """The socket of the books tells of the user's orders as well."""
    orders = """      - match: {action: order}
        order: {rows: data, exchange_order_id: id, client_id: mine, symbol: pair as symbol.rest, state: state as state}
order_book:"""
    signed = spec.replace("path: /public}", "path: /public, signed: rest}")
    return signed.replace("order_book:", orders)


@pytest.mark.virtual
@pytest.mark.parametrize("is_trading", [False, True])
async def test_a_socket_of_orders_and_books_serves_both(virtual_world: World, is_trading: bool) -> None:
    venue = Venue(linked_snapshots)
    options: dict[str, Any] = {"trading_required": is_trading, "credentials": {"api_key": "k"}}
    async with open_market(virtual_world, "linked-interleaved-checksum", venue, shared, **options) as market:
        await market.wait_ready(10)
        await venue.say(linked("BTC-USDT", "update", 10, 15, bids=[["3366.2", "1"]]))
        await venue.say({"action": "order", "data": [{"id": "7", "mine": "m", "pair": "BTC-USDT", "state": "open"}]})
        assert tops(market)[0] == (3366.2, 1.0)
        assert len(venue.sockets) == 1
        closing = asyncio.create_task(venue.sockets[0].close())
        for _ in range(100):
            if not market.order_books:
                break
            await asyncio.sleep(0.01)
        assert market.order_books == {}
        await closing
        await asyncio.sleep(5)
        assert len(venue.sockets) == 2 and market.ready
        await venue.say(linked("ETH-USDT", "update", 12, 15))
        assert list(market.order_books) == [PAIR]
        await asyncio.sleep(5)
        assert market.ready


@pytest.mark.virtual
async def test_a_shared_socket_is_heard_once_and_comes_again_for_a_pair(
    virtual_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often the network starts; and a pair that was halted for a while is subscribed to again."""
    venue = Venue(linked_snapshots)
    options: dict[str, Any] = {"trading_required": True, "credentials": {"api_key": "k"}}
    options["settings"] = MarketSettings(rules_every=20)
    async with open_market(virtual_world, "linked-interleaved-checksum", venue, shared, **options) as market:
        await market.wait_ready(10)
        receivers = [len(stream._receivers) for stream in market.user_stream_tracker.streams]
        await market.stop_network()
        await market.start_network()
        await asyncio.sleep(5)
        assert market.ready
        assert [len(stream._receivers) for stream in market.user_stream_tracker.streams] == receivers
        with monkeypatch.context() as patched:
            patched.setitem(globals(), "PAIRS", PAIRS[:1])
            await asyncio.sleep(60)
            assert list(market.order_books) == [PAIR]
        await asyncio.sleep(60)
        assert market.ready


@pytest.mark.virtual
async def test_a_polled_book_is_withheld_while_the_network_is_stopped(virtual_world: World) -> None:
    venue = Venue(lambda venue, said: [], {each: {"bids": [["10", "1"]], "asks": [["11", "2"]]} for each in SYMBOLS})
    async with open_market(virtual_world, "polled-book", venue) as market:
        await market.wait_ready(10)
        await market.stop_network()
        with pytest.raises(BookNotLive, match="it is not read any more"):
            market.get_order_book(PAIR)
        await market.start_network()
        await market.wait_ready(10)
        assert tops(market)[0] == (10.0, 1.0)


@pytest.mark.virtual
async def test_books_that_nobody_streams_are_polled(virtual_world: World) -> None:
    venue = Venue(lambda venue, said: [], {each: {"bids": [["10", "1"]], "asks": [["11", "2"]]} for each in SYMBOLS})
    async with open_market(virtual_world, "polled-book", venue) as market:
        await market.wait_ready(10)
        polls = venue.polls
        venue.books["BTCUSDT"] = {"bids": [["10.5", "1"]], "asks": [["11", "2"]]}
        await asyncio.sleep(20)
        assert 6 <= venue.polls - polls <= 8
        assert (tops(market)[0], tops(market, OTHER)[0]) == ((10.5, 1.0), (10.0, 1.0))
        venue.status = 500
        await asyncio.sleep(6)
        with pytest.raises(BookNotLive, match="it could not be read"):
            market.get_order_book(PAIR)
        venue.status = 200
        await asyncio.sleep(6)
        assert market.ready
