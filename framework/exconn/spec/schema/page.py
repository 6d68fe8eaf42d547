"""The language reference, `docs/language.md`, made from the schema and the vocabulary: every key with what it means
and an example.

Rules: a section is one object of the language, headed by where it stands (`signing.*.values`; `*` is a name of one's
own, `[]` a row of a list); what stands in several places has one section and is linked; endpoints share one table of
their common keys; making the page twice gives the same text. `python -m exconn.spec.schema` writes it.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from exconn.spec.vocabulary import FIELDS, OPERATIONS

from . import tables
from .markdown import code, codes, fenced, flow, table

FILE = "language.md"
Schema = dict[str, Any]

_HEAD = """# The spec language, version 1: reference

Made from the schema and the vocabulary by `python -m exconn.spec.schema`; a change by hand is lost. Every example is
checked by a test. `language-notes.md` says what was settled and why, `tutorial.md` writes a first spec.

How to read it: a **bold** key must be there; `*` is a name of one's own, `[]` a row of a list; an example is the value
of its key. Keys that begin with `x-` are free wherever the keys are ours. Texts that begin with `{` or
`[` are quoted.
"""
_PLACEHOLDERS = """A template is text with placeholders: `{name}`, or `{name:suffix}`. The suffixes are `upper`,
`lower`, `url` (percent-encoded, where nothing else encodes) and `number` (a bare number, as a whole value of JSON).
Besides those of the table, credentials and values that preparations give may stand anywhere, a recipe's values in its
later values, in its `after` and in frames it signs; `{/path}` reads the frame answered, in
`control.server_ping.answer`.
"""
_READINGS = """A reading is `PATH [as TYPE] [or none]`, `always WORD` or `by DECISION`. A path is JMESPath over the row,
after a leading `/` over the whole message. Absent, null and `""` are the same, and an error of the row unless
`or none` is said. Each field has a natural type; `as` stands only where the type leaves a choice, and always where one
must be made. In messages of a socket, `from opened as FORM` is the symbol that the frame's channel was opened for, and
`from topic PATH as FORM` the symbol in the text at the path, which is a topic that `subscribe` writes with
`{symbol.FORM}` in it. The asset of a fee may be `base of symbol` or `quote of symbol`, of the symbol that the fill
reads in the same row.
"""
_ERRORS = """The rows of an endpoint or a socket are asked before those of all. Among rows that hold, more conditions
win over fewer, then a code over a text over a status, then what proves less. An error that no row claims is of unknown
outcome, and a warning says so. A row that proves something names its codes: `{not: ...}` or a 5xx alone is refused.
"""
_RECORDS = """A record is a table `our field: reading`, or a list of such tables. These keys stand in each of them.
"""
_ROW_KEYS = ("rows", "only", "shape", "envelope")


def write_page(schema: Schema) -> str:
    """The whole page, as Markdown."""
    keys = schema["properties"]
    parts = [_HEAD, *_object("A spec", "", {**schema, "properties": keys}, 2, nested=False)]
    for key, below in keys.items():
        parts += _SECTIONS.get(key, _section)(key, below)
    parts += _records(schema["$defs"])
    parts.append("\n## Definitions\n\nWhat stands in several places.\n")
    for name, definition in schema["$defs"].items():
        if not name.startswith("record_"):
            parts += _definition(name, definition)
    parts += _vocabulary()
    lines = "\n".join(part.rstrip("\n") for part in parts).split("\n")
    kept = [line for line, before in zip(lines, ["", *lines], strict=False) if line or before]
    return "\n".join(kept).strip("\n") + "\n"


def _object(title: str, place: str, schema: Schema, level: int, nested: bool = True) -> list[str]:
    """One section, then those of the objects inside it."""
    parts = [f"\n{'#' * min(level, 4)} {title}\n", schema.get("description", ""), *fenced(schema.get("examples", ()))]
    parts += _keys(schema)
    return parts + (_inside(place, schema, level + 1) if nested else [])


def _inside(place: str, schema: Schema, level: int) -> list[str]:
    """The sections below; where all keys hold the same, there is one section for them."""
    parts: list[str] = []
    seen: list[Schema] = []
    for name, below in _below(schema):
        bare = {key: value for key, value in below.items() if key not in ("description", "examples")}
        if bare not in seen and not (name == "[]" and "properties" in schema):
            alike = sum(bare.items() <= other.items() for _, other in _below(schema)) > 1
            parts += _nested(_place(place, "*" if alike else name), below, level)
            seen.append(bare)
    return parts


def _nested(place: str, schema: Schema, level: int) -> list[str]:
    if schema.get("properties"):
        return _object(code(place), place, schema, level)
    return _inside(place, schema, level)


def _below(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """The places directly inside: keys, names of one's own (`*`), rows (`[]`)."""
    yield from schema.get("properties", {}).items()
    for key in ("additionalProperties", "items"):
        below = schema.get(key)
        if isinstance(below, dict):
            yield ("[]" if key == "items" else "*"), below


