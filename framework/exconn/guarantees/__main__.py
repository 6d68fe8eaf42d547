"""Writes the page of guarantees into docs, from the table."""

from pathlib import Path

from .page import FILE, write_page

DOCS = Path(__file__).parents[3] / "docs"

(DOCS / FILE).write_text(write_page(), encoding="utf-8")
