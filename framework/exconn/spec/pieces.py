"""The three small languages inside a spec, parsed: templates, readings and matches, and the bodies made of them.

Rules: every piece carries the span of the YAML it was written in, so that compiled code and findings can name it; a
piece is only data, nothing here knows Python's ast or the JMESPath library; a JMESPath text is kept as written, without
the leading `/` that starts it at the top of the message.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from exconn.document import Span


@dataclass(frozen=True, slots=True)
class Hole:
    """`{name}` or `{name:suffix}`; suffix is "", "number", "upper", "lower" or "url"."""

    name: str
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """Text with holes. `is_number`: the whole scalar is one `{name:number}`, a bare JSON number."""

    parts: tuple[str | Hole, ...]
    span: Span
    holes: tuple[Hole, ...] = field(init=False, repr=False, compare=False)
    """Those of `parts`; every check asks for them."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "holes", tuple([part for part in self.parts if type(part) is Hole]))

    @property
    def is_number(self) -> bool:
        return len(self.parts) == 1 and isinstance(self.parts[0], Hole) and self.parts[0].suffix == "number"


@dataclass(frozen=True, slots=True)
class Constant:
    """A YAML scalar that is sent as it is: integer, boolean or null. Text is a Template without holes."""

    value: int | bool | None
    span: Span


@dataclass(frozen=True, slots=True)
class Array:
    items: tuple["Body", ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Object:
    fields: tuple[tuple[str, "Body"], ...]
    span: Span


Body: TypeAlias = Template | Constant | Array | Object


@dataclass(frozen=True, slots=True)
class Path:
    """A JMESPath expression; `from_top`: written with a leading `/`, evaluated on the whole message, not on the row."""

    text: str
    from_top: bool
    span: Span


class TestKind(Enum):
    __test__ = False  # not a test case, whatever its name says to pytest

    IS = "is"
    ANY_OF = "any_of"
    NOT = "not"
    NONE_OF = "none_of"
    PRESENT = "present"
    EMPTY = "empty"
    ZERO = "zero"
    STARTS = "starts"
    CONTAINS = "contains"


Literal: TypeAlias = str | int | bool | None


def word_text(word: str | int | bool) -> str:
    """A word as it is written in a text: a boolean as JSON writes it."""
    return str(word).lower() if isinstance(word, bool) else str(word)


@dataclass(frozen=True, slots=True)
class Test:
    """What a value must be. `values` holds one literal (IS, NOT, STARTS, CONTAINS), several (ANY_OF, NONE_OF), or the
    boolean of PRESENT, EMPTY and ZERO. Literals are typed: "0" is not 0."""

    __test__ = False  # not a test case, whatever its name says to pytest

    kind: TestKind
    values: tuple[Literal, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class MatchLine:
    path: Path
    test: Test


@dataclass(frozen=True, slots=True)
class Match:
    """All lines must hold. The order of lines has no meaning."""

    lines: tuple[MatchLine, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Cast:
    """The `as` of a reading: `ms`, `iso`, `symbol.rest`, a words table, `pow10_neg`, `split_pair(_, 0)`...; `words` is
    the table's name where the cast is one, `form` the symbol form's."""

    name: str
    arguments: tuple[str | int, ...] = ()


class Source(Enum):
    PATH = "path"
    ALWAYS = "always"
    BY = "by"
    OPENED = "opened"
    TOPIC = "topic"
    PART = "part"


@dataclass(frozen=True, slots=True)
class Reading:
    """`PATH [as CAST] [or none]`, `always WORD`, `by DECISION`, `from opened`, `from topic PATH`, `quote of symbol`.

    `path` is there for PATH, TOPIC and OPENED (where the frame holds its channel's number), `word` for ALWAYS (our
    word), BY (the decision's name) and PART (base or quote); `topics` for TOPIC: what stands before and behind the
    symbol in each, the longest first.
    """

    source: Source
    span: Span
    path: Path | None = None
    word: str | None = None
    cast: Cast | None = None
    or_none: bool = False
    topics: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Levels:
    """Rows of one side of a book, or of both (`levels`, with `side`, perhaps `gone`); price and size within a row."""

    rows: Path
    price: Path
    size: Path
    span: Span
    side: Reading | None = None
    gone: Match | None = None


@dataclass(frozen=True, slots=True)
class FeeReading:
    """The fees of a fill: `rows` None means asset and amount stand in the fill's own row."""

    rows: Path | None
    asset: Reading
    amount: Reading
    span: Span


@dataclass(frozen=True, slots=True)
class Record:
    """One table `our_field: their path` of a reply or a message, its shape already laid under it.

    `kind`: order, fill, balance, rule, book, book_snapshot, book_update, book_checksum, trade, price, time, fee_rate,
    rights. `rows` None: the message itself is the one row. `levels`: bids, asks or levels. `matches`: fields that are
    matches and no readings (`withdraw` and `trade` of rights, `open` of a rule). `envelope`: the name of the one that
    each row has.
    """

    kind: str
    span: Span
    rows: Path | None
    only: Match | None
    fields: dict[str, Reading]
    levels: dict[str, Levels]
    fee: FeeReading | None = None
    matches: dict[str, Match] = field(default_factory=dict)
    envelope: str | None = None
