"""The .proto file of an exchange, read strictly: messages, enums and their fields; what a spec's frames are made of.

Rules: proto3 as exchanges publish it: messages inside messages, enums, `repeated`, `optional`, `oneof`, `reserved`,
options and imports of files beside the first; a field's type is resolved from the inside out; maps, groups, services
and extensions are refused by their line, never passed over. The text is data, and nothing of it is looked up elsewhere.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

_WRITTEN = "double float int64 uint64 int32 fixed64 fixed32 bool string bytes uint32 sfixed32 sfixed64 sint32 sint64"
SCALARS: Final = frozenset(_WRITTEN.split())
DEEPEST: Final = 8
_TOKEN = re.compile(
    r"""(?P<blank>\s+|//[^\n]*|/\*.*?\*/)|(?P<name>[.]?[A-Za-z_][A-Za-z0-9_.]*)|(?P<number>-?[0-9]+)"""
    r"""|(?P<text>"[^"\n\\]*"|'[^'\n\\]*')|(?P<mark>[{}\[\]<>=;,()])""",
    re.S,
)
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}")


class BadProto(Exception):
    """Why a file cannot be read, with its line."""

    def __init__(self, why: str, line: int) -> None:
        self.why = why
        self.line = line
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class ProtoField:
    """`kind`: a scalar type, or the full name of a message or an enum; `optional`: absent is not its default."""

    name: str
    number: int
    kind: str
    repeated: bool
    optional: bool


