"""Small specs of invented exchanges: sections become a Spec, unchecked, so that a test says only what it is about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from exconn.codec import Arguments, Codec, Context, Fresh, Keyring, Request, Symbols
from exconn.compile import compile_spec
from exconn.document import Findings, load
from exconn.document import Mapping as Document
from exconn.model import OrderType, TradeType, TradingRule
from exconn.spec.build import build_spec
from exconn.spec.names import Names
from exconn.spec.tree import Spec

HEAD = """
exconn: 1
name: tidal
docs: https://docs.tidal.example
hosts:
  main: {rest: "https://api.tidal.example", ws: "wss://ws.tidal.example"}
"""

TIME_NS = 1_767_225_600_250_999_999
UUID = "0123456789abcdef0123456789abcdef"


@dataclass
class Bench:
    """A compiled spec with a context in which its functions can be called."""

    spec: Spec
    codec: Codec
    context: Context
    fresh: Fresh = field(default_factory=lambda: Fresh(TIME_NS, 17, UUID, 5))

    def build(self, operation: str, **arguments: object) -> Request:
        given = {"pair": "BTC-USDT", "client_id": "mine-1", **arguments}
        return self.codec.endpoints[operation].build(Arguments(**given), self.fresh, self.context)  # type: ignore[arg-type]

    def order(self, kind: OrderType, side: TradeType, **arguments: object) -> Request:
        given = {"amount": Decimal("0.10"), "price": Decimal("65000.00"), **arguments}
        return self.build("place_order", order_type=kind, side=side, **given)


def make_spec(text: str, file: str = "tidal.yaml") -> Spec:
    root = load((HEAD + text).encode(), file)
    assert isinstance(root, Document)
    findings = Findings()
    spec = build_spec(root, file, Names(findings), findings)
    findings.raise_errors()
    return spec


def make_bench(text: str, credentials: Mapping[str, str], pairs: Mapping[str, str]) -> Bench:
    spec = make_spec(text)
    codec = compile_spec(spec)
    symbols = Symbols(codec.facts.forms)
    rules = [
        TradingRule(trading_pair=pair, symbols=dict.fromkeys(codec.facts.forms, symbol))
        for pair, symbol in pairs.items()
    ]
    assert symbols.learn(rules) == []
    hosts = next(iter(codec.facts.hosts.values()))
    return Bench(spec, codec, Context(Keyring(codec.facts.credentials, credentials), hosts, symbols, {}))


@pytest.fixture
def spec_of() -> Callable[..., Spec]:
    return make_spec


@pytest.fixture
def bench_of() -> Callable[..., Bench]:
    def bench(text: str, credentials: Mapping[str, str] | None = None, pairs: Mapping[str, str] | None = None) -> Bench:
        return make_bench(text, credentials or {}, pairs or {"BTC-USDT": "btc/usdt", "ETH-USDT": "eth/usdt"})

    return bench
