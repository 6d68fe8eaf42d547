"""Inputs of no plan: random bytes, YAML tokens in any order, and good files with bytes or tokens in the wrong place.

Rules: all of it comes from the seeded source; half of the soups begin as a file that says its kind, so that they get
past the first key.
"""

from __future__ import annotations

from random import Random

from .corpus import choose

HEADS = ("exconn: 1\n", "cases: 1\n", "dialect: 1\n", "exconn: 1\nname: quay\nendpoints:\n  server_time:\n    ", "")
TOKENS = (
    *("a", "b: ", ": ", "? ", "- ", "\n", "\n  ", "\n    ", " ", "\t", "[", "]", "{", "}", ",", "&x ", "*x"),
    *("!t ", "!"),
    *("|", ">", "|+1\n", ">-9\n", "'", '"', "#", " #", "%", "@", "`", "---\n", "...\n", "<<: ", "<<: *x\n", "0123"),
    *("12:30:45", "NO", "true", "null", "~", "\r\n", "\r", "\u2028", "\u0085", "漢", "\ufeff", "\x00", "\x1b[2J"),
    *("%YAML 1.1\n", "%TAG ! x:\n", "\U0001f600", "\u202e", "5", "-5", "1e400", ".inf", "x" * 200, "!<"),
    *("!!python/name:os "),
    *('"\\', '"\\x', '"\\ud800"', '"\\U00110000"', "\\u0000", "=: ", "? [", "- - - ", "{{", "}}", "{time_ms}"),
    *("$ref: "),
    *("exconn: ", "endpoints:", "name: ", "hosts: ", "signing: ", "http: ", "reply: ", "order: ", "match: "),
    *("x-", "a.b[0] as ms"),
)  # fmt: skip


def random_bytes(kind: str, source: Random) -> bytes:
    """Bytes of no meaning, a file cut off, or a file with some bytes changed."""
    way = source.randrange(5)
    if way == 0:
        return source.randbytes(source.randrange(300))
    if way == 1:
        return source.choice(HEADS).encode() + source.randbytes(source.randrange(1, 100))
    data = bytearray(choose(kind, source).data)
    if way == 2:
        return bytes(data[: source.randrange(len(data))])
    for _ in range(source.choice((1, 1, 2, 3, 8, 64))):
        at = source.randrange(len(data))
        if way == 3:
            data[at] = source.choice((source.randrange(256), data[at] ^ (1 << source.randrange(8))))
        else:
            data[at : at + source.choice((0, 1, 1, 5, 40))] = source.randbytes(source.randrange(4))
    return bytes(data)


def tokens(kind: str, source: Random) -> bytes:
    """Tokens alone, or spliced into a good file."""
    if source.random() < 0.4:
        soup = "".join(source.choices(TOKENS, k=source.randrange(1, 60)))
        return (source.choice(HEADS) + soup).encode("utf-8", "surrogatepass")
    text = choose(kind, source).data.decode()
    for _ in range(source.choice((1, 1, 1, 2, 3, 5))):
        at = source.randrange(len(text))
        text = text[:at] + source.choice(TOKENS) + text[at + source.choice((0, 0, 1, 3)) :]
    return text.encode("utf-8", "surrogatepass")
