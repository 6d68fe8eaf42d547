"""Typed inputs out of a case's nodes: arguments, fresh values, payloads.

Rules: the schema has proved the forms, so a value is read without asking again; a time that is left out is the moment 0
of 1970, which no document shows and every signature betrays.
"""

from base64 import b64decode
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from exconn.codec import Arguments, Fresh
from exconn.document import Findings, Mapping, Node, Scalar, Sequence, quoted, read_inside
from exconn.model import OrderType, TradeType

from .moments import Moment, read_moment
from .vocabulary import ARGUMENTS, Sort

MAX_SAMPLE: Final = 4 * 1024 * 1024


def text_at(node: Mapping, key: str, default: str = "") -> str:
    """The text of a scalar; numbers keep their digits."""
    found = node.get(key)
    return found.text if isinstance(found, Scalar) else default


def texts_of(node: Node | None) -> dict[str, str]:
    """A flat mapping as texts."""
    if not isinstance(node, Mapping):
        return {}
    return {entry.key.text: entry.value.text for entry in node.entries if isinstance(entry.value, Scalar)}


def items_of(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else ()


def read_arguments(node: Node | None) -> Arguments:
    """What a request is about; an empty mapping asks about nothing, and `x-` keys are nobody's business."""
    told = {name: text for name, text in texts_of(node).items() if name in ARGUMENTS}
    fields = {ARGUMENTS[each].attribute: _READ.get(each, _plain(each))(text) for each, text in told.items()}
    also = items_of(node.get("also")) if isinstance(node, Mapping) else ()
    return Arguments(**fields, more=tuple(map(read_arguments, also)))


def _plain(argument: str) -> Callable[[str], Any]:
    sort = ARGUMENTS[argument].sort
    if sort is Sort.MOMENT:
        return lambda text: moment_of(text).ns
    if sort is Sort.INTEGER:
        return int
    return Decimal if sort is Sort.DECIMAL else str


_READ: Final[dict[str, Callable[[str], Any]]] = {
    "type": lambda text: OrderType[text],
    "side": lambda text: TradeType[text.upper()],
}


def moment_of(text: str) -> Moment:
    moment = read_moment(text)
    assert moment is not None  # the schema has seen its form
    return moment


def read_fresh(node: Node | None) -> Fresh:
    """A request's own values."""
    told = texts_of(node)
    time = moment_of(told["time"]).ns if "time" in told else 0
    return Fresh(time, int(told.get("nonce", 0)), told.get("uuid", ""), int(told.get("request_id", 0)))


class Samples:
    """The sample files of one spec."""

    def __init__(self, folder: Path, findings: Findings) -> None:
        self._folder = folder
        self._findings = findings
        self._read: dict[str, str] = {}

    def payload(self, case: Mapping, key: str) -> str:
        """The text under `key`, or that of the file under `sample`; exactly one of the two must be there."""
        inline, sample = case.get(key), case.get("sample")
        if isinstance(inline, Scalar) and sample is None:
            return inline.text
        if isinstance(sample, Scalar) and inline is None:
            return self._text_of(sample)
        said = f"both {quoted(key)} and 'sample'" if inline and sample else f"neither {quoted(key)} nor 'sample'"
        message = f"the case has {said}"
        self._findings.add("bad-payload", message, case.span, f"give exactly one of {key} and sample")
        return ""

    def packed(self, case: Mapping) -> bytes | None:
        """What `bytes` writes in base64; None without it."""
        found = case.get("bytes")
        if not isinstance(found, Scalar):
            return None
        if case.get("frame") is not None or case.get("sample") is not None:
            message = "the case has two frames"
            self._findings.add("bad-payload", message, case.span, "give exactly one of frame, bytes and sample")
        try:
            return b64decode("".join(found.text.split()), validate=True)
        except ValueError:
            message = "this is no base64"
            self._findings.add("bad-payload", message, found.span, "write its bytes in base64, with the padding")
            return b""

    def _text_of(self, name: Scalar) -> str:
        """The file's text, read once however often it is used."""
        if name.text not in self._read:
            self._read[name.text] = self._load(name)
        return self._read[name.text]

    def _load(self, name: Scalar) -> str:
        try:
            data = read_inside(self._folder.parent.parent, self._folder / name.text, MAX_SAMPLE)
            if len(data) > MAX_SAMPLE:
                raise ValueError(f"it is longer than {MAX_SAMPLE} bytes")
            return data.decode()
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or ("it is not UTF-8" if isinstance(error, UnicodeError) else error)
            message = f"the sample {quoted(name.text)} cannot be read: {why}"
            self._findings.add("missing-sample", message, name.span, f"put it into {self._folder.as_posix()}/")
            return ""
