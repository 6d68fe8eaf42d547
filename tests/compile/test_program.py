"""The program as a whole: lines of the YAML in tracebacks, what the nodes hold, units and their names."""

import ast
import traceback
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from exconn.codec import Answer, Arguments, Context, Facts, Fresh, Keyring, Pool, Symbols
from exconn.compile import Program, compile_spec, write
from exconn.compile.emit import Unit, const
from exconn.compile.facts import facts_of, literal
from exconn.errors import ExconnError, UsageError
from exconn.model import OrderType
from exconn.shipped import find
from exconn.spec import Spec, load_spec, read_spec

GOOD = Path(__file__).parent / "harbor.yaml"
UNITS = ["signing", "requests", "sockets", "readings", "decoders", "replies", "streams", "codec"]


@pytest.fixture(scope="module")
def spec() -> Spec:
    return load_spec(GOOD.read_bytes(), str(GOOD))


@pytest.fixture(scope="module")
def program(spec: Spec) -> Program:
    return write(spec)


def line_of(text: str) -> int:
    return next(at for at, line in enumerate(GOOD.read_text().splitlines(), 1) if text in line)


def context_of(spec: Spec) -> Context:
    facts = facts_of(spec)
    return Context(Keyring(facts.credentials, {}), facts.hosts["main"], Symbols(facts.forms), {})


def yaml_frames(error: ExconnError) -> list[tuple[int | None, str | None]]:
    return [
        (frame.lineno, frame.line) for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(GOOD)
    ]


def test_a_traceback_of_a_builder_shows_the_line_of_the_template(spec: Spec) -> None:
    codec = compile_spec(spec)
    with pytest.raises(UsageError) as caught:
        codec.endpoints["book_snapshot"].build(Arguments(pair="A-B"), Fresh(0), context_of(spec))
    line = line_of('query: {market: "{symbol.rest}", depth: 100}')
    assert yaml_frames(caught.value) == [(line, 'query: {market: "{symbol.rest}", depth: 100}')]


def test_a_traceback_of_a_reader_shows_the_line_of_the_reading(spec: Spec) -> None:
    codec = compile_spec(spec)
    answer = Answer(200, {}, b'{"code": 0, "data": "soon"}')
    with pytest.raises(ExconnError) as caught:
        codec.endpoints["server_time"].read(answer, Arguments(), context_of(spec))
    assert line_of("reply: {time: {at: data as ms}}") in [line for line, _ in yaml_frames(caught.value)]


def test_the_units_of_a_program(program: Program) -> None:
    assert [unit.title for unit in program.units] == UNITS
    for at, unit in enumerate(program.units):
        assert set(unit.units) <= set(UNITS[:at]), "a unit uses earlier units only"


def named(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg


def test_every_node_has_a_line_of_the_document(program: Program) -> None:
    lines = len(GOOD.read_text().splitlines())
    for unit in program.units:
        for node in ast.walk(program.module(unit)):
            assert 1 <= getattr(node, "lineno", 1) <= lines


def test_a_text_of_the_spec_is_never_a_name(spec: Spec) -> None:
    hostile = b"""type: "a\\"b\\\\ ''' \\"\\"\\" %s \\n__import__('os')", price"""
    document = GOOD.read_bytes().replace(b"type: limit, price", hostile, 1)
    assert hostile in document
    program, plain = write(load_spec(document, "x.yaml")), write(spec)
    for unit, other in zip(program.units, plain.units, strict=True):
        tree = program.module(unit)
        assert list(named(tree)) == list(named(plain.module(other)))
        assert ast.dump(ast.parse(ast.unparse(tree))) == ast.dump(tree)


def test_names_are_made_once() -> None:
    unit = Unit("readings")
    assert [unit.fresh("row_2"), unit.fresh("row"), unit.fresh("row"), unit.fresh("row")] == [
        "row_2",
        "row",
        "row_3",
        "row_4",
    ]


@pytest.mark.parametrize(
    ("value", "source"),
    [
        (None, "None"),
        (True, "True"),
        (7, "7"),
        (0.5, "0.5"),
        ("a'\n", '"a\'\\n"'),
        (b"\x00", "b'\\x00'"),
        (Decimal("0.10"), "Decimal('0.10')"),
        (OrderType.LIMIT, "OrderType.LIMIT"),
        ((1, "x"), "(1, 'x')"),
        ([1], "[1]"),
        ({"a": {"b": 1}}, "{'a': {'b': 1}}"),
        (Pool(name="p", per=1.0, allow=20), "Pool(name='p', per=1.0, allow=20)"),
        (Facts(name="n", docs="d", hosts={}), "Facts(name='n', docs='d', hosts={})"),
    ],
)
def test_literals(value: object, source: str) -> None:
    assert ast.unparse(literal(value, Unit("codec"))) == source


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), {1, 2}])
def test_what_is_no_literal(value: object) -> None:
    with pytest.raises(ValueError, match="is no constant data"):
        literal(value, Unit("codec"))


def test_facts(spec: Spec) -> None:
    facts = compile_spec(spec).facts
    assert facts == facts_of(spec)
    assert (facts.name, facts.forms, facts.same_id, facts.effect) == ("harbor", ("rest",), "refused", "done")
    assert facts.fence.seconds == 5.0
    assert [pool.name for pool in facts.pools] == ["public", "orders"]
    assert facts.client_id is not None
    assert (facts.client_id.prefix, facts.client_id.length, facts.client_id.unique) == ("x-", 32, "forever")
    assert facts.fees is not None
    assert facts.fees.taker == Decimal("0.002")
    assert facts.sees["order_by_client_id"].closed_for == 3600.0
    assert facts.reach == {"fills_since": 604800.0}


def test_what_an_endpoint_and_a_socket_say_of_themselves(spec: Spec) -> None:
    codec = compile_spec(spec)
    place = codec.endpoints["place_order"]
    assert (place.method, place.path, place.signed, place.costs, place.kinds) == (
        "POST",
        "/orders",
        True,
        (("orders", 1),),
        ("order",),
    )
    user = codec.sockets["user"]
    assert (user.silence, user.lives, user.kinds, user.orders_arrive, user.acknowledges) == (
        40.0,
        86400.0,
        ("order", "fill"),
        "in_order",
        True,
    )
    assert user.login is not None
    assert codec.sockets["public"].login is None


@pytest.mark.parametrize(("name", "tells"), [("myexchange", True), ("kraken", False)])
def test_a_socket_says_whether_its_balances_tell_what_is_available(name: str, tells: bool) -> None:
    codec = compile_spec(read_spec(find(name, ".yaml")))
    user = codec.sockets["user"]
    assert "balance" in user.kinds
    assert user.tells_available is tells
    assert codec.sockets["public"].tells_available


def test_a_constant_is_written_once() -> None:
    unit = Unit("codec")
    first, second = (unit.constant("TABLE", lambda: const(1)) for _ in range(2))
    assert (first.id, second.id, len(unit.body)) == ("TABLE", "TABLE", 1)
