"""Words tables as compiled code reads them: an exchange's word to ours, a total map with a policy for the unknown.

Rules: words are typed, "1", 1 and true are three words; a word that no row lists is a BadValue (or, where the table
says so, passes unchanged as text); a prefix table matches the longest beginning. `AssetNames` is the same for assets.
"""

from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

from exconn.codec.numbers import BadValue, read_text, shown

Ours = TypeVar("Ours")
Wire = str | int | bool
_REMEMBERED = 20_000


class Words(Generic[Ours]):
    """One table for one kind of field. `rows`: (theirs, ours), each of theirs once. `texts`: those of theirs that are
    texts, whole, and `truths`: those that are booleans, for who looks there first."""

    __slots__ = ("_name", "_others", "_prefixes", "texts", "truths")

    def __init__(self, name: str, rows: Iterable[tuple[Wire, Ours]], *, prefix: bool = False) -> None:
        rows = tuple(rows)
        self._name = name
        self.texts: dict[str, Ours] = {theirs: ours for theirs, ours in rows if isinstance(theirs, str) and theirs}
        self.truths = {theirs: ours for theirs, ours in rows if isinstance(theirs, bool)}
        self._others = {(type(theirs), theirs): ours for theirs, ours in rows if not isinstance(theirs, str)}
        self._prefixes = tuple(sorted(self.texts, key=len, reverse=True)) if prefix else ()

    def read(self, value: object) -> Ours:
        """Our word for what the wire says. BadValue where the table has none."""
        if type(value) is str:
            ours = self.texts.get(value)
            if ours is not None:
                return ours
            for prefix in self._prefixes:
                if value.startswith(prefix):
                    return self.texts[prefix]
        elif type(value) is int or type(value) is bool:
            ours = self._others.get((type(value), value))
            if ours is not None:
                return ours
        raise BadValue(f"{shown(value)} is not a word of words.{self._name}")


class OpenWords(Words[str]):
    """A table whose unknown words pass unchanged, for fields that are text."""

    __slots__ = ()

    def read(self, value: object) -> str:
        try:
            return super().read(value)
        except BadValue:
            return read_text(value)


class AssetNames:
    """`names`: ours -> theirs, the first written, all read. An asset that is not listed is its own upper-case name.
    `texts`: theirs -> ours, as far as known: the listed ones and those already read."""

    __slots__ = ("_drop", "_listed", "_written", "texts")

    def __init__(self, names: Mapping[str, tuple[str, ...]], drop_suffix: tuple[str, ...] = ()) -> None:
        self._listed = {name: ours for ours, theirs in names.items() for name in theirs}
        self.texts = {name: ours for name, ours in self._listed.items() if name}
        self._written = {ours: theirs[0] for ours, theirs in names.items()}
        self._drop = drop_suffix

    def read(self, value: object) -> str:
        """Our name of an asset, `BTC`."""
        text = value if type(value) is str and value else read_text(value)
        ours = self._listed.get(text)
        if ours is None:
            ours = self._unlisted(text)
            if len(self.texts) < _REMEMBERED:
                self.texts[text] = ours
        return ours

    def write(self, asset: str) -> str:
        """The exchange's name of one of our assets."""
        return self._written.get(asset, asset)

    def _unlisted(self, text: str) -> str:
        for suffix in self._drop:
            if text.endswith(suffix) and len(text) > len(suffix):
                text = text[: -len(suffix)]
                break
        ours = self._listed.get(text, text.upper())
        if "-" in ours or not ours.isprintable() or " " in ours:
            raise BadValue(f"{shown(text)} is no name of an asset")
        return ours
