"""How written code looks: the pinned `ruff format`, told nothing by the machine it runs on.

Rules: no configuration file, no cache and no environment is read, so the same nodes give the same bytes everywhere.
"""

import subprocess
import sys
from pathlib import Path

_COMMAND = (
    "-m",
    "ruff",
    "format",
    "--isolated",
    "--no-cache",
    "--quiet",
    "--line-length",
    "120",
    "--target-version",
    "py311",
)


def lay_out(folder: Path) -> None:
    """Format every module in `folder`, in place; RuntimeError with ruff's words where it refuses."""
    command = [sys.executable, "-I", *_COMMAND, str(folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env={})  # noqa: S603
    if ran.returncode:
        raise RuntimeError(f"ruff format failed: {ran.stderr.strip()}")
