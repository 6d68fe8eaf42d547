"""The import arrows of the house: who may know whom. Read from the source, so that a lazy import counts as well."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = {"exconn": ROOT / "framework" / "exconn", "exconn_codegen": ROOT / "codegen" / "exconn_codegen"}

# package -> the packages of ours that it may import
ARROWS: dict[str, set[str]] = {
    "model": set(),
    "errors": set(),
    "shipped": set(),
    "document": set(),
    "codec": {"model", "errors"},
    "market": {"model", "errors", "codec"},
    "spec": {"document", "model", "errors"},
    "compile": {"spec", "document", "codec", "model", "errors"},
    "guarantees": {"spec", "document"},
    "sandbox": {"model", "document", "shipped"},
    "exconn_codegen": {"compile", "spec", "document", "codec", "model", "errors"},
}
JOINERS = {"cli", "testing", ""}  # these join what they need

# what a trading process must never need
HEAVY = {"yaml", "jsonschema", "referencing", "jmespath", "jinja2", "typer", "rich", "sortedcontainers"}
LIGHT_PACKAGES = {"model", "errors", "codec", "market"}


def _package_of(module: str) -> str | None:
    """`exconn.codec.numbers` -> codec; exconn_codegen.x -> exconn_codegen; None for others' modules."""
    first, _, rest = module.partition(".")
    if first == "exconn":
        return rest.partition(".")[0]
    return first if first == "exconn_codegen" else None


def _absolute(path: Path, node: ast.ImportFrom) -> str:
    """The module that a `from` imports, a relative one resolved from the file's place."""
    if node.level == 0:
        return node.module or ""
    folder = next(folder for folder in SOURCES.values() if folder in path.parents)
    parts = path.relative_to(folder.parent).parts[: -node.level]
    return ".".join([*parts, node.module or ""]).rstrip(".")


def _imports(path: Path) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(path, node)
            names = [f"{module}.{alias.name}" for alias in node.names] if module == "exconn" else [module]
            found += [(node.lineno, name) for name in names]
    return found


def _modules() -> list[tuple[str, Path]]:
    modules = []
    for top, folder in SOURCES.items():
        for path in sorted(folder.rglob("*.py")):
            inside = path.relative_to(folder).with_suffix("").parts
            package = top if top == "exconn_codegen" else (inside[0] if inside != ("__init__",) else "")
            modules.append((package, path))
    return modules


@pytest.mark.parametrize("package", sorted(ARROWS))
def test_each_package_imports_only_what_its_arrow_allows(package: str) -> None:
    wrong = []
    for owner, path in _modules():
        if owner != package:
            continue
        for line, module in _imports(path):
            target = _package_of(module)
            if target is not None and target != package and target not in ARROWS[package]:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {module}")
    assert wrong == []


def test_every_package_has_an_arrow() -> None:
    assert {package for package, _ in _modules()} - JOINERS == set(ARROWS)


def test_what_trades_needs_no_compiler_libraries() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for package, path in _modules()
        if package in LIGHT_PACKAGES
        for line, module in _imports(path)
        if module.partition(".")[0] in HEAVY
    ]
    assert wrong == []


@pytest.mark.parametrize("top", sorted(SOURCES))
def test_the_source_has_the_marker_of_typed_packages(top: str) -> None:
    assert (SOURCES[top] / "py.typed").exists()
