"""The committed table of the document's functions against our classes: each name, its parameters, and its test."""

import ast
import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from tests.market.contract.page import PAGE, read_table, write_page

from exconn.market import Auth, InFlightOrder, Market

ROOT = Path(__file__).parents[3]
CLASSES = {"Market": Market, "Auth": Auth, "InFlightOrder": InFlightOrder}
ROWS = read_table()
# `kwargs={}` of the document is a default that all calls would share
DEFAULTS = {"s_decimal_0": "Decimal('0')", "OrderType.MARKET": "<OrderType.MARKET: 1>", "{}": "None", "None": "None"}


def test_the_document_has_as_many_rows() -> None:
    assert len({(row["on"], row["name"]) for row in ROWS}) == len(ROWS) == 53


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_a_row_has_its_function(row: dict[str, Any]) -> None:
    found = inspect.getattr_static(CLASSES[row["on"]], row["name"])
    assert isinstance(found, property) == (row["kind"] == "property")
    if row["kind"] == "property":
        return
    _, *parameters = inspect.signature(found).parameters.values()
    assert [each.name for each in parameters] == [word.partition("=")[0] for word in row["parameters"]]
    for word, ours in zip(row["parameters"], parameters, strict=True):
        stated = word.partition("=")[2]
        if stated:
            assert repr(ours.default) == DEFAULTS[stated], word


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_a_row_has_a_test_that_calls_it(row: dict[str, Any]) -> None:
    file, _, name = row["test"].partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    functions = {each.name: each for each in tree.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}
    text = ast.unparse(functions[name])
    spoken = {row["name"], row["name"].removeprefix("c_")}
    assert any(re.search(rf"\b{each}\b", text) for each in spoken), f"{name} does not use {row['name']}"


@pytest.mark.parametrize("name", [name for name in dir(Market) if name.startswith("c_")])
def test_a_name_with_c_is_the_function_without(name: str) -> None:
    plain = name.removeprefix("c_")
    if plain in ("start", "stop"):
        pytest.fail(f"{name} hides") if getattr(Market, plain) is getattr(Market, name) else None
    else:
        assert getattr(Market, plain) is getattr(Market, name)


def test_the_page_is_made_from_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == write_page()
