"""The figures and findings of a trial, on samples; the whole of the shipped spec is `exconn test --mutate`'s."""

from collections.abc import Callable

import pytest

from exconn.testing.mutation import Fate, Verdict, try_mutants

Files = Callable[..., tuple[bytes, str, bytes, str]]
LIQUIDITY = "endpoints.fills_since.reply.fill.liquidity: 'role as role' becomes 'role as role or none'"


def only(monkeypatch: pytest.MonkeyPatch, *changes: str) -> None:
    """Only these mutants are made."""
    from exconn.testing.mutation import bench, mutants_of

    monkeypatch.setattr(
        bench, "mutants_of", lambda root: [mutant for mutant in mutants_of(root) if mutant.change in changes]
    )


def test_a_sample_of_the_shipped_spec_is_noticed(shipped: Files) -> None:
    trial = try_mutants(*shipped(), processes=1, sample=36, seed=1)
    assert trial.findings == ()
    assert (trial.mutants, trial.refused + trial.noticed) == (36, 36)
    assert (trial.excused, trial.survived) == (0, 0)


def test_a_weak_case_lets_a_mutant_survive(shipped: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = "endpoints.server_time.reply.time.at: 'data.time as ms' becomes 'data.time as us'"
    only(monkeypatch, wanted)
    assert try_mutants(*shipped(), processes=1).findings == ()
    weak = (
        "1767225600000}}'\n    needs:\n      [data.time]\n    gives: [{time: {at: 1767225600000 ms}}]",
        "0}}'\n    gives: [{time: {at: 0 ms}}]",
    )
    data, file, cases, cases_file = shipped(weak)
    trial = try_mutants(data, file, cases, cases_file, processes=1)
    [found] = trial.findings
    line = data.decode().splitlines()[found.span.line - 1]
    assert (found.code, found.message) == ("survived", f"no case fails with {wanted}")
    assert line[found.span.col - 1 :].startswith("data.time as ms")
    assert found.hint == (
        f"add a case that the documents show and this breaks, in {cases_file}, or a reason to its survivors"
    )
    assert (trial.mutants, trial.noticed, trial.survived) == (1, 0, 1)


def test_a_value_that_may_be_absent_is_cured_by_needs(pier: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, LIQUIDITY)
    files = pier()
    [found] = try_mutants(*files, processes=1).findings
    assert found.hint == (
        "add the value's path to `needs` of a case with it (needs: [data.0.price]), which says it may not be absent, "
        f"in {files[3]}, or a reason to its survivors"
    )
    needs = ("    next: 7\n", "    next: 7\n    needs: [list.0.role]\n")
    assert try_mutants(*pier(needs), processes=1).findings == ()


def excuse(change: str) -> tuple[str, str]:
    text = f'survivors:\n  - change: "{change}"\n    reason: the reader refuses it in any case\nspec: pier\n'
    return "spec: pier\n", text


def test_a_reason_excuses(pier: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, LIQUIDITY)
    trial = try_mutants(*pier(excuse(LIQUIDITY)), processes=1)
    assert (trial.findings, trial.excused, trial.survived) == ((), 1, 0)


@pytest.mark.parametrize("change", ["words.role.maker[1]: left out", "words.nosuch: left out"])
def test_a_reason_for_nothing_is_a_finding(pier: Files, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    only(monkeypatch, "words.role.maker[1]: left out")
    files = pier(excuse(change))
    [found] = try_mutants(*files, processes=1).findings
    assert (found.code, found.message) == ("stale-reason", f"nothing survives that is told as '{change}'")
    assert found.span.file == files[3]
    assert change in files[2].decode().splitlines()[found.span.line - 1]


def test_a_sample_asks_no_reason_to_survive(pier: Files) -> None:
    assert try_mutants(*pier(excuse("words.nosuch: left out")), processes=1, sample=1, seed=2).findings == ()


def test_a_fault_of_the_compiler_is_a_finding(pier: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, LIQUIDITY)
    monkeypatch.setattr("exconn.testing.mutation.bench.Bench.judge", lambda self, mutant: Verdict(Fate.BROKE, "E: no"))
    [found] = try_mutants(*pier(), processes=1).findings
    assert found.code == "broke"
    assert found.message == f"validate lets through what cannot be compiled: {LIQUIDITY}: E: no"


def test_two_processes_find_the_same(pier: Files) -> None:
    one, two = (try_mutants(*pier(), processes=count, sample=20, seed=5) for count in (1, 2))
    assert one.findings == two.findings
    assert (one.refused, one.noticed, one.survived) == (two.refused, two.noticed, two.survived)


@pytest.mark.parametrize(("weakened", "survivors"), [((), 0), ((("    nonce: us\n    sends:", "    sends:"),), 1)])
def test_the_clock_of_a_nonce_is_asked_about(
    shipped: Files, monkeypatch: pytest.MonkeyPatch, weakened: tuple[tuple[str, str], ...], survivors: int
) -> None:
    only(monkeypatch, "signing.rest.nonce: 'increasing_us' becomes 'increasing_ms'")
    assert try_mutants(*shipped(*weakened), processes=1).survived == survivors
