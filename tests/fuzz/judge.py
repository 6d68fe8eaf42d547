"""What becomes of one input: refused with findings, or good; and whatever should not have happened.

Rules: refused means findings that point into the file and can be shown in every format; good means that the very same
bytes compile, and are written as modules that parse to what was meant; anything raised is a failure, and so is more
than 2 s of processor time or 256 MB of memory until the findings are shown, which is what `exconn validate` does.
"""

from __future__ import annotations

import json
import re
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from exconn.cli.validate import validate
from exconn.compile import compile_spec, finish, write
from exconn.document import Diagnostic, readable, render_github, render_json, render_text
from exconn.spec import load_spec
from exconn_codegen import generate
from exconn_codegen.guard import check_written
from exconn_codegen.package import write_modules

MOST_SECONDS: Final = 2.0
MOST_MEGABYTES: Final = 256.0
_STATUS: Final = Path("/proc/self/status")
_RESET: Final = Path("/proc/self/clear_refs")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`kind`: what the file was taken for. `codes`: of its findings, none where it is good. `failure`: one line that
    says what went wrong and where, `detail` more of it; both empty where all is well."""

    kind: str
    codes: tuple[str, ...]
    seconds: float
    megabytes: float
    failure: str = ""
    detail: str = ""


_BARE = 80.0
"""Megabytes of a process that does nothing else; what one holds beyond them, as a long run of tests does, is not the
input's."""


def judge(data: bytes, file: str, is_written: bool = False) -> Verdict:
    """The verdict on `data`; `is_written`: a good spec is also generated for good, with ruff and all."""
    _forget_peak()
    others, begun = max(0.0, held() - _BARE), time.process_time()
    kind, found, raised = "file", (), None
    try:
        kind, found = validate(data, file)
        _ = render_text(found, {file: readable(data)})
    except Exception as error:
        raised = error
    seconds, megabytes = time.process_time() - begun, peak() - others
    failure, detail = _told("validate", raised) if raised else _over(seconds, megabytes)
    if not failure:
        stage: Callable[[], None] = (
            (lambda: _show(found, data, file)) if found else (lambda: _use(kind, data, file, is_written))
        )
        failure, detail = _tried(stage, "show" if found else "use")
    return Verdict(kind, tuple(each.code for each in found), seconds, megabytes, failure, detail)


def _tried(stage: Callable[[], None], name: str) -> tuple[str, str]:
    try:
        stage()
    except Exception as error:
        return _told(name, error)
    return "", ""


def _over(seconds: float, megabytes: float) -> tuple[str, str]:
    if seconds > MOST_SECONDS:
        return "validate: too slow", f"{seconds:.2f} s, at most {MOST_SECONDS}"
    if megabytes > MOST_MEGABYTES:
        return "validate: too much memory", f"{megabytes:.0f} MB, at most {MOST_MEGABYTES:.0f}"
    return "", ""


def _told(stage: str, error: Exception) -> tuple[str, str]:
    """The failure by its kind and place, which is the same for all inputs that hit one defect; and the traceback."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = next((each for each in reversed(frames) if "exconn" in each.filename), frames[-1])
    place = f"{Path(ours.filename).name}:{ours.lineno} {ours.name}"
    return f"{stage}: {type(error).__name__} at {place}", "".join(traceback.format_exception(error)[-12:])[-3000:]


def _show(found: tuple[Diagnostic, ...], data: bytes, file: str) -> None:
    """Every finding stands in the file, and no format lets through what a terminal would act upon."""
    text = readable(data)
    lines = text.split("\n")
    for each in found:
        if each.span.file == file:
            assert 1 <= each.span.line <= len(lines), f"{each} is below the file's end"
            assert 1 <= each.span.col <= len(lines[each.span.line - 1]) + 1, f"{each} is behind its line's end"
        assert each.message and each.code, each
    shown = render_text(found, {file: text}) + render_github(found)
    assert shown.replace("\n", "").isprintable(), "what is shown does not print"
    assert len(json.loads(render_json(found))) == len(found)


def _use(kind: str, data: bytes, file: str, is_written: bool) -> None:
    """A good spec compiles and can be written down."""
    if kind != "spec":
        return
    spec = load_spec(data, file)
    program = write(spec)
    finish(program.load())
    finish(compile_spec(spec))
    for name, (source, meant) in write_modules(program).items():
        check_written(source, meant, name)
    if is_written:
        with TemporaryDirectory(prefix="exconn-fuzz-") as folder:
            generate(spec, Path(folder))


def _forget_peak() -> None:
    if _RESET.exists():
        _RESET.write_text("5")


def peak() -> float:
    """Megabytes of memory held at most since the last reset; 0 where the system does not tell."""
    return _megabytes("VmHWM")


def held() -> float:
    """Megabytes of memory held now; 0 where the system does not tell."""
    return _megabytes("VmRSS")


def _megabytes(line: str) -> float:
    if not _STATUS.exists():
        return 0.0
    found = re.search(rf"{line}:\s+(\d+) kB", _STATUS.read_text())
    return int(found[1]) / 1024 if found else 0.0
