"""Each broken spec gives exactly the text beside it.

`python tests/spec/test_bad_specs.py` writes the texts anew; read each critically.
"""

import re
from pathlib import Path

import pytest

from exconn.document import DocumentError, readable, render_text
from exconn.spec import load_spec

BAD = Path(__file__).parents[1] / "bad_specs"
SOURCES = Path(__file__).parents[2] / "framework" / "exconn" / "spec"
CODE = re.compile(r'(?:add\(|fail\(|Fault\(|Diagnostic\(|code = )\s*"([a-z]+(?:-[a-z]+)+)"')
NAMES = sorted(path.stem for path in BAD.glob("*.yaml"))


def findings_of(name: str) -> str:
    data = (BAD / f"{name}.yaml").read_bytes()
    try:
        load_spec(data, f"{name}.yaml")
    except DocumentError as error:
        return render_text(error.diagnostics, {f"{name}.yaml": readable(data)})
    return "no finding\n"


@pytest.mark.parametrize("name", NAMES)
def test_text_is_exact(name: str) -> None:
    assert findings_of(name) == (BAD / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_file_shows_the_code_it_is_named_for(name: str) -> None:
    assert f"error[{name.partition('.')[0]}]" in (BAD / f"{name}.txt").read_text(encoding="utf-8")


def test_every_code_has_a_bad_spec() -> None:
    texts = [source.read_text(encoding="utf-8") for source in SOURCES.rglob("*.py")]
    written = {code for text in texts for code in CODE.findall(text)}
    shown = {name.partition(".")[0] for name in NAMES}
    assert len(written) > 50
    assert written - shown == set()


if __name__ == "__main__":
    for each in NAMES:
        (BAD / f"{each}.txt").write_text(findings_of(each), encoding="utf-8")
