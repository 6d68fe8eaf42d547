"""What the eavesdropper takes for a secret, and that it names none."""

import logging

import pytest

from exconn.testing.simulation.eavesdropper import Eavesdropper

KEY, SECRET = "AKIDexampleexampleexample", "s3cr3t-of-tests-and-of-nobody-else"
SIGNED = "pYg8Zk3lQ0sVbZ9fJmRk2vTn5wXhB7cDeFgHiJkLmNo+/w"


def let_out(text: str, sent: bytes = b"", given: tuple[str, ...] = ()) -> list[str]:
    ear = Eavesdropper([KEY, SECRET])
    ear.see(sent)
    ear.hear(text)
    found = list(ear.leaks(given))
    assert list(ear.leaks(given)) == []  # once
    return found


@pytest.mark.parametrize(
    ("text", "sent", "given", "kind"),
    [
        (f"Keyring({KEY!r})", b"", (), "a credential"),
        (f"begins with {SECRET[:12]}...", b"", (), "a credential"),
        ("no stream of listen-key-1", b"", ("listen-key-1",), "what the exchange gave out"),
        (f"GET /v1?signature={SIGNED}== failed", f"MX-SIGN: {SIGNED}==".encode(), (), "a long word of a request"),
        (f"GET {SIGNED}", f"GET /v1?s={SIGNED.replace('+', '%2B').replace('/', '%2F')}".encode(), (), "a long word"),
        ("order CPBVYJuf1700000000340000: closed", b'{"client_id": "CPBVYJuf1700000000340000"}', (), ""),
        (f"{SIGNED}", b"\x81\xfe" + SIGNED.encode(), (), ""),  # a masked frame, by chance
    ],
)
def test_what_is_a_leak(text: str, sent: bytes, given: tuple[str, ...], kind: str) -> None:
    found = let_out(text, sent, given)
    assert len(found) == (kind != "")
    for line in found:
        assert kind in line and "<secret>" in line
        assert not any(each in line for each in (KEY[:12], SECRET[:12], SIGNED, "listen-key-1"))


def test_tracebacks_are_heard() -> None:
    ear, log = Eavesdropper([SECRET]), logging.getLogger("tests.eavesdropper")
    log.addHandler(ear)
    try:
        raise ValueError(SECRET)
    except ValueError:
        log.exception("it failed")
    finally:
        log.removeHandler(ear)
    assert list(ear.leaks(())) == ["a credential was let out: ValueError: <secret>"]
