"""Text on its way out: percent-encoding, JSON, headers, hosts, and the secrets that never show."""

import copy
import json
import pickle
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exconn.codec import (
    CredentialField,
    Fresh,
    Keyring,
    authority,
    base64_text,
    following,
    header_text,
    json_escaped,
    json_quoted,
    percent,
    sorted_query,
    uuid_text,
)
from exconn.codec.keys import Secret
from exconn.errors import UsageError


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("azAZ09-._~", "azAZ09-._~"),
        ("a b", "a%20b"),
        ("+&=?/#%", "%2B%26%3D%3F%2F%23%25"),
        ("é€", "%C3%A9%E2%82%AC"),
        ("\r\n\x00", "%0D%0A%00"),
        ("", ""),
    ],
)
def test_percent(text: str, encoded: str) -> None:
    assert percent(text) == encoded


def test_percent_of_all_that_is_ascii() -> None:
    assert [percent(chr(each)) for each in range(128)] == [quote(chr(each), safe="") for each in range(128)]


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",))))
def test_json_is_json(text: str) -> None:
    assert json.loads(json_quoted(text)) == text
    assert json_quoted(text) == f'"{json_escaped(text)}"'


def test_json_keeps_what_need_not_be_escaped() -> None:
    assert json_escaped("é€ /<>'") == "é€ /<>'"


@pytest.mark.parametrize("write", [percent, json_quoted])
def test_half_a_character_is_refused(write: object) -> None:
    assert callable(write)
    with pytest.raises(UsageError, match="is not valid Unicode and cannot be sent"):
        write("a\ud800")


def test_headers() -> None:
    assert header_text("Bearer x=+/", "token") == "Bearer x=+/"
    with pytest.raises(UsageError, match=r"^token cannot stand in a header"):
        header_text("", "token")


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://api.x.com", "api.x.com"),
        ("https://api.x.com:443", "api.x.com"),
        ("wss://api.x.com:443", "api.x.com"),
        ("http://localhost:80", "localhost"),
        ("https://localhost:8443", "localhost:8443"),
        ("ws://[::1]:81", "[::1]:81"),
    ],
)
def test_authorities(origin: str, host: str) -> None:
    assert authority(origin) == host


def test_small_forms() -> None:
    assert uuid_text("0123456789abcdef0123456789abcdef") == "01234567-89ab-cdef-0123-456789abcdef"
    assert sorted_query("b=2&a=1&a=0") == "a=0&a=1&b=2"
    assert sorted_query("size2=1&start-time=3&start=2&size=9&z=") == "size=9&size2=1&start=2&start-time=3&z="
    assert base64_text(b"\xfb\xff" * 40).count("\n") == 0


def test_following_frames() -> None:
    fresh = Fresh(9, 4, "f" * 32, 2)
    assert following(fresh, 0) is fresh
    assert following(fresh, 2) == Fresh(9, 6, "0" * 31 + "1", 4)


def test_a_secret_never_shows() -> None:
    secret = Secret("hunter2")
    keys = Keyring([CredentialField(name="k", secret=True)], {"k": "hunter2"})
    assert "hunter2" not in f"{secret} {secret!r} {secret!s} {keys} {keys!r} {secret:>20}"
    for leak in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="a secret is neither copied nor pickled"):
            leak(secret)


@pytest.mark.parametrize(("encoding", "text"), [("base64", "not base64!"), ("hex", "xyz"), ("base64", "é")])
def test_a_key_that_was_not_pasted_whole(encoding: str, text: str) -> None:
    with pytest.raises(UsageError, match=f"credential k is not {encoding}; check that it was pasted whole") as caught:
        Keyring([CredentialField(name="k", secret=True, encoding=encoding)], {"k": text})
    assert text not in str(caught.value)


def test_an_unknown_credential() -> None:
    with pytest.raises(UsageError, match="unknown credential 'secret'; this exchange takes k"):
        Keyring([CredentialField(name="k", secret=True)], {"secret": "x"})
