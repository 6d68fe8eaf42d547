"""Messages of the exchange that others have read, beside what our readers make of them.

Rules: an answer is read by the operations that its kind is of; where the sample says what was asked, by all that ask
the same, and an answer to what no operation asks is settled; a bare object is tried as an answer, as the only row of
one, and as a frame. Frames are read in their order on one connection of each socket, and the socket that reads most
counts. Where nobody has a reading there is no opinion, but what is ours to read must be readable.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from exconn.codec import Answer, Arguments, Context, Endpoint, FrameKind, remember
from exconn.errors import ExconnError
from exconn.model import Report, Unreadable

from .bench import Bench, pair_of
from .forms import forms_of
from .kinds import asked_for, compare, compare_said
from .verdict import Heard, Kind

Sample = Mapping[str, Any]

_LOOKUPS: Final = (
    "order_by_exchange_id",
    "order_by_client_id",
    "open_order_by_client_id",
    "closed_order_by_client_id",
)
_OPERATIONS: Final[dict[str, tuple[str, ...]]] = {
    "balances": ("balances",),
    "markets": ("trading_rules",),
    "time": ("server_time",),
    "ticker": ("last_price",),
    "order_book": ("book_snapshot",),
    "order": _LOOKUPS,
    "open_orders": ("open_orders",),
    "my_trades": ("fills_since", "fills_of_order"),
    "order_trades": ("fills_of_order", "fills_since"),
    "create_order": ("place_order",),
    "cancel_order": ("cancel_order",),
    "order_object": ("place_order", "cancel_order", *_LOOKUPS, "open_orders"),
    "trade_object": ("fills_since", "fills_of_order"),
    "market_object": ("trading_rules",),
}
SETTLED: Final = {
    "public_trades": "a market takes the tape from the stream",
    "raw_only": "it is a sample without a reading",
}


def hear(bench: Bench) -> Iterator[Heard]:
    """Every recorded message of the exchange."""
    context = bench.context(bench.source.profiles.credentials(bench.name))
    for sample in bench.source.samples(bench.name):
        id = str(sample["id"]).partition("/")[2]
        if sample["kind"] in SETTLED:
            yield Heard(id, Kind.READING, gap=SETTLED[sample["kind"]], settled=True)
        elif sample["channel"] == "ws":
            yield _hear_frames(bench, id, sample, context)
        else:
            yield _hear_answer(bench, id, sample, context)


def _hear_answer(bench: Bench, id: str, sample: Sample, context: Context) -> Heard:
    known = [bench.codec.endpoints.get(each) for each in _OPERATIONS[sample["kind"]]]
    readers = [endpoint for endpoint in known if endpoint is not None]
    if sample.get("request") is not None:
        return _hear_asked(id, sample, readers, context)
    return _hear_any(bench, id, sample, readers, context)


def _hear_asked(id: str, sample: Sample, readers: Sequence[Endpoint], context: Context) -> Heard:
    """An answer to a request that is told: every operation that sends such a request reads it alike."""
    asked, differences = sample["request"], dict[str, None]()
    askers = [endpoint for endpoint in readers if _asks(endpoint, asked)]
    if not askers:
        gap = f"an answer of {asked['method']} {asked['path']}, which no operation of the spec asks"
        return Heard(id, Kind.READING, gap=gap, settled=True)
    for endpoint in askers:
        reports, failed = _read(endpoint, sample["raw"], sample, context)
        if failed:
            differences[f"{endpoint.operation}: it is not read: {failed}"] = None
        elif "expected_by_ccxt" in sample:
            differences.update(dict.fromkeys(_compare(sample, reports)))
    if not differences and sample.get("expected_by_ccxt") is None:
        return Heard(id, Kind.READING, gap=_no_opinion(sample), settled=True)
    return Heard(id, Kind.READING, tuple(differences))


def _hear_any(bench: Bench, id: str, sample: Sample, readers: Sequence[Endpoint], context: Context) -> Heard:
    """An answer to nobody knows what: the reading that comes nearest counts."""
    theirs, kind = sample.get("expected_by_ccxt"), sample["kind"]
    if theirs is None:
        return Heard(id, Kind.READING, gap=_no_opinion(sample), settled=True)
    bodies = [sample["raw"], [sample["raw"]]] if kind.endswith("_object") else [sample["raw"]]
    tried = [_read(endpoint, body, sample, context) for endpoint in readers for body in bodies]
    read = [reports for reports, failed in tried if not failed]
    if kind == "trade_object":
        read += [reports for reports in _read_frames(bench, kind, [sample["raw"]], context) if reports]
    if read:
        return Heard(id, Kind.READING, tuple(min((list(_compare(sample, each)) for each in read), key=len)))
    if kind == "trade_object" and _is_of_the_tape(theirs):
        return Heard(id, Kind.READING, gap=SETTLED["public_trades"], settled=True)
    why = tried[0][1] if tried else "the spec has no such operation"
    return Heard(id, Kind.READING, gap=f"it is not read: {why}")


def _compare(sample: Sample, reports: Sequence[Report]) -> Iterator[str]:
    pair, theirs = pair_of(sample.get("symbol") or ""), sample["expected_by_ccxt"]
    yield from compare(sample["kind"], asked_for(reports, sample["kind"], pair, theirs), theirs)


def _is_of_the_tape(theirs: Any) -> bool:
    return isinstance(theirs, Mapping) and "order" not in theirs and not theirs.get("fee")


def _no_opinion(sample: Sample) -> str | None:
    if sample.get("expected_by_ccxt") is not None:
        return None
    return f"no opinion: {sample.get('note') or sample.get('ccxt_error') or 'nobody has read it'}"


def _asks(endpoint: Endpoint, asked: Mapping[str, str]) -> bool:
    """Whether the endpoint sends such a request; a placeholder in its path stands for anything but a slash."""
    path = "[^/]+".join(map(re.escape, re.split(r"\{[^}]*\}", endpoint.path)))
    return endpoint.method == asked["method"] and re.fullmatch(path, asked["path"]) is not None


def _read(endpoint: Endpoint, body: Any, sample: Sample, context: Context) -> tuple[list[Report], str]:
    """The reports in a body, and why it cannot be read, or one of its rows; "" where it can."""
    arguments = Arguments(pair=pair_of(sample.get("symbol") or ""))
    try:
        reports = endpoint.read(Answer(200, {}, json.dumps(body).encode()), arguments, context).reports
    except ExconnError as error:
        return [], f"{type(error).__name__}: {error}"
    return reports, next((report.why for report in reports if isinstance(report, Unreadable)), "")


def _read_frames(bench: Bench, kind: str, frames: Sequence[Any], context: Context) -> list[list[Report]]:
    """The reports that each socket reads in the frames, of one connection."""
    read = []
    for socket in bench.codec.sockets.values():
        connection, reports = context.of_connection(), []
        for each in frames:
            heard = [socket.read(form, connection) for form in forms_of(bench.name, kind, each)]
            frame = next((frame for frame in heard if frame.kind is not FrameKind.UNKNOWN), heard[0])
            remember(connection, frame)
            reports += frame.reports if frame.kind is FrameKind.MESSAGE else ()
        read.append(reports)
    return read


def _hear_frames(bench: Bench, id: str, sample: Sample, context: Context) -> Heard:
    read = max(_read_frames(bench, sample["kind"], sample["raw"], context), key=len, default=[])
    bad = [report for report in read if isinstance(report, Unreadable)]
    if bad:
        return Heard(id, Kind.READING, tuple(f"it is not read: {report.why}" for report in bad))
    theirs = sample.get("expected_by_ccxt")
    if theirs is None:
        return Heard(id, Kind.READING, gap=_no_opinion(sample), settled=True)
    if not read:
        return Heard(id, Kind.READING, gap="no socket of the spec has such a message")
    said = [value for each in theirs for topic, value in each if topic != "error"]
    once = [value for number, value in enumerate(said) if value not in said[:number]]
    return Heard(id, Kind.READING, tuple(compare_said(sample["kind"], read, once)))
