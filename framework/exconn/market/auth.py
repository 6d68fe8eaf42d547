"""`Auth`: the signing of one account, as the market contract knows it. A face of the codec; it computes nothing itself.

Rules: what is given out is signed and ready to be sent as it is, once; each call uses up a nonce where the exchange has
nonces, so whoever sends it must send it in order. Secrets are shown by no attribute and no repr.
"""

from collections.abc import Mapping
from typing import Any

from exconn.codec import Codec, Context, Keyring, Symbols
from exconn.errors import UsageError
from exconn.market.clock_sync import ClockSync
from exconn.market.declared import arguments_from, find_endpoint
from exconn.market.freshness import Freshness
from exconn.market.hosts import facts_hosts
from exconn.market.surroundings import Surroundings, system


class Auth:
    """Signs for one account. A market gives its own `context` and `freshness`, so that nonces keep one order; alone,
    hosts are chosen as `Market` chooses them, and requests about a pair need symbols in the context."""

    def __init__(
        self,
        codec: Codec,
        credentials: Keyring | Mapping[str, str],
        *,
        hosts: Mapping[str, str] | str | None = None,
        surroundings: Surroundings | None = None,
        context: Context | None = None,
        freshness: Freshness | None = None,
    ) -> None:
        surroundings = surroundings or system()
        keyring = credentials if isinstance(credentials, Keyring) else Keyring(codec.facts.credentials, credentials)
        self._codec = codec
        chosen, learnt = facts_hosts(codec.facts, hosts)
        self._context = context or Context(keyring, chosen, Symbols(codec.facts.forms), {}, learnt=learnt)
        self._freshness = freshness or Freshness(ClockSync(surroundings), surroundings)

    def __repr__(self) -> str:
        return f"<Auth of {self._codec.name}>"

    def generate_auth_dict(
        self,
        http_method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """{"url", "headers", "body"} of a declared endpoint, signed. `url`: a path or a URL; `params` and `body`:
        arguments in our words. UsageError for what the spec does not declare, or what an argument is missing for."""
        arguments = arguments_from(params, body)
        endpoint = find_endpoint(self._codec, self._context, http_method, url, arguments)
        request = endpoint.build(arguments, self._freshness.fresh(endpoint.nonce), self._context)
        return {"url": request.origin + request.target, "headers": dict(request.headers), "body": request.body}

    def generate_ws_login(self, socket: str | None = None) -> str:
        """The login frame of a socket, of the first that has one by default. UsageError where none has."""
        for name, each in self._codec.sockets.items():
            if each.login is not None and socket in (None, name):
                return each.login(self._freshness.fresh(each.nonces.get("login"), 1), self._context)
        raise UsageError(
            f"{self._codec.name} has no websocket login{'' if socket is None else f' of socket {socket!r}'}"
        )
