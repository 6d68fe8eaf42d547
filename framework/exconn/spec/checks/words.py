"""Words and decisions: each of their words means one of ours, and a decision decides what no table could.

Rules: a word of theirs stands under one word of ours (with match: prefix, the longest beginning wins); a side or
liquidity table has both words, because both will come.
"""

from exconn.document import Findings, Mapping, key_span, quoted
from exconn.spec.pieces import TestKind
from exconn.spec.tree import Decision, Spec, Words

_BOTH = ({"buy", "sell"}, {"maker", "taker"})


def check_words(spec: Spec, root: Mapping, findings: Findings) -> None:
    for table in spec.words.values():
        _check_table(table, root, findings)
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
                "missing-word", f"the table {quoted(table.name)} has no {missing}", table.span, f"add {missing}"
            )


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
    paths = set()
    for match, _ in decision.rows:
        for line in match.lines:
            paths.add((line.path.text, line.path.from_top))
            if line.test.kind not in (TestKind.IS, TestKind.ANY_OF):
                return
    if len(paths) == 1:
        message = f"the decision {quoted(decision.name)} looks at one value only"
        findings.add("needless-decision", message, decision.span, "write it as a table of 'words'")
