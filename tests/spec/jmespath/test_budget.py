"""What is refused before it can hurt: bombs of text, nesting and growth; and that what is accepted stays small."""

import time

import pytest

from exconn.codec.jmes import JmesError
from exconn.compile.jmespath import compile_path
from exconn.spec.jmespath import PathError, parse

MULTIPLIES = "the expression can multiply a message too often"
BOMBS = [
    ("text", "a" * 2001, "2001 characters; at most 2000", 2000),
    ("parentheses", "(" * 2000, "more than 24 brackets deep", 24),
    ("closed parentheses", "(" * 900 + "a" + ")" * 900, "more than 24 brackets deep", 24),
    ("filters", "[?" * 30, "more than 24 brackets deep", 48),
    ("brackets of a literal", "a == `" + "[" * 900 + "]" * 900 + "`", "more than 24 brackets deep", 5),
    ("negations", "!" * 1999 + "a", "more than 24 operators in a row", 0),
    ("spaced negations", "! " * 900 + "a", "more than 24 operators in a row", 0),
    ("references", "&" * 1000, "more than 24 operators in a row", 0),
    ("projections", "[*]" * 660, "nested too deeply", None),
    ("fields", ".".join("a" * 900), "more than 400 nodes", None),
    ("literal", "`" + "[" + "1," * 450 + "1]`", "more than 400 nodes", None),
    ("pipes", "|".join("a" * 100), "nested more than 64 steps deep", None),
    ("alternatives", "||".join("a" * 100), "nested more than 64 steps deep", None),
    ("doubling join", "|".join(["join('',[@,@])"] * 34), MULTIPLIES, None),
    ("doubling flatten", "|".join(["[@,@][]"] * 30), MULTIPLIES, None),
    ("doubling lists", "|".join(["[@,@]"] * 40), MULTIPLIES, None),
    ("doubling maps", "|".join(["{a:@,b:@}"] * 30), MULTIPLIES, None),
    ("doubling map()", "|".join(["map(&[@,@],@)[]"] * 20), MULTIPLIES, None),
    ("doubling to_array()", "|".join(["[to_array(@),to_array(@)]"] * 20), MULTIPLIES, None),
    ("escaping", "|".join(["to_string(to_array(@))"] * 40), MULTIPLIES, None),
    ("comparing", "({0})==({0})".format("|".join(["[@,@]"] * 12)), MULTIPLIES, None),
    ("multiplying separators", "|".join(["[*].join(a, [b, b])"] * 5), MULTIPLIES, None),
]


@pytest.mark.parametrize(("text", "message", "offset"), [pytest.param(*bomb[1:], id=bomb[0]) for bomb in BOMBS])
def test_a_bomb_is_refused(text: str, message: str, offset: int | None) -> None:
    started = time.process_time()
    with pytest.raises(PathError) as caught:
        parse(text)
    assert (caught.value.message, caught.value.offset, caught.value.kind) == (message, offset, "budget")
    assert time.process_time() - started < 0.12


@pytest.mark.parametrize(
    "text",
    [
        "(" * 24 + "a" + ")" * 24,
        "a == '" + "(" * 100 + "'",
        '"' + "[" * 100 + '"',
        "a == `" + '"' + "[" * 100 + '"' + "`",
        ".".join("a" * 380),
        "||".join("a" * 60),
        "data[*].{" + ", ".join(f"f{number}: f{number}" for number in range(60)) + "}",
        "data[].fills[].{a: a, b: b} | [?a=='x'].{d: a, e: b} | sort_by(@, &d)[0]",
        "join(sep, texts)",
    ],
)
def test_what_a_spec_may_need_is_accepted(text: str) -> None:
    assert parse(text).text == text
    compile_path(text)({"data": [], "sep": "", "texts": []})


@pytest.mark.parametrize(
    "text",
    [
        "|".join(["[@,@][]"] * 5),
        "|".join(["[@,@]"] * 5) + " | to_array(@) | [0][0][0]",
        "|".join(["[@,@][]"] * 3) + " | sort_by(@, &to_string(a))",
        "[?" + "&&".join(["a != 'x'"] * 60) + "]",
        "[*]" * 50,
        "({0})==({0})".format("|".join(["[@,@]"] * 6)),
        "[*].join(a, [a, a, a])",
    ],
)
def test_the_worst_that_is_accepted_ends_soon(text: str) -> None:
    message = [{"a": "x" * 20, "b": [1, 2, [3]]} for _ in range(30)]
    read = compile_path(text)
    started = time.process_time()
    read(message)
    assert time.process_time() - started < 0.25


def test_a_join_cannot_multiply_a_message() -> None:
    with pytest.raises(JmesError, match=r"^In function join\(\), a text of 9999000 characters from 0$"):
        compile_path("join(a, b)")({"a": "x" * 1000, "b": [""] * 10_000})


DEEP = [".".join("a" * 380), "|".join(["a || b"] * 20), "||".join("a" * 60), "!" * 20 + "a", "(" * 24 + "a" + ")" * 24]


@pytest.mark.parametrize("text", [*DEEP, "[*]" * 50, "a" + "[0]" * 300, "[{a: " * 11 + "a" + "}]" * 11])
def test_deep_expressions_compile(text: str) -> None:
    assert compile_path(text)("text") in (None, [], False, True, [{"a": None}]) or text.startswith("[{")
