"""What importing the market costs is what it imports: nothing that aiohttp does without, but msgspec and Decimal."""

import subprocess
import sys

TOLD = "import aiohttp, sys; known = set(sys.modules); import exconn.market; print(*sorted(set(sys.modules) - known))"
SPARED = {"dataclasses", "yaml", "jsonschema", "jmespath", "jinja2", "rich", "typer", "cryptography"}


def test_the_market_makes_no_dataclasses_and_knows_no_compiler() -> None:
    """A dataclass takes a millisecond to make, eight of them a sixth of the market's import."""
    ran = subprocess.run([sys.executable, "-c", TOLD], capture_output=True, text=True, check=True)
    outside = {name.partition(".")[0] for name in ran.stdout.split()} - {"exconn"}
    assert outside & SPARED == set()
    assert {"msgspec", "decimal"} <= outside
