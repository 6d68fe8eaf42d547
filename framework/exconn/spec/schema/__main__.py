"""Writes the published schema beside the package, from the data of the sections."""

import json
from pathlib import Path

from . import FILE
from .whole import build_schema

text = json.dumps(build_schema(), indent=1, ensure_ascii=False) + "\n"
(Path(__file__).parents[1] / FILE).write_text(text, encoding="utf-8")
