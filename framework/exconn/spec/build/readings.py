"""Readings in their fields: what the natural type of a field leaves open, and what it demands.

Rules: `as` stands only where the field leaves a choice, and always where it does; a word that is neither a cast nor a
table is a name nobody defined; `always` gives one of our words, `by` a decision; `from` gives the symbol of a channel or
topic of the message's socket; arithmetic that would make a float is refused on every value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from exconn.document import Findings, Scalar, Span, quoted, suggest
from exconn.spec.names import Names
from exconn.spec.pieces import Cast, Path, Reading, Source
from exconn.spec.read import read_reading
from exconn.spec.read.place import inside
from exconn.spec.read.readings import UNREAD
from exconn.spec.read.paths import made_money, number_literal, path_span
from exconn.spec.tree import Decision, Words
from exconn.spec.vocabulary import CASTS, LEGAL_CASTS, NEEDS_CAST, TAKES_ALWAYS, WORDS

_MONEY = ("decimal", "number")


@dataclass(frozen=True, slots=True)
class Around:
    """What a socket adds to the readings of its messages. `number`: where frames hold their channel's number; `topics`:
    symbol form -> what stands before and behind the symbol in the texts that are subscribed to."""

    number: Path | None
    topics: Mapping[str, tuple[tuple[str, str], ...]]


class Readings:
    """Reads the readings of one spec, against its words, decisions and symbol forms."""

    def __init__(
        self, words: dict[str, Words], decisions: dict[str, Decision], names: Names, findings: Findings
    ) -> None:
        self._words = words
        self._decisions = decisions
        self._names = names
        self._findings = findings

    def read(self, node: Scalar, natural: str, field: str, around: Around | None = None) -> Reading:
        """The reading `node` of a field of the `natural` type; `around`: of the socket whose message it reads."""
        reading = read_reading(node, self._findings)
        if reading.source in (Source.OPENED, Source.TOPIC):
            self._check_cast(node, reading, natural, field)
            return self._placed(node, reading, natural, around)
        if reading.source is Source.ALWAYS:
            self._check_always(node, reading, natural)
        elif reading.source is Source.BY:
            self._check_decision(node, reading, natural)
        elif reading.source is Source.PART:
            if natural != "asset":
                hint = "write the path of the value in the row"
                self._findings.add("bad-reading", "only an asset is a part of the pair", node.span, hint)
        else:
            self._check_cast(node, reading, natural, field)
            assert reading.path is not None
            self._check_path(reading.path, natural)
        return reading

    def _placed(self, node: Scalar, reading: Reading, natural: str, around: Around | None) -> Reading:
        """A reading `from` a channel or a topic, with what its socket says of it."""
        if natural != "symbol":
            hint = "write the path of the value in the frame"
            self._findings.add("bad-reading", "only a symbol is read from a channel or a topic", node.span, hint)
            return reading
        if reading.source is Source.OPENED:
            if around is None or around.number is None:
                message = "no channel is opened where this stands"
                self._findings.add("bad-reading", message, node.span, "add opened: to the socket, or write a path")
                return reading
            return replace(reading, path=around.number)
        form = reading.cast.name.partition(".")[2] if reading.cast is not None else ""
        topics = around.topics.get(form, ()) if around is not None else ()
        if not topics and form in self._names.of("form"):
            message = f"no text that this socket subscribes to holds {{symbol.{form}}}, with nothing else unknown in it"
            hint = f"write the topic in subscribe without a suffix, as in \"trades:{{symbol.{form}}}\", or read the symbol by its path"
            self._findings.add("bad-topic", message, node.span, hint)
        return replace(reading, topics=topics)

    def _check_always(self, node: Scalar, reading: Reading, natural: str) -> None:
        word = reading.word or ""
        if natural not in TAKES_ALWAYS:
            hint = "write the path of the value in the row"
            self._findings.add(
                "bad-reading", "only a side, state, liquidity or asset can be always the same", node.span, hint
            )
        elif natural in WORDS and word not in WORDS[natural]:
            self._refuse_word(word, natural, node)

    def _check_decision(self, node: Scalar, reading: Reading, natural: str) -> None:
        name = reading.word or ""
        if natural not in WORDS:
            hint = "write the path of the value in the row"
            self._findings.add("bad-reading", "only a side, a state or a liquidity can be decided", node.span, hint)
        elif self._names.use("decision", name, node.span):
            for _, word in self._decisions[name].rows:
                if word not in WORDS[natural]:
                    self._refuse_word(word, natural, node)

    def _refuse_word(self, word: str, natural: str, node: Scalar) -> None:
        near = suggest(word, WORDS[natural])
        hint = f"did you mean {near}?" if near else f"our words are {', '.join(WORDS[natural])}"
        self._findings.add("not-our-word", f"{quoted(word)} is no {natural} of ours", node.span, hint)

    def _check_cast(self, node: Scalar, reading: Reading, natural: str, field: str) -> None:
        cast, legal = reading.cast, LEGAL_CASTS[natural]
        if cast is None:
            if natural in NEEDS_CAST:
                message = f"{quoted(field)} needs a type"
                self._findings.add("needs-as", message, node.span, f"add {self._choices(natural)}")
        elif cast is UNREAD:
            return
        elif "." in cast.name:
            self._check_symbol(node, cast, natural)
        elif cast.name in CASTS:
            if cast.name not in legal:
                self._refuse_cast(node, cast, natural, field)
        elif "words" in legal:
            self._check_words(node, cast, natural)
        else:
            near = suggest(cast.name, legal)
            hint = f"did you mean {near}?" if near else self._options(natural)
            self._findings.add("unknown-cast", f"there is no type {quoted(cast.name)}", _place(node, cast), hint)

    def _refuse_cast(self, node: Scalar, cast: Cast, natural: str, field: str) -> None:
        message = f"{quoted(field)} is of the type {natural}; it cannot be read as {cast.name}"
        self._findings.add("wrong-cast", message, _place(node, cast), self._options(natural))

    def _options(self, natural: str) -> str:
        legal = LEGAL_CASTS[natural]
        if natural in NEEDS_CAST:
            return f"write {self._choices(natural)}"
        return f"types possible here: {', '.join(legal)}; most often none is needed"

    def _choices(self, natural: str) -> str:
        if natural == "time":
            return f"as {', '.join(LEGAL_CASTS[natural][:-1])} or iso"
        if natural == "symbol":
            return "as symbol.<form>, with a form of 'symbols'"
        return "as <table>, with a table of 'words'" + (", or as sign" if natural == "side" else "")

    def _check_symbol(self, node: Scalar, cast: Cast, natural: str) -> None:
        prefix, _, form = cast.name.partition(".")
        if prefix != "symbol" or natural != "symbol":
            message = f"{quoted(cast.name)} cannot stand here"
            hint = "only the field symbol is read as symbol.<form>"
            self._findings.add("wrong-cast", message, _place(node, cast), hint)
        else:
            self._names.use("form", form, _place(node, cast))

    def _check_words(self, node: Scalar, cast: Cast, natural: str) -> None:
        if not self._names.use("words", cast.name, _place(node, cast)) or natural not in WORDS:
            return
        table = self._words[cast.name]
        for word in table.ours:
            if word not in WORDS[natural]:
                self._refuse_word(word, natural, Scalar(word, word, table.span, True))
        if table.otherwise == "unchanged":
            message = f"the table {quoted(cast.name)} passes unknown words on, but a {natural} is one of ours"
            self._findings.add("unchanged-word", message, table.span, "delete otherwise: unchanged")

    def _check_path(self, path: Path, natural: str) -> None:
        if natural in _MONEY:
            self.check_money(path)

    def check_money(self, path: Path) -> None:
        """Refuse what could become money, or a book's level, and is not what the wire wrote: literals, functions."""
        found = number_literal(path.text)
        if found is not None:
            hint = "money is read exactly from the wire; compare in a match, or read another field"
            self._findings.add("number-on-money", "a number literal in a path of money", path_span(path, *found), hint)
            return
        made = made_money(path.text)
        if made is not None:
            self._findings.add(made.code, made.message, path_span(path, made.start, made.end), made.hint)


def _place(node: Scalar, cast: Cast) -> Span:
    """Where the type stands in the reading."""
    at = node.text.rfind(cast.name)
    return inside(node, at, at + len(cast.name))
