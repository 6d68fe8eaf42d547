"""Which duties the cases earn: each payload is looked at with the spec's own matches, paths and tables.

Rules: what a case merely says counts for requests and things sent; what its payload holds counts for everything read;
an error earns the rows whose conditions hold; a frame that two claims take is a fault of the spec, told with it.
"""

from collections.abc import Iterable
from typing import Any

from exconn.codec import Answer, decode
from exconn.document import Diagnostic, Scalar, Sequence
from exconn.errors import Unanswered
from exconn.spec import Spec
from exconn.spec.pieces import Match, Path, Reading, Record, Source
from exconn.spec.tree import Endpoint, ErrorRow, Socket

from .duties import Key, error_codes, match_keys, place, readings_of
from .evaluate import find, match_holds, passes, rows_of
from .hearing import Hearing
from .tree import AskedRequest, BookDialogue, Case, Cases, SampleFrame, SampleReply, SentFrame


def earned_by(spec: Spec, cases: Cases) -> tuple[set[Key], list[Diagnostic]]:
    """The keys of all duties that the cases earn, and the frames that more than one claim takes."""
    survey = Survey(spec)
    for case in cases.cases:
        survey.take(case)
    return survey.earned, survey.faults


class Survey:
    """Looks at one case after the other."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self.earned: set[Key] = set()
        self.faults: list[Diagnostic] = []

    def take(self, case: Case) -> None:
        subject = case.subject
        if isinstance(subject, AskedRequest) and case.expected.get("sends") is not None:
            self._request(subject)
        elif isinstance(subject, SentFrame):
            self.earned.add(("sent", subject.socket, subject.what))
        elif isinstance(subject, SampleReply) and subject.operation in self._spec.endpoints:
            self._reply(self._spec.endpoints[subject.operation], subject.answer)
        elif isinstance(subject, SampleFrame) and subject.socket in self._spec.sockets:
            self._frame(case, self._spec.sockets[subject.socket], subject)
        elif isinstance(subject, BookDialogue):
            self._book(subject)

    def _request(self, asked: AskedRequest) -> None:
        arguments = asked.arguments
        endpoint = self._spec.endpoints.get(asked.operation)
        if endpoint is not None and endpoint.variants:
            self.earned.add(("request", asked.operation, arguments.order_type, arguments.side))
        else:
            self.earned.add(("request", asked.operation))
        if arguments.more:
            self.earned.add(("several", asked.operation))
        if arguments.cursor is not None:
            self.earned.add(("cursor", asked.operation))

    def _book(self, dialogue: BookDialogue) -> None:
        does = [step.expected.get("does") for step in dialogue.steps]
        effects = {item.text for node in does if isinstance(node, Sequence) for item in node.items}  # type: ignore[union-attr]
        if "go_live" in effects:
            self.earned.add(("book", "joined"))
        if effects & {"ask_snapshot", "resubscribe", "reconnect"}:
            self.earned.add(("book", "mended"))
        reasons = (step.expected.get("why") for step in dialogue.steps)
        if any(isinstance(reason, Scalar) and "checksum" in reason.text for reason in reasons):
            self.earned.add(("book", "disproved"))

    def _reply(self, endpoint: Endpoint, answer: Answer) -> None:
        message = _decoded(answer.body)
        envelope = endpoint.envelope
        good = 200 <= answer.status < 300 and (
            envelope is None or (message is not None and match_holds(envelope.success, message, message))
        )
        if not good:
            paths = (None, None) if envelope is None else (envelope.code, envelope.text)
            self._error(endpoint.errors, message, paths, answer.status)
            return
        self.earned.add(("reply", endpoint.operation))
        for record in endpoint.reply:
            self._record(record, message)
            self._answers(endpoint, record, message, answer.status)
        if endpoint.pages is not None:
            self.earned.add(("next" if self._has_more(endpoint, message) else "last", endpoint.operation))

    def _answers(self, endpoint: Endpoint, record: Record, message: Any, http: int) -> None:
        """What the rows of a list of orders say of each, by their own envelope."""
        if record.envelope is None:
            return
        envelope = self._spec.envelopes[record.envelope]
        for row in rows_of(record, message):
            good = match_holds(envelope.success, message, row)
            self.earned.add(("answer", place(record.span), good))
            if not good:
                self._error(endpoint.errors, row, (envelope.code, envelope.text), http)

    def _has_more(self, endpoint: Endpoint, message: Any) -> bool:
        pages = endpoint.pages
        assert pages is not None
        if pages.more is not None:
            return match_holds(pages.more, message, message)
        rows = [row for record in endpoint.reply for row in rows_of(record, message)]
        if pages.next is None:
            return len(rows) >= (pages.size or 1)
        if pages.by != "cursor" and len(rows) < (pages.size or 1):
            return False
        return find(pages.next, message, message if pages.by == "cursor" else rows[-1]) not in (None, "")

    def _error(
        self, own: Iterable[ErrorRow], message: Any, paths: tuple[Path | None, Path | None], http: int | None
    ) -> None:
        code, text = (None if path is None else find(path, message, message) for path in paths)
        claimed = [row for row in own if _row_holds(row, code, text, http)]
        for row in claimed or [row for row in self._spec.errors if _row_holds(row, code, text, http)]:
            listed = error_codes(row)
            shown = code if code in listed else None
            self.earned.add(("error", place(row.span), type(shown), shown))

    def _frame(self, case: Case, socket: Socket, sample: SampleFrame) -> None:
        if sample.frame == socket.control.pong:
            self.earned.add(("word", socket.name))
            return
        hearing = Hearing(socket, sample.after)
        message = hearing.message(sample.frame)
        if message is None:
            return
        if isinstance(sample.frame, bytes):
            self.earned.add(("packed", socket.name))
        if case.expected.get("count") is not None:
            self.earned.add(("counted", socket.name))
        claims = list(hearing.claims(message))
        if len(claims) > 1:
            self.faults.append(_claimed_twice(case, claims))
        for _, match in claims:
            self._claim(match, message)
        for each in socket.messages:
            if hearing.holds(each, message):
                for record in each.records:
                    self._record(record, message)
        error = socket.control.error
        if error is not None and match_holds(error.match, message, message):
            self._error(socket.errors, message, (error.code, error.text), None)

    def _claim(self, match: Match, message: Any) -> None:
        lines = {line.path.text: line.path for line in match.lines}
        for text, literal in match_keys(match):
            if literal is None or find(lines[text], message, message) == literal:
                self.earned.add(("claim", place(match.span), text, literal))

    def _record(self, record: Record, message: Any) -> None:
        for row in rows_of(record, message):
            kept = record.only is None or match_holds(record.only, message, row)
            if record.only is not None:
                self.earned.add(("only", place(record.only.span), kept))
            if kept:
                self.earned.add(("record", place(record.span)))
                self._row(record, message, row)

    def _row(self, record: Record, message: Any, row: Any) -> None:
        for match in record.matches.values():
            self.earned.add(("right", place(match.span), match_holds(match, message, row)))
        levels = {name: _found(each.rows, message, row) for name, each in record.levels.items()}
        for name, reading in readings_of(record):
            for each in levels.get(name, [row]):
                self._reading(reading, message, each)

    def _reading(self, reading: Reading, message: Any, row: Any) -> None:
        if reading.source is Source.BY and reading.word in self._spec.decisions:
            for number, (match, _) in enumerate(self._spec.decisions[reading.word].rows):
                if match_holds(match, message, row):
                    self.earned.add(("decision", reading.word, number))
                    break
        if reading.path is None:
            return
        value = find(reading.path, message, row)
        if reading.or_none:
            self.earned.add(("optional", place(reading.span), value not in (None, "")))
        if reading.cast is not None and reading.cast.name in self._spec.words:
            self._word(reading.cast.name, value)

    def _word(self, table: str, value: Any) -> None:
        words = self._spec.words[table]
        known = [word for theirs in words.ours.values() for word in theirs]
        fitting = [word for word in known if type(word) is type(value) and word == value]
        if not fitting and words.prefix and isinstance(value, str):
            fitting += sorted((word for word in known if isinstance(word, str) and value.startswith(word)), key=len)[
                -1:
            ]
        self.earned |= {("word", table, type(word), word) for word in fitting}


def _claimed_twice(case: Case, claims: list[tuple[str, Match]]) -> Diagnostic:
    both = " and ".join(f"{name} on line {match.span.line}" for name, match in claims)
    message = f"the frame of case {case.id} is claimed by {both}"
    hint = "add a line to one of them that the other's frames do not satisfy"
    return Diagnostic("claimed-twice", message, claims[1][1].span, hint)


def _row_holds(row: ErrorRow, code: Any, text: Any, http: int | None) -> bool:
    by_code = row.code is None or passes(row.code, code)
    by_text = row.text is None or (isinstance(text, str) and row.text in text)
    return by_code and by_text and (not row.http or http in row.http)


def _found(path: Path, message: Any, row: Any) -> list[Any]:
    found = find(path, message, row)
    return found if isinstance(found, list) else []


def _decoded(payload: str | bytes) -> Any:
    try:
        return decode(payload)
    except Unanswered:
        return None
