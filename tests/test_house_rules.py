"""Rules of the house for every source file: TLS stays on, redirects off, no code from text, no exchange named."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted([*(ROOT / "framework").rglob("*.py"), *(ROOT / "codegen").rglob("*.py")])
EXCHANGES = (
    "binance|kraken|okx|kucoin|bybit|gate_io|gateio|coinbase|bitfinex|htx|huobi|gemini|bitget|bitstamp|mexc|cryptocom|"
    "whitebit|upbit|myexchange"
)


@cache
def _nodes() -> list[tuple[str, ast.AST]]:
    """Calls and attributes of all files, each with its place; parsed once."""
    return [
        (f"{path.relative_to(ROOT)}:{node.lineno}", node)
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call | ast.Attribute)
    ]


def _keywords(name: str) -> list[tuple[str, object]]:
    """(place, constant or None) of every keyword argument `name` in a call."""
    return [
        (place, keyword.value.value if isinstance(keyword.value, ast.Constant) else None)
        for place, node in _nodes()
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == name
    ]


@pytest.mark.parametrize("name", ["ssl", "verify_ssl", "ssl_context", "fingerprint", "verify"])
def test_nothing_sets_how_tls_is_checked(name: str) -> None:
    assert _keywords(name) == []


def test_no_context_without_checking_is_made() -> None:
    unsafe = {"CERT_NONE", "_create_unverified_context", "check_hostname"}
    found = [p for p, n in _nodes() if (isinstance(n, ast.Attribute) and n.attr in unsafe)]
    assert found == []


@pytest.mark.parametrize("name", ["allow_redirects", "trust_env"])
def test_neither_redirects_nor_the_environments_proxies(name: str) -> None:
    given = _keywords(name)
    assert given != []
    assert [place for place, value in given if value is not False] == []


def test_code_is_made_from_nodes_alone() -> None:
    """`eval` never; `exec` and `compile` in the compiler only, where what they get are `ast` modules."""
    found = {
        f"{place.rpartition(':')[0]} {node.func.id}"
        for place, node in _nodes()
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("eval", "exec", "compile")
    }
    assert {place for place in found if not place.startswith("framework/exconn/compile/")} == set()
    assert not any(place.endswith(" eval") for place in found)


def test_the_engine_names_no_exchange() -> None:
    named = re.compile(rf"\b({EXCHANGES})\b", re.I)
    lines = [(path, n, line) for path in FILES for n, line in enumerate(path.read_text().splitlines(), 1)]
    assert [f"{path.relative_to(ROOT)}:{n}: {line.strip()}" for path, n, line in lines if named.search(line)] == []
