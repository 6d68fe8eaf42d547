"""Readers of the three small languages: text and nodes of a spec become pieces, or findings with exact columns."""

from .bodies import read_body, read_constant_text, read_fields, read_value
from .matches import read_match, read_test
from .paths import read_path
from .readings import read_reading
from .templates import read_template

__all__ = [
    "read_body",
    "read_constant_text",
    "read_fields",
    "read_match",
    "read_path",
    "read_reading",
    "read_template",
    "read_test",
    "read_value",
]