@dataclass(slots=True)
class Proto:
    """What one or several files declare, names without their package. `imports`: files that are still to be read."""

    messages: dict[str, tuple[ProtoField, ...]] = field(default_factory=dict)
    enums: dict[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    imports: list[str] = field(default_factory=list)
    packages: set[str] = field(default_factory=set)

    def kind(self, written: str, inside: str) -> str | None:
        """The full name that a type's name means inside a message; None where nobody declares it."""
        if written in SCALARS:
            return written
        name = written.removeprefix(".")
        for package in self.packages:
            name = name.removeprefix(f"{package}.")
        scope = inside.split(".")
        for depth in range(len(scope), -1, -1):
            found = ".".join([*scope[:depth], name])
            if found in self.messages or found in self.enums:
                return found
        return None

    def reached(self, message: str) -> tuple[dict[str, tuple[ProtoField, ...]], dict[str, tuple[tuple[str, int], ...]]]:
        """The messages and enums that a message is made of, itself first. KeyError where a type is not declared."""
        messages: dict[str, tuple[ProtoField, ...]] = {}
        enums: dict[str, tuple[tuple[str, int], ...]] = {}
        waiting = [message]
        while waiting:
            name = waiting.pop()
            if name in self.enums:
                enums[name] = self.enums[name]
            elif name not in messages:
                resolved = [self._resolved(each, name) for each in self.messages[name]]
                messages[name] = tuple(resolved)
                waiting += [each.kind for each in resolved if each.kind not in SCALARS]
        return messages, enums

    def _resolved(self, each: ProtoField, inside: str) -> ProtoField:
        kind = self.kind(each.kind, inside)
        if kind is None:
            raise KeyError(each.kind)
        return ProtoField(each.name, each.number, kind, each.repeated, each.optional)


def read_proto(text: str, into: Proto) -> None:
    """Add what `text` declares. BadProto for whatever is not of the kinds above."""
    _Reader(text, into).file()


class _Reader:
    def __init__(self, text: str, into: Proto) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0
        self._into = into

    def file(self) -> None:
        while self._at < len(self._tokens) - 1:
            word = self._take()
            if word == "syntax":
                self._want("=")
                if self._take()[1:-1] != "proto3":
                    raise self._bad("only proto3 is read")
                self._want(";")
            elif word == "import":
                found = self._take()
                found = self._take() if found in ("public", "weak") else found
                self._into.imports.append(found[1:-1])
                self._want(";")
            elif word == "package":
                self._into.packages.add(self._take())
                self._want(";")
            else:
                self._declaration(word, ())

    def _declaration(self, word: str, inside: tuple[str, ...]) -> None:
        if word == "message":
            self._message(inside)
        elif word == "enum":
            self._enum(inside)
        elif word == "option":
            self._skip_to(";")
        elif word != ";":
            raise self._bad(f"{word!r} is not read")

    def _message(self, inside: tuple[str, ...]) -> None:
        name = self._name(inside)
        fields: list[ProtoField] = []
        self._want("{")
        while (word := self._take()) != "}":
            if word in ("message", "enum", "option", ";"):
                self._declaration(word, (*inside, name.rpartition(".")[2]))
            elif word == "reserved":
                self._skip_to(";")
            elif word == "oneof":
                self._take()
                self._want("{")
                while (kind := self._take()) != "}":
                    fields.append(self._field(kind, repeated=False, optional=True))
            elif word in ("repeated", "optional"):
                fields.append(self._field(self._take(), word == "repeated", word == "optional"))
            else:
                fields.append(self._field(word, repeated=False, optional=False))
        if len({each.number for each in fields}) < len(fields) or len({each.name for each in fields}) < len(fields):
            raise self._bad(f"the message {name} has two fields of one name or number")
        self._into.messages[name] = tuple(fields)

    def _field(self, kind: str, repeated: bool, optional: bool) -> ProtoField:
        name = self._take()
        if _PLAIN.fullmatch(name) is None or kind in ("map", "group", "extensions", "extend"):
            raise self._bad(f"a field {kind} {name} is not read")
        self._want("=")
        number = self._number()
        if not 0 < number < 2**29:
            raise self._bad(f"the field {name} has no number that a field can have")
        self._options()
        return ProtoField(name, number, kind, repeated, optional)

    def _enum(self, inside: tuple[str, ...]) -> None:
        name = self._name(inside)
        values: list[tuple[str, int]] = []
        self._want("{")
        while (word := self._take()) != "}":
            if word in ("option", "reserved"):
                self._skip_to(";")
            elif word != ";":
                self._want("=")
                values.append((word, self._number()))
                self._options()
        if not values or values[0][1] != 0 or not all(_PLAIN.fullmatch(value) for value, _ in values):
            raise self._bad(f"the enum {name} does not begin with a value of 0")
        self._into.enums[name] = tuple(values)

    def _name(self, inside: tuple[str, ...]) -> str:
        word = self._take()
        name = ".".join([*inside, word])
        if _PLAIN.fullmatch(word) is None or len(inside) >= DEEPEST:
            raise self._bad(f"{word!r} cannot name a message here")
        if name in self._into.messages or name in self._into.enums:
            raise self._bad(f"{name} is declared twice")
        return name

    def _options(self) -> None:
        if self._take() == "[":
            self._skip_to("]")
            self._want(";")
        elif self._tokens[self._at - 1][0] != ";":
            raise self._bad("a ';' is missing")

    def _number(self) -> int:
        word = self._take()
        if not word.lstrip("-").isdigit() or len(word) > 12:
            raise self._bad(f"{word!r} is no number")
        return int(word)

    def _skip_to(self, mark: str) -> None:
        while self._take() != mark:
            pass

    def _want(self, mark: str) -> None:
        if self._take() != mark:
            raise self._bad(f"a {mark!r} is missing")

    def _take(self) -> str:
        word, _ = self._tokens[self._at]
        if not word:
            raise self._bad("the file ends too early")
        self._at += 1
        return word

    def _bad(self, why: str) -> BadProto:
        return BadProto(why, self._tokens[max(self._at - 1, 0)][1])


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    """(word, line), ended by an empty word."""
    at, line = 0, 1
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise BadProto(f"{text[at]!r} cannot stand here", line)
        if found.lastgroup != "blank":
            yield found[0], line
        line += found[0].count("\n")
        at = found.end()
    yield "", line
