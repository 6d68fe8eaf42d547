"""The matrix of `make interop` itself: what it prints, and that nothing passes unseen."""

import asyncio
import json
import sys
from decimal import Decimal
from typing import Any

import pytest

from . import __main__ as interop
from .clients.walk import STEPS, NotOffered, Place, Walk, stepped
from .environments import NotInstalled, Stranger
from .matrix import Cell, render

STRANGER = Stranger("a client", "kraken", ("package==1",), "script.py")


def test_the_matrix_says_why_by_number() -> None:
    rows = {
        "one": {"time": Cell("ok", ""), "book": Cell("FAILED", "crossed")},
        "another": {"time": Cell("not offered", "no clock"), "book": Cell("FAILED", "crossed")},
    }
    assert render(["time", "book"], rows).splitlines() == [
        "step  one         another",
        "time  ok          - [1]",
        "book  FAILED [2]  FAILED [3]",
        "",
        "[1] another: no clock",
        "[2] one: crossed",
        "[3] another: crossed",
    ]


def test_a_client_that_cannot_be_installed_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: Stranger) -> Any:
        raise NotInstalled("pip install package==1: no address")

    monkeypatch.setattr(interop, "STRANGERS", (STRANGER,))
    monkeypatch.setattr(interop, "command", fail)
    assert interop.main([]) == 1
    assert "a client could not be installed (is there a network?): pip install package==1" in capsys.readouterr().out


OUTCOMES = [
    ("import sys; sys.exit('SomeError: no such method')", "not reached: SomeError: no such method"),
    ("pass", "not reached: it ended with 0"),
]


@pytest.mark.parametrize(("script", "why"), OUTCOMES)
def test_a_client_that_ends_early_has_failed_the_rest(monkeypatch: pytest.MonkeyPatch, script: str, why: str) -> None:
    said = json.dumps({"step": "time", "result": "ok", "why": ""})
    monkeypatch.setattr(interop, "command", lambda _: [sys.executable, "-c", f"print('{said}', flush=True); {script}"])
    cells = interop.walk(STRANGER)
    assert cells["time"] == Cell("ok", "")
    assert {cells[step] for step, _, _ in STEPS[1:]} == {Cell("FAILED", why)}


class Liar:
    """A client whose answers are wrong in one way."""

    def __init__(self, lie: str) -> None:
        self.lie = lie

    async def time(self) -> float:
        return 0.0

    async def rules(self) -> tuple[Decimal, Decimal]:
        raise NotOffered("no rules")

    async def ask_with_a_wrong_secret(self) -> object:
        return {"balance": "1"}


FOUND = [
    ("time", AssertionError, "its time is"),
    ("rules", NotOffered, "no rules"),
    ("wrong_secret", AssertionError, "1"),
]


@pytest.mark.parametrize(("step", "error", "text"), FOUND)
def test_a_step_finds_what_is_wrong(step: str, error: type[Exception], text: str) -> None:
    place = Place(*["x"] * 5, "EAPI:Invalid signature", *["x"] * 4)
    with pytest.raises(error, match=text):
        asyncio.run(getattr(Walk(Liar(step), place), step)())  # type: ignore[arg-type]


def test_steps_are_whole_multiples() -> None:
    assert stepped(Decimal("0.06153"), Decimal("0.00010000")) == Decimal("0.0615")
