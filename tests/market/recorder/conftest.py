"""A database of a test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from exconn.market.recorder import SQLConnectionManager


@pytest.fixture
def sql(tmp_path: Path) -> Iterator[SQLConnectionManager]:
    manager = SQLConnectionManager(tmp_path / "trades.sqlite")
    yield manager
    manager.close()
