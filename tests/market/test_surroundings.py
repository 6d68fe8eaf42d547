"""The one file that reads clocks."""

import time

from exconn.market.surroundings import system


def test_the_system_gives_its_own_clocks_and_fresh_ids() -> None:
    world = system()
    assert abs(world.time_ns() - time.time_ns()) < 10**9
    assert abs(world.monotonic() - time.monotonic()) < 1
    first, second = world.uuid_hex(), world.uuid_hex()
    assert first != second and len(bytes.fromhex(first)) == 16
    assert 0 <= world.random.random() < 1
