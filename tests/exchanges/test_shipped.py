"""The shipped exchange files: each is good, nothing of a spec is without a case, and every case names its source."""

import re
from pathlib import Path

import pytest

from exconn.document import render_text
from exconn.shipped import find, names
from exconn.spec import read_spec
from exconn.testing.cases import read_cases, uncovered

ROOT = Path(__file__).parents[2]
SPECS = tuple(name for name in names(".yaml") if "." not in name)
WITH_CASES = names(".cases.yaml")


def anchors(page: str) -> set[str]:
    """The anchors of a page's headings, as they are made for links."""
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


def test_every_spec_has_cases() -> None:
    assert set(SPECS) == set(WITH_CASES) != set()


@pytest.mark.parametrize("name", SPECS)
def test_spec_is_good_and_named_as_its_file(name: str) -> None:
    assert read_spec(find(name, ".yaml")).name == name


@pytest.mark.parametrize("name", SPECS)
def test_a_spec_keeps_its_width_and_names_its_documents(name: str) -> None:
    lines, spec = find(name, ".yaml").read_text(encoding="utf-8").splitlines(), read_spec(find(name, ".yaml"))
    assert [line for line in lines if len(line) > 120] == []
    assert [each.operation for each in spec.endpoints.values() if not each.doc] == []
    assert [each.name for each in spec.sockets.values() if not each.doc] == []


@pytest.mark.parametrize("name", WITH_CASES)
def test_nothing_is_uncovered(name: str) -> None:
    findings = uncovered(read_spec(find(name, ".yaml")), read_cases(find(name, ".cases.yaml")))
    assert render_text(findings, {}) == ""


@pytest.mark.parametrize("name", WITH_CASES)
def test_sources_within_this_repository_exist(name: str) -> None:
    sources = {case.source for case in read_cases(find(name, ".cases.yaml")).cases if case.source.startswith("docs/")}
    pages = {source.partition("#")[0] for source in sources}
    known = {f"{page}#{anchor}" for page in pages for anchor in anchors((ROOT / page).read_text(encoding="utf-8"))}
    assert sources - known == set()


def test_the_page_is_the_source_of_every_endpoint() -> None:
    spec = read_spec(find("myexchange", ".yaml"))
    known = anchors((ROOT / "docs" / "myexchange-api.md").read_text(encoding="utf-8"))
    named = {endpoint.operation: endpoint.doc.partition("#")[2] for endpoint in spec.endpoints.values()}
    assert {operation: anchor for operation, anchor in named.items() if anchor not in known} == {}
