"""A request before it is written: which fields go where, once a recipe's `before` and `after` are laid around them.

Rules: `before` stands first, then the endpoint's own fields (or the other way round, where `before` says so), then the
cursor of a later page, then `after`; `params` of a recipe, and a cursor, go where the endpoint's own parameters go: the
body where it has one, else the query; an endpoint without any sends a cursor in the body that `before` begins. A
request has one body, JSON or form; a content type goes with a body only, unless the spec writes the header itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from exconn.compile.templates import Part
from exconn.document import Span
from exconn.spec.pieces import Body, Hole, Template
from exconn.spec.tree import Fence, Pages, Parts, Placement, Recipe

Where: TypeAlias = Literal["query", "form", "json"]

_TYPES = {"query": "", "form": "application/x-www-form-urlencoded", "json": "application/json"}
_NOTHING = Placement()
MOVED = "moved."
"""Before a field's name: what it holds on the first page or on a later one. No placeholder of a spec begins so."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One request to be compiled. `host`: name of an origin within the chosen group. `repeated`: as in `json_parts`.
    `hurries`: it is built so often, and waited for, that it is worth a plan."""

    stem: str
    span: Span
    method: str
    host: str
    path: Template
    parts: Parts
    recipe: Recipe | None = None
    pages: Pages | None = None
    fence: Fence | None = None
    repeated: Mapping[int, Part] = field(default_factory=dict)
    hurries: bool = False

    @property
    def before(self) -> Placement:
        return self.recipe.before if self.recipe else _NOTHING

    @property
    def after(self) -> Placement:
        return self.recipe.after if self.recipe else _NOTHING

    @property
    def own_place(self) -> Where:
        """Where the endpoint's own parameters go."""
        if self.parts.json:
            return "json"
        return "form" if self.parts.form else "query"

    @property
    def cursor_place(self) -> Where:
        """Where the cursor of a later page goes."""
        if self.parts.query or self.own_place != "query":
            return self.own_place
        return "json" if self.before.json else "form" if self.before.form else "query"

    @property
    def body_place(self) -> Where:
        """What kind of body there is; "query" means none."""
        if self.fields("json") or self.after.json:
            return "json"
        return "form" if self.fields("form") or self.after.form else "query"

    def fields(self, where: Where) -> dict[str, Body]:
        """The fields of one place that are there before signing, the cursor left out."""
        before: dict[str, Body] = {**getattr(self.before, where)}
        if where == self.own_place:
            before.update(self.before.params)
        own: dict[str, Body] = {**getattr(self.parts, where)}
        if where == self.own_place:
            own.update(self._moved_on(own))
        return {**own, **before} if self.before.own_first else {**before, **own}

    def _moved_on(self, own: Mapping[str, Body]) -> dict[str, Body]:
        """The fields that say from where on, which a later page says anew."""
        written = {field: own[field] for field in self.moved if field in own}
        return {
            field: Template((Hole(f"{MOVED}{field}", "number" if body.is_number else ""),), body.span)
            for field, body in written.items()
            if isinstance(body, Template)
        }

    @property
    def moved(self) -> dict[str, Template]:
        """The fields of pages by `since` that the request has too: the later page's stand in their place."""
        if self.pages is None or self.pages.by != "since":
            return {}
        own = getattr(self.parts, self.own_place)
        return {field: template for field, template in self.pages.send.items() if field in own}

    def cursor_fields(self, where: Where) -> dict[str, Template]:
        """The fields of one place that are there from the second page on, and only then."""
        if self.pages is None or where != self.cursor_place:
            return {}
        return {field: template for field, template in self.pages.send.items() if field not in self.moved}

    def late_fields(self, where: Where) -> dict[str, Body]:
        """The fields of one place that are added when everything is signed."""
        late: dict[str, Body] = {**getattr(self.after, where)}
        if where == self.own_place:
            late.update(self.after.params)
        return late

    @property
    def headers(self) -> list[tuple[str, Template]]:
        tables = (self.before.headers, self.parts.headers, self.after.headers)
        return [pair for table in tables for pair in table.items()]

    @property
    def content_type(self) -> str:
        """The content type that is sent, "" for none."""
        for written, template in self.headers:
            if written.lower() == "content-type" and not template.holes:
                return "".join(str(part) for part in template.parts)
        return "" if self.after.drop_body else _TYPES[self.body_place]
