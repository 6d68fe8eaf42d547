"""MACs keyed once: the vectors of RFC 4231, and the standard library's own hmac for keys of every length."""

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exconn.codec.macs import keyed

# RFC 4231, 4.2, 4.3 and 4.7: key, message, the beginnings of the MACs by sha256, sha384 and sha512
VECTORS = [
    (b"\x0b" * 20, b"Hi There", ("b0344c61d8db3853", "afd03944d8489562", "87aa7cdea5ef619d")),
    (b"Jefe", b"what do ya want for nothing?", ("5bdcc146bf60754e", "af45d2e376484031", "164b7a7bfcf819e2")),
    (
        b"\xaa" * 131,
        b"Test Using Larger Than Block-Size Key - Hash Key First",
        ("60e431591ee0b67f", "4ece084485813e90", "80b24263c7c1a3eb"),
    ),
]
ALGORITHMS = ("sha256", "sha384", "sha512")


@pytest.mark.parametrize(("key", "message", "macs"), VECTORS)
def test_rfc_4231(key: bytes, message: bytes, macs: tuple[str, ...]) -> None:
    assert tuple(keyed(key, each)(message).hex()[:16] for each in ALGORITHMS) == macs


@given(st.binary(max_size=200), st.lists(st.binary(max_size=300), min_size=1, max_size=3), st.sampled_from(ALGORITHMS))
def test_the_standard_library_gives_the_same(key: bytes, messages: list[bytes], algorithm: str) -> None:
    mac = keyed(key, algorithm)
    assert [mac(each) for each in messages] == [hmac.digest(key, each, algorithm) for each in messages]
