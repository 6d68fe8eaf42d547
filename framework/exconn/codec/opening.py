"""Signing a request of the caller's own making: opened with what a recipe adds first, closed with what it adds last.

Rules: what is signed is what is sent, here as in compiled builders; parameters of a recipe go where the caller's own
go, the body where there is one, else the query; nothing that a recipe adds is left out: a body of another kind than it
adds to is refused; money is written by the one number grammar; in JSON it is a text.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Literal, TypeAlias
from urllib.parse import unquote

import msgspec
from msgspec import Struct

from exconn.codec.contract import Request, Unsigned
from exconn.codec.encoding import json_quoted, percent, utf8
from exconn.codec.hashes import sorted_query
from exconn.codec.keys import unshown
from exconn.codec.numbers import BadValue, plain
from exconn.codec.sending import authority
from exconn.errors import UsageError

Kind: TypeAlias = Literal["query", "form", "json"]

Pairs: TypeAlias = Sequence[tuple[str, str]]
"""(name, text) rows; in JSON the text is the value's JSON."""

_TYPES = {"query": "", "form": "application/x-www-form-urlencoded", "json": "application/json"}


class Placed(Struct, frozen=True, kw_only=True):
    """What a recipe adds, before or after signing. `own_first`: behind the caller's own fields."""

    headers: Pairs = ()
    query: Pairs = ()
    form: Pairs = ()
    json: Pairs = ()
    params: Pairs = ()
    drop_body: bool = False
    own_first: bool = False

    def __repr__(self) -> str:
        return "<Placed>"

    __rich_repr__ = unshown


class Opened(Struct, frozen=True, kw_only=True):
    """A request whose texts are fixed, but for what its signature adds; the fields are what a recipe may sign.

    `own`: where the caller's own parameters go; `kind`: what body there is, "query" for none."""

    method: str
    origin: str
    path: str
    query: str
    body: str
    content_type: str
    params: str
    params_plain: str
    own: Kind
    kind: Kind
    headers: Pairs

    def __repr__(self) -> str:
        return f"<Opened {self.method} {self.origin}>"

    __rich_repr__ = unshown

    @property
    def host(self) -> str:
        return authority(self.origin)

    @property
    def http_path(self) -> str:
        """The path before it was percent-encoded."""
        return unquote(self.path)

    @property
    def path_query(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def query_sorted(self) -> str:
        return sorted_query(self.query)


def open_request(
    unsigned: Unsigned, before: Placed, recipe: str, types: str | None = None, late: Kind = "query"
) -> Opened:
    """The request with `before` in it. `recipe`: its name; `types`: the content type that its own headers give; `late`:
    the body that it adds to last. UsageError where it adds to a body of another kind than the caller's."""
    if unsigned.form and unsigned.json:
        raise UsageError("a request has one body: pass form or json, not both")
    own: Kind = "json" if unsigned.json else "form" if unsigned.form else "query"
    added: Kind = "json" if before.json else "form" if before.form else late
    if "query" not in (own, added) and own != added:
        told = f"the recipe {recipe} adds to a body of {added}, and this request has a {own}"
        raise UsageError(f"{told}; pass its parameters as {added}")
    kind = own if own != "query" else added
    quoted = [(name, json_quoted(text)) for name, text in before.params]
    query = _in_order(before, [*before.query, *(before.params if own == "query" else ())], _texts(unsigned.query))
    form = _in_order(before, [*before.form, *(before.params if own == "form" else ())], _texts(unsigned.form))
    json = _in_order(before, [*before.json, *(quoted if own == "json" else ())], _jsons(unsigned.json))
    pairs = [*query, *form, *((name, _unquoted(text)) for name, text in json)]
    return Opened(
        method=unsigned.method,
        origin=unsigned.origin,
        path=unsigned.path,
        query=_encoded(query),
        body=_object(json) if kind == "json" else _encoded(form),
        content_type=types if types is not None else _TYPES[kind],
        params=_encoded(pairs),
        params_plain="&".join(f"{name}={text}" for name, text in pairs),
        own=own,
        kind=kind,
        headers=before.headers,
    )


def _in_order(before: Placed, added: Pairs, own: Iterable[tuple[str, str]]) -> Pairs:
    return [*own, *added] if before.own_first else [*added, *own]


def close_request(opened: Opened, after: Placed) -> Request:
    """The request as it is sent."""
    params: dict[str, Pairs] = {opened.own: after.params}
    if after.drop_body and after.params and opened.own != "query":
        told = "the recipe adds to the parameters of a body that it does not send"
        raise UsageError(f"{told}; pass this request's parameters as query")
    late_query = _encoded([*after.query, *params.get("query", ())])
    query = "&".join(filter(None, (opened.query, late_query)))
    headers = [*opened.headers, *after.headers]
    body = "" if after.drop_body else _closed_body(opened, after, params)
    if body and not any(name.lower() == "content-type" for name, _ in headers):
        headers.insert(0, ("Content-Type", opened.content_type))
    target = f"{opened.path}?{query}" if query else opened.path
    return Request(opened.method, opened.origin, target, tuple(headers), utf8(body))


def _closed_body(opened: Opened, after: Placed, params: Mapping[str, Pairs]) -> str:
    if opened.kind == "json":
        late = [*after.json, *((name, json_quoted(text)) for name, text in params.get("json", ()))]
        if not late:
            return opened.body
        inside = ",".join(filter(None, (opened.body[1:-1], _members(late))))
        return f"{{{inside}}}"
    late_form = _encoded([*after.form, *params.get("form", ())])
    return "&".join(filter(None, (opened.body, late_form)))


def _texts(given: Mapping[str, object]) -> Iterable[tuple[str, str]]:
    return ((name, _text(name, value)) for name, value in given.items())


def _text(name: str, value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return _money(name, value)
    raise UsageError(f"the parameter {name} is a {type(value).__name__}; pass a text, an int, a bool or a Decimal")


def _money(name: str, value: Decimal) -> str:
    try:
        return plain(value)
    except BadValue as error:
        raise UsageError(f"the parameter {name}: {error.why}") from None


def _jsons(given: Mapping[str, object]) -> Iterable[tuple[str, str]]:
    return ((name, _json(name, value)) for name, value in given.items())


def _json(name: str, value: object) -> str:
    if isinstance(value, Decimal):
        return json_quoted(_money(name, value))
    if isinstance(value, Mapping):
        return _object(_jsons(value))
    if isinstance(value, list | tuple):
        return f"[{','.join(_json(name, each) for each in value)}]"
    if isinstance(value, str):
        return json_quoted(value)
    if value is None or isinstance(value, bool | int):
        return msgspec.json.encode(value).decode()
    raise UsageError(f"the parameter {name} holds a {type(value).__name__}; pass money as Decimal or text")


def _unquoted(text: str) -> str:
    return str(msgspec.json.decode(text)) if text.startswith('"') else text


def _object(rows: Iterable[tuple[str, str]]) -> str:
    return f"{{{_members(rows)}}}"


def _members(rows: Iterable[tuple[str, str]]) -> str:
    return ",".join(f"{json_quoted(name)}:{text}" for name, text in rows)


def _encoded(pairs: Iterable[tuple[str, str]]) -> str:
    return "&".join(f"{percent(name)}={percent(text)}" for name, text in pairs)
