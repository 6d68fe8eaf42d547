"""The judge: holds the invariants against a case, the cheap ones after every event, all of them when all is quiet.

Rules: an invariant is asked by name; what it finds is a violation with the moment and the order's history; the same
finding of one order counts once. Between the events, `beat` asks what no event of the market may show.
"""

from collections.abc import Callable, Iterable, Mapping

from exconn.testing.simulation.chronicle import Life
from exconn.testing.simulation.invariants import money, orders, surroundings
from exconn.testing.simulation.invariants.case import Case, Finding, Findings, Violation

TOLD: Mapping[str, tuple[Callable[[Case, Life], Findings], ...]] = {
    "I2": (money.fill_in_ledger,),
    "I3": (orders.legal_events,),
}
"""After every event of an order."""
KEPT: Mapping[str, tuple[Callable[[Case, Life], Findings], ...]] = {"I6": (orders.monotone,)}
"""After every new state of an order."""
BEAT: Mapping[str, tuple[Callable[[Case], Findings], ...]] = {
    "I4": (orders.no_orphan,),
    "I9": (orders.honest_sweeps,),
    "I10": (surroundings.true_books,),
    "I11": (surroundings.patient_connects, surroundings.within_limits, surroundings.bans_kept),
    "I12": (surroundings.nothing_let_out,),
    "I13": (surroundings.nothing_died,),
    "I14": (surroundings.rules_known, surroundings.heard_lately),
}
"""Every few seconds; `I7` has a history of its own."""
QUIET: Mapping[str, tuple[Callable[[Case], Findings], ...]] = {
    "I1": (orders.no_order_lost,),
    "I2": (money.fills_exactly_once,),
    "I3": (orders.true_ends,),
    "I5": (orders.one_order_per_call,),
    "I7": (money.balances_agree,),
    "I8": (money.conservation,),
    "I9": (orders.cancel_intent,),
    "I13": (surroundings.resources_returned,),
    "I14": (orders.nothing_unresolved, surroundings.all_live),
}
"""When the faults have long been over, after those of every beat."""
MOST = 20


class Judge:
    """Judges one case. `violations`: oldest first, `MOST` at most."""

    def __init__(self, case: Case) -> None:
        self.violations: list[Violation] = []
        self._case = case
        self._known: dict[tuple[str, str], None] = {}
        self._available = money.Available(case)
        case.chronicle.told.append(self._told)
        case.chronicle.kept.append(self._kept)

    def beat(self) -> None:
        """Some seconds have passed."""
        self._hold(BEAT)
        self._find("I7", self._available.never_more(self._case))

    def conclude(self) -> None:
        """All is quiet."""
        self.beat()
        self._hold(QUIET)

    def _hold(self, invariants: Mapping[str, tuple[Callable[[Case], Findings], ...]]) -> None:
        for name, checks in invariants.items():
            for check in checks:
                self._find(name, check(self._case))

    def _told(self, life: Life) -> None:
        self._case.eavesdropper.hear(repr(life.told[-1]))
        for name, checks in TOLD.items():
            for check in checks:
                self._find(name, check(self._case, life))

    def _kept(self, life: Life) -> None:
        for name, checks in KEPT.items():
            for check in checks:
                self._find(name, check(self._case, life))

    def _find(self, name: str, findings: Iterable[Finding]) -> None:
        for finding in findings:
            known = (name, finding.client_id or finding.text)
            if known in self._known or len(self.violations) >= MOST:
                continue
            self._known[known] = None
            life = self._case.chronicle.orders.get(finding.client_id)
            history = tuple(life.lines) if life is not None else ()
            self.violations.append(Violation(name, self._case.now(), finding.text, history))
