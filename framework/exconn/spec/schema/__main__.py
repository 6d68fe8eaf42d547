"""Writes the published schema beside the package and the reference page in docs, from the data of the sections."""

import json
from pathlib import Path

from . import FILE
from .page import FILE as PAGE
from .page import write_page
from .whole import build_schema

PACKAGE = Path(__file__).parents[1]
DOCS = Path(__file__).parents[4] / "docs"

schema = build_schema()
(PACKAGE / FILE).write_text(json.dumps(schema, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
(DOCS / PAGE).write_text(write_page(schema), encoding="utf-8")
