"""Faults of requests: what a client gets in place of a reply, and whether the request is done.

Rules:
- A fault that accepts does the request first, whatever the exchange says to it; any other never lets it in.
- Errors are the dialect's own, over what was sent; a gateway's are nobody's.
- A connection that is to be closed is closed without a byte more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from aiohttp import hdrs, web

from exconn.sandbox.dialect.endpoints import Endpoint
from exconn.sandbox.dialect.meanings import Refused
from exconn.sandbox.interference import ENDPOINT, Answer
from exconn.sandbox.limits import SECOND

from .fault import Fault

if TYPE_CHECKING:
    from exconn.sandbox.server import Sandbox

Effect = Callable[["Sandbox", Fault, web.Request, Answer], Awaitable[web.StreamResponse]]
_REASONS = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _lose(sandbox: Sandbox, fault: Fault, request: web.Request, answer: Answer) -> web.StreamResponse:
    return _cut(request)


async def _reset(sandbox: Sandbox, fault: Fault, request: web.Request, answer: Answer) -> web.StreamResponse:
    await answer()
    return _cut(request)


async def _hang(sandbox: Sandbox, fault: Fault, request: web.Request, answer: Answer) -> web.StreamResponse:
    await answer()
    left = fault.args["delay"]
    while left > 0 and request.transport is not None:  # aiohttp takes the transport away when the client goes
        await asyncio.sleep(min(left, 1.0))
        left -= 1.0
    return _cut(request)


async def _delay(sandbox: Sandbox, fault: Fault, request: web.Request, answer: Answer) -> web.StreamResponse:
    response = await answer()
    await asyncio.sleep(fault.args["delay"])
    return response


async def _answer_as_gateway(sandbox: Sandbox, fault: Fault, request: web.Request, answer: Answer) -> web.Response:
    if fault.args["accepted"]:
        await answer()
    status = fault.args["status"]
    page = f"<html><h1>{status} {_REASONS.get(status, 'Error')}</h1></html>" if fault.args["html"] else ""
    return web.Response(status=status, text=page, content_type="text/html" if page else "text/plain")


async def _answer_error(sandbox: Sandbox, fault: Fault, request: web.Request, answer: Answer) -> web.Response:
    if fault.args["accepted"]:
        await answer()
    response = await sandbox.refuse(request, Refused(fault.args["meaning"]))
    if fault.args["status"] is not None:
        response.set_status(fault.args["status"])
    return response


async def _limit(sandbox: Sandbox, fault: Fault, request: web.Request, answer: Answer) -> web.Response:
    after: int | None = fault.args["retry_after"]
    if "rate_limited" in sandbox.dialect.sayings:
        response = await sandbox.refuse(request, limited(sandbox, fault, request.get(ENDPOINT)))
    else:
        response = web.Response(text="Too Many Requests")
    response.set_status(fault.args["status"])
    if after is None:
        response.headers.popall(hdrs.RETRY_AFTER, None)
    else:
        response.headers[hdrs.RETRY_AFTER] = str(after)
    return response


def limited(sandbox: Sandbox, fault: Fault, endpoint: Endpoint | None) -> Refused:
    """The refusal of a request for its rate."""
    after: int | None = fault.args["retry_after"]
    pool = next(iter(endpoint.costs), None) if endpoint is not None else None
    allowed = None if pool is None else sandbox.dialect.pools[pool].allow
    is_ban = fault.args["status"] == 418 and after is not None
    return Refused(
        "banned" if is_ban else "rate_limited",
        pool=pool or "all",
        retry_after=after,
        allowed=allowed,
        used=allowed,
        until=sandbox.now_ns() + after * SECOND if after is not None and is_ban else None,
        status=fault.args["status"],
    )


async def _truncate(sandbox: Sandbox, fault: Fault, request: web.Request, answer: Answer) -> web.StreamResponse:
    response = await answer()
    body = _body(response)
    keep = len(body) // 2 if fault.args["keep"] is None else min(fault.args["keep"], len(body))
    if not fault.args["cut"]:
        return _with_body(response, body[:keep])
    short = web.StreamResponse(status=response.status, headers={hdrs.CONTENT_TYPE: response.content_type})
    short.content_length = len(body) + 1  # one more than there is: even a whole body does not end the reply
    with suppress(ConnectionError):  # a client that has gone meanwhile sees even less of it
        await short.prepare(request)
        await short.write(body[:keep])
    if request.transport is not None:
        request.transport.close()
    return short


async def _mis_encode(sandbox: Sandbox, fault: Fault, request: web.Request, answer: Answer) -> web.StreamResponse:
    response = await answer()
    body = _body(response)
    if fault.args["how"] == "utf8":
        return _with_body(response, body[: len(body) // 2] + b"\xff" + body[len(body) // 2 :])
    response.headers[hdrs.CONTENT_ENCODING] = "gzip"
    return response


async def _redirect(sandbox: Sandbox, fault: Fault, request: web.Request, answer: Answer) -> web.Response:
    return web.Response(status=307, headers={hdrs.LOCATION: f"{fault.args['to']}{request.raw_path}"})


def _body(response: web.StreamResponse) -> bytes:
    body = response.body if isinstance(response, web.Response) else None
    return body if isinstance(body, bytes) else b""


def _with_body(response: web.StreamResponse, body: bytes) -> web.StreamResponse:
    if isinstance(response, web.Response):
        response.body = body
    return response


EFFECTS: Mapping[str, Effect] = {
    "lost": _lose,
    "accepted_then_reset": _reset,
    "accepted_then_hang": _hang,
    "slow_ack": _delay,
    "gateway_error": _answer_as_gateway,
    "error_envelope": _answer_error,
    "rate_limited": _limit,
    "truncated": _truncate,
    "mis_encoded": _mis_encode,
    "redirect": _redirect,
}
"""What each kind does with a request."""
