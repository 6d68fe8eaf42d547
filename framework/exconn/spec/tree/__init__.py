"""A trusted spec: what is left of the YAML when every check has passed, as a frozen tree that the compiler walks once.

Rules: a Spec exists only if the document had no finding; names are resolved (a shape is laid under its record, the
default envelope stands where none is named); every node carries its span; mappings keep the document's order but their
order has no meaning; a field that the spec left out is None or empty, and the careful default is chosen by the reader.
"""

from .declarations import (
    Assets,
    ClientId,
    Credential,
    Decision,
    Envelope,
    ErrorRow,
    Fees,
    Placement,
    Pool,
    PriceBand,
    Recipe,
    Step,
    SymbolForm,
    Token,
    Words,
)
from .endpoints import AgeCost, Endpoint, Fence, Given, Pages, Parts, Sees, Switch, Variant
from .order_book import Checksum, OrderBook
from .sockets import (
    Connect,
    Control,
    FrameError,
    Login,
    Message,
    Opened,
    Ping,
    Protobuf,
    ServerPing,
    Socket,
    Subscription,
)
from .whole import Spec

__all__ = [
    "AgeCost",
    "Assets",
    "Checksum",
    "ClientId",
    "Connect",
    "Control",
    "Credential",
    "Decision",
    "Endpoint",
    "Envelope",
    "ErrorRow",
    "Fees",
    "Fence",
    "FrameError",
    "Given",
    "Login",
    "Message",
    "Opened",
    "OrderBook",
    "Pages",
    "Parts",
    "Ping",
    "Placement",
    "Pool",
    "PriceBand",
    "Protobuf",
    "Recipe",
    "Sees",
    "ServerPing",
    "Socket",
    "Spec",
    "Step",
    "Subscription",
    "Switch",
    "SymbolForm",
    "Token",
    "Variant",
    "Words",
]
