"""Cancels go in lists where the exchange takes them, and each learns what the answer says of its own order."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from exconn.codec import (
    Arguments,
    Batch,
    Codec,
    Context,
    Endpoint,
    Facts,
    Fresh,
    Keyring,
    Refused,
    Reply,
    Request,
    Symbols,
    orders_of,
)
from exconn.errors import ExchangeError, ExconnError, Meaning, Unanswered, Unread, UsageError
from exconn.market.cancels import Cancels
from exconn.market.tasks import Tasks
from exconn.market.tracking import TrackedOrder
from exconn.model import OrderReport, OrderState, OrderType, Report, TradeType, Unreadable, s_decimal_0

GONE = ExchangeError("cancel_order", Meaning.ORDER_NOT_FOUND, code="404")


def build(arguments: Arguments, fresh: Fresh, context: Context) -> Request:
    if arguments.exchange_order_id is None:
        raise UsageError("this request needs an exchange_order_id")
    return Request("POST", "", "")


class FakeRest:
    """Knows e1 and e2; e3 is gone, e4 is left out of answers, e5's row cannot be read, e6 breaks the connection."""

    def __init__(self, batch: Batch | None) -> None:
        cancel = Endpoint(operation="cancel_order", method="POST", path="/", build=build, read=lambda *_: Reply([]))
        facts = Facts(name="x", docs="", hosts={"main": {}}, cancels=batch)
        self.codec = Codec(facts=facts, endpoints={"cancel_order": cancel}, sockets={})
        self.context = Context(Keyring((), {}), {}, Symbols(), {})
        self.sent: list[list[str]] = []

    def endpoint(self, operation: str) -> Endpoint:
        return self.codec.endpoints[operation]

    async def ask(self, operation: str, arguments: Arguments, kind: Any, age: float | None = None) -> Any:
        asked = [each.exchange_order_id or "" for each in orders_of(arguments)]
        self.sent.append(asked)
        if "e6" in asked:
            raise Unanswered("reset")
        if asked == ["e3"]:
            raise GONE
        reports: list[Report] = [
            OrderReport(exchange_order_id=each, state=OrderState.CANCELED) for each in asked if each in ("e1", "e2")
        ]
        reports += [Unreadable("x.yaml:1 row 5", "odd")] if "e5" in asked else []
        return SimpleNamespace(reply=Reply(reports, refused=[Refused("e3", None, GONE)] if "e3" in asked else []))


def order(exchange_order_id: str | None, pair: str = "A-B") -> TrackedOrder:
    return TrackedOrder(
        client_id=f"c-{exchange_order_id}",
        pair=pair,
        order_type=OrderType.LIMIT,
        side=TradeType.BUY,
        price=s_decimal_0,
        amount=s_decimal_0,
        created_ns=0,
        exchange_order_id=exchange_order_id,
    )


def told(answer: Any) -> str:
    if isinstance(answer, ExconnError):
        return type(answer).__name__ if not isinstance(answer, Unread) else answer.why
    return ", ".join(f"{report.exchange_order_id} {report.state.value}" for report in answer)


UNSHOWN = "the answer does not show this order"

# how the exchange takes cancels, orders, what was sent, what each learnt
ANSWERS: list[tuple[Batch | None, list[str | None], list[list[str]], list[str]]] = [
    (None, ["e1", "e3"], [["e1"], ["e3"]], ["e1 canceled", "ExchangeError"]),
    (Batch(1), ["e1", "e2"], [["e1"], ["e2"]], ["e1 canceled", "e2 canceled"]),
    (Batch(9), ["e1"], [["e1"]], ["e1 canceled"]),
    (Batch(9), ["e3"], [["e3"]], ["ExchangeError"]),
    (Batch(9), ["e1", "e2", "e3"], [["e1", "e2", "e3"]], ["e1 canceled", "e2 canceled", "ExchangeError"]),
    (Batch(2), ["e1", "e2", "e3"], [["e1", "e2"], ["e3"]], ["e1 canceled", "e2 canceled", "ExchangeError"]),
    (Batch(9), ["e1", "e4", "e5"], [["e1", "e4", "e5"]], ["e1 canceled", UNSHOWN, UNSHOWN]),
    (Batch(2), ["e1", "e6", "e2"], [["e1", "e6"], ["e2"]], ["Unanswered", "Unanswered", "e2 canceled"]),
    (Batch(9), ["e1", None, "e2"], [["e1", "e2"]], ["e1 canceled", "UsageError", "e2 canceled"]),
]


@pytest.mark.parametrize(("batch", "ids", "sent", "learnt"), ANSWERS)
async def test_each_order_has_its_own_answer(
    batch: Batch | None, ids: list[str | None], sent: list[list[str]], learnt: list[str]
) -> None:
    rest: Any = FakeRest(batch)
    cancels = Cancels(rest, Tasks("x"))
    answers = await asyncio.gather(*(cancels.ask(order(each)) for each in ids), return_exceptions=True)
    assert [told(answer) for answer in answers] == learnt
    assert rest.sent == sent


@pytest.mark.parametrize(("by_pair", "sent"), [(False, [["e1", "e2"]]), (True, [["e1"], ["e2"]])])
async def test_lists_of_one_pair(by_pair: bool, sent: list[list[str]]) -> None:
    rest: Any = FakeRest(Batch(9, by_pair))
    cancels = Cancels(rest, Tasks("x"))
    await asyncio.gather(cancels.ask(order("e1", "A-B")), cancels.ask(order("e2", "C-D")))
    assert rest.sent == sent


async def test_who_stops_waiting_keeps_nobody_from_an_answer() -> None:
    rest: Any = FakeRest(Batch(9))
    cancels = Cancels(rest, Tasks("x"))
    first, second = (asyncio.ensure_future(cancels.ask(order(each))) for each in ("e1", "e2"))
    await asyncio.sleep(0)
    first.cancel()
    assert told(await second) == "e2 canceled"
    assert rest.sent == [["e1", "e2"]]


async def test_a_stopped_market_cancels_alone() -> None:
    rest: Any = FakeRest(Batch(9))
    tasks = Tasks("x")
    await tasks.close(1)
    assert told(await Cancels(rest, tasks).ask(order("e1"))) == "e1 canceled"
    assert rest.sent == [["e1"]]
