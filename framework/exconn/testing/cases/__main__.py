"""Writes the published schema of cases beside the package, and in a checkout the reference, `docs/cases.md`."""

from pathlib import Path

from .reference import SCHEMA_FILE, write_page, write_schema

here = Path(__file__).parent
docs = here.parents[3] / "docs"
(here / SCHEMA_FILE).write_text(write_schema(), encoding="utf-8")
if docs.is_dir():
    (docs / "cases.md").write_text(write_page(), encoding="utf-8")
