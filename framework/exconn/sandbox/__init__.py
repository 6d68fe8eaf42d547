"""A local exchange: a matching engine, accounts, and an HTTP and websocket server that speaks a dialect.

    sandbox = Sandbox(load_dialect(data, file), accounts, now_ns=time.time_ns, token="...")

`sandbox.app` is an aiohttp application for any server, in memory too; `serving.serve` puts it on a loopback port.
The sandbox never sees a spec: what it accepts and answers comes from the exchange's own documents, by its dialect.
"""

from .dialect import Dialect, load_dialect
from .faults import Fault, Player, plan_faults, read_faults
from .interference import Interference, Undisturbed
from .keys import Opening, dummy_accounts, funds_for, read_accounts
from .server import Sandbox
from .signatures import Secrets

__all__ = [
    "Dialect",
    "Fault",
    "Interference",
    "Opening",
    "Player",
    "Sandbox",
    "Secrets",
    "Undisturbed",
    "dummy_accounts",
    "funds_for",
    "load_dialect",
    "plan_faults",
    "read_accounts",
    "read_faults",
]
