"""The holes of a template: defined, legal where they stand, with a suffix that makes sense there.

Rules: credentials and given values are legal anywhere, other names where a scope has them; a bare number stands only in
JSON and only for a number; what is percent-encoded anyway is not encoded twice; the side has the case that its words
table says. Using a name here counts as its use.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from exconn.document import Findings, Span, quoted, suggest
from exconn.spec import placeholders as known
from exconn.spec.checks.keys import private_keys
from exconn.spec.names import Names
from exconn.spec.pieces import Hole, Template, word_text
from exconn.spec.read.paths import find_fault
from exconn.spec.tree import Parts, Placement, Spec
from exconn.spec.vocabulary import WORDS
from exconn.spec.walk import (
    encoded_templates,
    header_templates,
    hole_spans,
    json_templates,
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What may stand in a template. `what` is how a finding calls the place; `pair`: symbol forms may stand there;
    `made`: the value that is made from the template, which is not offered to itself."""

    what: str
    names: frozenset[str]
    pair: bool = False
    frame: bool = False
    made: str = ""


class Place(Enum):
    """How a template is written where it stands."""

    TEXT = "text"
    HEADER = "header"
    ENCODED = "encoded"
    JSON = "json"


_LISTED = 60
_HEADER_WORD = re.compile(r"[!-~]+(?: [!-~]+)*")


