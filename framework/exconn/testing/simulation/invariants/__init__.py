"""The invariants of a market, each a function with a name; `Judge` holds them against a `Case`.

I1 no order lost           I5 one order per call    I9 cancel intent     I13 resources
I2 fill exactly once       I6 monotone              I10 books            I14 liveness
I3 legal event order       I7 balances              I11 limits           I15 same seed, same trace: see the tests
I4 no orphan               I8 conservation          I12 secrets          I16 faults change no end: see the tests
"""

from exconn.testing.simulation.invariants.case import Case, Finding, Violation
from exconn.testing.simulation.invariants.judge import BEAT, KEPT, QUIET, TOLD, Judge

__all__ = ["BEAT", "KEPT", "QUIET", "TOLD", "Case", "Finding", "Judge", "Violation"]
