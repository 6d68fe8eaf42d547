"""Seeds of the simulator: faults of every kind, and no invariant broken; the same seed is the same run everywhere."""

import os
import subprocess
import sys
from decimal import ROUND_CEILING, Context, localcontext

import pytest

from exconn.shipped import names
from exconn.testing.cases.modes import Mode
from exconn.testing.simulation.run import Subject, simulate
from exconn.testing.simulation.subjects import load_subject

SEEDS, TOGETHER = 60, 4
SELDOM = (1054, 1189)
"""What 5,000 seeds have found: a market that was ready before the key's rights were known (1054), and a trader who
waited for a moment that a clock of floats never reached (1189)."""
OTHERS = [("binance", 1), ("kraken", 8), ("kraken", 44)]
"""Of the other shipped exchanges. Kraken's have shown what nothing else did: many orders of unknown outcome under tight
limits (8), a tick that became coarser under a checksum (44)."""
_SUBJECTS: dict[tuple[str, str], Subject] = {}


def subject(mode: str, exchange: str = "myexchange") -> Subject:
    if (exchange, mode) not in _SUBJECTS:
        _SUBJECTS[exchange, mode] = load_subject(exchange, mode)
    return _SUBJECTS[exchange, mode]


@pytest.mark.parametrize("first", range(0, SEEDS, TOGETHER))
def test_no_invariant_is_broken(first: int) -> None:
    """One of the seeds runs in the other mode as well, and has to be the same run."""
    outcomes = [simulate(subject("memory"), seed) for seed in range(first, first + TOGETHER)]
    broken = [f"seed {each.seed}: {violation}" for each in outcomes for violation in each.violations]
    assert broken == []
    assert all(each.orders > 20 for each in outcomes)
    assert simulate(subject("generated"), first).trace == outcomes[0].trace


@pytest.mark.parametrize("seed", SELDOM)
def test_what_few_seeds_have_found(seed: int) -> None:
    outcome = simulate(subject("memory"), seed)
    assert (outcome.orders > 20, [str(violation) for violation in outcome.violations]) == (True, [])


@pytest.mark.parametrize(("exchange", "seed"), OTHERS)
def test_no_invariant_is_broken_on_other_exchanges(exchange: str, seed: int) -> None:
    """In both modes the same run."""
    outcomes = [simulate(subject(mode, exchange), seed) for mode in ("memory", "generated")]
    assert [str(violation) for each in outcomes for violation in each.violations] == []
    assert all(each.orders > 20 for each in outcomes)
    assert outcomes[0].trace == outcomes[1].trace


def test_every_shipped_exchange_is_simulated() -> None:
    both = set(names(".dialect.yaml")) & set(names(".yaml"))
    assert both == {"myexchange", *(exchange for exchange, _ in OTHERS)}


def test_what_another_library_did_to_decimal_changes_nothing() -> None:
    with localcontext(Context(prec=6, rounding=ROUND_CEILING)):
        strange = simulate(subject("memory"), 2)
    assert strange.violations == ()
    assert strange.trace == simulate(subject("memory"), 2).trace


def trace_with(hash_seed: str, mode: Mode) -> str:
    words = [sys.executable, "-m", "exconn.testing.simulation", "--seed", "4", "--mode", mode.value]
    done = subprocess.run(words, capture_output=True, text=True, env={**os.environ, "PYTHONHASHSEED": hash_seed})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_trace_of_a_seed_is_the_same_in_every_process() -> None:
    """I15: whatever the order of sets, in both modes."""
    told = {trace_with("0", Mode.MEMORY), trace_with("1", Mode.MEMORY), trace_with("7", Mode.GENERATED)}
    assert len(told) == 1
    assert simulate(subject("memory"), 4).trace[:16] in told.pop()
    assert simulate(subject("memory"), 4).trace != simulate(subject("memory"), 5).trace
