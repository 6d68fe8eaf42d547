"""The JSON Schema of the language: built from the sections' Python data, published as one JSON file, loaded from it.

`python -m exconn.spec.schema` writes `exconn-1.schema.json` and the reference page anew; a test holds that they agree.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

FILE = "exconn-1.schema.json"


@cache
def load_schema() -> dict[str, Any]:
    """The published schema. Callers must not change it."""
    text = files("exconn.spec").joinpath(FILE).read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded
