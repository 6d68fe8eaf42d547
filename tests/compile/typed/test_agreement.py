"""The typed way and the general way agree: same frames, same replies, same errors, for samples and their mutants.

Each payload that a case of a spec shows is read by both, and so is what becomes of it: values exchanged for awkward
ones, taken away or made null, and bytes of the text broken. The general way is the same codec whose typed decoders
refuse everything.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from exconn.codec import Answer, Arguments, Codec, Context, Keyring, Symbols, TypedDecoder
from exconn.codec.decoding import decode
from exconn.compile import compile_spec
from exconn.errors import ExconnError
from exconn.model import BookSnapshot, BookUpdate
from exconn.spec import load_spec
from exconn.testing.cases.load import read_cases
from exconn.testing.cases.tree import BookDialogue, Cases, SampleFrame, SampleReply

ROOT = Path(__file__).parents[3]
HERE = Path(__file__).parent
SPECS = sorted(
    path
    for folder in (ROOT / "exchanges", ROOT / "tests" / "imaginary", HERE)
    for path in folder.glob("*.yaml")
    if not path.name.endswith((".cases.yaml", ".dialect.yaml"))
)
AWKWARD: list[Any] = [
    *(None, "", "null", True, False, 0, 1, -1, 10**18, 10**30, [], {}, [None], [[]], {"0": 1}, "x", "é", "\u0000", "٣"),
    *(
        "0",
        "-0",
        "0.00",
        "1.10",
        "007",
        "1e5",
        "1E-5",
        "1e-400",
        "1e400",
        "NaN",
        "Infinity",
        "-inf",
        "1_000",
        " 1",
        "+1",
    ),
    *(".5", "1.", "9" * 41, "0." + "0" * 45 + "1", "1" * 400, "-1.5", ["1", "2"], [["1", "2"]], [["1", "2", "3"]]),
    *([[1, 2]], [["0", "5"]], [["1", "-2"]], [[True, "1"]], [["1"]], [["1", "2"], ["3", "4", 5]], {"price": "1"}),
]
NEGATIVE_ZERO = re.compile(r"(?<=[ (])-0\.0(?=[,)])").sub
"""A size of -0.0 is the same number as 0.0, and the only one that may be told in two ways."""

LARGE = ("trading_rules", "book_snapshot", "open_orders", "balances")
SAYS_SOMETHING = re.compile(r"\[(Order|Fill|Balance|Trading|Book|Public)[A-Z]").search
NUMBERS = ["1.10", "1e5", "-0.0", "1e999", "1e-99999999999999999999", "9e99999999999999999999", "0.1", "7.0"]


@dataclass(frozen=True, slots=True)
class Payload:
    """What a case shows: `name` is a socket's, or an operation's."""

    name: str
    is_frame: bool
    text: str


@dataclass(frozen=True, slots=True)
class Exchange:
    codec: Codec
    context: Context
    payloads: tuple[Payload, ...]


@cache
def exchange(path: Path) -> Exchange:
    return exchange_of(path.read_bytes(), path)


def exchange_of(text: bytes, path: Path) -> Exchange:
    """`text`: the spec; cases are those beside `path`."""
    codec = compile_spec(load_spec(text, str(path)))
    cases = read_cases(path.with_name(f"{path.stem}.cases.yaml"))
    symbols = Symbols(codec.facts.forms)
    for form, pairs in cases.symbols.items():
        symbols.texts[form] = dict(pairs)
        symbols.pairs[form] = {text: pair for pair, text in pairs.items()}
    return Exchange(codec, Context(Keyring((), {}), dict(cases.hosts), symbols, {}), tuple(payloads(cases)))


def payloads(cases: Cases) -> Iterator[Payload]:
    for case in cases.cases:
        match case.subject:
            case SampleFrame(socket, str() as frame):
                yield Payload(socket, True, frame)
            case SampleReply(operation, _, answer):
                yield Payload(operation, False, answer.body.decode())
            case BookDialogue(socket, _, steps):
                yield from (Payload(socket, True, step.payload) for step in steps if not step.is_snapshot)


@contextmanager
def only_general() -> Iterator[None]:
    with patch.object(TypedDecoder, "read", lambda self, data: None):
        yield


@contextmanager
def fresh_decoders() -> Iterator[list[bool]]:
    """Decoders never rest; the list tells of each reading whether a typed decoder took it."""
    took: list[bool] = []
    read = TypedDecoder.read

    def told(self: TypedDecoder, data: str | bytes) -> Any:
        self._rest = self._refused = 0
        message = read(self, data)
        took.append(message is not None)
        return message

    with patch.object(TypedDecoder, "read", told):
        yield took


def outcome(of: Exchange, payload: Payload, data: str | bytes) -> str:
    """All that reading says, as text: an error's kind and words, or every report with the digits of its numbers."""
    try:
        if payload.is_frame:
            frame = of.codec.sockets[payload.name].read(data, of.context)
            told = replace(frame, reports=[*map(digits, frame.reports)])
            return NEGATIVE_ZERO("0.0", repr(told))
        answer = Answer(200, {}, data.encode() if isinstance(data, str) else data)
        reply = of.codec.endpoints[payload.name].read(answer, Arguments(pair="BTC-USDT"), of.context)
        return NEGATIVE_ZERO("0.0", repr((reply.reports, reply.next, reply.given)))
    except ExconnError as error:
        return f"{type(error).__name__}: {error} {getattr(error, 'meaning', '')}"
    except UnicodeEncodeError:
        return "no text that could be sent"


