"""Rules between the arguments of a request.

Rules:
- A rule names arguments as readings do; `when` says for which of our words it holds.
- `assumes` gives an argument that the client left out; `becomes` says that an argument means another one, once all
  checks are made; all other kinds of rules refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .place import Place
from .readings import Reading

Assumption = tuple[Mapping[str, tuple[Any, ...]], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class ArgumentRule:
    """One rule between arguments. `kind` is one_of, any_of, not_both, needs, refuses, allows or apart.

    `words` are those that are allowed, or how many seconds moments may be apart.
    """

    kind: str
    when: Mapping[str, tuple[Any, ...]]
    args: tuple[str, ...]
    words: tuple[Any, ...] = ()

    def holds(self, args: Mapping[str, Any]) -> bool:
        """Whether the rule speaks about a request with these arguments."""
        return all(args.get(name) in words for name, words in self.when.items())


def renamed(args: Mapping[str, Any], becomes: Sequence[Assumption]) -> dict[str, Any]:
    """The arguments under the names that they have for their action: all renamings of a rule at once."""
    result = dict(args)
    for when, names in becomes:
        if all(args.get(name) in words for name, words in when.items()):
            moved = {new: result.get(old) for old, new in names.items()}
            result.update(dict.fromkeys(names))
            result.update(moved)
    return result


def build_becomes(place: Place, readings: tuple[Reading, ...]) -> tuple[Assumption, ...]:
    """The rules `becomes` of an endpoint or a message: when, and the names, each with its new one."""
    found: list[Assumption] = []
    for item in place.items("rules"):
        if "becomes" in item:
            _check_names(item.at("becomes"), list(item.get("becomes")), [reading.arg for reading in readings])
            when = {key: tuple(_listed(words)) for key, words in item.get("when", {}).items()}
            found.append((when, item.get("becomes")))
    return tuple(found)


def build_rules(place: Place, readings: tuple[Reading, ...]) -> tuple[tuple[ArgumentRule, ...], tuple[Assumption, ...]]:
    """The list `rules` of an endpoint or a message."""
    rules: list[ArgumentRule] = []
    assumes: list[Assumption] = []
    names = [reading.arg for reading in readings]
    for item in place.items("rules"):
        when = {key: tuple(_listed(words)) for key, words in item.get("when", {}).items()}
        _check_names(item, [*when], names)
        for entry in item.entries():
            build = _RULES.get(entry.name)
            if build is not None:
                made = build(entry.plain, when)
                _check_names(entry, [name for rule in made for name in rule.args], names)
                rules += made
            elif entry.name == "assumes":
                _check_names(entry, list(entry.plain), names)
                assumes.append((when, entry.plain))
    return tuple(rules), tuple(assumes)


def _check_names(place: Place, used: list[str], names: list[str]) -> None:
    for name in used:
        if name not in names:
            place.error("unknown-argument", f"no reading gives '{name}'", f"there is {', '.join(names) or 'none'}")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


_When = Mapping[str, tuple[Any, ...]]
_RULES: dict[str, Callable[[Any, _When], list[ArgumentRule]]] = {
    "one_of": lambda names, when: [ArgumentRule("one_of", when, tuple(names))],
    "any_of": lambda names, when: [ArgumentRule("any_of", when, tuple(names))],
    "not_both": lambda names, when: [ArgumentRule("not_both", when, tuple(names))],
    "needs": lambda names, when: [ArgumentRule("needs", when, (name,)) for name in names],
    "refuses": lambda names, when: [ArgumentRule("refuses", when, (name,)) for name in names],
    "allows": lambda table, when: [
        ArgumentRule("allows", when, (name,), tuple(_listed(words))) for name, words in table.items()
    ],
    "apart": lambda span, when: [ArgumentRule("apart", when, (span["from"], span["to"]), (span["most"],))],
}
