"""A sandbox for one stranger: the command as anyone starts it, with a market that stands still once it has a book.

Rules: one sandbox a stranger, so that no walk leaves orders for the next; what it is called is the exchange's own.
"""

import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STARTING = 30.0  # seconds


@dataclass(frozen=True, slots=True)
class Names:
    """What an exchange calls what the walk trades, and how it refuses a wrong signature."""

    symbol: str
    stream_symbol: str
    base: str
    quote: str
    refusal: str


NAMES = {
    "binance": Names("ETHUSDT", "ethusdt", "ETH", "USDT", "Signature for this request is not valid"),
    "kraken": Names("XETHZUSD", "ETH/USD", "XETH", "ZUSD", "EAPI:Invalid signature"),
}


@contextmanager
def trading_place(exchange: str) -> Iterator[dict[str, str]]:
    """The exchange for the block: the variables that a walk asks for. RuntimeError when it does not start."""
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / "ready.json"
        words = [sys.executable, "-m", "exconn.cli", "sandbox", exchange, "--ready-file", str(ready)]
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            facts = _wait(process, ready)
            _stand_still(facts)
            names = NAMES[exchange]
            first, second = facts["accounts"][:2]
            yield {
                "STRANGER_HTTP": f"http://127.0.0.1:{facts['port']}",
                "STRANGER_WS": f"ws://127.0.0.1:{facts['port']}",
                "STRANGER_KEY": first["api_key"],
                "STRANGER_SECRET": first["secret_key"],
                "STRANGER_WRONG_SECRET": second["secret_key"],
                "STRANGER_REFUSAL": names.refusal,
                "STRANGER_EXCHANGE": exchange,
                "STRANGER_SYMBOL": names.symbol,
                "STRANGER_STREAM_SYMBOL": names.stream_symbol,
                "STRANGER_BASE": names.base,
                "STRANGER_QUOTE": names.quote,
            }
        finally:
            process.terminate()
            process.communicate(timeout=10)


def _wait(process: "subprocess.Popen[str]", ready: Path) -> dict[str, Any]:
    end = time.monotonic() + STARTING
    while not ready.is_file():
        if process.poll() is not None:
            raise RuntimeError(f"the sandbox did not start: {process.communicate()[1].strip()}")
        if time.monotonic() > end:
            raise RuntimeError(f"the sandbox did not start in {STARTING:.0f} s")
        time.sleep(0.02)
    facts: dict[str, Any] = json.loads(ready.read_text())
    return facts


def _stand_still(facts: dict[str, Any]) -> None:
    """The living market stops: its book stays, and what the walk sees is what the walk did."""
    asked = urllib.request.Request(
        f"http://127.0.0.1:{facts['port']}/_exconn/command",
        data=b'{"kind": "life", "active": false}',
        headers={"X-Exconn-Token": facts["token"]},
    )
    with urllib.request.urlopen(asked, timeout=10) as reply:
        reply.read()