def digits(report: Any) -> Any:
    """What the wire wrote of a book's levels, to the digit: the general way has Decimals of its numbers, the typed
    their texts."""
    told = getattr(report, "texts", None)
    if told is None:
        return report
    return replace(report, texts=None), [[tuple(map(number, row)) for row in side] for side in told]


def number(written: object) -> object:
    try:
        return decode(str(written))
    except ExconnError:
        return written


def compare(of: Exchange, payload: Payload, data: str | bytes) -> list[bool]:
    with fresh_decoders() as took:
        typed = outcome(of, payload, data)
    with only_general():
        general = outcome(of, payload, data)
    assert typed == general
    return took


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_every_payload_of_the_cases(path: Path) -> None:
    of = exchange(path)
    for payload in of.payloads:
        compare(of, payload, payload.text)
        compare(of, payload, payload.text.encode())


@pytest.mark.parametrize(
    ("path", "taken"),
    [
        (ROOT / "exchanges" / "myexchange.yaml", {"public", "user", *LARGE}),
        (HERE / "shapes.yaml", {"public", "user", *LARGE} - {"balances"}),
    ],
    ids=["myexchange", "shapes"],
)
def test_what_the_typed_decoders_take(path: Path, taken: set[str]) -> None:
    """Every message and reply of these that says something; the others have no typed decoder, for none could gain."""
    of = exchange(path)
    telling = [payload for payload in of.payloads if SAYS_SOMETHING(outcome(of, payload, payload.text))]
    assert taken <= {payload.name for payload in telling}
    for payload in telling:
        assert compare(of, payload, payload.text) == [True] * (payload.name in taken), payload


def test_levels_of_a_checksum_keep_the_texts_of_their_numbers() -> None:
    """Numbers of JSON, which the general way makes Decimals of; so the typed one has read them."""
    of = exchange(ROOT / "exchanges" / "kraken.yaml")
    books = [each for each in of.payloads if each.is_frame and '"checksum"' in each.text]
    reports = [report for each in books for report in of.codec.sockets[each.name].read(each.text, of.context).reports]
    texts = [row for report in reports if isinstance(report, BookUpdate | BookSnapshot) for row in sides(report)]
    assert {type(each) for row in texts for each in row} == {str, int}


