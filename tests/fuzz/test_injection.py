"""Each payload in one field of each sort, in `make test`; and proof that what they try would be seen."""

import os
import socket
import subprocess
from pathlib import Path

import pytest
from tests.fuzz import injection
from tests.fuzz.corpus import good_files
from tests.fuzz.fields import ITEM, KEY, fields_of
from tests.fuzz.injection import forget_shapes, import_watched, inject, outline_of, shape_of
from tests.fuzz.injection_run import all_spots, spots_by_sort, warm
from tests.fuzz.payloads import PAYLOADS
from tests.fuzz.placing import Spot, with_texts
from tests.fuzz.watch import watched

from exconn.compile.program import write
from exconn.spec import load_spec
from exconn.spec.schema import load_schema

PARTS = 10
SHAPED = "the code has a shape that no harmless text gives it"


@pytest.mark.parametrize("part", range(PARTS))
def test_a_text_stays_a_text(part: int) -> None:
    spots = spots_by_sort()
    warm(spots)
    results = [inject(payload, spots) for payload in PAYLOADS[part::PARTS]]
    assert [failure for result in results for failure in result.failures] == []
    assert sum(len(result.spots) for result in results) > len(results)
    assert sum(result.packages for result in results) >= len(results) / 2


def test_the_file_beside_a_spec_is_read_and_no_other() -> None:
    spots = [spot for spot in all_spots() if spot.good.path.name == "protobuf-frames.yaml"]
    warm(spots[:1])
    assert inject("plain", spots).failures == []
    folder = spots[0].good.path.parent
    with watched(str(spots[0].good.path)) as watch:
        for name in ("protobuf-frames.proto", "protobuf-frames.yaml"):
            os.close(os.open(folder / name, os.O_RDONLY))
    assert [seen.rpartition("/")[2].partition("'")[0] for seen in watch.seen] == ["protobuf-frames.yaml"]


def test_there_are_payloads_enough() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 150


def test_fields_are_found_in_the_schema() -> None:
    table = {"type": "object", "additionalProperties": {"$ref": "#/$defs/tree"}, "propertyNames": {"pattern": "^a$"}}
    tree = {"type": ["string", "array"], "items": {"$ref": "#/$defs/tree"}}
    properties = {"one": {"type": "string"}, "two": {"enum": ["a", "b"]}, "three": table}
    found = [str(field) for field in fields_of({"type": "object", "properties": properties, "$defs": {"tree": tree}})]
    assert found == ["one", f"three/{KEY}", "three/<any>", f"three/<any>/{ITEM}"]


def test_every_section_of_the_language_has_fields() -> None:
    sections = load_schema()["properties"].keys() - {"exconn"}
    assert {field.path[0] for field in fields_of(load_schema())} >= sections


def test_a_text_is_put_into_the_field() -> None:
    for spot in all_spots():
        assert b'"qwertz"' in with_texts(spot.good, {spot: "qwertz"}), spot.field


def test_what_is_not_a_text_any_more_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A compiler that pasted the text of `docs` into code would be found, by what it does and by its shape."""
    spot = next(spot for spot in all_spots() if spot.field.path == ("docs",))
    warm([spot])
    payload = "https://x.example/'+__import__('subprocess').run('true').args+'"
    assert inject(payload, [spot]).failures == []

    def pasting(spec):  # type: ignore[no-untyped-def]
        exec(compile(f"'{spec.docs}'", "elsewhere", "exec"), {})
        program = write(spec)
        program.units[0].body.extend(program.units[0].body * spec.docs.count("+"))
        return program

    monkeypatch.setattr(injection, "write", pasting)
    forget_shapes()
    failures = inject(payload, [spot]).failures
    forget_shapes()
    assert any("subprocess.Popen" in failure for failure in failures)
    assert any(failure.endswith(SHAPED) for failure in failures)


def _min_size() -> Spot:
    return next(spot for spot in all_spots() if str(spot.field) == "endpoints/trading_rules/reply/rule/min_size")


def test_a_name_that_is_read_anyway_shares_its_place() -> None:
    """`type` is read there already: its code is that of another such name, and of no text that is new to the file."""
    spot = _min_size()
    warm([spot])
    assert inject("type", [spot]).failures == []
    alone, plain = (write(load_spec(with_texts(spot.good, {spot: each}), "x.yaml")) for each in ("type", "plain"))
    assert shape_of(alone) != shape_of(plain)


def test_what_a_shared_name_does_besides_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    spot = _min_size()
    warm([spot])

    def pasting(spec):  # type: ignore[no-untyped-def]
        program = write(spec)
        told = program.units[-1].body
        told.extend(told[:1] * ("type" in repr(spec.endpoints["trading_rules"].reply)))
        return program

    monkeypatch.setattr(injection, "write", pasting)
    forget_shapes()
    failures = inject("type", [spot]).failures
    forget_shapes()
    assert [failure.partition(": ")[2] for failure in failures] == [f"{spot.field}: {SHAPED}"]


@pytest.mark.parametrize("kind_of", [shape_of, outline_of])
def test_a_changed_shape_is_seen(kind_of) -> None:  # type: ignore[no-untyped-def]
    good = good_files("spec")[0]
    one, other = (write(load_spec(good.data, "x.yaml")) for _ in range(2))
    assert kind_of(one) == kind_of(other)
    other.units[0].body.pop()
    assert kind_of(one) != kind_of(other)


@pytest.mark.parametrize(
    ("act", "seen"),
    [
        (lambda path: eval("1"), "compile"),
        (lambda path: exec(compile("1", "x", "exec")), "exec"),
        (lambda path: path.read_bytes(), "open"),
        (lambda path: path.with_name("new").write_text("x"), "open"),
        (lambda path: subprocess.run(["true"]), "subprocess.Popen"),
        (lambda path: os.system("true"), "os.system"),
        (lambda path: socket.socket().close(), "socket.__new__"),
    ],
)
def test_the_watch_sees(tmp_path: Path, act, seen: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "x"
    path.write_text("x")
    with watched("spec.yaml") as watch:
        act(path)
    assert any(each.startswith(seen) for each in watch.seen)


def test_the_watch_sees_nothing_in_plain_work() -> None:
    with watched("spec.yaml") as watch:
        assert sorted([2, 1]) == [1, 2]
    assert watch.seen == []


def test_what_a_written_module_does_when_imported_is_seen(tmp_path: Path) -> None:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "__init__.py").write_text("")
    (tmp_path / "pack" / "codec.py").write_text("X = 1\n")
    assert import_watched(tmp_path, "pack") == []
    (tmp_path / "pack" / "codec.py").write_text(f"open({str(tmp_path / 'canary')!r}, 'w').close()\n")
    assert any("canary" in each for each in import_watched(tmp_path, "pack"))
