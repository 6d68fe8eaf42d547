"""The names a spec defines, and which of them are used.

Rules: a name used must be defined, a name defined must be used (a shape at least twice, since a table used once is
written where it stands); using is told where it happens, by whoever resolves the name; a name that nobody defined is
one fault however often it is used, a slip is one at each place; `x-` keys define nothing.
"""

from collections.abc import Iterable

from exconn.document import Entry, Findings, Mapping, Node, Span, quoted, suggest
from exconn.spec.vocabulary import WORDS

_NOUNS = {
    "host": "host",
    "credential": "credential",
    "recipe": "signing recipe",
    "pool": "limit",
    "words": "words table",
    "decision": "decision",
    "envelope": "envelope",
    "shape": "shape",
    "form": "symbol form",
    "given": "given value",
}
_DEFINED_AS = {
    "host": "hosts: {main: {NAME: https://api.exchange.example}}",
    "credential": "credentials: {NAME: {secret: true}}",
    "recipe": 'signing: {NAME: {after: {headers: {X-KEY: "{api_key}"}}}}',
    "pool": "limits: {NAME: {allow: 10, per: 1}}",
    "words": "words: {NAME: {OURS: theirs}}",
    "decision": "decisions: {NAME: [{when: {path: value}, is: word}]}",
    "envelope": "envelopes: {NAME: {success: {code: 0}, code: code, text: msg}}",
    "shape": "shapes: {NAME: {field: path}}",
    "form": 'symbols: {NAME: "{base}-{quote}"}',
    "given": "endpoints: {prepare: {http: POST /v1/token, gives: {NAME: token}, lasts: 3600}}",
}
"""How each is defined, for findings; NAME stands for the name that is missing."""
_LISTED = 30
_ALWAYS_USED = {("envelope", "default"), ("host", "rest")}


def named_entries(node: Node | None) -> list[Entry]:
    """The entries of a mapping of names, without the free `x-` keys."""
    if not isinstance(node, Mapping):
        return []
    return [entry for entry in node.entries if not entry.key.text.startswith("x-")]


class Names:
    """Definitions and uses of one spec."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._defined: dict[str, dict[str, Span]] = {noun: {} for noun in _NOUNS}
        self._used: dict[tuple[str, str], int] = {}
        self._missed: set[tuple[str, str]] = set()

    def define(self, noun: str, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self._defined[noun].setdefault(entry.key.text, entry.key.span)

    def of(self, noun: str) -> tuple[str, ...]:
        return tuple(self._defined[noun])

    def use(self, noun: str, name: str, span: Span) -> bool:
        """Note that `name` is used at `span`; False, and a finding, where it is not defined."""
        if name in self._defined[noun]:
            self.touch(noun, name)
            return True
        known = self.of(noun)
        near = suggest(name, known)
        if near is None and (noun, name) in self._missed:
            return False
        self._missed.add((noun, name))
        example = f"define it, as in {_example(noun, name)}"
        listed = f"defined are {', '.join(known)}; or {example}" if 0 < len(known) <= _LISTED else example
        hint = f"did you mean {near}?" if near else listed
        self._findings.add("unknown-name", f"there is no {_NOUNS[noun]} {quoted(name)}", span, hint)
        return False

    def touch(self, noun: str, name: str) -> None:
        self._used[noun, name] = self._used.get((noun, name), 0) + 1

    def report_unused(self) -> None:
        for noun, names in self._defined.items():
            for name, span in names.items():
                if (noun, name) not in _ALWAYS_USED:
                    self._report(noun, name, span)

    def _report(self, noun: str, name: str, span: Span) -> None:
        uses = self._used.get((noun, name), 0)
        if uses == 0:
            message = f"the {_NOUNS[noun]} {quoted(name)} is never used"
            self._findings.add("unused-name", message, span, "use it or delete it")
        elif noun == "shape" and uses == 1:
            message = f"the shape {quoted(name)} is used only once"
            self._findings.add("used-once", message, span, "write its fields where it is used")


def _example(noun: str, name: str) -> str:
    ours = ", ".join(f"{word}: ..." for word in WORDS.get(name, ("ours",)))
    return _DEFINED_AS[noun].replace("NAME", name).replace("OURS: theirs", ours)
