"""The counter: HTTP requests to a dialect's endpoints, from the bytes that came to the reply that goes.

Rules:
- Maintenance, path and method come first; then the dialect's checks in its order; then the action.
- Every reply is wrapped in the endpoint's envelope, errors by their meaning. What nobody foresaw is `internal`, and
  its traceback goes to the log.
"""

from __future__ import annotations

import re
import traceback
from contextlib import suppress
from typing import Any

import msgspec
from aiohttp import web

from .actions import ACTIONS, Call
from .clock import ExchangeClock
from .desk import Desk
from .dialect.deadlines import judge_deadline
from .dialect.endpoints import Endpoint
from .dialect.meanings import Refused, say
from .dialect.scope import Scope
from .inquiry import Inquiry, read_form, read_json
from .interference import ENDPOINT, Interference
from .limits import Limits
from .log import Log
from .reception import Reception, judge_time

_PARAMETER = re.compile(r"\\\{([a-z_]+)\\\}")
ANY = "ANY"


class Counter:
    """Answers the requests of one exchange. In `maintenance` it answers nothing else."""

    __slots__ = ("_desk", "_exact", "_interference", "_log", "_now_ns", "_patterns", "_reception", "maintenance")

    def __init__(self, desk: Desk, limits: Limits, log: Log, interference: Interference, clock: ExchangeClock) -> None:
        self._desk, self._log, self._interference, self._now_ns = desk, log, interference, clock.now_ns
        self._reception = Reception(desk, limits, clock.true_ns)
        self.maintenance = False
        self._exact: dict[str, dict[str, Endpoint]] = {}
        self._patterns: list[tuple[re.Pattern[str], Endpoint]] = []
        for endpoint in desk.dialect.endpoints.values():
            if "{" in endpoint.path or endpoint.is_tree:
                tree = ".*" if endpoint.is_tree else ""
                pattern = _PARAMETER.sub(r"(?P<\1>[^/]+)", re.escape(endpoint.path.removesuffix("*"))) + tree
                self._patterns.append((re.compile(pattern), endpoint))
            else:
                self._exact.setdefault(endpoint.path, {})[endpoint.method] = endpoint

    async def answer(self, request: web.Request) -> web.Response:
        """The reply to a request that is for the exchange."""
        scope = Scope(self._now_ns())
        inquiry: Inquiry | None = None
        try:
            if self.maintenance:
                raise Refused("maintenance")
            units = self._desk.dialect.time_units
            scope.unit = units.asked(request.headers, units.header)
            endpoint, path = self._find(request)
            inquiry = await self._inquire(request, endpoint, path, scope)
            scope.sent = inquiry.sent
            self._reception.receive(inquiry)
            await self._pass_gate(inquiry, scope)
            return self._reply(inquiry, endpoint, scope)
        except Refused as refused:
            return self.refuse(refused, scope, request, inquiry)
        except Exception:
            self._log.add("failure", path=request.path, traceback=traceback.format_exc())
            return self.refuse(Refused("internal"), scope, request, inquiry)

    def refuse(
        self, refused: Refused, scope: Scope, request: web.Request, inquiry: Inquiry | None = None
    ) -> web.Response:
        """The reply to a request that ends with an error."""
        endpoint = request.get(ENDPOINT)
        own = {} if endpoint is None else endpoint.sayings
        saying, headers = say(self._desk.dialect.sayings, refused, scope, own)
        name = "default" if endpoint is None else endpoint.envelope
        if endpoint is not None and refused.row is not None:
            scope.reply = endpoint.reply(refused.row, scope)
        body = self._desk.dialect.envelopes[name].error({}, scope)
        facts: dict[str, Any] = {"meaning": refused.meaning, "code": saying.code, "text": scope.text}
        if inquiry is not None and refused.meaning == "wrong_signature" and inquiry.verdict is not None:
            facts["steps"] = inquiry.verdict.steps
        self._log.add("refused", method=request.method, path=request.path, status=saying.http, **facts)
        return _response(body, saying.http, {**headers, **({} if inquiry is None else inquiry.used)})

    async def refuse_as(self, request: web.Request, refused: Refused) -> web.Response:
        """The reply to a request as if it had come to this error, over what it sent where that can be read."""
        scope, endpoint = Scope(self._now_ns()), request.get(ENDPOINT)
        inquiry: Inquiry | None = None
        if endpoint is not None:
            inquiry = await self._inquire(request, endpoint, {}, scope)
            with suppress(ValueError, RecursionError):
                inquiry.take_document(
                    *(read_json if inquiry.is_json(endpoint.body) else read_form)(inquiry.body or b"{}")
                )
            scope.sent = inquiry.sent
        return self.refuse(refused, scope, request, inquiry)

    def know(self, request: web.Request) -> None:
        """Put the endpoint that a request is for, if there is one, where others find it."""
        with suppress(Refused):
            request[ENDPOINT] = self._find(request)[0]

    def _find(self, request: web.Request) -> tuple[Endpoint, dict[str, str]]:
        path = request.raw_path.partition("?")[0]
        methods = self._exact.get(path)
        if methods is not None:
            found_exactly = methods.get(request.method) or methods.get(ANY)
            if found_exactly is None:
                raise Refused("no_method")
            return found_exactly, {}
        matched = [(found, endpoint) for pattern, endpoint in self._patterns if (found := pattern.fullmatch(path))]
        if not matched:
            raise Refused("no_path")
        for found, endpoint in matched:
            if endpoint.method in (request.method, ANY):
                return endpoint, found.groupdict()
        raise Refused("no_method")

    async def _inquire(self, request: web.Request, endpoint: Endpoint, path: dict[str, str], scope: Scope) -> Inquiry:
        try:
            body = await request.read()
        except (web.HTTPRequestEntityTooLarge, web.RequestPayloadError):
            raise Refused("body") from None
        return Inquiry(
            endpoint,
            request.method,
            request.headers.get("Host", ""),
            request.raw_path,
            [(name.decode("latin-1"), value.decode("utf-8", "replace")) for name, value in request.raw_headers],
            body,
            request.remote or "",
            scope.now,
            path,
        )

    async def _pass_gate(self, inquiry: Inquiry, scope: Scope) -> None:
        await self._interference.gate(inquiry.endpoint.name)
        inquiry.now = scope.now = self._now_ns()
        if inquiry.endpoint.gated and inquiry.endpoint.signature is not None:
            judge_time(self._reception, inquiry)
        judge_deadline(inquiry.deadline, inquiry.now)

    def _reply(self, inquiry: Inquiry, endpoint: Endpoint, scope: Scope) -> web.Response:
        records = self._interference.records(endpoint, self._desk.exchange)
        call = Call(
            self._desk,
            inquiry.key,
            {**endpoint.constants, **inquiry.args},
            inquiry.now,
            records,
            inquiry.counts,
            endpoint.sayings,
            inquiry.sent,
        )
        row = self._interference.row(endpoint, ACTIONS[endpoint.verb.name](call))
        scope.counts, scope.given = inquiry.counts, inquiry.args
        scope.reply = endpoint.reply(row, scope)
        body = self._desk.dialect.envelopes[endpoint.envelope].reply({}, scope)
        self._log.add("answered", method=inquiry.method, path=endpoint.path, endpoint=endpoint.name)
        return _response(body, 200, inquiry.used)


def _response(body: Any, status: int, headers: dict[str, str]) -> web.Response:
    return web.Response(
        body=msgspec.json.encode(body), status=status, headers={**headers, "Content-Type": "application/json"}
    )