def test_levels_of_a_checksum_that_are_asked_about() -> None:
    """Whether a side is there is asked of its value, of which JSON that nobody has decoded yet says nothing."""
    path = ROOT / "tests" / "imaginary" / "digits-checksum.yaml"
    asking = path.read_text().replace("book_update:\n", "book_update:\n          only: {bids: {present: false}}\n")
    of = exchange_of(asking.encode(), path)
    [update, *_] = [each for each in of.payloads if '"update"' in each.text]
    decoded = decoded_of(update)
    for value in (None, ..., [], "x"):
        compare(of, update, json.dumps(changed(decoded, ("data", 0, "bids"), value)))


def sides(report: BookUpdate | BookSnapshot) -> list[tuple[Any, Any]]:
    bids, asks = report.texts or ([], [])
    return [*bids, *asks]


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_every_value_exchanged_for_every_awkward_one(path: Path) -> None:
    """Exhaustive, one value at a time, over one payload of each kind of outcome."""
    of = exchange(path)
    seen: set[str] = set()
    for payload in of.payloads:
        with only_general():
            kind = f"{payload.name} {sorted(decoded)}" if isinstance(decoded := decoded_of(payload), dict) else ""
        if not kind or kind in seen:
            continue
        seen.add(kind)
        for place in places(decoded):
            for value in AWKWARD:
                compare(of, payload, json.dumps(changed(decoded, place, value), ensure_ascii=False))
            for number in NUMBERS:
                text = json.dumps(changed(decoded, place, "@number@"), ensure_ascii=False)
                compare(of, payload, text.replace('"@number@"', number))
            compare(of, payload, json.dumps(changed(decoded, place, ...), ensure_ascii=False))


def decoded_of(payload: Payload) -> Any:
    try:
        return json.loads(payload.text, parse_float=str)
    except ValueError:
        return None


def places(value: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all values below, at most two rows of a list."""
    inner: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))[:2]
    return [path for key, each in inner for path in [(*above, key), *places(each, (*above, key))]]


def changed(value: Any, place: tuple[Any, ...], new: Any) -> Any:
    """`value` with another one at `place`; an ellipsis takes it away."""
    key, *rest = place
    if rest:
        inner = changed(value[key], tuple(rest), new)
        return (
            {**value, key: inner}
            if isinstance(value, dict)
            else [inner if at == key else each for at, each in enumerate(value)]
        )
    if new is ...:
        if isinstance(value, dict):
            return {name: each for name, each in value.items() if name != key}
        return [each for at, each in enumerate(value) if at != key]
    return {**value, key: new} if isinstance(value, dict) else [new if at == key else v for at, v in enumerate(value)]


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_several_values_and_broken_bytes(path: Path, data: st.DataObject) -> None:
    of = exchange(path)
    payload = data.draw(st.sampled_from(of.payloads))
    decoded = decoded_of(payload)
    if isinstance(decoded, dict) and decoded:
        for _ in range(data.draw(st.integers(0, 3))):
            found = places(decoded)
            if found:
                new = data.draw(
                    st.sampled_from([*AWKWARD, ...]) | st.text(max_size=6) | st.integers() | st.floats(0, 1e9)
                )
                decoded = changed(decoded, data.draw(st.sampled_from(found)), new)
    text = json.dumps(decoded, ensure_ascii=data.draw(st.booleans())) if decoded is not None else payload.text
    raw = bytearray(text.encode("utf-8", "surrogatepass"))
    for _ in range(data.draw(st.integers(0, 2))):
        at = data.draw(st.integers(0, len(raw)))
        raw[at : at + data.draw(st.integers(0, 3))] = data.draw(
            st.binary(max_size=4) | st.sampled_from([b",", b'"', b"}"])
        )
    compare(of, payload, bytes(raw))


@given(st.decimals(min_value=0, max_value=10**20, allow_nan=False) | st.floats(0, 1e60, allow_nan=False))
def test_floats_of_levels_are_rounded_alike(number: Any) -> None:
    from exconn.codec import PairLevel, read_number

    decoder = TypedDecoder(list[PairLevel])
    for text in (f"{number}", f"{number:f}", f"{number:e}"):
        for written in (text, f'"{text}"'):
            made = decoder.read(f"[[1, {written}]]")
            assert made is None or made[0][1].hex() == read_number(decode(written)).hex()
