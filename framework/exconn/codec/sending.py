"""What a request is about, as texts: symbols, assets, amounts, ids and values learnt before.

Rules: a value that the caller left out, or that cannot be written, is a UsageError that says what to do, and nothing is
sent; money is written by the one number grammar; the host that is signed is the authority of the origin in use.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar
from urllib.parse import urlsplit

from exconn.codec.contract import Fresh
from exconn.codec.numbers import BadValue, plain
from exconn.codec.symbols import Symbols
from exconn.errors import UsageError
from exconn.model import OrderType, TradeType

Value = TypeVar("Value")

_SURELY_FITS = 18
_DEFAULT_PORTS = {"https": 443, "wss": 443, "http": 80, "ws": 80}


def symbol_text(symbols: Symbols, form: str, pair: str) -> str:
    """The exchange's name of a pair, as the trading rules taught it."""
    text = symbols.texts[form].get(pair)
    if text is None:
        if not pair:
            raise UsageError("this request is about a trading pair; pass it as BASE-QUOTE")
        raise UsageError(f"unknown trading pair {pair!r}: load the trading rules, then use one of theirs (BASE-QUOTE)")
    return text


def base_text(assets: Mapping[str, str], pair: str) -> str:
    """The base asset of a pair in the exchange's spelling."""
    return _asset_text(assets, pair, 0)


def quote_text(assets: Mapping[str, str], pair: str) -> str:
    """The quote asset of a pair in the exchange's spelling."""
    return _asset_text(assets, pair, 1)


def _asset_text(assets: Mapping[str, str], pair: str, place: int) -> str:
    parts = pair.split("-")
    if len(parts) != 2 or not all(parts):
        raise UsageError(f"{pair!r} is no trading pair; pass it as BASE-QUOTE")
    return assets.get(parts[place], parts[place])


def money_text(amount: Decimal | None, name: str) -> str:
    """Plain digits of an amount or a price above zero."""
    if amount is None:
        raise UsageError(f"this order needs {_article(name)}; pass {name}=Decimal(...)")
    text = str(amount)
    if len(text) <= _SURELY_FITS and text.replace(".", "", 1).isdecimal() and amount:
        return text  # no sign, no exponent: `plain` writes the same
    try:
        text = plain(amount)
    except BadValue as error:
        raise UsageError(f"{name} {error.why}") from None
    if amount <= 0:
        raise UsageError(f"{name} must be above zero, not {text}")
    return text


def needed(value: Value | None, name: str) -> Value:
    """A value that this request cannot go without."""
    if value is None or value == "":
        raise UsageError(f"this request needs {_article(name)}; pass {name}=...")
    return value


def switch_ms_text(seconds: int | None) -> str:
    """The time of a dead man's switch in milliseconds."""
    return str(needed(seconds, "switch_s") * 1000)


def given_text(given: Mapping[str, str], name: str) -> str:
    """A value that a preparation gave."""
    text = given.get(name)
    if text is None:
        raise UsageError(f"this request needs {name!r}, which a preparation gives; it has not run, or has run out")
    return text


def not_offered(order_type: OrderType, side: TradeType) -> UsageError:
    return UsageError(f"this exchange takes no {order_type.name} {side.name} orders; see the codec's facts.offers")


@lru_cache(maxsize=64)
def authority(origin: str) -> str:
    """The Host header of an origin: `https://api.x.com` gives `api.x.com`, without the port of its scheme."""
    parts = urlsplit(origin)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return host if parts.port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f"{host}:{parts.port}"


def uuid_text(uuid_hex: str) -> str:
    """The dashed form of 32 hex digits."""
    return f"{uuid_hex[:8]}-{uuid_hex[8:12]}-{uuid_hex[12:16]}-{uuid_hex[16:20]}-{uuid_hex[20:]}"


def following(fresh: Fresh, count: int) -> Fresh:
    """The values of the frame `count` frames later: the same moment, its own request id, nonce and uuid."""
    if not count:
        return fresh
    uuid_hex = f"{(int(fresh.uuid_hex, 16) + count) % (1 << 128):032x}" if fresh.uuid_hex else ""
    return Fresh(fresh.time_ns, fresh.nonce + count, uuid_hex, fresh.request_id + count)


def _article(name: str) -> str:
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
