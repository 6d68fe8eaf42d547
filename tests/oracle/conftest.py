"""A few opinions on the exchange of our own making, to be changed in one place; and its spec in both modes."""

import shutil
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest

from exconn.codec import Codec
from exconn.document import Span
from exconn.shipped import find
from exconn.spec import load_spec
from exconn.testing.cases import Mode, codec_of, read_cases
from exconn.testing.cases.opinions import Note

from .bench import Bench
from .judging import Judgement, judge_exchange
from .source import open_source

OPINIONS = Path(__file__).parent / "opinions"
PAGE = "docs/myexchange-api.md"
SPAN = Span("myexchange.cases.yaml", 1, 1)


def note(of: str, *differs: str) -> Note:
    return Note(of, differs, "both say the same in other words", PAGE, SPAN)


NOTES = (
    note("get_ticker:*", "path: expected '/v1/trades'"),
    note("create_market_buy_by_quote:*"),
    note("rest/order_object/1"),
)


@dataclass(frozen=True, slots=True)
class Room:
    """A copy of the opinions, to be changed; `judge` hears them with a spec that may be changed too."""

    folder: Path

    def change(self, file: str, before: str, after: str) -> None:
        path = self.folder / file
        text = path.read_text()
        assert before in text
        path.write_text(text.replace(before, after))

    def judge(self, notes: tuple[Note, ...] = NOTES, spec: tuple[str, ...] = ()) -> Judgement:
        cases = replace(read_cases(find("myexchange", ".cases.yaml")), opinions=notes)
        return judge_exchange(codecs(*spec), cases, open_source(self.folder))


@cache
def codecs(before: str = "", after: str = "") -> dict[Mode, Codec]:
    """The shipped spec in both modes, with one change."""
    text = find("myexchange", ".yaml").read_text()
    assert before in text
    spec = load_spec(text.replace(before, after).encode() if before else text.encode(), "myexchange.yaml")
    return {mode: codec_of(spec, mode) for mode in Mode}


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(shutil.copytree(OPINIONS, tmp_path / "opinions", ignore=shutil.ignore_patterns("__pycache__")))


@pytest.fixture
def bench() -> Bench:
    cases = read_cases(find("myexchange", ".cases.yaml"))
    return Bench("myexchange", codecs()[Mode.MEMORY], cases, open_source(OPINIONS))
