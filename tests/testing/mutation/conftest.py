"""Two specs with their cases: an invented exchange of many forms, and the shipped one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from exconn.shipped import find
from exconn.testing.mutation import Bench

PIER = Path(__file__).parents[1] / "cases" / "pier.yaml"
Files = Callable[..., tuple[bytes, str, bytes, str]]


def files(spec: Path) -> Files:
    """The function (edits of the cases) -> what a trial is given."""
    path = spec.with_name(f"{spec.stem}.cases.yaml")

    def read(*edits: tuple[str, str]) -> tuple[bytes, str, bytes, str]:
        cases = path.read_text(encoding="utf-8")
        for old, new in edits:
            assert cases.count(old) == 1, f"the cases do not say {old!r} once"
            cases = cases.replace(old, new)
        return spec.read_bytes(), str(spec), cases.encode(), str(path)

    return read


@pytest.fixture(scope="session")
def pier() -> Files:
    return files(PIER)


@pytest.fixture(scope="session")
def shipped() -> Files:
    return files(find("myexchange", ".yaml"))


@pytest.fixture(scope="session")
def bench(pier: Files) -> Bench:
    return Bench(*pier())
