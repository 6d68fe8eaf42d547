"""What the cases of a spec have to show, each with the line of the spec that asks for it.

Rules: every operation is asked and answered, every order type on both its sides, every further page; every message,
control frame and thing we send over a socket; every word of a table that is read, every row of a decision and of the
errors; every optional field present and absent; a book that joins its stream, and one that is mended. A duty is named
by a key, which a case's payload earns (`earned`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from exconn.document import Span
from exconn.spec import Spec
from exconn.spec.pieces import Match, Reading, Record, Source, TestKind
from exconn.spec.tree import Endpoint, ErrorRow, Socket

Key: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """`what` completes the sentence "no case shows ..."; `section` is where such a case belongs."""

    what: str
    span: Span
    section: str


def duties_of(spec: Spec) -> dict[Key, Duty]:
    """Everything that the cases have to show."""
    duties: dict[Key, Duty] = {}
    for endpoint in spec.endpoints.values():
        duties |= _of_endpoint(endpoint)
    for socket in spec.sockets.values():
        duties |= _of_socket(socket)
    for record in records_of(spec):
        duties |= dict(_of_record(record, spec))
    for rows in (spec.errors, *(end.errors for end in spec.endpoints.values()), *_socket_errors(spec)):
        duties |= dict(_of_errors(rows))
    if spec.order_book is not None:
        span = spec.order_book.span
        duties["book", "joined"] = Duty("a book that becomes live", span, "books")
        if spec.order_book.checksum is not None:
            what = "a book whose checksum fails (why: checksum)"
            duties["book", "disproved"] = Duty(what, spec.order_book.checksum.span, "books")
        if spec.order_book.chain in ("range", "link", "count"):  # under the others nothing shows what is lost
            duties["book", "mended"] = Duty("a book with a gap", span, "books")
    return duties


def _socket_errors(spec: Spec) -> Iterator[tuple[ErrorRow, ...]]:
    return (socket.errors for socket in spec.sockets.values())


def records_of(spec: Spec) -> Iterator[Record]:
    """All records of replies and messages."""
    for endpoint in spec.endpoints.values():
        yield from endpoint.reply
    for socket in spec.sockets.values():
        for message in socket.messages:
            yield from message.records


def place(span: Span) -> tuple[int, int]:
    """A span as part of a key."""
    return span.line, span.col


def _of_endpoint(endpoint: Endpoint) -> dict[Key, Duty]:
    name, span = endpoint.operation, endpoint.span
    duties: dict[Key, Duty] = {("reply", name): Duty(f"a successful answer to {name}", span, "replies")}
    for variant in endpoint.variants:
        side = variant.side.name.lower()
        what = f"a request of {name} for {variant.order_type.name} {side}"
        duties["request", name, variant.order_type, variant.side] = Duty(what, variant.span, "requests")
    if not endpoint.variants:
        duties["request", name] = Duty(f"a request of {name}", span, "requests")
    if endpoint.list_at is not None:
        duties["several", name] = Duty(f"a request of {name} for several orders", span, "requests")
    if endpoint.pages is not None:
        pages = endpoint.pages.span
        duties["cursor", name] = Duty(f"a request of {name} for a further page", pages, "requests")
        duties["next", name] = Duty(f"an answer to {name} with more to come", pages, "replies")
        duties["last", name] = Duty(f"an answer to {name} that is the last page", pages, "replies")
    for record in endpoint.reply:
        duties["record", place(record.span)] = Duty(f"{_a(record.kind)} in {name}", _start(record.span), "replies")
        for good in (True, False) if record.envelope is not None else ():
            what = f"a row of {name} that {'succeeds' if good else 'fails'}"
            duties["answer", place(record.span), good] = Duty(what, _start(record.span), "replies")
    return duties


def _of_socket(socket: Socket) -> dict[Key, Duty]:
    said = {"connect": socket.connect.span, "subscribe": socket.subscribe[0].span}
    if socket.login is not None:
        said["login"] = socket.login.span
    if socket.ask_snapshot is not None:
        said["ask_snapshot"] = socket.ask_snapshot.span
    if socket.ping is not None:
        said["ping"] = socket.ping.span
    duties: dict[Key, Duty] = {
        ("sent", socket.name, what): Duty(f"the {what} of the socket {socket.name}", _start(span), "sent")
        for what, span in said.items()
    }
    for what, match in controls_of(socket):
        for key, literal in match_keys(match):
            shown = f" {literal!r}" if literal is not None else ""
            text = f"a frame of the socket {socket.name} that is {what}{shown}"
            duties["claim", place(match.span), key, literal] = Duty(text, _start(match.span), "frames")
    if socket.frames != "json":
        duties["packed", socket.name] = Duty(f"the bytes of a frame of {socket.name}", socket.span, "frames")
    if socket.counter is not None:
        duties["counted", socket.name] = Duty(f"the count of a frame of {socket.name}", socket.counter.span, "frames")
    if isinstance(socket.control.pong, str):
        duties["word", socket.name] = Duty(f"the pong of the socket {socket.name}", socket.span, "frames")
    for message in socket.messages:
        for key, literal in match_keys(message.match):
            shown = f" {literal!r}" if literal is not None else ""
            text = f"a message{shown} of the socket {socket.name}"
            duties["claim", place(message.match.span), key, literal] = Duty(text, _start(message.span), "frames")
        for record in message.records:
            what = f"{_a(record.kind)} in a frame of {socket.name}"
            duties["record", place(record.span)] = Duty(what, _start(record.span), "frames")
    return duties


def controls_of(socket: Socket) -> Iterator[tuple[str, Match]]:
    """The control matches of a socket by name."""
    control = socket.control
    named: dict[str, object] = {
        "subscribed": control.subscribed,
        "logged_in": control.logged_in,
        "pong": control.pong,
        "error": control.error and control.error.match,
        "server_ping": control.server_ping and control.server_ping.match,
        "opened": socket.opened and socket.opened.match,
    }
    yield from ((name, match) for name, match in named.items() if isinstance(match, Match))
    yield from (("ignored", match) for match in control.ignored)
    yield from (("reconnect", match) for match in control.reconnect)


def match_keys(match: Match) -> list[tuple[str, object]]:
    """One for each literal of each list in a match, so that each word of a list is shown; else one for the match."""
    listed = [
        (line.path.text, literal)
        for line in match.lines
        if line.test.kind is TestKind.ANY_OF
        for literal in line.test.values
    ]
    return [*listed] or [("", None)]


def _of_record(record: Record, spec: Spec) -> Iterator[tuple[Key, Duty]]:
    if record.only is not None:
        for kept, what in ((True, "is kept"), (False, "is left out")):
            duty = Duty(f"{_a(record.kind)} row that {what}", _start(record.only.span), "replies")
            yield ("only", place(record.only.span), kept), duty
    for name, match in record.matches.items():
        for value in (True, False):
            what = f"{_a(record.kind)} row that is{'' if value else ' not'} {name}"
            if record.kind == "rights":
                what = f"a key with{'' if value else 'out'} the right {name}"
            yield ("right", place(match.span), value), Duty(what, match.span, "replies")
    for name, reading in readings_of(record):
        if reading.or_none:
            for there, what in ((True, "with"), (False, "without")):
                duty = Duty(f"{_a(record.kind)} {what} its optional {name}", reading.span, "replies")
                yield ("optional", place(reading.span), there), duty
        yield from _of_words(reading, spec)


def readings_of(record: Record) -> Iterator[tuple[str, Reading]]:
    """All readings of a record by field."""
    yield from record.fields.items()
    yield from ((name, levels.side) for name, levels in record.levels.items() if levels.side is not None)
    if record.fee is not None:
        yield from (("fee asset", record.fee.asset), ("fee amount", record.fee.amount))


def _of_words(reading: Reading, spec: Spec) -> Iterator[tuple[Key, Duty]]:
    if reading.source is Source.BY and reading.word in spec.decisions:
        for number, (match, ours) in enumerate(spec.decisions[reading.word].rows):
            what = f"row {number + 1} of the decision {reading.word}, {ours!r}"
            yield ("decision", reading.word, number), Duty(what, _start(match.span), "replies or frames")
    elif reading.cast is not None and reading.cast.name in spec.words:
        table = spec.words[reading.cast.name]
        for ours, theirs in table.ours.items():
            for word in theirs:
                what = f"the word {word!r} of words.{table.name}, our {ours!r}"
                yield ("word", table.name, type(word), word), Duty(what, table.span, "replies or frames")


def _of_errors(rows: Iterable[ErrorRow]) -> Iterator[tuple[Key, Duty]]:
    for row in rows:
        for code in error_codes(row):
            shown = f"the error code {code!r}" if code is not None else "an error of this row"
            what = f"{shown}, which means {row.meaning}"
            yield ("error", place(row.span), type(code), code), Duty(what, _start(row.span), "errors")


def error_codes(row: ErrorRow) -> tuple[object, ...]:
    """Each code that a row lists; None where it lists none."""
    if row.code is not None and row.code.kind in (TestKind.IS, TestKind.ANY_OF):
        return row.code.values
    return (None,)


def _start(span: Span) -> Span:
    """The first place of a stretch, so that a mapping is shown by its first line."""
    return span if span.end_line in (None, span.line) else Span(span.file, span.line, span.col)


def _a(kind: str) -> str:
    noun = kind.replace("_", " ")
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"
