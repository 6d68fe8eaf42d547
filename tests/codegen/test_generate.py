"""A generated package: the same requests and readings as in memory, the same bytes each time, nothing else touched."""

import ast
import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from exconn.errors import UsageError
from exconn.spec import Spec, load_spec
from exconn_codegen import generate
from exconn_codegen.folder import HEADER, replace
from exconn_codegen.guard import Miswritten, check_nodes, check_written
from exconn_codegen.modules import class_name

GOOD = Path(__file__).parents[1] / "compile" / "harbor.yaml"
PROBE = Path(__file__).parent / "probe.py"
FACES = ["__init__", "auth", "market"]
UNITS = ["codec", "decoders", "readings", "replies", "requests", "signing", "sockets", "streams"]
MODULES = sorted([*FACES, *UNITS])


def harbor(name: str = "harbor", old: str = "", new: str = "") -> Spec:
    text = GOOD.read_text().replace("name: harbor", f"name: {name}")
    assert old in text
    return load_spec(text.replace(old, new).encode(), str(GOOD))


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(harbor(), tmp_path_factory.mktemp("out"))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_both_modes_say_the_same(package: Path) -> None:
    said = {}
    for mode in ("memory", "generated"):
        command = [sys.executable, "-W", "error", str(PROBE), mode, str(GOOD), str(package.parent)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
        said[mode] = json.loads(ran.stdout)
    assert len(said["memory"]["requests"]) == 16
    assert said["memory"] == said["generated"]


def test_what_a_package_holds(package: Path) -> None:
    assert package.name == "harbor"
    assert sorted(contents(package)) == [f"{name}.py" for name in MODULES]
    for name, source in contents(package).items():
        lines = source.decode().splitlines()
        assert lines[0] == "# Written by `exconn generate`. Do not edit: change the spec and generate again.", name
        assert max(map(len, lines)) < 400


def test_what_a_package_imports(package: Path) -> None:
    outside = set()
    for source in contents(package).values():
        for node in ast.walk(ast.parse(source)):
            assert not isinstance(node, ast.Import)
            if isinstance(node, ast.ImportFrom):
                outside |= {node.module} if node.level == 0 else set()
                assert node.level <= 1
    assert outside == {"exconn.codec", "exconn.market", "exconn.model", "collections.abc", "typing"}


def test_writing_twice_gives_the_same_bytes(package: Path, tmp_path: Path) -> None:
    again = generate(harbor(), tmp_path)
    assert contents(again) == contents(package)
    (again / "gone.py").write_bytes(HEADER + b"\n")
    (again / "__pycache__").mkdir()
    assert contents(generate(harbor(), tmp_path)) == contents(package)
    assert [path.name for path in tmp_path.iterdir()] == ["harbor"]


@pytest.mark.parametrize("foreign", ["notes.txt", "mine.py", "sub/x.py"])
def test_what_is_foreign_is_not_touched(tmp_path: Path, foreign: str) -> None:
    path = tmp_path / "harbor" / foreign
    path.parent.mkdir(parents=True)
    path.write_text("print('mine')\n")
    with pytest.raises(UsageError, match="was not written by exconn generate; move it away or choose another --out"):
        replace(tmp_path / "harbor", {"codec.py": HEADER})
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == [path]


def test_a_file_or_a_link_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path)
    for name in ("file", "link"):
        with pytest.raises(UsageError, match="is not a folder; move it away or choose another --out"):
            replace(tmp_path / name, {})


