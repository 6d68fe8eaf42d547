"""The reference of the cases language, `docs/cases.md`, made from its schema, its vocabulary and the worked examples.

Rules: what a key is comes from the schema, what a word means from `reference_words`, what an error proves from the
errors themselves; making the page twice gives the same text. `python -m exconn.testing.cases` writes the page, and the
schema as JSON beside this file.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, Final

from exconn.errors import ExchangeError, Meaning

from . import reference_words as words
from .reference_examples import SECTIONS, TOP
from .schema import load_schema

SCHEMA_FILE: Final = "cases-1.schema.json"
Schema = dict[str, Any]

_HEAD: Final = f"""# The cases language, version 1: reference

Made by `python -m exconn.testing.cases` from the schema, which `{SCHEMA_FILE}` holds for editors; do not edit it.
A test loads every example. `tutorial.md` shows cases being written.

Cases are what an exchange's documents show, with what must come of it. They stand beside the spec: `quay.cases.yaml`
beside `quay.yaml`, long payloads in `samples/quay/`. `exconn validate` checks the file by itself, `exconn test` runs it
against the spec and names all that no case shows yet, and `exconn test --mutate` breaks the spec in every small way: a
change that no case notices needs a stronger case (often only a path in `needs`) or a reason in `survivors`. Where
others (client libraries, recorded messages) say something else, `opinions` says why.

In the tables, **bold** keys must be there, and `x-` keys are free everywhere.

## How values are written and compared

- A case says all that must come: what it does not list must be absent. What an exchange leaves unsaid is absent too.
- The order of fields never counts, that of lists does.
- Decimals are compared digit by digit as the exchange wrote them, so `0.10` is not `0.1`; prices and sizes of books and
  of public trades are floats, where it is.
- Quotes about numbers make no difference; a text that looks like another type needs them: `text: "true"`.
- A moment is an integer and its unit, `1767225600262 ms` (`s`, `ms`, `us`, `ns`); equal moments are equal in any unit.
- Pairs are ours, `BASE-QUOTE`; a case knows only the symbols under `symbols`.
- Bodies, URLs and tokens are compared to the byte; JSON frames by content, their order of fields does not count. Every
  signature is the same each time (ECDSA by RFC 6979); a token that differs is told by its header and claims.
- `refused`, `unread`, `unanswered` and `redirected`, and `why` of a row or of a book, hold some words of the error that
  must come.
"""


def write_page() -> str:
    """The whole page, as Markdown."""
    schema = load_schema()
    parts = [_HEAD, "## The file", schema["description"], _fenced(TOP), _table(schema), _SHOWN]
    for name, example in SECTIONS.items():
        below = schema["properties"][name]
        parts += [f"## {name}", below["description"], _fenced(example), _table(below["items"])]
        parts += [*chain.from_iterable(_inner(f"{name}[]", below["items"])), *_words(name)]
    for name, definition in schema["$defs"].items():
        parts += _definition(name, definition)
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def write_schema() -> str:
    """The schema as the published JSON."""
    return json.dumps(load_schema(), indent=1, ensure_ascii=False) + "\n"


def _inner(place: str, schema: Schema) -> Iterator[list[str]]:
    """Sections of the tables inside a case, but for those of the error codes, which are all alike."""
    for name, below in schema.get("properties", {}).items():
        inside, path = below.get("items", below), f"{place}.{name}" + ("[]" if "items" in below else "")
        if isinstance(inside, dict) and inside.get("properties") and name != "meanings":
            yield [f"### {path}", inside["description"], _table(inside)]
            yield from _inner(path, inside)


def _definition(name: str, schema: Schema) -> list[str]:
    parts = [f"## {name}", schema["description"]]
    if name == "records":
        parts.append("Each is a mapping of one key, its kind: `- balance: {asset: BTC, total: 1}`.")
        for kind, record in schema["items"]["properties"].items():
            parts += [f"### {kind}", record["description"], _table(record)]
        return [*parts, "### Words in records and arguments", _meanings("field", words.OUR_WORDS)]
    parts.append(_table(schema))
    if name == "error":
        parts += ["### Meanings of errors", _ERRORS, _errors()]
    return parts


_ERRORS: Final = "Only an error after which nothing was done can end an order; after the others it stays tracked."
_SHOWN: Final = """### What cases must show

`exconn test` names whatever of this no case shows, with the line of the spec that asks for it:

- `requests`: every operation, every order type on both sides, a further page of what has pages;
- `replies`: a success of every operation, every record, a page with more to come and a last one;
- `replies` or `frames`: every optional field present and absent, every row that is kept and one that is left out, every
  word of a `words` table that is read, every row of a decision;
- `errors`: every code, or row, of the spec's `errors`;
- `frames`: every message and every control frame, each of the values that a `match` lists;
- `sent`: connect and subscribe, and login and ping where the socket has them;
- `books`: a book that becomes live; where updates chain, one with a gap."""


def _errors() -> str:
    rows = []
    for name, what in words.MEANINGS.items():
        error = ExchangeError("", Meaning(name))
        proves = "nothing was done" if error.not_executed else "nothing: the outcome is unknown"
        rows.append((f"`{name}`", what, proves))
    return _grid(("meaning", "what it is", "what it proves"), rows)


def _words(section: str) -> list[str]:
    """The tables of the words that a section uses."""
    tables: dict[str, list[tuple[str, str, Mapping[str, str]]]] = {
        "replies": [("What a reply comes to", "key", words.REPLY_ENDINGS)],
        "frames": [("Kinds of frames", "is", words.FRAME_KINDS)],
        "sent": [("What is said", "what", words.UTTERANCES)],
        "books": [("What a step does", "does", words.EFFECTS)],
    }
    found = tables.get(section, [])
    return [part for title, head, table in found for part in (f"### {title}", _meanings(head, table))]


def _meanings(head: str, table: Mapping[str, str]) -> str:
    return _grid((head, "what it means"), [(f"`{word}`", what) for word, what in table.items()])


def _table(schema: Schema) -> str:
    """The keys of a mapping of ours."""
    required = schema.get("required", ())
    rows = []
    for key, below in schema["properties"].items():
        name = f"**`{key}`**" if key in required else f"`{key}`"
        rows.append((name, _about(below), f"`{_flow(below['examples'][0])}`"))
    return _grid(("key", "what it is", "example"), rows)


def _about(schema: Schema) -> str:
    said = [schema["description"]]
    if "enum" in schema:
        said.append("One of " + ", ".join(f"`{word}`" for word in schema["enum"]) + ".")
    if "$ref" in schema:
        target = schema["$ref"].rpartition("/")[2]
        said.append(f"See [{target}](#{target}).")
    effects = schema.get("items", {}).get("enum")
    if effects:
        said.append("Of " + ", ".join(f"`{word}`" for word in effects) + ".")
    return " ".join(said)


def _grid(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    cells = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells)


def _fenced(text: str) -> str:
    return f"```yaml\n{text.rstrip()}\n```"


def _flow(value: Any) -> str:
    """An example on one line of YAML: texts bare where they may be, everything else as JSON."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if (
        isinstance(value, str)
        and value not in ("true", "false", "null", "no")
        and not set(value) & set("{}[],:#'\"&*`|")
    ):
        return value
    return json.dumps(value, ensure_ascii=False)
