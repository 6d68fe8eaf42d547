"""How written code looks: the pinned `ruff format`, told nothing by the machine it runs on.

Rules: no configuration file, no cache and no environment is read, so the same nodes give the same bytes everywhere; a
ruff that is missing or fails is an error of the installation, told with its cure, and nothing is written.
"""

import subprocess
import sys
from pathlib import Path

from exconn.errors import UsageError

_SHOWN = 300
_CURE = "see that `python -m ruff --version` runs with the Python that runs exconn, or install exconn again"
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
    """Format every module in `folder`, in place; UsageError with ruff's last words where it cannot."""
    command = [sys.executable, "-I", *_COMMAND, str(folder)]
    ran = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, env={})  # noqa: S603
    if ran.returncode:
        said = ran.stderr.strip().splitlines() or [f"it ended with code {ran.returncode}"]
        raise UsageError(f"ruff cannot lay the package out: {said[-1][:_SHOWN]}; {_CURE}")
