"""The page of guarantees is that of the table."""

from pathlib import Path

from exconn.guarantees.page import FILE, write_page

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_is_current() -> None:
    assert (DOCS / FILE).read_text(encoding="utf-8") == write_page(), "run python -m exconn.guarantees"
