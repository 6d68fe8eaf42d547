"""Auth signs what the spec declares and nothing else, and shows no secret."""

import base64
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from exconn.codec import Codec
from exconn.compile import compile_spec
from exconn.errors import UsageError
from exconn.market import Auth, Surroundings
from exconn.model import OrderType, TradeType
from exconn.spec import read_spec

KEYS = {"api_key": "mx-demo-key-0001", "secret_key": "demo-secret-never-used-for-real"}


def auth_at(codec: Codec, time_ns: int, **options: Any) -> Auth:
    surroundings = Surroundings(lambda: time_ns, lambda: 0.0, None, lambda: "0" * 32)  # type: ignore[arg-type]
    return Auth(codec, KEYS, surroundings=surroundings, **options)


def test_the_login_frame_of_the_documents(codec: Codec) -> None:
    # docs/myexchange-api.md, section 3.3: time 1767225599000, nonce 1767225599000001
    auth = auth_at(codec, 1767225599000001000)
    assert "5+TWBGhahVw6rtnsoT/AIFiUb+wOXslf3vaZJZsXXrWpz4vovgc9l3MbsFwDgWzYYwt68ovju0mFiBvoFhc69Q==" in (
        auth.generate_ws_login()
    )
    with pytest.raises(UsageError, match="has no websocket login of socket 'public'"):
        auth.generate_ws_login("public")


def test_a_signed_request(codec: Codec) -> None:
    made = auth_at(codec, 1767225605000001000).generate_auth_dict("GET", "/v1/fills", {"since_ns": 1767225600000000000})
    assert made["url"] == "https://api.myexchange.example/v1/fills?since=1767225600000&limit=500"
    assert made["headers"]["MX-NONCE"] == "1767225605000001"
    assert made["body"] == b""
    assert KEYS["secret_key"] not in repr(made)


def test_the_host_is_the_one_in_use(codec: Codec) -> None:
    auth = auth_at(codec, 1, hosts={"rest": "http://127.0.0.1:8080", "ws": "ws://127.0.0.1:8080"})
    assert auth.generate_auth_dict("GET", "https://elsewhere.example/v1/balances")["url"] == (
        "http://127.0.0.1:8080/v1/balances"
    )


def test_a_private_key_signs_for_the_host_in_use() -> None:
    """Judged by the public key, as an exchange does."""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    codec = compile_spec(read_spec(Path(__file__).parents[1] / "imaginary" / "jwt-es256.yaml"))
    surroundings = Surroundings(lambda: 1767225600 * 10**9, lambda: 0.0, None, lambda: "0" * 32)  # type: ignore[arg-type]
    hosts = {"rest": "http://127.0.0.1:8080", "ws": "ws://127.0.0.1:8080"}
    auth = Auth(codec, {"key_name": "k", "private_key": pem}, surroundings=surroundings, hosts=hosts)
    made = auth.generate_auth_dict("GET", "/v1/balances")
    signed, _, signature = made["headers"]["Authorization"].removeprefix("Bearer ").rpartition(".")
    raw = base64.urlsafe_b64decode(f"{signature}==")
    halves = (int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key.public_key().verify(encode_dss_signature(*halves), signed.encode(), ec.ECDSA(SHA256()))
    claims = json.loads(base64.urlsafe_b64decode(signed.partition(".")[2] + "=="))
    assert (claims["uri"], claims["nbf"]) == ("GET 127.0.0.1:8080/v1/balances", 1767225600)
    assert pem.splitlines()[1] not in f"{auth!r} {made}"


# (method, url, params) -> what the error says
REFUSED: list[tuple[Any, Any, Any, str]] = [
    ("GET", "/v1/withdraw", {}, "GET /v1/withdraw is not declared by this exchange's spec; it has GET /v1/time"),
    ("PUT", "/v1/orders", {}, "PUT /v1/orders is not declared"),
    ("GET", "/v1/fills", {"limit": 5}, "unknown parameter 'limit'; parameters are named in our words: pair"),
    ("GET", "/v1/fills", {"amount": "ten"}, "parameter amount cannot be 'ten'"),
    ("GET", "/v1/fills", {"side": "both"}, "parameter side cannot be 'both'"),
    ("GET", "/v1/fills", {"side": 1}, "parameter side cannot be 1"),
    ("GET", "/v1/fills", {"order_type": 2}, "parameter order_type cannot be 2"),
    ("GET", "/v1/fills", {"since_ns": "0"}, "parameter since_ns cannot be '0'"),
    ("GET", "/v1/fills", {"more": ()}, "unknown parameter 'more'"),
    ("GET", "/v1/fills", [1], "parameters are a mapping of names to values"),
    ("GET", "/v1/fills?since=5", {}, "its parameters are given beside them, in our words"),
    ("GET", None, {}, "None is no path and no URL"),
    ("GET", "//[]@", {}, "'//[]@' is no path and no URL"),
    (None, "/v1/fills", {}, "a request is a method and a path"),
    ("DELETE", "/v1/orders", {"client_id": 5}, "parameter client_id cannot be 5"),
    ("DELETE", "/v1/orders", {"client_id": None}, "this request needs a client_id"),
    ("DELETE", "/v1/orders", {}, "client_id"),
]


@pytest.mark.parametrize(("method", "url", "params", "message"), REFUSED)
def test_what_is_not_declared_is_refused(codec: Codec, method: Any, url: Any, params: Any, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        auth_at(codec, 1).generate_auth_dict(method, url, params)
    assert message in str(caught.value)


def test_parameters_may_be_texts(codec: Codec) -> None:
    from exconn.market.declared import arguments_from

    made = arguments_from({"side": "sell", "order_type": "MARKET"}, {"amount": "1.50", "price": 2})
    assert (made.side, made.order_type, made.amount, made.price) == (
        TradeType.SELL,
        OrderType.MARKET,
        Decimal("1.50"),
        Decimal(2),
    )


def test_no_secret_is_shown(codec: Codec) -> None:
    auth = auth_at(codec, 1)
    assert repr(auth) == "<Auth of myexchange>"
    assert all(KEYS["secret_key"] not in repr(value) for value in vars(auth).values())
