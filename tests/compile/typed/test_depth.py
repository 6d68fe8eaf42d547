"""A path of as many fields as the language lets be is read, typed or not."""

import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from exconn.codec import Answer, Arguments, Context, Keyring, Symbols
from exconn.compile import compile_spec, finish
from exconn.spec import load_spec

SMALL = (Path(__file__).parents[2] / "spec" / "good" / "small.yaml").read_text(encoding="utf-8")
DEEP = 199
ROW = b'{"base":"BTC","quote":"USD","tick":"0.1","lot":"0.01"}'


@contextmanager
def little_room() -> Iterator[None]:
    """As in a program that is deep in calls of its own already."""
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 400)
    try:
        yield
    finally:
        sys.setrecursionlimit(usual)


def test_rows_below_hundreds_of_fields() -> None:
    path = ".".join(["a"] * DEEP)
    spec = load_spec(SMALL.replace("rows: data, base: base", f"rows: {path}, base: base").encode(), "deep.yaml")
    with little_room():
        codec = compile_spec(spec)
        finish(codec)
    body = b'{"ok":true,' + b"{".join([b'"a":'] * DEEP) + b"[" + ROW + b"]" + b"}" * DEEP
    context = Context(Keyring((), {}), {}, Symbols(codec.facts.forms), {})
    reply = codec.endpoints["trading_rules"].read(Answer(200, {}, body), Arguments(), context)
    assert [rule.trading_pair for rule in reply.reports] == ["BTC-USD"]
