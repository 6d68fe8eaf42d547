"""Specs made to be slow, large or deep: what each list, table and text of the language can be blown up to.

Rules: a bomb is a small good spec with one place blown up to the size of a spec, or past the limit of that place; a
word of the language that holds a list, refers to names or is compared with others belongs here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from .corpus import ROOT
from .document_bombs import Make
from .tree import Table, Tree, copy_tree, read_tree, write_tree

_SPEC: Final = 64 * 1024
_QUAY: Final = ROOT / "tests/spec/good/minimal.yaml"


def _section(path: str, value: Callable[[int], Tree], most: int, also: tuple[str, Tree] | None = None) -> Make:
    """The small good spec with `value(count)` at `path`, and perhaps another section `also`.

    `most` is the count at full scale; where that is more than a spec may have, the count is what fits.
    """

    def make(scale: float) -> bytes:
        tree = copy_tree(read_tree(_QUAY.read_bytes()))
        assert isinstance(tree, Table)
        tree.pairs[:] = [pair for pair in tree.pairs if also is None or pair[0] != also[0]] + ([also] if also else [])
        *above, last = path.split("/")
        table: Tree = tree
        for key in above:
            assert isinstance(table, Table)
            table = dict(table.pairs)[key]
        assert isinstance(table, Table)
        others, count = [pair for pair in table.pairs if pair[0] != last], int(most * scale)
        while True:
            table.pairs[:] = [*others, (last, value(count))]
            data = write_tree(tree).encode()
            if len(data) <= _SPEC:
                return data
            count = int(count * 0.95 * _SPEC / len(data))

    return make


def _table(count: int, key: str, value: Callable[[int], Tree]) -> Table:
    return Table([(key.format(n=n), value(n)) for n in range(count)])


def _nested(count: int, key: str) -> Tree:
    tree: Tree = "x"
    for _ in range(count):
        tree = Table([(key, tree)])
    return tree


_POOLS: Final = _table(900, "p{n}", lambda n: Table([("allow", 1), ("per", 1)]))
_CREDENTIALS: Final = _table(900, "c{n}", lambda n: Table([("secret", True)]))
LANGUAGE_BOMBS: Final[dict[str, Make]] = {
    "words": _section("words/side", lambda count: _table(count, "w{n}", lambda n: [f"b{n}", f"c{n}"]), 2000),
    "states": _section("words/state/open", lambda count: [f"S{n}" for n in range(count)], 6000),
    "prefixed states": _section(
        "words/state", lambda count: Table([("match", "prefix"), ("open", ["S" * n for n in range(1, count)])]), 330
    ),
    "error codes": _section("errors/auth", lambda count: list(range(count)), 6000),
    "error texts": _section(
        "errors/auth", lambda count: [Table([("code", 1), ("text", f"t{n}")]) for n in range(count)], 1500
    ),
    "error starts": _section(
        "errors/auth",
        lambda count: [Table([("code", Table([("starts", "a" * (n % 40 + 1))]))]) for n in range(count)],
        900,
    ),
    "steps": _section(
        "signing/rest/values",
        lambda count: _table(count, "s{n}", lambda n: Table([("sha256", f"{{s{n + 1}}}"), ("as", "hex")])),
        1200,
    ),
    "steps that branch": _section(
        "signing/rest/values",
        lambda count: _table(
            count, "s{n}", lambda n: Table([("sha256", f"{{s{n + 1}}}{{s{n + 2}}}{{s{n + 3}}}"), ("as", "hex")])
        ),
        900,
    ),
    "a circle": _section(
        "signing/rest/values",
        lambda count: _table(count, "s{n}", lambda n: Table([("sha256", f"{{s{(n + 1) % count}}}"), ("as", "hex")])),
        1200,
    ),
    "placeholders": _section("signing/rest/values/signature/hmac_sha256", lambda count: "{body}" * count, 2700),
    "unknown placeholders": _section("symbols/rest", lambda count: "".join(f"{{p{n}}}" for n in range(count)), 2300),
    "open braces": _section("symbols/rest", lambda count: "{" * count, 16_000),
    "pools": _section("limits", lambda count: _table(count, "p{n}", lambda n: Table([("allow", 1), ("per", 1)])), 1900),
    "unknown pools": _section(
        "endpoints/balances/costs", lambda count: _table(count, "p{n}x", lambda n: 1), 900, ("limits", _POOLS)
    ),
    "unknown credentials": _section(
        "signing/rest/values/signature/hmac_sha256",
        lambda count: "".join(f"{{c{n}x}}" for n in range(count)),
        1900,
        ("credentials", _CREDENTIALS),
    ),
    "hosts": _section(
        "hosts", lambda count: _table(count, "h{n}", lambda n: Table([("rest", f"https://h{n}.quay.example")])), 1200
    ),
    "credentials": _section(
        "credentials", lambda count: _table(count, "c{n}", lambda n: Table([("secret", True)])), 2300
    ),
    "envelopes": _section(
        "envelopes", lambda count: _table(count, "e{n}", lambda n: Table([("success", Table([(f"a{n}", n)]))])), 1200
    ),
    "query": _section("endpoints/balances/query", lambda count: _table(count, "q{n}", lambda n: "{time_ms}"), 2500),
    "headers": _section(
        "endpoints/balances/headers", lambda count: _table(count, "Q-{n}", lambda n: "{api_key}"), 2300
    ),
    "a deep body": _section("endpoints/place_order/json", lambda count: _nested(count, "a"), 29),
    "a wide body": _section(
        "endpoints/place_order/json", lambda count: _table(count, "k{n}", lambda n: "{client_id}"), 2400
    ),
    "bodies": _section(
        "endpoints/place_order/types/LIMIT/json",
        lambda count: _table(count, "k{n}", lambda n: [Table([("a", "{price}")])]),
        1400,
    ),
    "a list of templates": _section(
        "endpoints/place_order/json", lambda count: Table([("k", ["{amount}"] * count)]), 4500
    ),
    "a long path": _section("endpoints/balances/http", lambda count: "GET /" + "a/" * count, 1000),
    "a path of placeholders": _section("endpoints/balances/http", lambda count: "GET /" + "{client_id}/" * count, 150),
    "deep fields": _section("endpoints/balances/reply/balance/asset", lambda count: ".".join(["a"] * count), 1000),
    "deep rows": _section("endpoints/balances/reply/balance/rows", lambda count: ".".join(["a"] * count), 1000),
    "chains of or": _section("endpoints/balances/reply/balance/asset", lambda count: " || ".join(["a"] * count), 400),
    "chains of and": _section("endpoints/balances/reply/balance/asset", lambda count: " && ".join(["a"] * count), 400),
    "chains of pipes": _section("endpoints/balances/reply/balance/asset", lambda count: " | ".join(["a"] * count), 500),
    "indexes": _section("endpoints/balances/reply/balance/asset", lambda count: "a" + "[0]" * count, 660),
    "flattens": _section("endpoints/balances/reply/balance/rows", lambda count: "a" + "[]" * count, 990),
    "projections": _section("endpoints/balances/reply/balance/rows", lambda count: "a" + "[*].a" * count, 390),
    "filters": _section("endpoints/balances/reply/balance/rows", lambda count: "a" + "[?a]" * count, 490),
    "parentheses": _section(
        "endpoints/balances/reply/balance/asset", lambda count: "(" * count + "a" + ")" * count, 999
    ),
    "nots": _section("endpoints/balances/reply/balance/asset", lambda count: "!" * count + "a", 1990),
    "multi-selects": _section("endpoints/balances/reply/balance/asset", lambda count: "a" + " | [@, @]" * count, 220),
    "joins": _section("endpoints/balances/reply/balance/asset", lambda count: "a" + " | join('', [@, @])" * count, 100),
    "a long literal": _section(
        "endpoints/balances/reply/balance/asset", lambda count: "`" + "[" * count + "]" * count + "`", 990
    ),
    "a long number": _section("endpoints/balances/reply/balance/asset", lambda count: "a[" + "9" * count + "]", 1990),
    "a long text in a path": _section(
        "endpoints/balances/reply/balance/asset", lambda count: "'" + "\\" * count + "'", 1990
    ),
    "many paths": _section(
        "endpoints/balances/reply/balance/rows", lambda count: "[" + ", ".join(f"a{n}" for n in range(count)) + "]", 330
    ),
    "match lines": _section("envelopes/default/success", lambda count: _table(count, "a{n}", lambda n: n), 64),
    "match choices": _section("envelopes/default/success/code", lambda count: list(range(count)), 6000),
    "messages": _section(
        "sockets/public/messages",
        lambda count: [
            Table(
                [
                    ("match", Table([("topic", f"t{n}")])),
                    (
                        "trade",
                        Table(
                            [
                                ("rows", "d"),
                                ("symbol", "m as symbol.rest"),
                                ("price", "p"),
                                ("amount", "s"),
                                ("side", "b as side"),
                            ]
                        ),
                    ),
                ]
            )
            for n in range(count)
        ],
        280,
    ),
    "messages alike": _section(
        "sockets/public/messages",
        lambda count: [
            Table(
                [
                    ("match", Table([(f"a{line}", Table([("not", n)])) for line in range(20)])),
                    ("price", Table([("symbol", "m as symbol.rest"), ("price", "p")])),
                ]
            )
            for n in range(count)
        ],
        55,
    ),
    "subscriptions": _section(
        "sockets/public/subscribe",
        lambda count: [
            Table([("send", Table([("op", f"{{verb}}{n}"), ("s", "{symbol.rest}")]))]) for n in range(count)
        ],
        650,
    ),
    "decisions": _section(
        "decisions",
        lambda count: Table(
            [("d", [Table([("when", Table([(f"a[{n}]" + "|b" * 55, 1)])), ("is", "open")]) for n in range(count)])]
        ),
        300,
    ),
    "shapes": _section("shapes", lambda count: _table(count, "s{n}", lambda n: Table([("price", "a")])), 2500),
    "free keys": _section("x-free", lambda count: _table(count, "x{n}", lambda n: n), 5000),
    "a long name": _section("name", lambda count: "a" * count, 16_000),
    "a long address": _section("docs", lambda count: "https://" + "a." * count + "example/", 8000),
    "a long prefix": _section("client_id/prefix", lambda count: "a" * count, 16_000),
    "a long alphabet": _section("client_id/alphabet", lambda count: "a" * count, 16_000),
}
