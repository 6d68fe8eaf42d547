"""JMESPath's own compliance cases: equal values of equal types, and an error of the same name where one is expected.

The data in `official/` is the jmespath.py project's (see LICENSE there). `benchmark` cases have no expected result.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from exconn.codec.jmes import JmesError
from exconn.compile.jmespath import compile_path
from exconn.spec.jmespath import PathError

OFFICIAL = Path(__file__).parent / "official"


def official_cases() -> Iterator[Any]:
    for file in sorted(OFFICIAL.glob("*.json")):
        for group_number, group in enumerate(json.loads(file.read_text("utf-8"))):
            for number, case in enumerate(group["cases"]):
                yield pytest.param(group["given"], case, id=f"{file.stem}-{group_number}-{number}")


def typed(value: Any) -> Any:
    """The value with every type written beside it, so that 1, 1.0 and true differ."""
    if isinstance(value, list):
        return [typed(each) for each in value]
    if isinstance(value, dict):
        return {key: typed(each) for key, each in value.items()}
    return type(value).__name__, value


@pytest.mark.parametrize(("given", "case"), list(official_cases()))
def test_official_case(given: Any, case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises((PathError, JmesError)) as caught:
            compile_path(case["expression"])(given)
        assert caught.value.kind == case["error"]
    elif "result" in case:
        assert typed(compile_path(case["expression"])(given)) == typed(case["result"])
    else:
        compile_path(case["expression"])(given)
