"""The control interface of a sandbox, below `/_exconn/`: what a test may see and do that a client may not.

Rules:
- `health` is open; all else needs the token, as header `X-Exconn-Token` or as `token` in the query.
- Everything here is ours, in our words, and the same for every dialect. Answers are JSON; a mistake is a 400 that
  says what to do.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import web

from exconn.document import DocumentError, render_text

from .engine import Close, Rejected, Status
from .engine.amounts import plain
from .faults import read_fault, read_faults

if TYPE_CHECKING:
    from .server import Sandbox

PREFIX = "/_exconn/"


class BadCommand(ValueError):
    """What was asked for cannot be done; the text says why."""


async def control(sandbox: Sandbox, request: web.Request) -> web.Response:
    """Answer a request below the prefix."""
    name = request.path.removeprefix(PREFIX)
    if name == "health":
        return _json({"status": "ok", "dialect": sandbox.dialect.name})
    given = request.headers.get("X-Exconn-Token") or request.query.get("token", "")
    # a header's stray bytes come as surrogates: they are some wrong token, not a mistake of ours
    if not hmac.compare_digest(given.encode(errors="surrogateescape"), sandbox.token.encode()):
        return _json({"error": "the token is missing or wrong: send it as X-Exconn-Token"}, 401)
    handler = _HANDLERS.get((request.method, name))
    if handler is None:
        known = ", ".join(f"{method} {PREFIX}{path}" for method, path in _HANDLERS)
        return _json({"error": f"there is no {request.method} {PREFIX}{name}; there is {known}"}, 404)
    try:
        return _json(await handler(sandbox, request))
    except DocumentError as error:
        return _json({"error": render_text(error.diagnostics, {}).strip()}, 400)
    except RecursionError:
        return _json({"error": "the JSON is nested too deeply: nest less"}, 400)
    except (BadCommand, msgspec.DecodeError, KeyError, TypeError, ValueError, ArithmeticError) as error:
        return _json({"error": str(error)}, 400)


def _json(value: Any, status: int = 200) -> web.Response:
    # ids may be texts of the dialect's own kind: they go out as the text they are
    return web.Response(body=msgspec.json.encode(value, enc_hook=str), status=status, content_type="application/json")


async def _state(sandbox: Sandbox, request: web.Request) -> Any:
    return sandbox.state()


async def _log(sandbox: Sandbox, request: web.Request) -> Any:
    return {"entries": sandbox.log.since(int(request.query.get("since", "0")))}


async def _book(sandbox: Sandbox, request: web.Request) -> Any:
    symbol = sandbox.symbol(request.query.get("symbol", ""))
    sequence = int(request.query["seq"]) if "seq" in request.query else sandbox.exchange.book(symbol, 1).sequence
    book = sandbox.book_at(symbol, sequence)
    if book is None:
        raise BadCommand(f"the book of {symbol} at {sequence} is not known: ask for a recent sequence")
    bids, asks = ([[plain(price), plain(size)] for price, size in side] for side in (book.bids, book.asks))
    return {"symbol": symbol, "seq": book.sequence, "bids": bids, "asks": asks}


async def _fault(sandbox: Sandbox, request: web.Request) -> Any:
    before = sum(sandbox.faults.counts.values())
    fault = read_fault(await request.read(), "fault", sandbox.faults.names)
    sandbox.faults.play([fault])
    return {"fault": fault.kind.name, "happened": sum(sandbox.faults.counts.values()) - before}


async def _schedule(sandbox: Sandbox, request: web.Request) -> Any:
    faults = read_faults(await request.read(), "schedule", sandbox.faults.names)
    sandbox.faults.play(faults)
    return {"faults": len(faults)}


async def _faults(sandbox: Sandbox, request: web.Request) -> Any:
    return {
        "now": asyncio.get_running_loop().time(),
        "pending": [fault.plain for fault in sandbox.faults.pending()],
        "happened": [asdict(each) for each in sandbox.faults.happened],
        "counts": sandbox.faults.counts,
    }


async def _clear(sandbox: Sandbox, request: web.Request) -> Any:
    cleared = len(sandbox.faults.pending())
    sandbox.faults.clear()
    return {"cleared": cleared}


async def _command(sandbox: Sandbox, request: web.Request) -> Any:
    asked = await _body(request)
    command = _COMMANDS.get(str(asked.get("kind")))
    if command is None:
        raise BadCommand(f"there is no command {asked.get('kind')!r}; there is {', '.join(_COMMANDS)}")
    command(sandbox, asked)
    return {"done": asked["kind"]}


async def _body(request: web.Request) -> dict[str, Any]:
    asked = msgspec.json.decode(await request.read())
    if not isinstance(asked, dict):
        raise BadCommand('send a JSON object, as {"kind": "..."}')
    return asked


def _text(asked: Mapping[str, Any], name: str) -> str:
    text = asked.get(name)
    if not isinstance(text, str):
        raise BadCommand(f"give {name} as a text")
    return text


def _amount(asked: Mapping[str, Any]) -> Decimal:
    try:
        return Decimal(str(asked.get("amount")))
    except InvalidOperation:
        raise BadCommand("give amount as a number in a text") from None


def _active(asked: Mapping[str, Any]) -> bool:
    active = asked.get("active")
    if not isinstance(active, bool):
        raise BadCommand("give active as true or false")
    return active


def _set_status(sandbox: Sandbox, asked: Mapping[str, Any]) -> None:
    sandbox.desk.set_status(sandbox.symbol(_text(asked, "symbol")), Status(asked["status"]), sandbox.now_ns())


def _delist(sandbox: Sandbox, asked: Mapping[str, Any]) -> None:
    sandbox.exchange.delist(sandbox.symbol(_text(asked, "symbol")), sandbox.now_ns())


def _deposit(sandbox: Sandbox, asked: Mapping[str, Any]) -> None:
    sandbox.exchange.deposit(_text(asked, "account"), _text(asked, "asset"), _amount(asked), sandbox.now_ns())


def _withdraw(sandbox: Sandbox, asked: Mapping[str, Any]) -> None:
    sandbox.exchange.withdraw(_text(asked, "account"), _text(asked, "asset"), _amount(asked), sandbox.now_ns())


def _cancel(sandbox: Sandbox, asked: Mapping[str, Any]) -> None:
    account, order_id = _text(asked, "account"), int(asked["order_id"])
    outcome = sandbox.exchange.cancel(account, order_id, sandbox.now_ns(), Close.REQUESTED)
    if isinstance(outcome, Rejected):
        raise BadCommand(outcome.detail)


def _fail_over(sandbox: Sandbox, asked: Mapping[str, Any]) -> None:
    """The engine loses what no trade has touched: clients' open orders without a fill."""
    for account in sandbox.exchange.accounts():
        for order in sandbox.exchange.orders(account, open_only=True):
            if not order.filled:
                sandbox.exchange.cancel(account, order.id, sandbox.now_ns(), Close.DROPPED)


def _revoke(sandbox: Sandbox, asked: Mapping[str, Any]) -> None:
    sandbox.revoke_key(_text(asked, "api_key"))


def _maintain(sandbox: Sandbox, asked: Mapping[str, Any]) -> None:
    sandbox.set_maintenance(_active(asked))


def _live(sandbox: Sandbox, asked: Mapping[str, Any]) -> None:
    sandbox.alive = _active(asked)


_HANDLERS: dict[tuple[str, str], Callable[[Sandbox, web.Request], Awaitable[Any]]] = {
    ("GET", "state"): _state,
    ("GET", "log"): _log,
    ("GET", "book"): _book,
    ("POST", "fault"): _fault,
    ("POST", "schedule"): _schedule,
    ("GET", "faults"): _faults,
    ("DELETE", "faults"): _clear,
    ("POST", "command"): _command,
}
_COMMANDS: dict[str, Callable[[Sandbox, Mapping[str, Any]], None]] = {
    "set_status": _set_status,
    "delist": _delist,
    "deposit": _deposit,
    "withdraw": _withdraw,
    "cancel": _cancel,
    "fail_over": _fail_over,
    "revoke_key": _revoke,
    "maintenance": _maintain,
    "life": _live,
}
