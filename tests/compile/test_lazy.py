"""Functions compiled by their first call: the same objects, the same code as if they had been compiled at once."""

import ast
import threading

from exconn.compile.emit import Unit
from exconn.compile.lazy import Space, arrived
from exconn.compile.spaces import Spaces

SOURCE = """
RATE = 3
def double(value):
    return value + value
def more(value):
    return double(value) * RATE
TABLE = {"more": more}
"""


def loaded() -> Space:
    spaces = Spaces("quay", "quay.yaml")
    spaces.run(Unit("unit"), ast.parse(SOURCE).body)
    return spaces.of("unit")


def test_a_function_is_itself_before_and_after_its_first_call() -> None:
    space = loaded()
    more = space["more"]
    assert (more.__name__, more.__module__, space["TABLE"]["more"] is more) == ("more", "quay.unit", True)
    assert more.__code__.co_filename != "quay.yaml"
    assert more(2) == 12
    assert (more.__code__.co_filename, more.__code__.co_firstlineno, space["more"] is more) == ("quay.yaml", 5, True)
    assert more(5) == 30


def test_what_was_not_called_was_not_compiled() -> None:
    space = loaded()
    space["double"](1)
    assert [space[name].__code__.co_name for name in ("double", "more")] == ["double", "_first_call"]


def test_a_function_may_be_made_without_a_call() -> None:
    double = loaded()["double"]
    assert arrived(double) is arrived(double) is double
    assert (double.__code__.co_name, double(4)) == ("double", 8)


def test_a_unit_may_grow() -> None:
    spaces, unit = Spaces("quay", "quay.yaml"), Unit("unit")
    for line in ("RATE = 3", "def more(value):\n    return value * RATE", "TABLE = [more]"):
        unit.add(*ast.parse(line).body)
        spaces.run(unit, unit.take())
    assert (spaces.of("unit")["TABLE"][0](5), unit.body) == (15, [])


def test_an_error_of_the_first_call_is_the_functions_own() -> None:
    space = loaded()
    for _ in range(2):
        try:
            space["double"]()
        except TypeError as error:
            assert str(error) == "double() missing 1 required positional argument: 'value'"
        else:
            raise AssertionError("nothing was raised")


def test_many_threads_may_come_first() -> None:
    for _ in range(20):
        space, found, ready = loaded(), [], threading.Barrier(8)

        def call(space: Space = space, found: list[int] = found, ready: threading.Barrier = ready) -> None:
            ready.wait()
            found.append(space["more"](7))

        threads = [threading.Thread(target=call) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [42] * 8
