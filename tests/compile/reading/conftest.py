"""Small specs of an imaginary exchange, compiled, for tests of the reading side.

A test writes only the sections it is about; they are laid over the ones below. The semantic checks are left out,
because they ask for a whole exchange; the schema and the builders are the real ones.
"""

import ast
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

import exconn.codec
import exconn.model
from exconn.codec import Answer, Arguments, Codec, Context, Frame, Keyring, Reply, Symbols
from exconn.compile.program import Program, write
from exconn.document import Findings, Mapping, load
from exconn.document.schema import check
from exconn.model import TradingRule
from exconn.spec.build import build_spec
from exconn.spec.names import Names
from exconn.spec.schema import load_schema
from exconn.spec.tree import Spec

SECTIONS = {
    "hosts": 'hosts: {main: {rest: "https://api.quay.example", ws: "wss://ws.quay.example"}}',
    "symbols": 'symbols: {rest: "{base}-{quote}"}',
    "words": "words: {side: {buy: BID, sell: ASK}, state: {open: [NEW, PARTIAL], filled: DONE, canceled: GONE}}",
    "envelopes": "envelopes: {default: {success: {code: 0}, code: code, text: msg}}",
    "errors": "errors: {auth: [401], rate_limited: [{http: 429}]}",
}
HEAD = "exconn: 1\nname: quay\ndocs: https://docs.quay.example\n"


def whole(text: str) -> str:
    written = {line.split(":")[0] for line in text.splitlines() if line and not line.startswith((" ", "#"))}
    return HEAD + "".join(f"{part}\n" for key, part in SECTIONS.items() if key not in written) + text


def build(text: str, file: str = "quay.yaml") -> Spec:
    root = load(whole(text).encode(), file)
    assert isinstance(root, Mapping)
    wrong = [each for each in check(root, load_schema(), file) if each.code != "missing-key"]
    findings = Findings()
    spec = build_spec(root, file, Names(findings), findings)
    assert not wrong and not findings.has_errors, [str(each) for each in (*wrong, *findings.sorted())]
    return spec


class Reading:
    """A compiled codec, and short ways to read one answer or one frame."""

    def __init__(self, codec: Codec) -> None:
        self.codec = codec
        forms = codec.facts.forms
        symbols = Symbols(forms)
        symbols.learn([TradingRule(trading_pair="BTC-USDT", symbols=dict.fromkeys(forms, "BTC-USDT"))])
        self.context = Context(Keyring((), {}), {"rest": "https://api.quay.example"}, symbols, {})

    def reply(
        self,
        operation: str,
        body: Any,
        status: int = 200,
        headers: dict[str, str] | None = None,
        arguments: Arguments | None = None,
    ) -> Reply:
        data = body if isinstance(body, bytes) else msgspec.json.encode(body)
        answer = Answer(status, headers or {}, data)
        return self.codec.endpoints[operation].read(answer, arguments or Arguments(), self.context)

    def frame(self, data: Any, socket: str = "user") -> Frame:
        text = data if isinstance(data, str | bytes) else msgspec.json.encode(data)
        return self.codec.sockets[socket].read(text, self.context)


@pytest.fixture(scope="session")
def body_of() -> Callable[[str], str]:
    """Text of sections -> the text of the whole spec."""
    return whole


@pytest.fixture(scope="session")
def spec_of() -> Callable[..., Spec]:
    """(text of sections, name of the file) -> Spec."""
    return build


def load_written(program: Program) -> Codec:
    """The program as a written package would run it: from text, with the names that each unit asked for."""
    spaces: dict[str, dict[str, Any]] = {}
    for unit in program.units:
        space: dict[str, Any] = {each: getattr(exconn.codec, each) for each in unit.runtime}
        space |= {each: getattr(exconn.model, each) for each in unit.models}
        for title, names in unit.units.items():
            space |= {each: spaces[title][each] for each in names}
        exec(ast.unparse(program.module(unit)), space)
        spaces[unit.title] = space
    codec = spaces["codec"]["CODEC"]
    assert isinstance(codec, Codec)
    return codec


MODES: dict[str, Callable[[Program], Codec]] = {"in memory": Program.load, "written": load_written}


@pytest.fixture(scope="session", params=MODES)
def reading_of(request: pytest.FixtureRequest) -> Callable[[str], Reading]:
    """Text of sections -> the codec to read with, in both modes."""
    made: dict[str, Reading] = {}

    def make(text: str) -> Reading:
        if text not in made:
            made[text] = Reading(MODES[request.param](write(build(text))))
        return made[text]

    return make
