"""Frames that a socket sends, one function each: from its leading parameters, `fresh` and `context` to the text.

Rules: frames are compact JSON texts; what a recipe signs of a frame's moment is what the frame holds; a frame about a
pair takes the pair, one that says the verb takes the verb, and the words it stands for come as parameters too.
"""

import ast
from collections.abc import Mapping, Sequence

from exconn.compile.drafts import Draft
from exconn.compile.emit import Unit, at, name
from exconn.compile.placeholders import offer_context, offer_expiry, offer_fresh, offer_pair
from exconn.compile.requests import recipe_of
from exconn.compile.scope import Charset, Local, Scope
from exconn.compile.signing import Signing
from exconn.compile.templates import JSON, Part, joined, json_parts, template_parts
from exconn.compile.wire import offer_wire
from exconn.spec.pieces import Template
from exconn.spec.tree import Parts, Socket, Spec, Subscription

PAIR, VERB = "pair", "verb"


def word_parameter(word: str) -> str:
    """The parameter that holds a word of `with`."""
    return f"{word}_word"


def handshake(spec: Spec, socket: Socket, signed: str | None) -> Draft:
    """The handshake; also what `{host}` and `{path}` mean in a frame."""
    return Draft(
        stem=f"connect_{socket.name}",
        span=socket.connect.span,
        method="GET",
        host=socket.connect.host,
        path=socket.connect.path,
        parts=Parts(query=socket.connect.query),
        recipe=recipe_of(spec, signed),
    )


class Frames:
    """Emits the frame functions of one socket."""

    def __init__(self, spec: Spec, socket: Socket, unit: Unit, signing: Signing) -> None:
        self.unit = unit
        self._spec = spec
        self._socket = socket
        self._signing = signing

    def frame(
        self,
        frame: Subscription,
        stem: str,
        leading: Sequence[str] = (),
        repeated: Mapping[int, Part] | None = None,
    ) -> str:
        """Define (*leading, fresh, context) -> the frame's text. `repeated`: id of an array, or of a text, -> what
        stands in it for all pairs."""
        scope = self._scope(frame)
        return self._function(scope, joined(json_parts(frame.send, scope, repeated)), frame, stem, leading)

    def text(self, template: Template, frame: Subscription, stem: str, leading: Sequence[str]) -> str:
        """Define (*leading, fresh, context) -> a stretch of a JSON text of the frame."""
        scope = self._scope(frame)
        return self._function(scope, joined(template_parts(template, scope, JSON)), frame, stem, leading)

    def _function(self, scope: Scope, written: ast.expr, frame: Subscription, stem: str, leading: Sequence[str]) -> str:
        scope.statements.append(at(ast.Return(written), frame.span))
        return self.unit.function(stem, (*leading, "fresh", "context"), scope.statements, frame.span)

    def _scope(self, frame: Subscription) -> Scope:
        scope = Scope(self.unit)
        draft = handshake(self._spec, self._socket, frame.signed)
        offer_fresh(scope)
        offer_expiry(scope, draft.recipe)
        offer_wire(draft, scope)
        offer_pair(scope, self._spec, name(PAIR))
        scope.know("verb", Local(VERB, Charset.TOKEN))
        for word in frame.words:
            scope.know(word, Local(word_parameter(word)))
        if draft.recipe is not None:
            self._signing.offer(scope, draft.recipe)
        offer_context(scope, self._spec)
        return scope
