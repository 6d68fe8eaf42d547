"""What every part of a market stands on: its codec and context, its clocks, and the one way out to the exchange.

Rules: put together once, before any loop runs; nothing here knows of orders or books.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from exconn.codec import Codec, Context, Keyring, Symbols
from exconn.codec.keys import unshown
from exconn.market.backoff import Budget
from exconn.market.clock_sync import ClockSync
from exconn.market.freshness import Freshness, MarketTime
from exconn.market.given import pairs_of
from exconn.market.health import Health
from exconn.market.hosts import PinnedHosts, facts_hosts
from exconn.market.http import Connectors, Http
from exconn.market.limit_pools import sized
from exconn.market.limiter import Limiter
from exconn.market.preparations import Preparations
from exconn.market.rest import Rest
from exconn.market.settings import MarketSettings
from exconn.market.surroundings import Surroundings
from exconn.market.websocket import Wire


class Ground(Struct, frozen=True):
    """`has_keys`: whether credentials were given."""

    codec: Codec
    pairs: tuple[str, ...]
    has_keys: bool
    settings: MarketSettings
    surroundings: Surroundings
    context: Context
    time: MarketTime
    health: Health
    freshness: Freshness
    http: Http
    rest: Rest
    preparations: Preparations
    wire: Wire

    __repr__ = object.__repr__
    __rich_repr__ = unshown


def lay_ground(
    codec: Codec,
    pairs: Sequence[str],
    credentials: Mapping[str, str],
    hosts: Mapping[str, str] | str | None,
    surroundings: Surroundings,
    settings: MarketSettings,
    connectors: Connectors | None,
) -> Ground:
    """Raises UsageError and HostRefused for credentials and hosts that cannot be."""
    chosen, learnt = facts_hosts(codec.facts, hosts)
    keys = Keyring(codec.facts.credentials, credentials)
    facts = sized(codec.facts, keys)
    codec = replace(codec, facts=facts)
    context = Context(keys, chosen, Symbols(facts.forms), {}, learnt=learnt)
    time, clock, health = MarketTime(surroundings), ClockSync(surroundings), Health()
    http = Http(PinnedHosts(chosen, learnt), settings, connectors)
    limiter = Limiter(facts.pools, surroundings.monotonic, settings.cancel_share)
    freshness = Freshness(clock, surroundings)
    rest = Rest(codec, context, http, limiter, freshness, clock, time, health, settings)
    preparations = Preparations(rest, has_keys=bool(credentials))
    prepare = preparations.run_for_connection
    budget = Budget(settings.connects_at_once, settings.connects_every)
    wire = Wire(context, http, limiter, freshness, time, health, surroundings, settings, prepare, budget)
    return Ground(
        codec=codec,
        pairs=pairs_of(pairs),
        has_keys=bool(credentials),
        settings=settings,
        surroundings=surroundings,
        context=context,
        time=time,
        health=health,
        freshness=freshness,
        http=http,
        rest=rest,
        preparations=preparations,
        wire=wire,
    )
