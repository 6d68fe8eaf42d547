"""Functions compiled by their first call: the same objects, the same code as if they had been compiled at once."""

import ast
import threading

from exconn.compile.lazy import Space, run

SOURCE = """
RATE = 3
def double(value):
    return value + value
def more(value):
    return double(value) * RATE
TABLE = {"more": more}
"""


def loaded() -> Space:
    space: Space = {"__name__": "unit"}
    run(ast.parse(SOURCE).body, "quay.yaml", space)
    return space


def test_a_function_is_itself_before_and_after_its_first_call() -> None:
    space = loaded()
    more = space["more"]
    assert (more.__name__, more.__module__, space["TABLE"]["more"] is more) == ("more", "unit", True)
    assert more.__code__.co_filename != "quay.yaml"
    assert more(2) == 12
    assert (more.__code__.co_filename, more.__code__.co_firstlineno, space["more"] is more) == ("quay.yaml", 5, True)
    assert more(5) == 30


def test_what_was_not_called_was_not_compiled() -> None:
    space = loaded()
    space["double"](1)
    assert [space[name].__code__.co_name for name in ("double", "more")] == ["double", "_first_call"]


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
