"""From a spec to a package in a folder: compile, unparse, frame, lay out, look again, put in place.

Rules: templates only frame, every decision is made before; a file is put in place only after it was parsed again and
found to be what was meant; the files of a package are the same bytes whenever they are made from the same spec.
"""

import ast
from pathlib import Path
from tempfile import TemporaryDirectory

from jinja2 import Environment, PackageLoader, StrictUndefined

from exconn.compile.program import Program, write
from exconn.spec.tree import Spec
from exconn_codegen.folder import refuse_foreign, replace
from exconn_codegen.guard import check_nodes, check_written
from exconn_codegen.layout import lay_out
from exconn_codegen.modules import class_name, package_name, unit_modules

_FACES = ("__init__", "auth", "market")


def generate(spec: Spec, out_dir: Path) -> Path:
    """Write the package `<out_dir>/<name>/` and return its path.

    UsageError where the spec's name cannot name a package, where files that were not generated are in the way, or
    where ruff cannot lay the package out.
    """
    program = write(spec)
    package = package_name(program)
    refuse_foreign(out_dir / package)
    replace(out_dir / package, _laid_out(write_modules(program)))
    return out_dir / package


def write_modules(program: Program) -> dict[str, tuple[str, ast.Module]]:
    """Module name -> its source as it is before layout, and the nodes that it means. UsageError like `generate`."""
    package = package_name(program)
    frames = _frames()
    words = {"package": package, "class_name": class_name(package)}
    written: dict[str, tuple[str, ast.Module]] = {}
    for module in unit_modules(program):
        check_nodes(module.tree, module.name)
        source = frames.get_template("module.py.jinja").render(source=ast.unparse(module.tree))
        written[module.name] = (source, module.tree)
    for face in _FACES:
        source = frames.get_template(f"{face}.py.jinja").render(**words)
        written[face] = (source, ast.parse(source))
    return written


def _frames() -> Environment:
    loader = PackageLoader("exconn_codegen", "templates")
    return Environment(loader=loader, undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701


def _laid_out(written: dict[str, tuple[str, ast.Module]]) -> dict[str, bytes]:
    """File name -> bytes, formatted and compared with what was meant."""
    with TemporaryDirectory(prefix="exconn-") as held:
        folder = Path(held)
        for name, (source, _) in written.items():
            (folder / f"{name}.py").write_text(source, encoding="utf-8", newline="\n")
        lay_out(folder)
        files = {f"{name}.py": (folder / f"{name}.py").read_bytes() for name in sorted(written)}
    for name, (_, meant) in written.items():
        check_written(files[f"{name}.py"].decode("utf-8"), meant, name)
    return files
