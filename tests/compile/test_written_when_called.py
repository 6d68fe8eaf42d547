"""A function that is written by its first call is the one that would have been written at once.

Rules: every good spec at hand is tried; that whatever validates can be written is what lets loading write nothing, and
`make fuzz` asks the same of a hundred thousand files more.
"""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType

import pytest

from exconn.codec import Arguments, Codec, Fresh
from exconn.compile import compile_spec, finish, write
from exconn.document import DocumentError
from exconn.errors import UsageError
from exconn.shipped import folder
from exconn.spec import Spec, load_spec

TESTS = Path(__file__).parents[1]
SPECS = sorted(
    path
    for under in (TESTS, folder())
    for path in under.rglob("*.yaml")
    if path.read_bytes().startswith(b"exconn: 1\n") or b"\nexconn: 1\n" in path.read_bytes()
)
Orders = Callable[[list[FunctionType]], list[FunctionType]]


def good(path: Path) -> Spec | None:
    try:
        return load_spec(path.read_bytes(), path.name)
    except DocumentError:
        return None


def functions(codec: Codec) -> Iterator[FunctionType]:
    owners = [*codec.endpoints.values(), *codec.sockets.values(), *codec.signers.values()]
    owners += [each.ping for each in codec.sockets.values() if each.ping is not None]
    for owner in owners:
        yield from (each for each in (getattr(owner, field) for field in owner.__struct_fields__) if callable(each))


def written(code: CodeType) -> tuple[object, ...]:
    inner = [written(each) if isinstance(each, CodeType) else (type(each), each) for each in code.co_consts]
    return code.co_name, code.co_filename, code.co_code, code.co_names, code.co_varnames, list(code.co_lines()), inner


GOOD = {path.name: spec for path in SPECS if (spec := good(path)) is not None}


def test_specs_are_at_hand() -> None:
    assert len(GOOD) > 30
    assert {"myexchange.yaml", "harbor.yaml", "wharf.yaml", "minimal.yaml", "shapes.yaml"} <= GOOD.keys()


@pytest.mark.parametrize("name", GOOD)
def test_both_ways_give_the_same_code(name: str) -> None:
    late, whole = compile_spec(GOOD[name]), write(GOOD[name]).load()
    assert late.facts == whole.facts
    assert all(each.__code__.co_name == "_first_call" for each in functions(late))
    finish(late)
    finish(whole)
    for one, other in zip(functions(late), functions(whole), strict=True):
        assert written(one.__code__) == written(other.__code__)
        assert (one.__name__, one.__module__, one.__annotations__) == (
            other.__name__,
            other.__module__,
            other.__annotations__,
        )


@pytest.mark.parametrize("name", GOOD)
def test_any_order_will_do(name: str) -> None:
    codec = compile_spec(GOOD[name])
    for each in list(functions(codec))[::-1]:
        with pytest.raises(TypeError, match="missing"):
            each()
        assert each.__code__.co_filename == name


def test_many_threads_may_come_first() -> None:
    codec = compile_spec(GOOD["harbor.yaml"])
    build, found, ready = codec.endpoints["place_order"].build, [], threading.Barrier(6)

    def call() -> None:
        ready.wait()
        try:
            build(Arguments(pair="A-B"), Fresh(0), None)  # type: ignore[arg-type]
        except (UsageError, AttributeError) as error:
            found.append(type(error))

    threads = [threading.Thread(target=call) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len(set(found)) == 1
    assert build.__code__.co_filename == "harbor.yaml"  # type: ignore[attr-defined]
