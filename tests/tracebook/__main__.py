"""`make conformance`: the engine's score against tracebook-conformance, profile fifo-full-v1.

Reads nothing and writes nothing but its report; needs no network. Exit code 0 when every difference is listed with its
reason in `score.NOT_OFFERED`, else 1. A generated trace that differs is printed in its reduced form, one event a line.

    python -m tests.tracebook [--traces N] [--events N] [--seed N]
"""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from time import perf_counter

from tracebook.conformance import CampaignFailure, CampaignResult, Divergence

from .adapter import EngineAdapter
from .score import NOT_OFFERED, PROFILE, SEED, SUITE, Case, Score, Verdict, score

TRACES, EVENTS = 100, 200


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it all, print the report, and return the exit code. `arguments` None means the command line's."""
    parser = ArgumentParser(prog="python -m tests.tracebook", description="The matching engine's conformance score.")
    parser.add_argument("--traces", type=int, default=TRACES, help="generated traces (default: %(default)s)")
    parser.add_argument("--events", type=int, default=EVENTS, help="events of each (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=SEED, help="seed of all traces (default: %(default)s)")
    options = parser.parse_args(arguments)
    begun = perf_counter()
    result = score(EngineAdapter, options.traces, options.events, options.seed)
    print("\n".join(report(result)))
    print(f"took {perf_counter() - begun:.1f} s")
    return 0 if result.is_clean else 1


def report(result: Score) -> Iterator[str]:
    """The report, line by line; the last line is the score."""
    yield f"tracebook-conformance {version('tracebook-conformance')}, profile {PROFILE}, suite {SUITE}"
    for case in result.cases:
        yield from _case_lines(case)
    for campaign in (result.campaign, *result.beyond):
        yield from _campaign_lines(campaign)
    covered = result.campaign.semantic_coverage
    fixed = sum(case.in_profile for case in result.cases)
    yield (
        f"score: {result.count(Verdict.PASSED)} of {fixed} fixed cases ({result.count(Verdict.NOT_OFFERED)} not "
        f"offered), {result.traces_passed} of {result.campaign.requested_traces} traces, "
        f"{len(covered.covered_capabilities)} of {len(covered.expected_capabilities)} capabilities: "
        f"{'clean' if result.is_clean else 'NOT clean'}"
    )


def _case_lines(case: Case) -> Iterator[str]:
    beyond = "" if case.in_profile else "  (outside the profile)"
    yield f"  {case.verdict:<12} {case.name:<24} {case.events:>3} events{beyond}"
    if case.verdict is Verdict.FAILED and case.divergence is not None:
        yield from _difference_lines(case.divergence)
    elif case.name in NOT_OFFERED:
        yield f"{'':15}{NOT_OFFERED[case.name].reason}"


def _campaign_lines(campaign: CampaignResult) -> Iterator[str]:
    covered, policy = campaign.semantic_coverage, campaign.profile.config.self_trade_policy
    passed = sum(trace.report.conformant for trace in campaign.traces)
    verdict = Verdict.PASSED if campaign.conformant else Verdict.FAILED
    beyond = f", self-trade {policy.name} (outside the profile)" if policy else ""
    yield (
        f"  {verdict:<12} {passed} of {campaign.requested_traces} generated traces of "
        f"{campaign.events_per_trace} events, seed {campaign.seed}: {covered.compared_events:,} events, "
        f"{covered.trades:,} trades, {covered.outcomes.get('rejected', 0):,} refusals{beyond}"
    )
    if campaign.conformant and covered.uncovered_capabilities:
        yield f"{'':15}not exercised: {', '.join(covered.uncovered_capabilities)}; give more traces or events"
    if campaign.failure is not None:
        yield from _failure_lines(campaign.failure)


def _failure_lines(failure: CampaignFailure) -> Iterator[str]:
    reduced = failure.minimization
    yield f"{'':15}trace {failure.trace.index}, reduced to {len(reduced.events)} events:"
    for event in reduced.events:
        yield f"{'':15}{json.dumps(event.to_dict())}"
    if reduced.report.divergence is not None:
        yield from _difference_lines(reduced.report.divergence)


def _difference_lines(found: Divergence) -> Iterator[str]:
    yield f"{'':15}event {found.event_index}, {found.category}, {found.path}: {found.message}"
    yield f"{'':15}wanted {found.reference!r}, got {found.candidate!r}"


if __name__ == "__main__":
    sys.exit(main())