def _place(place: str, name: str) -> str:
    return f"{place}[]" if name == "[]" else f"{place}.{name}"


def _keys(schema: Schema) -> list[str]:
    """The table of an object's keys; keys that say the same share a row. Below it, what each word of a choice means."""
    required = set(schema.get("required", ()))
    rows: dict[tuple[str, str], list[str]] = {}
    for key, below in schema.get("properties", {}).items():
        shown = code(key)
        rows.setdefault(_told(below), []).append(f"**{shown}**" if key in required else shown)
    keys = table(("key", "what it is", "example"), [(", ".join(names), *told) for told, names in rows.items()])
    return [*keys, *_choices(schema)]


def _choices(schema: Schema) -> list[str]:
    """Every word that a key of the object may be, with its meaning."""
    rows = [
        (code(f"{key}: {word}"), meaning)
        for key, below in schema.get("properties", {}).items()
        for word, meaning in zip(below.get("enum", ()), below.get("enumDescriptions", ()), strict=False)
    ]
    return table(("choice", "what it means"), rows) if rows else []


def _told(schema: Schema, known: tuple[str, ...] = ()) -> tuple[str, str]:
    """What a key is, and its example; what is `known` is not linked."""
    links = [f"See [{each}](#{each})." for each in _targets(schema) if each not in known]
    said = [schema.get("description", ""), *links]
    if "enum" in schema:
        said.append(f"One of {codes(schema['enum'])}.")
    examples = schema.get("examples", ())
    return " ".join(said).strip(), code(flow(examples[0])) if examples else ""


def _targets(schema: Schema) -> list[str]:
    places = [schema, schema.get("items"), schema.get("additionalProperties")]
    refs = [place["$ref"].rpartition("/")[2] for place in places if isinstance(place, dict) and "$ref" in place]
    return list(dict.fromkeys("records" if name.startswith("record_") else name for name in refs))


def _definition(name: str, definition: Schema) -> list[str]:
    parts = _object(name, name, definition, 3)
    return [*parts, _ERRORS] if name == "errors" else parts


def _section(key: str, schema: Schema) -> list[str]:
    return _nested(key, schema, 2)


def _shapes(key: str, schema: Schema) -> list[str]:
    about = f"{schema['description']} A shape holds fields of [records](#records), and nothing else.\n"
    return [f"\n## `{key}`\n", about, *fenced(schema["examples"])]


