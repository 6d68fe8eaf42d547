"""What both sides of a comparison share: a spec in both modes, its cases, the rules in its sample, and a ccxt peer."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from exconn.codec import Answer, Arguments, Codec, Context, Keyring, Symbols
from exconn.model import TradingRule
from exconn.shipped import find, folder
from exconn.spec import read_spec
from exconn.testing.cases import Cases, Mode, codec_of, read_cases

from .peer import Peer, know, learn, peer_of
from .ways import WAYS, Way


@dataclass(frozen=True, slots=True)
class Venue:
    """One exchange. `rules`: the sample of its trading rules, as the exchange wrote it."""

    name: str
    way: Way
    codecs: Mapping[Mode, Codec]
    cases: Cases
    rules: str

    def context(self, mode: Mode) -> Context:
        """The keys and symbols of the cases."""
        facts = self.codecs[mode].facts
        symbols = Symbols(facts.forms)
        for form, pairs in self.cases.symbols.items():
            symbols.texts[form] = dict(pairs)
            symbols.pairs[form] = {text: pair for pair, text in pairs.items()}
        keys = Keyring(facts.credentials, self.cases.credentials)
        return Context(keys, next(iter(facts.hosts.values())), symbols, dict(self.cases.given))

    def read_rules(self, mode: Mode) -> list[TradingRule]:
        answer = Answer(200, {}, self.rules.encode())
        reports = self.codecs[mode].endpoints["trading_rules"].read(answer, Arguments(), self.context(mode)).reports
        return [report for report in reports if isinstance(report, TradingRule)]

    def pairs_named(self, text: str) -> set[str]:
        """The pairs that the exchange calls so, in any form."""
        return {pair for pairs in self.cases.symbols.values() for pair, name in pairs.items() if name == text}

    def peer(self) -> Peer:
        """ccxt with the same keys, and the markets of the sample."""
        peer = peer_of(self.name, self.cases.credentials)
        learn(peer, self.rules)
        return peer


@cache
def reader_of(name: str) -> Peer:
    """ccxt with a market for each pair that the cases name. It reads, and remembers nothing of it."""
    venue = venue_of(name)
    peer = venue.peer()
    know(peer, venue.cases.symbols)
    return peer


@cache
def venue_of(name: str) -> Venue:
    spec = read_spec(find(name, ".yaml"))
    rules = Path(folder(), "samples", name, WAYS[name].sample).read_text(encoding="utf-8")
    codecs = {mode: codec_of(spec, mode) for mode in Mode}
    return Venue(name, WAYS[name], codecs, read_cases(find(name, ".cases.yaml")), rules)
