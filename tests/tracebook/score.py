"""The score: the suite's fixed cases and the generated traces of a profile, run against one adapter.

Rules:
- Every bundled case is run, none skipped. A case listed in `NOT_OFFERED` must differ exactly where its entry says: a
  difference elsewhere fails it, and so does an entry whose case passes.
- Only the profile counts in the score. Beyond it run the bundled self-trade cases, and the same generated traces under
  each self-trade policy, a quarter as many.
- Generated traces allow no difference. A campaign ends at the first, reduced to the fewest events that show it.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from tracebook.conformance import (
    AdapterFactory,
    CampaignResult,
    Divergence,
    copy_bundled_conformance_suite,
    get_campaign_profile,
    qualification_case_names,
    run_campaign,
    run_conformance,
)
from tracebook.core.order import SelfTradePolicy

PROFILE = "fifo-full-v1"
SUITE = "v2"
SEED = 1337
SELF_TRADE_POLICIES = (SelfTradePolicy.CANCEL_RESTING, SelfTradePolicy.CANCEL_INCOMING)


@dataclass(frozen=True, slots=True)
class NotOffered:
    """A stated difference: the event (from 1) and the observation's path where it must show, and the reason."""

    event: int
    path: str
    reason: str


NOT_OFFERED = {
    "tick-grid": NotOffered(
        1,
        "$.observation.outcome.reason",
        "the engine refuses a price off the tick, as exchanges do; the suite wants it moved to the nearest tick",
    ),
    "pro-rata-allocation": NotOffered(
        4,
        "$.observation.trades[0].quantity",
        "the engine shares a level out by time only; outside the profile",
    ),
}


class Verdict(StrEnum):
    """What a case came to; STALE is an entry in `NOT_OFFERED` whose case passes."""

    PASSED = "pass"
    NOT_OFFERED = "not offered"
    FAILED = "FAIL"
    STALE = "STALE"


@dataclass(frozen=True, slots=True)
class Case:
    """One fixed case as it ran."""

    name: str
    events: int
    in_profile: bool
    divergence: Divergence | None

    @property
    def verdict(self) -> Verdict:
        listed, found = NOT_OFFERED.get(self.name), self.divergence
        if found is None:
            return Verdict.PASSED if listed is None else Verdict.STALE
        is_listed = listed is not None and (listed.event, listed.path) == (found.event_index, found.path)
        return Verdict.NOT_OFFERED if is_listed else Verdict.FAILED


@dataclass(frozen=True, slots=True)
class Score:
    """All fixed cases, the profile's campaign, and the campaigns beyond it, one for each self-trade policy."""

    cases: tuple[Case, ...]
    campaign: CampaignResult
    beyond: tuple[CampaignResult, ...]

    @property
    def is_clean(self) -> bool:
        """No difference but the listed ones, and every capability of the profile was exercised."""
        expected = {Verdict.PASSED, Verdict.NOT_OFFERED}
        is_covered = not self.campaign.semantic_coverage.uncovered_capabilities
        conforms = all(campaign.conformant for campaign in (self.campaign, *self.beyond))
        return is_covered and conforms and all(case.verdict in expected for case in self.cases)

    def count(self, verdict: Verdict) -> int:
        """How many of the profile's cases came to this."""
        return sum(case.in_profile and case.verdict is verdict for case in self.cases)

    @property
    def traces_passed(self) -> int:
        return sum(trace.report.conformant for trace in self.campaign.traces)


def fixed_cases(candidate: AdapterFactory) -> tuple[Case, ...]:
    """Run every bundled case, those of the profile first."""
    in_profile = qualification_case_names(PROFILE)
    with TemporaryDirectory() as folder:
        suite = copy_bundled_conformance_suite(Path(folder) / SUITE, suite_version=SUITE)
        cases = []
        for case in suite.cases:
            report = run_conformance(case.load_events(), candidate, config=case.config, trace_name=case.name)
            cases.append(Case(case.name, report.event_count, case.name in in_profile, report.divergence))
    return tuple(sorted(cases, key=lambda case: not case.in_profile))


def score(candidate: AdapterFactory, traces: int, events: int, seed: int = SEED) -> Score:
    """Run all fixed cases, then `traces` generated traces of `events` events each, then those beyond the profile."""
    profile = get_campaign_profile(PROFILE)
    beyond = [replace(profile, config=replace(profile.config, self_trade_policy=p)) for p in SELF_TRADE_POLICIES]
    return Score(
        fixed_cases(candidate),
        run_campaign(candidate, profile, seed, traces, events),
        tuple(run_campaign(candidate, other, seed, max(1, traces // 4), events) for other in beyond),
    )
