"""Markets in a virtual world: the unmodified Market, with the world's clocks, network and randomness.

Rules: a market is made from a codec or by a Market class of its own, and everything after that is the same; what it
draws comes from sources forked by its name, so that two markets of one world never shift each other; its clock is its
own and may be wrong, its steady clock never is.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from exconn.codec import Codec
from exconn.market import Market, Surroundings
from exconn.sandbox import Opening
from exconn.testing.virtual import VirtualClock, World

Maker: TypeAlias = Codec | Callable[..., Market]
"""A codec, or what is called with (trading_pairs, credentials, **options of Market), as a generated Market class."""

Account: TypeAlias = Opening | Mapping[str, str] | None
"""Whose market it is: an account of the sandbox, credentials by name, or nobody's."""


def market_in(
    world: World,
    maker: Maker,
    pairs: Sequence[str],
    account: Account = None,
    *,
    name: str = "market",
    clock: VirtualClock | None = None,
    **options: Any,
) -> Market:
    """A market in the world, not started yet. `name` is the client's in the network; `options` are those of `Market`.

    Without an account it does not trade. Raises what `Market` raises.
    """
    make = partial(Market, maker) if isinstance(maker, Codec) else maker
    options.setdefault("trading_required", account is not None)
    return make(
        pairs,
        _credentials(account),
        surroundings=_surroundings(world, name, clock or world.clock()),
        connector=partial(world.connector, name),
        **options,
    )


def _credentials(account: Account) -> Mapping[str, str] | None:
    if not isinstance(account, Opening):
        return account
    given = {"api_key": account.api_key, "secret_key": account.secrets.secret_key}
    passphrase = account.secrets.passphrase
    return given if passphrase is None else {**given, "passphrase": passphrase}


def _surroundings(world: World, name: str, clock: VirtualClock) -> Surroundings:
    ids = world.fork(f"{name} ids")
    return Surroundings(
        time_ns=clock.wall_ns,
        monotonic=clock.monotonic,
        random=world.fork(f"{name} chance"),
        uuid_hex=lambda: f"{ids.getrandbits(128):032x}",
    )
