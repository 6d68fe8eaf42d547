"""A secret, a token and a signature show in no repr, in no message, and on no error's chain of contexts."""

from collections.abc import Callable
from typing import Any

import pytest
from rich.pretty import pretty_repr

from exconn.codec import (
    Answer,
    BadValue,
    Context,
    Keyring,
    Placed,
    Reply,
    Request,
    Symbols,
    Unsigned,
    decode,
    given_integer,
    hidden,
    open_request,
    percent,
    prefixed,
    utf8,
)
from exconn.codec.facts import CredentialField
from exconn.errors import ExconnError

CANARY = "kR7canaryQw2"
BROKEN = CANARY + "\udcff"  # what an environment variable of broken bytes becomes


def _keyring(encoding: str, text: str) -> Keyring:
    return Keyring((CredentialField(name="secret_key", secret=True, encoding=encoding),), {"secret_key": text})


HELD = [
    Request("GET", "https://api.x.example", f"/ws/{CANARY}?sign={CANARY}", (("K", CANARY),), CANARY.encode()),
    Context(_keyring("utf8", CANARY), {}, Symbols(), {"token": CANARY}),
    Answer(200, {"set-token": CANARY}, CANARY.encode()),
    Reply([], None, {"token": CANARY}),
    Placed(headers=(("K", CANARY),)),
    open_request(
        Unsigned(method="GET", origin="https://api.x.example", path="/"), Placed(headers=(("K", CANARY),)), "rest"
    ),
]


@pytest.mark.parametrize("held", HELD, ids=lambda held: type(held).__name__)
def test_what_carries_a_secret_does_not_show_it(held: object) -> None:
    assert CANARY not in f"{held!r} {held}"
    assert CANARY not in pretty_repr(held)


REFUSED: list[tuple[str, Callable[[], Any]]] = [
    ("decode", lambda: decode(b'["' + CANARY.encode() + b'\xff"]')),
    ("decode cut", lambda: decode(b'["' + CANARY.encode())),
    ("utf8 key", lambda: _keyring("utf8", BROKEN)),
    ("base64 key", lambda: _keyring("base64", CANARY + "é")),
    ("base64 key of broken text", lambda: _keyring("base64", BROKEN)),
    ("hex key", lambda: _keyring("hex", CANARY)),
    ("utf8", lambda: utf8(BROKEN)),
    ("percent", lambda: percent(BROKEN)),
    ("given", lambda: hidden(prefixed, CANARY, "t-")),
    ("given number", lambda: hidden(given_integer, CANARY)),
]


@pytest.mark.parametrize("ask", [ask for _, ask in REFUSED], ids=[name for name, _ in REFUSED])
def test_no_error_carries_a_secret(ask: Callable[[], Any]) -> None:
    with pytest.raises(ExconnError) as told:
        ask()
    error: BaseException | None = told.value
    while error is not None:
        assert CANARY not in f"{error!r} {error} {error.args!r} {vars(error)!r}"
        assert CANARY.encode() not in getattr(error, "object", b"")
        error = error.__cause__ or error.__context__


def test_what_is_given_is_read_as_before() -> None:
    assert hidden(prefixed, "t-abc", "t-") == "abc"
    with pytest.raises(BadValue, match="not of the form its reading asks for"):
        hidden(given_integer, None)
