"""A failed case as diagnostics: what differs, at the expectation's line, and where the spec says what came.

Rules: the spec's lines go into the hint, those of the value's own words first: the field that is placed and the values
it holds, the reading and its table, the row of the errors; where nothing more exact is known, the endpoint or message.
"""

from collections.abc import Iterable, Iterator
from pathlib import PurePath

from exconn.document import Diagnostic, Span
from exconn.spec import Spec
from exconn.spec.pieces import Body, Object, Reading, Record, Template
from exconn.spec.tree import Endpoint, ErrorRow, Parts, Placement, Recipe, Socket
from exconn.spec.walk import step_templates, templates_of

from .compare import Difference
from .duties import controls_of, readings_of, records_of
from .inputs import text_at, texts_of
from .run import Outcome
from .tree import AskedRequest, BookDialogue, SampleFrame, SampleReply, SentFrame, WorkedSignature
from .unknown_pairs import in_terms_of_cases, symbol_hint

_READ_AS = {"pair": ("symbol", "base", "quote"), "fees": ("fee",), "symbols": ("symbol",)}


def explain(spec: Spec, outcome: Outcome) -> list[Diagnostic]:
    """One diagnostic for each difference; none for a case that passed."""
    case = outcome.case
    where = f"case {case.id} on line {case.span.line} ({case.source})"
    return [
        Diagnostic("case-failed", f"{where}: {in_terms_of_cases(each.why)}", each.span, _hint(spec, outcome, each))
        for each in outcome.differences
    ]


def _hint(spec: Spec, outcome: Outcome, difference: Difference) -> str | None:
    """The spec's lines as `file:line`, each once; those that the codec itself names come first.

    For a pair without a symbol it is what the cases must say."""
    untold = symbol_hint(difference.why, spec, difference.span.file)
    if untold is not None:
        return untold
    said = [_whole(spec, line) for line in outcome.read_at]
    said += [f"{span.file}:{span.line}" for line in said for span in _tables_at(spec, line)]
    said = said or [f"{span.file}:{span.line}" for span in _said_at(spec, outcome, difference)]
    return f"the spec says it at {', '.join(dict.fromkeys(said))}" if said else None


def _whole(spec: Spec, where: str) -> str:
    """A codec names a file without its folder."""
    name = PurePath(spec.file).name
    return f"{spec.file}{where.removeprefix(name)}" if where.startswith(f"{name}:") else where


def _tables_at(spec: Spec, where: str) -> Iterator[Span]:
    """The tables that the readings on a line use."""
    number = where.removeprefix(f"{spec.file}:").partition(" ")[0]
    for record in records_of(spec):
        for _, reading in readings_of(record):
            if str(reading.span.line) == number:
                yield from list(_reading_at(spec, reading))[1:]


def _said_at(spec: Spec, outcome: Outcome, difference: Difference) -> Iterator[Span]:
    subject, path = outcome.case.subject, difference.path
    if isinstance(subject, AskedRequest) and subject.operation in spec.endpoints:
        yield from _sent_at(spec, spec.endpoints[subject.operation], subject, path)
    elif isinstance(subject, WorkedSignature):
        yield from _placed_at(spec, spec.signing.get(subject.recipe), None, path)
    elif isinstance(subject, SampleReply) and subject.operation in spec.endpoints:
        endpoint = spec.endpoints[subject.operation]
        is_read = path[:1] == ("gives",) and len(path) > 1
        yield from _read_at(spec, endpoint.reply, path) if is_read else _judged_at(spec, endpoint, outcome, path)
    elif isinstance(subject, SampleFrame) and subject.socket in spec.sockets:
        yield from _frame_at(spec, spec.sockets[subject.socket], outcome, path)
    elif isinstance(subject, SentFrame) and subject.socket in spec.sockets:
        yield from _spoken_at(spec, spec.sockets[subject.socket], subject.what, path)
    elif isinstance(subject, BookDialogue) and spec.order_book is not None:
        yield spec.order_book.span


def _sent_at(spec: Spec, endpoint: Endpoint, asked: AskedRequest, path: tuple[str | int, ...]) -> Iterator[Span]:
    parts, span, target = endpoint.parts, endpoint.span, endpoint.path
    for variant in endpoint.variants:
        if (variant.order_type, variant.side) == (asked.arguments.order_type, asked.arguments.side):
            parts, span, target = variant.parts, variant.span, variant.path
    if path == ("sends", "http"):
        yield from _body_at(spec, None, target)
    elif path == ("sends", "fence") and endpoint.fence is not None:
        yield endpoint.fence.span
    else:
        yield from list(_placed_at(spec, spec.signing.get(endpoint.signed or ""), parts, path)) or [span]


def _placed_at(spec: Spec, recipe: Recipe | None, parts: Parts | None, path: tuple[str | int, ...]) -> Iterator[Span]:
    """Where a header, a field of the body or a parameter is written, and the values and tables that it holds."""
    name = path[2] if len(path) > 2 else None
    places: list[Parts | Placement] = [] if recipe is None else [recipe.before, recipe.after]
    if parts is not None:
        places.insert(0, parts)
    tables: list[dict[str, Body]] = []
    for each in places:
        tables += [{**each.headers}, {**each.query}, {**each.form}, {**each.json}]
    for table in tables:
        if isinstance(name, str) and name in table:
            yield from _body_at(spec, recipe, table[name])


