"""A local exchange: a matching engine, accounts, and an HTTP and websocket server that speaks a dialect.

    sandbox = Sandbox(load_dialect(data, file), accounts, now_ns=time.time_ns, token="...")

`sandbox.app` is an aiohttp application for any server, in memory too; `serving.serve` puts it on a loopback port.
The sandbox never sees a spec: what it accepts and answers comes from the exchange's own documents, by its dialect.
"""

from .dialect import Dialect, load_dialect
from .interference import Interference, OneShots
from .keys import Opening, dummy_accounts, funds_for, read_accounts
from .server import Sandbox
from .signatures import Secrets

__all__ = [
    "Dialect",
    "Interference",
    "OneShots",
    "Opening",
    "Sandbox",
    "Secrets",
    "dummy_accounts",
    "funds_for",
    "load_dialect",
    "read_accounts",
]
