"""One mutant after the other put to the cases, each as fast as it can be.

Rules: a mutated tree is checked and built anew, but not read anew; of its spec only what differs from the good one is
compiled, an endpoint or a socket at a time; what noticed the last mutants is asked first, since neighbours in a spec
are noticed by the same cases, and the first case that fails is enough. No order changes what is found.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from exconn.compile import write
from exconn.document import DocumentError, Mapping, load
from exconn.spec import Spec, spec_of
from exconn.testing.cases import Cases, load_cases, run_cases, uncovered, with_signatures

from .edit import Mutant, mutate
from .slices import Slice, slices_of
from .whole import mutants_of


class Fate(Enum):
    """What became of a mutant."""

    REFUSED = "it is no good spec"
    FAILED = "a case fails"
    BROKE = "it cannot be compiled, though it seems a good spec"
    SURVIVED = "no case fails"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`why`: of BROKE, the error."""

    fate: Fate
    why: str = ""


class Bench:
    """A good spec and its cases, and the mutants of the spec. Raises DocumentError where one of the two is not good."""

    def __init__(self, spec_data: bytes, spec_file: str, cases_data: bytes, cases_file: str) -> None:
        root = load(spec_data, spec_file)
        self._file = spec_file
        self.cases: Cases = load_cases(cases_data, cases_file)
        self._good = with_signatures(spec_of(root, spec_file), self.cases)
        assert isinstance(root, Mapping)
        self._root = root
        self.mutants: list[Mutant] = mutants_of(root)
        self._slices = slices_of(self.cases)

    def judge(self, mutant: Mutant) -> Verdict:
        """What becomes of a mutant."""
        root = mutate(self._root, mutant)
        if root is None:
            return Verdict(Fate.REFUSED)
        try:
            is_noticed = self._is_noticed(with_signatures(spec_of(root, self._file), self.cases))
        except DocumentError:
            return Verdict(Fate.REFUSED)
        except Exception as error:
            return Verdict(Fate.BROKE, f"{type(error).__name__}: {error}")
        return Verdict(Fate.FAILED if is_noticed else Fate.SURVIVED)

    def _is_noticed(self, spec: Spec) -> bool:
        for part in self._differing(spec):
            codec = write(part.cut(spec)).load()  # all at once: a fault of writing is no failure of a case
            for at, case in enumerate(part.cases):
                [outcome] = run_cases(codec, case)
                if not outcome.passed:
                    part.cases.insert(0, part.cases.pop(at))
                    self._slices.remove(part)
                    self._slices.insert(0, part)
                    return True
        return any(found.code == "claimed-twice" for found in uncovered(spec, self.cases))

    def _differing(self, spec: Spec) -> Iterator[Slice]:
        """The slices that the mutant can have changed; those that it says something else of come first."""
        own = [part for part in self._slices if part.differs(spec, self._good)]
        yield from own
        if _rest(spec) != _rest(self._good):
            yield from [part for part in self._slices if part not in own]


def _rest(spec: Spec) -> Spec:
    """What every endpoint and socket may depend on."""
    giving = {name: each for name, each in spec.endpoints.items() if each.gives}
    return replace(spec, endpoints=giving, sockets={})
