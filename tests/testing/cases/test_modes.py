"""Both modes give the same codec, and the written one leaves nothing behind."""

import sys
from typing import Any

from exconn.testing.cases import Mode, codec_of


def test_both_modes_know_the_same(pier: Any) -> None:
    memory, generated = (codec_of(pier.load_spec(), mode) for mode in Mode)
    assert memory.facts == generated.facts
    assert list(memory.endpoints) == list(generated.endpoints)
    assert list(memory.sockets) == list(generated.sockets)


def test_the_written_package_is_gone(pier: Any) -> None:
    before, path = set(sys.modules), list(sys.path)
    first, second = (
        codec_of(pier.load_spec(), Mode.GENERATED),
        codec_of(pier.load_spec(("GET /markets", "GET /rules")), Mode.GENERATED),
    )
    assert (first.endpoints["trading_rules"].path, second.endpoints["trading_rules"].path) == ("/markets", "/rules")
    assert [name for name in set(sys.modules) - before if "generated" in name] == []
    assert sys.path == path
