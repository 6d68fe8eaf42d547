"""Texts of the three small languages, made at random or by mangling a good one: templates, readings, paths.

Rules: a mangled text is often still legal, so that the later passes and the compiler are reached; `expression` makes
JMESPath from its grammar, bounded in depth, with the functions and literals that the language knows and some it bans.
"""

from __future__ import annotations

from random import Random
from typing import Final

PIECES: Final = (
    *("{", "}", "{}", "{{", "}}", "{time_ms}", "{body}", "{amount}", "{symbol.rest}", "{client_id:number}"),
    *("{price:url}"),
    *("{nonce}", "{signature}", "{path}", "{query}", "{secret_key}", "{cursor}", "{/path}", "{time_ms:x}"),
    *("{ time_ms }"),
    *(" as ms", " as iso", " as split_pair(/, 0)", " as split_pair(',', 1)", " as prefixed(x)", " or none"),
    *(" as ", " by "),
    *("always buy", "always ", "by state", "none", " as pow10_neg", " as decimal_part(., 0)", " as split_pair('', 0)"),
    *("quote of symbol", "base of symbol", " of symbol"),
    *("a.b", "a[0]", "a[-1]", "[*]", "[]", "[?a=='b']", "[?a==`1`]", "| [0]", "@", "/a", "/", "//", "a[::2]"),
    *("a[::0]", "*"),
    *("length(@)", "sum(@)", "to_number(a)", "join(',', @)", "sort_by(@, &a)", "map(&a, @)", "keys(@)"),
    *("not_null(a, b)"),
    *("!a", "a && b", "a || b", "a < `1`", "`[1,2`", "'", '"', "\\", "`", "&", "(", ")", "((", "{a: b}"),
    *("[a, b]", "\n"),
    *("\t", "\x00", "\u202e", "é", "漢", "\U0001f600", "%", "%s", "?", "#", "/../", "..", ".", ",", ":", "="),
    *(";", "$", "^"),
    *("GET ", "POST ", "https://", "wss://", "*.", "(a+)+$", "[", "]", "0", "-1", "99999999999999999999", "x" * 100),
)  # fmt: skip
_NAMES: Final = ("a", "b", "data", "items", '"a b"', '"\\u0041"', "id", "_x", '""')
_LITERALS: Final = ("'x'", "`1`", "`null`", "`[]`", "`{}`", '`"x"`', "`1.5`", "''", "`true`", "`1e400`", "'\\''")
_FUNCTIONS: Final = (
    *("length", "keys", "values", "sort", "reverse", "to_string", "to_array", "type", "max", "min", "join", "contains"),
    *("not_null", "merge", "starts_with", "ends_with", "sum", "avg", "to_number", "abs", "nosuch"),
)


def mangled(text: str, source: Random) -> str:
    """`text` with one to three changes of characters or pieces; now and then something new altogether."""
    if source.random() < 0.15:
        return source.choice((expression, template, reading))(source)
    for _ in range(source.choice((1, 1, 2, 3))):
        at = source.randrange(len(text) + 1)
        to = source.randrange(len(text) + 1)
        way = source.randrange(5)
        if way == 0:
            text = text[:at] + text[at + source.choice((1, 1, 3)) :]
        elif way == 1:
            text = text[: min(at, to)] + text[max(at, to) :] + text[min(at, to) : max(at, to)]
        elif way == 2:
            text = text[:at] + text[at : at + 8] * source.choice((2, 2, 5, 40)) + text[at + 8 :]
        else:
            text = text[:at] + source.choice(PIECES) + text[at:]
    return text


def template(source: Random) -> str:
    return "".join(source.choices(PIECES, k=source.choice((1, 2, 3, 8, 200))))


def reading(source: Random) -> str:
    tails = ("", "", " as ms", " as split_pair(/, 0)", " or none", " as integer or none", " as words", " as state")
    return expression(source) + source.choice(tails)


def expression(source: Random) -> str:
    """A JMESPath expression: of some depth, or one long chain."""
    if source.random() < 0.1:
        link = source.choice(
            (".a", "[0]", "[*]", "[]", " | a", " || a", " && a", "[?a]", " == a", ".*", ".[a]", ".{a: a}")
        )
        return "a" + link * source.choice((5, 20, 60, 120, 400, 700))
    if source.random() < 0.05:
        opening, closing = source.choice(
            (("(", ")"), ("[", "]"), ("!", ""), ("length(", ")"), ("{a: ", "}"), ("a[?", "]"))
        )
        depth = source.choice((5, 20, 24, 25, 100, 900))
        return opening * depth + "a" + closing * depth
    return _grow(source, source.choice((1, 2, 3, 4)))


def _grow(source: Random, depth: int) -> str:
    if depth == 0:
        return source.choice((*_NAMES, *_LITERALS, "@"))
    one, other = _grow(source, depth - 1), _grow(source, source.randrange(depth))
    return source.choice((
        f"{one}.{source.choice(_NAMES)}", f"{one}[{source.randrange(-3, 4)}]", f"{one}[*].{other}", f"{one}[].{other}",
        f"{one}[?{other}]", f"{one} | {other}", f"{one} || {other}", f"{one} && {other}", f"!{one}", f"({one})",
        f"{one} {source.choice(('==', '!=', '<', '<=', '>', '>='))} {other}", f"[{one}, {other}]",
        f"{{a: {one}, b: {other}}}",
        f"{source.choice(_FUNCTIONS)}({one})", f"{source.choice(_FUNCTIONS)}({one}, {other})",
        f"sort_by({one}, &{other})",
        f"map(&{one}, {other})", f"max_by({one}, &{other})",
        f"{one}[{source.choice(('', '1', '-1'))}:{source.choice(('', '2'))}]",
        f"{one}.*", f"/{one}", one,
    ))  # fmt: skip
