"""Whatever a value holds, a request keeps its origin and its path, gains no parameter, no fragment and no header.

Every placeholder of every operation of every spec at hand gets each hostile text; what cannot be sent is refused.
"""

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from exconn.codec import Arguments, Codec, Context, Fresh, Request, Symbols
from exconn.codec.facts import CredentialField
from exconn.codec.keys import Keyring
from exconn.compile import compile_spec
from exconn.errors import UsageError
from exconn.market.hosts import PinnedHosts
from exconn.spec import read_spec

ROOT = Path(__file__).parents[3]
SPECS = sorted(
    path
    for folder in ("exchanges", "tests/imaginary", "tests/spec/good")
    for path in (ROOT / folder).glob("*.yaml")
    if not path.name.endswith((".cases.yaml", ".dialect.yaml"))
)
HARMLESS = "Abc1"
HOSTILE = (
    *(
        ".",
        "..",
        "...",
        "a/b",
        "../x",
        "/",
        "//evil.example",
        "\\evil.example",
        "@evil.example",
        ":443",
        "a?b=c",
        "?",
        "#",
    ),
    *("a&b=c", "a=b", "a;b", "%2e%2e", "%2F", "%00", "%", "+", " ", "a b", "\t", "\r\nX-Evil: 1", "\n", "\x00", "\x7f"),
    *("é", "\u202e", "\u2028", "．．", "／", "https://evil.example", "[::1]", "{x}", "${x}", "'", '"', "<", "\ud800"),
)
FRESH = Fresh(1_700_000_000_000_000_000, 7, "0123456789abcdef0123456789abcdef", 3)


@cache
def codec_of(path: Path) -> Codec:
    return compile_spec(read_spec(path))


def context(codec: Codec, pair: str, text: str) -> Context:
    """Everything that is no key of a signature is `text`."""
    facts = codec.facts
    given = {field.name: text for field in facts.credentials if not field.secret and not field.choice}
    symbols = Symbols(facts.forms)
    for form in facts.forms:
        symbols.texts[form][pair] = text
    secrets = {field.name: _secret(field) for field in facts.credentials if field.secret}
    keys = Keyring(facts.credentials, secrets | given)
    hosts = next(iter(facts.hosts.values()))
    return Context(keys, hosts, symbols, _Anything(text))


def _secret(field: CredentialField) -> str:
    if field.private is not None:
        return "11" * 32 if field.encoding == "hex" else private_key(field.private)
    return {"base64": "c2VjcmV0", "hex": "00ff"}.get(field.encoding, "secret")


@cache
def private_key(kind: str) -> str:
    """A PEM of our own making."""
    made: Any = {
        "ed25519": ed25519.Ed25519PrivateKey.generate,
        "rsa": lambda: rsa.generate_private_key(65537, 2048),
        "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
    }[kind]()
    pkcs8, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return str(made.private_bytes(serialization.Encoding.PEM, pkcs8, plain).decode())


class _Anything(dict[str, str]):
    """Every value that a preparation could give."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def get(self, key: str, default: object = None) -> str:  # type: ignore[override]
        return self._text


def requests(codec: Codec, text: str) -> dict[tuple[object, ...], Request | None]:
    """Each request of the spec with `text` for every value; None where it is refused, none where it can be no key."""
    pair = f"{text}-{text}" if "-" not in text else "A-B"
    made: dict[tuple[object, ...], Request | None] = {}
    try:
        held = context(codec, pair, text)
    except UsageError:
        return made
    for name, endpoint in codec.endpoints.items():
        offers = codec.facts.offers if name == "place_order" else codec.facts.offers[:1]
        for order_type, side in offers:
            arguments = Arguments(
                pair=pair,
                order_type=order_type,
                side=side,
                amount=Decimal(1),
                quote_amount=Decimal(1),
                price=Decimal(1),
                client_id=text,
                exchange_order_id=text,
                created_ns=1,
                since_ns=1,
                cursor=text,
            )
            try:
                made[name, order_type, side] = endpoint.build(arguments, FRESH, held)
            except UsageError:
                made[name, order_type, side] = None
    return made


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_a_request_goes_where_the_spec_says(path: Path) -> None:
    codec = codec_of(path)
    hosts = PinnedHosts(next(iter(codec.facts.hosts.values())))
    meant = requests(codec, HARMLESS)
    assert any(meant.values())
    for text in HOSTILE:
        for key, request in requests(codec, text).items():
            right = meant[key]
            if request is not None and right is not None:
                assert shape(request) == shape(right), (key, text)
                hosts.url_of(request)


def shape(request: Request) -> tuple[object, ...]:
    """What a value may not change: the origin, how the path is divided, the parameters' and headers' names."""
    url = urlsplit(request.origin + request.target)
    assert url.netloc == urlsplit(request.origin).netloc and not url.fragment and "#" not in request.target
    segments = url.path.split("/")
    assert not {".", ".."} & set(segments)
    for _, value in request.headers:
        assert value.isascii() and value.isprintable()
    fields = [name for name, _ in parse_qsl(url.query, keep_blank_values=True)]
    return request.origin, len(segments), fields, [name for name, _ in request.headers]