def _endpoints(key: str, schema: Schema) -> list[str]:
    """One table of operations, the keys of all once, the keys of some once."""
    operations, preparation = schema["properties"], schema["additionalProperties"]
    first, *others = operations.values()
    common = [
        key for key in first["properties"] if all(key in each["properties"] for each in others) and key != "reply"
    ]
    parts = [f"\n## `{key}`\n", schema["description"], *fenced(schema["examples"]), "\n### Operations\n"]
    parts.append("The first record is the one that a reply must hold; `cancel_order` may have no `reply`.\n")
    rows = [_operation(name, operations[name], common) for name in OPERATIONS]
    parts += table(("operation", "what it does", "records of its reply", "placeholders", "keys of its own"), rows)
    parts += ["\n### Keys of every endpoint\n", *_keys(_only(first, common))]
    parts += ["\n### Keys of some endpoints\n", *_particular(operations, common)]
    own = [key for key in preparation["properties"] if key not in common]
    parts += ["\n### Preparations\n", preparation["description"], *fenced(preparation["examples"])]
    parts += [*_keys(_only(preparation, own)), *_inside("endpoints.*", _only(preparation, own), 4)]
    return [
        *parts,
        "\n### An example of each\n",
        "```yaml",
        *(_line(name, operations[name]) for name in OPERATIONS),
        "```\n",
    ]


def _operation(name: str, schema: Schema, common: list[str]) -> tuple[str, ...]:
    own = [key for key in schema["properties"] if key not in (*common, "reply")]
    kinds = schema["properties"].get("reply", {}).get("properties", ())
    replies = ", ".join(f"[{kind}](#records)" for kind in kinds)
    return code(name), schema["description"], replies, tables.placed_in(name), codes(own)


def _only(schema: Schema, keys: Iterable[str]) -> Schema:
    return {**schema, "properties": {key: schema["properties"][key] for key in keys}}


def _particular(operations: Schema, common: list[str]) -> list[str]:
    """The keys that only some operations have: one table, and a section for each that is an object."""
    own: dict[str, Schema] = {}
    for schema in operations.values():
        own |= {key: below for key, below in schema["properties"].items() if key not in (*common, "reply")}
    reply = operations["server_time"]["properties"]["reply"]
    parts = _keys({"properties": {"reply": reply, **own}, "required": ["reply", "types"]})
    for key, below in own.items():
        parts += _nested(f"endpoints.*.{key}", below, 4)
    return parts


def _line(name: str, schema: Schema) -> str:
    return f"{name}: {flow(schema['examples'][0])}"


def _records(definitions: Schema) -> list[str]:
    parts = ["\n## records\n", _RECORDS, *_keys(_only(definitions["record_order"], _ROW_KEYS))]
    done: list[list[str]] = []
    for kind in FIELDS:
        fields = [key for key in definitions[f"record_{kind}"]["properties"] if key not in _ROW_KEYS]
        if fields not in done:
            alike = [each for each in FIELDS if each == kind or (FIELDS[each] and FIELDS[each] == FIELDS[kind])]
            parts += _record(alike, _only(definitions[f"record_{kind}"], fields))
            done.append(fields)
    return parts


def _record(kinds: list[str], schema: Schema) -> list[str]:
    kind = kinds[-1]
    rows = []
    for field, below in schema["properties"].items():
        about, example = _told(below, known=("reading",))
        rows.append((code(field), FIELDS[kind].get(field, ""), tables.field_duty(kind, field), about, example))
    if kind == "rule":
        rows.append(("`symbol.<form>`", "text", "for each form that is `learnt`", "The exchange's symbol.", "`symbol`"))
    parts = [f"\n### {', '.join(map(code, kinds))}\n", *(f"{tables.record_homes(each)}\n" for each in kinds)]
    parts += table(("field", "type", "must be there", "what it is", "example"), rows)
    return parts


def _vocabulary() -> list[str]:
    parts = ["\n## Vocabulary\n", "\n### Placeholders\n", _PLACEHOLDERS, *tables.placeholders()]
    parts += ["\n### Readings\n", _READINGS, *tables.natural_types(), *tables.casts(), *tables.our_words()]
    return [*parts, "\n### Signing steps\n", *tables.steps()]


_SECTIONS: dict[str, Callable[[str, Schema], list[str]]] = {"endpoints": _endpoints, "shapes": _shapes}
