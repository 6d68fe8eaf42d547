"""Writes the page of faults in docs, from the table of kinds."""

from pathlib import Path

from .page import FILE, write_page

DOCS = Path(__file__).parents[4] / "docs"

(DOCS / FILE).write_text(write_page(), encoding="utf-8")
