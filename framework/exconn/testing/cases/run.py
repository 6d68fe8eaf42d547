"""Running cases: every question is put to a codec, and the answer compared with what was expected.

Rules: a codec is asked exactly as a market asks it, and nothing else is looked at; each case begins with fresh keys and
symbols; whatever a codec should never raise is a failure of the case, with the line of the spec that it came from.
"""

import traceback
from dataclasses import dataclass

from exconn.codec import Codec, Context, Keyring, Symbols
from exconn.document import DocumentError
from exconn.errors import ExconnError

from .ask import Unasked, ask
from .compare import Difference
from .tree import Case, Cases


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one case: nothing is wrong, or every difference. `read_at`: `file:line` of the spec's own words."""

    case: Case
    differences: tuple[Difference, ...] = ()
    read_at: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.differences


def run_cases(codec: Codec, cases: Cases) -> list[Outcome]:
    """The outcome of every case, in the file's order. `codec`: compiled from the spec `with_signatures`.

    DocumentError where a function of the codec cannot be written."""
    return [_run(codec, cases, case) for case in cases.cases]


def _run(codec: Codec, cases: Cases, case: Case) -> Outcome:
    try:
        differences, read_at = ask(codec, _context(codec, cases), case)
    except Unasked as error:
        return Outcome(case, (Difference((), case.span, str(error)),))
    except DocumentError:
        raise  # the spec's fault, found when the function was written
    except ExconnError as error:
        return Outcome(case, (Difference((), case.span, f"{type(error).__name__}: {error}"),))
    except Exception as error:
        why = f"the codec fails with {type(error).__name__}: {error}"
        return Outcome(case, (Difference((), case.span, why),), _lines_of(error))
    return Outcome(case, tuple(differences), tuple(read_at))


def _lines_of(error: Exception) -> tuple[str, ...]:
    """The lines of YAML in an error's traceback, the innermost first."""
    frames = reversed(traceback.extract_tb(error.__traceback__))
    return tuple(f"{frame.filename}:{frame.lineno}" for frame in frames if frame.filename.endswith(".yaml"))


def _context(codec: Codec, cases: Cases) -> Context:
    symbols = Symbols(codec.facts.forms)
    for form, pairs in cases.symbols.items():
        symbols.texts[form] = dict(pairs)
        symbols.pairs[form] = {text: pair for pair, text in pairs.items()}
    learnt = next(iter(codec.facts.learnt.values()), {})
    hosts = {**next(iter(codec.facts.hosts.values())), **cases.hosts}
    keys = Keyring(codec.facts.credentials, cases.credentials)
    return Context(keys, hosts, symbols, dict(cases.given), learnt=learnt)