@pytest.mark.parametrize("name", ["class", "match", "None"])
def test_a_name_that_no_package_can_have(tmp_path: Path, name: str) -> None:
    spec = harbor()
    renamed = type(spec)(**{field: getattr(spec, field) for field in spec.__slots__} | {"name": name})
    with pytest.raises(UsageError, match=f"'{name}' cannot name a package"):
        generate(renamed, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_class_names() -> None:
    assert [class_name(name) for name in ("harbor", "deep_water", "x2_y")] == ["Harbor", "DeepWater", "X2Y"]


HOSTILE = [
    '\\"\\"\\" + __import__(\'os\')',
    *("'''", "\\\\", "%s", "# coding: raw_unicode_escape", "\\n\\r\\u2028", "é\\u0007", "*/ -->", "\\\\u000aimport os"),
]


def test_a_text_stays_a_text(tmp_path: Path) -> None:
    """Nine texts that tried to be more, where the plain package has nine plain ones."""

    def with_fields(texts: list[str]) -> Spec:
        fields = ", ".join(f'x{at}: "{text}"' for at, text in enumerate(texts))
        return harbor(old="{type: limit, price", new=f"{{type: limit, {fields}, price")

    hostile = contents(generate(with_fields(HOSTILE), tmp_path / "hostile"))
    for name, source in contents(generate(with_fields(["plain"] * len(HOSTILE)), tmp_path / "plain")).items():
        shapes = [[type(node).__name__ for node in ast.walk(ast.parse(text))] for text in (source, hostile[name])]
        assert shapes[0] == shapes[1], name


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("import os", "a Import node is not one that a compiled spec holds"),
        ("x = f'{y}'", "a JoinedStr node is not"),
        ("global x", "a Global node is not"),
        ("@d\nasync def f(): pass", "a AsyncFunctionDef node is not"),
        ("x.__class__", "'__class__' is no identifier"),
        ("__builtins__", "'__builtins__' is no identifier"),
        ("from a.__b__ import c", "'__b__' is no identifier"),
        ("é = 1", "'é' is no identifier"),
    ],
)
def test_nodes_that_are_never_written(source: str, fault: str) -> None:
    with pytest.raises(Miswritten, match=f"module m: {fault}"):
        check_nodes(ast.parse(source), "m")


def test_what_is_written_must_be_what_was_meant() -> None:
    meant = ast.Module([ast.Expr(ast.Constant(-1))], [])
    check_written("-1", meant, "m")
    with pytest.raises(Miswritten, match="module m does not parse to the nodes it was written from"):
        check_written("-2", meant, "m")


class Face:
    """Stands for exconn.market's Auth and Market, and remembers what it was given."""

    def __init__(self, *given: object, **options: object) -> None:
        self.given, self.options = given, options


def test_the_faces_bind_the_codec(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import exconn.market

    monkeypatch.setattr(exconn.market, "Auth", Face, raising=False)
    monkeypatch.setattr(exconn.market, "Market", Face, raising=False)
    monkeypatch.syspath_prepend(str(package.parent))
    harbor_package = importlib.import_module("harbor")
    try:
        codec = harbor_package.CODEC
        market = harbor_package.HarborMarket(["BTC-USDT"], {"api_key": "k"}, hosts="main")
        assert (market.given, market.options) == ((codec, ["BTC-USDT"], {"api_key": "k"}), {"hosts": "main"})
        assert harbor_package.HarborMarket(["BTC-USDT"]).given == (codec, ["BTC-USDT"], None)
        assert harbor_package.HarborAuth({"api_key": "k"}).given == (codec, {"api_key": "k"})
        assert sorted(harbor_package.__all__) == ["CODEC", "HarborAuth", "HarborMarket"]
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == "harbor"]:
            del sys.modules[name]


@pytest.mark.parametrize(
    ("program", "said"),
    [("import sys; sys.exit('no such rule')", "no such rule"), ("raise SystemExit(7)", "it ended with code 7")],
)
def test_a_ruff_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, said: str) -> None:
    monkeypatch.setattr("exconn_codegen.layout._COMMAND", ("-c", program))
    with pytest.raises(
        UsageError, match=f"ruff cannot lay the package out: {said}; see that `python -m ruff --version`"
    ):
        generate(harbor(), tmp_path / "out")
    assert not (tmp_path / "out").exists()