class Places:
    """Checks the holes of one spec."""

    def __init__(self, spec: Spec, names: Names, findings: Findings) -> None:
        self._spec = spec
        self._names = names
        self._findings = findings
        self._given = frozenset(given.name for end in spec.endpoints.values() for given in end.gives)
        values = frozenset(step.name for recipe in spec.signing.values() for step in recipe.values)
        self._everywhere = frozenset(spec.credentials) | self._given
        self._defined = self._everywhere | values | known.BUILT_IN
        self._private_keys = private_keys(spec)
        self._misses_ids = False

    def check(self, templates: Iterable[Template], scope: Scope, place: Place = Place.TEXT) -> None:
        for template in templates:
            for hole, span in hole_spans(template):
                if self._check_name(hole, scope, span):
                    self._check_suffix(hole, place, span)
                    self._check_header(hole, place, span)

    def check_parts(
        self, parts: Parts | Placement, scope: Scope, path: Template | None = None, done: Iterable[Template] = ()
    ) -> None:
        """All of a request or of a placement, but for what was checked already."""
        known_ids = {id(template) for template in done}
        encoded = [*encoded_templates(parts), *([] if path is None else [path])]
        for templates, place in (
            (header_templates(parts), Place.HEADER),
            (encoded, Place.ENCODED),
            (json_templates(parts), Place.JSON),
        ):
            self.check((template for template in templates if id(template) not in known_ids), scope, place)

    def _check_name(self, hole: Hole, scope: Scope, span: Span) -> bool:
        name = hole.name
        if name.startswith("/"):
            return self._check_frame_path(name, scope, span)
        if name.startswith(known.BODY_FIELD):
            return self._check_body_field(name, scope, span)
        if "." in name:
            return self._check_symbol(name, scope, span)
        if name in self._everywhere:
            if name in self._spec.credentials:
                self._names.touch("credential", name)
                self._refuse_private_key(name, span)
            else:
                self._names.touch("given", name)
            return True
        if name in scope.names:
            return self._check_needs(name, span)
        if name in self._defined:
            where = known.WHERE.get(name, "in later values of its recipe, in its after, and in frames it signs")
            message = f"{quoted(name)} has no value in {scope.what}"
            self._findings.add("misplaced-placeholder", message, span, f"it stands {where}")
        else:
            self._findings.add(
                "unknown-placeholder", f"there is no placeholder {quoted(name)}", span, self._cure(name, scope)
            )
        return False

    def _cure(self, name: str, scope: Scope) -> str:
        """What is meant: what others call so, or a name that is written nearly so; else all that may stand here."""
        possible = (scope.names | self._everywhere) - {scope.made}
        meant = known.ELSEWHERE.get(name, ())
        usual = next((each for each in meant if each in possible), None)
        if name in known.PAIR_ELSEWHERE and scope.pair:
            usual = next((f"symbol.{form}" for form in self._spec.symbols), "symbol.<form>")
        near = usual or suggest(name, possible)
        if near is None and meant:
            return f"if {{{meant[0]}}} is meant: it stands {known.WHERE[meant[0]]}"
        return f"did you mean {{{near}}}?" if near else self._offer(scope)

    def _offer(self, scope: Scope) -> str:
        secret = {name for name, credential in self._spec.credentials.items() if credential.secret}
        names = sorted((scope.names | self._everywhere) - secret - {scope.made})
        forms = [f"symbol.{form}" for form in self._spec.symbols] if scope.pair else []
        listed = [*forms, *names]
        more = f", and {len(listed) - _LISTED} more" if len(listed) > _LISTED else ""
        return f"possible in {scope.what}: {', '.join(listed[:_LISTED]) or 'none'}{more}"

    def _check_frame_path(self, name: str, scope: Scope, span: Span) -> bool:
        fault = find_fault(name[1:])
        if not scope.frame:
            message = f"{quoted(name)} has no value in {scope.what}"
            hint = "it stands in the answer to an exchange's ping, and reads the frame answered"
            self._findings.add("misplaced-placeholder", message, span, hint)
        elif fault is not None:
            self._findings.add(fault.code, fault.message, span, fault.hint)
        return scope.frame and fault is None

    def _refuse_private_key(self, name: str, span: Span) -> None:
        if name in self._private_keys:
            message = f"the private key {quoted(name)} would be sent"
            self._findings.add("bad-key", message, span, "name it as the key of a signing step")

    def _check_body_field(self, name: str, scope: Scope, span: Span) -> bool:
        if "body" not in scope.names:
            message = f"{quoted(name)} has no value in {scope.what}"
            self._findings.add("misplaced-placeholder", message, span, f"it stands {known.WHERE['body']}")
        return "body" in scope.names

    def _check_symbol(self, name: str, scope: Scope, span: Span) -> bool:
        prefix, _, form = name.partition(".")
        if prefix != "symbol":
            hint = "only symbol.<form> has a dot"
            self._findings.add("unknown-placeholder", f"there is no placeholder {quoted(name)}", span, hint)
        elif not scope.pair:
            message = f"{quoted(name)} has no value in {scope.what}"
            hint = "it stands in requests and subscriptions about a pair"
            self._findings.add("misplaced-placeholder", message, span, hint)
        else:
            return self._names.use("form", form, span)
        return False

    def _check_needs(self, name: str, span: Span) -> bool:
        if name == "side":
            return self._names.use("words", "side", span) and self._has_sides(span)
        if name == "client_id" and self._spec.client_id is None:
            hint = "say which ids the exchange takes, as in client_id: {kind: text, length: 32, unique: forever}"
            if not self._misses_ids:
                self._findings.add("missing-key", "{client_id} is sent, but the key 'client_id' is missing", span, hint)
            self._misses_ids = True
            return False
        return True

    def _has_sides(self, span: Span) -> bool:
        have = self._spec.words["side"].ours.keys()
        missing = [word for word in WORDS["side"] if word not in have]
        if missing and not have < set(WORDS["side"]):  # one of the two alone is a finding of the table itself
            hint = "write side: {buy: ..., sell: ...} in words"
            self._findings.add("missing-word", f"the table 'side' has no {' and no '.join(missing)}", span, hint)
        return not missing

    def _check_header(self, hole: Hole, place: Place, span: Span) -> None:
        """A side's word stands in a header as it is written; every other value is looked at when it is sent."""
        if place is not Place.HEADER or hole.name != "side":
            return
        words = [word for listed in self._spec.words["side"].ours.values() for word in listed[:1]]
        bad = next((word for word in words if not _HEADER_WORD.fullmatch(word_text(word))), None)
        if bad is not None:
            message = f"the word {quoted(str(bad))} of words.side cannot stand in a header"
            self._findings.add("bad-header", message, span, "a header is one line of visible ASCII")

    def _check_suffix(self, hole: Hole, place: Place, span: Span) -> None:
        if not hole.suffix:
            return
        is_json = place is Place.JSON
        if hole.suffix == "url" and place is Place.ENCODED:
            hint = "delete ':url'"
            self._findings.add(
                "bad-suffix", "what stands here is percent-encoded anyway; it would be twice", span, hint
            )
        elif hole.suffix == "number" and not is_json:
            hint = "delete ':number'"
            self._findings.add("bad-suffix", "everything is text here; only JSON has bare numbers", span, hint)
        elif hole.suffix == "number" and not self._is_number(hole.name):
            hint = "delete ':number'"
            self._findings.add("bad-suffix", f"{quoted(hole.name)} is no number", span, hint)
        elif hole.name == "side":
            hint = "write their words, with their case, in words.side"
            self._findings.add("bad-suffix", "{side} takes no suffix: its words table says the case", span, hint)

    def _is_number(self, name: str) -> bool:
        if name == "client_id":
            return self._spec.client_id is not None and self._spec.client_id.kind == "integer"
        return name in known.NUMBERS or name in self._given or name.startswith("/")
