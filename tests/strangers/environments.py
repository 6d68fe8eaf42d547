"""Each client in an environment of its own, below `.interop/` of the repository, made once and kept.

Rules:
- What a client is, is said here: its packages, pinned, and its script. Nothing of it is imported by ours.
- An environment that was made for other pins is made anew; one that could not be made leaves none behind.
- Installs go through pip and npm as this machine has them set up; without network that fails, and is said.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
CACHE = ROOT / ".interop"
SCRIPTS = Path(__file__).parent / "clients"
LONGEST = 600.0  # seconds for the packages of one client


class NotInstalled(Exception):
    """A client's environment could not be made; the text says why."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """A client of others: which exchange it trades on, what it is made of, and the script that walks with it."""

    name: str
    exchange: str
    packages: tuple[str, ...]
    script: str

    @property
    def is_node(self) -> bool:
        """Whether it runs on node; else on Python."""
        return self.script.endswith(".mjs")


CCXT = "ccxt==4.5.90"
STRANGERS = (
    Stranger("python-binance", "binance", ("python-binance==1.0.37",), "python_binance_client.py"),
    Stranger("binance-connector", "binance", ("binance-connector==3.13.0",), "binance_connector_client.py"),
    # binance-common's later versions ask for certificates that are younger than some registries have
    Stranger("binance-sdk-spot", "binance", ("binance-sdk-spot==11.0.0",), "binance_sdk_spot_client.py"),
    Stranger("ccxt for binance", "binance", (CCXT,), "ccxt_client.py"),
    Stranger("ccxt (node) for binance", "binance", ("ccxt@4.5.84",), "ccxt_client.mjs"),
    Stranger("binance-api-node", "binance", ("binance-api-node@0.13.10",), "binance_api_node_client.mjs"),
    Stranger("@binance/spot", "binance", ("@binance/spot@32.0.4",), "binance_spot_client.mjs"),
    Stranger("krakenex", "kraken", ("krakenex==2.2.2",), "krakenex_client.py"),
    Stranger("python-kraken-sdk", "kraken", ("python-kraken-sdk==3.5.1",), "kraken_sdk_client.py"),
    Stranger("typed-kraken", "kraken", ("typed-kraken==0.5.0",), "typed_kraken_client.py"),
    Stranger("ccxt for kraken", "kraken", (CCXT,), "ccxt_client.py"),
    Stranger("ccxt (node) for kraken", "kraken", ("ccxt@4.5.84",), "ccxt_client.mjs"),
)


def command(stranger: Stranger) -> list[str]:
    """What runs its script; the environment is made where it is not there yet. Raises NotInstalled."""
    place = CACHE / re.sub(r"[^\w.]+", "-", stranger.name).strip("-")
    made = place / "made-for.json"
    pins = json.dumps(stranger.packages)
    if not made.is_file() or made.read_text() != pins:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        (_make_node if stranger.is_node else _make_python)(stranger, place)
        made.write_text(pins)
    if not stranger.is_node:
        return [str(place / "bin" / "python"), str(SCRIPTS / stranger.script)]
    # node looks for packages beside a script, so the scripts go to the packages
    for script in SCRIPTS.glob("*.mjs"):
        shutil.copy(script, place)
    return ["node", str(place / stranger.script)]


def _make_python(stranger: Stranger, place: Path) -> None:
    _run([sys.executable, "-m", "venv", str(place)], place)
    pip = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([*pip, *stranger.packages], place)


def _make_node(stranger: Stranger, place: Path) -> None:
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            raise NotInstalled(f"{tool} is not on PATH")
    (place / "package.json").write_text('{"private": true}\n')
    _run(["npm", "install", "--silent", "--no-audit", "--no-fund", *stranger.packages], place)


def _run(words: Sequence[str], place: Path) -> None:
    try:
        done = subprocess.run(words, cwd=place, capture_output=True, text=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired:
        shutil.rmtree(place, ignore_errors=True)
        raise NotInstalled(f"{' '.join(words)} took more than {LONGEST:.0f} s") from None
    if done.returncode:
        shutil.rmtree(place, ignore_errors=True)
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no word"]
        raise NotInstalled(f"{' '.join(words)}: {lines[-1]}")
