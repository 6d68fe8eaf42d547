"""Words and decisions: each of their words means one of ours, and a decision decides what no table could.

Rules: a word of theirs stands under one word of ours (with match: prefix, the longest beginning wins); a side or
liquidity table has both words, because both will come; no row of a decision stands in the shadow of an earlier one.
"""

from exconn.document import Findings, Mapping, key_span, quoted
from exconn.spec.checks.overlap import implies
from exconn.spec.pieces import Match, TestKind, word_text
from exconn.spec.tree import Decision, Spec, Words

_BOTH = ({"buy", "sell"}, {"maker", "taker"})


def check_words(spec: Spec, root: Mapping, findings: Findings) -> None:
    for table in spec.words.values():
        _check_table(table, root, findings)
    if "side" in spec.words:
        _check_written(spec.words["side"], root, findings)
    _check_assets(spec, root, findings)
    for decision in spec.decisions.values():
        _check_decision(decision, findings)


def _check_table(table: Words, root: Mapping, findings: Findings) -> None:
    seen: dict[tuple[type, object], str] = {}
    for ours, theirs in table.ours.items():
        for word in theirs:
            other = seen.setdefault((type(word), word), ours)
            if other != ours:
                message = f"in {quoted(table.name)}, {quoted(str(word))} means both {other} and {ours}"
                place = key_span(root, ("words", table.name, ours))
                findings.add("words-overlap", message, place, "give each word of theirs one meaning")
    have = set(table.ours)
    for both in _BOTH:
        if have & both and have <= both and have != both:
            missing = next(iter(both - have))
            findings.add(
                "missing-word",
                f"the table {quoted(table.name)} has no {missing}",
                table.span,
                f"add {missing}: and their word for it",
            )


def _check_written(table: Words, root: Mapping, findings: Findings) -> None:
    """In a text, 1 and "1" are the same."""
    seen: dict[str, str] = {}
    for ours, theirs in table.ours.items():
        for word in map(word_text, theirs[:1]):
            other = seen.setdefault(word, ours)
            if other != ours:
                message = f"in {quoted(table.name)}, {other} and {ours} are both written {quoted(word)}"
                place = key_span(root, ("words", table.name, ours))
                findings.add("words-overlap", message, place, "give each a text of its own")


def _check_assets(spec: Spec, root: Mapping, findings: Findings) -> None:
    seen: dict[str, str] = {}
    for ours, theirs in spec.assets.names.items():
        for name in theirs:
            other = seen.setdefault(name, ours)
            if other != ours:
                message = f"in 'assets', {quoted(name)} is both {other} and {ours}"
                place = key_span(root, ("assets", "names", ours))
                findings.add("words-overlap", message, place, "give each name of theirs to one of ours")


def _check_decision(decision: Decision, findings: Findings) -> None:
    for at, (match, _) in enumerate(decision.rows):
        first = next((each for each, _ in decision.rows[:at] if _includes(each, match)), None)
        if first is not None:
            message = f"this row is never reached: the one on line {first.span.line} holds wherever it does"
            findings.add("unreachable-row", message, match.span, "put the row with more conditions first")
    paths = set()
    for match, _ in decision.rows:
        for line in match.lines:
            paths.add((line.path.text, line.path.from_top))
            if line.test.kind not in (TestKind.IS, TestKind.ANY_OF):
                return
    if len(paths) == 1:
        message = f"the decision {quoted(decision.name)} looks at one value only"
        findings.add("needless-decision", message, decision.span, "write it as a table of 'words'")


def _includes(wide: Match, narrow: Match) -> bool:
    """Whether `wide` holds wherever `narrow` does."""
    tests = {(line.path.text, line.path.from_top): line.test for line in narrow.lines}
    return all(
        (test := tests.get((line.path.text, line.path.from_top))) is not None and implies(test, line.test)
        for line in wide.lines
    )