def _body_at(spec: Spec, recipe: Recipe | None, body: Body) -> Iterator[Span]:
    yield body.span
    for template in templates_of(body):
        yield from _values_at(spec, recipe, template)


def _values_at(spec: Spec, recipe: Recipe | None, template: Template) -> Iterator[Span]:
    """The steps, tables and forms that a template names, and those that these name in turn."""
    steps = {} if recipe is None else {step.name: step for step in recipe.values}
    for hole in template.holes:
        if hole.name in steps:
            yield steps[hole.name].span
            for said in step_templates(steps[hole.name]):
                yield said.span
                yield from _values_at(spec, recipe, said)
        elif hole.name == "side" and "side" in spec.words:
            yield spec.words["side"].span
        elif hole.name.startswith("symbol.") and hole.name[7:] in spec.symbols:
            yield spec.symbols[hole.name[7:]].span
        elif hole.name.startswith("fence_"):
            yield from (endpoint.fence.span for endpoint in spec.endpoints.values() if endpoint.fence is not None)


def _read_at(spec: Spec, records: Iterable[Record], path: tuple[str | int, ...]) -> Iterator[Span]:
    """Where a field of a record is read, and its table; the records themselves where no field is told."""
    kind = path[2] if len(path) > 2 else None
    field = path[3] if len(path) > 3 else None
    for record in records:
        fitting = record.kind == kind or (kind == "book" and record.kind == "book_snapshot")
        if kind is None or (fitting and field is None):
            yield Span(record.span.file, record.span.line, record.span.col)
        elif fitting:
            yield from _field_at(spec, record, str(field))


def _field_at(spec: Spec, record: Record, field: str) -> Iterator[Span]:
    for name in _READ_AS.get(field, (field,)):
        if name in record.fields:
            yield from _reading_at(spec, record.fields[name])
        elif name in record.levels:
            yield record.levels[name].span
        elif name in record.matches:
            yield record.matches[name].span
        elif name == "fee" and record.fee is not None:
            yield record.fee.span
    if field == "symbols":
        yield from (form.span for form in spec.symbols.values())


def _reading_at(spec: Spec, reading: Reading) -> Iterator[Span]:
    yield reading.span
    if reading.cast is not None and reading.cast.name in spec.words:
        yield spec.words[reading.cast.name].span
    if reading.word is not None and reading.word in spec.decisions:
        yield spec.decisions[reading.word].span


def _judged_at(spec: Spec, endpoint: Endpoint, outcome: Outcome, path: tuple[str | int, ...]) -> Iterator[Span]:
    """A success taken for an error, an error taken for another, a page's end."""
    if path[:1] == ("next",) and endpoint.pages is not None:
        yield endpoint.pages.span
    elif path[:1] == ("given",):
        yield from (given.reading.span for given in endpoint.gives)
    elif path == ("error", "meaning"):
        yield from _rows_at((*endpoint.errors, *spec.errors), outcome)
    elif endpoint.envelope is not None:
        envelope = endpoint.envelope
        told_by = {"code": envelope.code, "text": envelope.text}.get(str(path[-1]) if path else "")
        yield envelope.success.span if told_by is None else told_by.span


def _rows_at(rows: Iterable[ErrorRow], outcome: Outcome) -> Iterator[Span]:
    """The rows of the expected code, and those of the expected meaning."""
    error = outcome.case.expected.get("error")
    told = texts_of(error)
    for row in rows:
        codes = {str(code) for code in (row.code.values if row.code is not None else ())}
        if told.get("code") in codes or told.get("meaning") == row.meaning:
            yield row.span


def _frame_at(spec: Spec, socket: Socket, outcome: Outcome, path: tuple[str | int, ...]) -> Iterator[Span]:
    if path[:1] == ("gives",):
        yield from _read_at(spec, (record for message in socket.messages for record in message.records), path)
    elif path[:1] == ("error",):
        yield from _rows_at((*socket.errors, *spec.errors), outcome)
    else:
        kind = text_at(outcome.case.expected, "is")
        yield from (message.match.span for message in socket.messages if kind == "message")
        yield from (match.span for name, match in controls_of(socket) if kind == name)


def _spoken_at(spec: Spec, socket: Socket, what: str, path: tuple[str | int, ...]) -> Iterator[Span]:
    if what == "connect":
        yield socket.connect.span
        return
    sent: list[tuple[Body | None, str | None]] = [(each.send, each.signed) for each in socket.subscribe]
    if what == "login" and socket.login is not None:
        sent = [(socket.login.send, socket.login.signed)]
    elif what == "ask_snapshot" and socket.ask_snapshot is not None:
        sent = [(socket.ask_snapshot.send, None)]
    elif what == "ping":
        sent = [(None if socket.ping is None else socket.ping.send, None)]
    name = path[2] if len(path) > 2 else None
    for body, signed in sent:
        if isinstance(body, Object):
            fields = [value for key, value in body.fields if name in (None, key)]
            for value in fields:
                yield from _body_at(spec, spec.signing.get(signed or ""), value)
