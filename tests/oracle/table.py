"""A judgement as lines of text: the counts of each kind, then every reason once, with what it is a reason for.

Rules: what is wrong stands last and in capitals, so that it is on the screen when the table is long.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator

from .judging import Judgement
from .verdict import Judged, Kind, Verdict


def report(judgement: Judgement) -> Iterator[str]:
    """The whole report of one exchange."""
    yield from _counts(judgement)
    yield from _reasons(judgement)
    yield from _wrong(judgement)
    yield ""


def _counts(judgement: Judgement) -> Iterator[str]:
    yield f"{judgement.exchange:<16}" + "".join(f"{verdict.value:>13}" for verdict in Verdict)
    counts = Counter((each.heard.kind, each.verdict) for each in judgement.judged)
    for kind in Kind:
        yield f"  {kind.value:<14}" + "".join(f"{counts[kind, verdict]:>13}" for verdict in Verdict)
    totals = Counter(each.verdict for each in judgement.judged)
    yield f"  {'all':<14}" + "".join(f"{totals[verdict]:>13}" for verdict in Verdict)


def _reasons(judgement: Judgement) -> Iterator[str]:
    """Why something is explained or not covered, each reason once."""
    held: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in judgement.judged:
        for reason in _reasons_of(each):
            held[reason].append(each.heard.id)
    for verdict in (Verdict.EXPLAINED, Verdict.NOT_COVERED):
        for (kind, reason), ids in held.items():
            if kind == verdict.value:
                yield f"  {kind}: {reason}"
                yield f"      {', '.join(ids)}"


def _reasons_of(judged: Judged) -> Iterator[tuple[str, str]]:
    if judged.verdict not in (Verdict.EXPLAINED, Verdict.NOT_COVERED):
        return
    for note in judged.notes:
        yield judged.verdict.value, f"{note.reason} ({note.source})"
    if not judged.notes and judged.heard.settled:
        yield judged.verdict.value, judged.heard.gap or ""


def _wrong(judgement: Judgement) -> Iterator[str]:
    for each in judgement.judged:
        if each.is_good:
            continue
        if each.verdict is Verdict.NOT_COVERED:
            yield f"  NOT COVERED {each.heard.id}: {each.heard.gap}"
        for difference in judgement.unexplained(each):
            yield f"  DIFFERENT {each.heard.id}: {difference}"
    for note, what in judgement.idle:
        yield f"  IDLE NOTE {note.of} ({note.span.file}:{note.span.line}): {what}"
