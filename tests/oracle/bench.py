"""Our codec as an opinion's author would use it: their dummy keys, their frozen clock, our symbols.

Rules: what stays the same of one exchange is made once a mode; symbols, given values and chosen credentials (a tier)
are those of the cases file; preparations are answered with what the folder's profiles say the exchange answers, and
read by our own readers.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from exconn.codec import Answer, Arguments, Codec, Context, Endpoint, Fresh, Keyring, Request, Symbols
from exconn.errors import ExconnError, UsageError
from exconn.testing.cases import Cases

from .source import Source

_UNITS = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1_000}
_NEUTRAL = {"key_name": "api_key", "secret_key": "secret", "private_key": "secret", "api_secret": "secret"}


@dataclass(frozen=True, slots=True)
class Bench:
    """One exchange in one mode."""

    name: str
    codec: Codec
    cases: Cases
    source: Source

    @property
    def time_ns(self) -> int:
        return int(self.source.profiles.TIMESTAMP_MS) * 1_000_000

    def fresh(self, nonce: str | None = None, time_ns: int | None = None) -> Fresh:
        """This request's own values: the frozen clock's, or those of `time_ns`."""
        at = self.time_ns if time_ns is None else time_ns
        return Fresh(at, at // _UNITS[nonce or "ms"], "0123456789abcdef" * 2, 1)

    def context(self, credentials: Mapping[str, str]) -> Context:
        """A context with these neutral credentials, and what preparations gave."""
        facts = self.codec.facts
        symbols = Symbols(facts.forms)
        for form, pairs in self.cases.symbols.items():
            symbols.texts[form] = dict(pairs)
            symbols.pairs[form] = {text: pair for pair, text in pairs.items()}
        told = {field.name: credentials.get(_NEUTRAL.get(field.name, field.name)) for field in facts.credentials}
        chosen = {field.name: self.cases.credentials.get(field.name) for field in facts.credentials if field.choice}
        ring = Keyring(facts.credentials, {name: text for name, text in (told | chosen).items() if text is not None})
        hosts = next(iter(facts.hosts.values()))
        learnt = next(iter(facts.learnt.values()), {})
        context = Context(ring, hosts, symbols, dict(self.cases.given), learnt=learnt)
        for endpoint in self.preparations():
            context.given.update(self._prepared(endpoint, context))
        return context

    def preparations(self) -> Iterator[Endpoint]:
        return (endpoint for endpoint in self.codec.endpoints.values() if endpoint.gives)

    def _prepared(self, endpoint: Endpoint, context: Context) -> dict[str, str]:
        """What the endpoint gives when it is answered as the profiles say; nothing where they do not."""
        try:
            request = endpoint.build(Arguments(), self.fresh(endpoint.nonce), context)
        except UsageError:
            return {}
        for part, answer in self.source.profiles.CANNED.get(self.name, {}).items():
            if part in request.origin + request.target:
                try:
                    reply = endpoint.read(Answer(200, {}, json.dumps(answer).encode()), Arguments(), context)
                except ExconnError:
                    continue
                return reply.given
        return {}


def as_sent(request: Request) -> dict[str, Any]:
    """A request in the folder's own form."""
    body = request.body.decode() if request.body else None
    url = request.origin + request.target
    return {"method": request.method, "url": url, "headers": dict(request.headers), "body": body}


def pair_of(symbol: str) -> str:
    """`BTC/USDT` as we write it."""
    return symbol.replace("/", "-")
