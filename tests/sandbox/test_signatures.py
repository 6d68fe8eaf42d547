"""The page's worked signatures are accepted; anything else is not, and the log says why without the secret."""

import json
from typing import Any

import pytest

from exconn.sandbox import Dialect, Opening, Sandbox, Secrets
from exconn.sandbox.signatures import FAMILIES, Signed

SECRET = Secrets("demo-secret-never-used-for-real")
BODY = (
    b'{"symbol":"USDT_BTC","side":"bid","type":"limit","price":"65000.00","size":"0.10",'
    b'"tif":"GTC","client_id":"demo-0001"}'
)
GET = Signed(
    "GET",
    "api.myexchange.example",
    "/v1/fills?since=1767225600000&limit=2",
    b"",
    {
        "time": "1767225605000",
        "nonce": "1767225605000001",
        "signature": "BqKgYx10tWAzEMJWTi/9gND35uaMlHVy4Ro4JrV4vubcaTA+g2GkEYnmIqNLFNJDP5GzBSYKdCV42uHJbMJCQg==",
    },
)
POST = Signed(
    "POST",
    "api.myexchange.example",
    "/v1/orders",
    BODY,
    {
        "time": "1767225600250",
        "nonce": "1767225600250001",
        "signature": "O+r39jbpdDk65ZECQrXY/EMxe2qhxNNALlDTcIVqRD21o/U/h1IqV1LNMaaWjfI9kLHjbow+rWIMv7Vuvqf1tA==",
    },
)
LOGIN = Signed(
    "",
    "",
    "",
    b"",
    {
        "time": "1767225599000",
        "nonce": "1767225599000001",
        "signature": "5+TWBGhahVw6rtnsoT/AIFiUb+wOXslf3vaZJZsXXrWpz4vovgc9l3MbsFwDgWzYYwt68ovju0mFiBvoFhc69Q==",
    },
)
WORKED = [("rest", GET), ("rest", POST), ("login", LOGIN)]


@pytest.mark.parametrize(("name", "signed"), WORKED)
def test_the_worked_examples(dialect: Dialect, name: str, signed: Signed) -> None:
    verdict = dialect.signatures[name].verify(signed, SECRET)
    assert verdict.right
    assert SECRET.secret_key not in str(verdict)


def changed(signed: Signed, **parts: Any) -> Signed:
    facts = {name: getattr(signed, name) for name in Signed.__slots__}
    return Signed(**{**facts, **parts})


@pytest.mark.parametrize(
    "parts",
    [
        {"method": "PUT"},
        {"host": "api.myexchange.example:443"},
        {"target": "/v1/orders?"},
        {"body": BODY.replace(b"65000.00", b"65000.01")},
        {"body": BODY + b" "},
        {"body": b""},
        {"fields": {**POST.fields, "time": "1767225600251"}},
        {"fields": {**POST.fields, "nonce": "1767225600250002"}},
        {"fields": {**POST.fields, "signature": POST.fields["signature"].replace("O+r", "O+s")}},
        {"fields": {**POST.fields, "signature": "A" * 88}},
    ],
    ids=str,
)
def test_one_byte_changed_is_refused(dialect: Dialect, parts: dict[str, Any]) -> None:
    assert not dialect.signatures["rest"].verify(changed(POST, **parts), SECRET).right


def test_another_secret_is_refused_and_explained(dialect: Dialect) -> None:
    verdict = dialect.signatures["rest"].verify(POST, Secrets("another"))
    steps = dict(verdict.steps)
    assert not verdict.right
    assert steps["payload"].startswith("1767225600250\n1767225600250001\nPOST\napi.myexchange.example\n/v1/orders\n")
    assert steps["sent"] == POST.fields["signature"] != steps["expected"]
    assert "another" not in str(verdict)


@pytest.mark.parametrize(
    ("encoding", "secret", "algorithm", "expected"),
    [
        # printf 'abc' | openssl dgst -sha256 -hmac key ; the others are the same key, written otherwise
        ("hex", ("utf8", "key"), "sha256", "9c196e32dc0175f86f4b1cb89289d6619de6bee699e4c378e68309ed97a1a6ab"),
        ("hex", ("hex", "6b6579"), "sha256", "9c196e32dc0175f86f4b1cb89289d6619de6bee699e4c378e68309ed97a1a6ab"),
        ("base64", ("base64", "a2V5"), "sha256", "nBluMtwBdfhvSxy4konWYZ3mvuaZ5MN45oMJ7Zehpqs="),
    ],
)
def test_the_family_s_parameters(encoding: str, secret: tuple[str, str], algorithm: str, expected: str) -> None:
    verify = FAMILIES["joined_mac"](
        {"algorithm": algorithm, "encoding": encoding, "secret": secret[0], "pieces": ["body", "'c'"]}
    )
    signed = Signed("GET", "h", "/", b"ab", {"signature": expected})
    assert verify(signed, Secrets(secret[1])).right
    assert not verify(changed(signed, body=b"ac"), Secrets(secret[1])).right


def test_a_secret_that_is_no_base64_is_a_refusal() -> None:
    verify = FAMILIES["joined_mac"]({"algorithm": "sha256", "encoding": "hex", "secret": "base64", "pieces": ["body"]})
    verdict = verify(Signed("GET", "h", "/", b"", {"signature": "x"}), Secrets("§ none"))
    assert not verdict.right
    assert dict(verdict.steps)["secret"] == "the account's secret is not base64"


def test_secrets_do_not_print(dialect: Dialect) -> None:
    account = Opening("a", "key", Secrets("hidden-secret", "hidden-phrase"))
    sandbox = Sandbox(dialect, [account], now_ns=lambda: 1, token="t", life_every=None)
    shown = f"{account!r} {account} {sandbox.desk.keys['key']!r} {json.dumps(sandbox.state())}"
    assert "hidden" not in shown
