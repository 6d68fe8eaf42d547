"""From bytes to Cases, or to the reasons why not, in three passes: YAML, schema, sense.

Rules: a pass that finds errors ends the loading with all it found; sample files are read only from `samples/<spec>/`
beside the file; nothing is compared with a spec here, so that cases can be checked alone.
"""

from pathlib import Path

from exconn.document import Findings, Mapping, Span, load, read_source
from exconn.document.schema import check

from .build import build_cases
from .schema import load_schema
from .tree import Cases


def load_cases(data: bytes, file: str) -> Cases:
    """The cases in `data`; `file` is its name in findings, and samples are looked for beside it. DocumentError."""
    root = load(data, file)
    shape = Findings()
    shape.extend(dict.fromkeys(check(root, load_schema(), file)))
    if not isinstance(root, Mapping):
        shape.fail("wrong-type", "a file of cases is a mapping", Span(file, 1, 1), "begin with the line: cases: 1")
    shape.raise_errors()
    findings = Findings()
    cases = build_cases(root, file, findings)
    findings.raise_errors()
    return cases


def read_cases(path: Path | str) -> Cases:
    """The cases in the file at `path`, named in findings as it was given. Raises DocumentError, OSError."""
    return load_cases(read_source(Path(path)), str(path))
