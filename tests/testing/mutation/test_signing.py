"""No single mistake in a recipe goes unnoticed, where signatures are tokens, private keys' or over parts of a body."""

from pathlib import Path

import pytest

from exconn.testing.mutation import Bench, Fate

IMAGINARY = Path(__file__).parents[2] / "imaginary"


@pytest.mark.parametrize(("name", "least"), [("jwt-es256", 30), ("ed25519-signature", 10), ("sorted-pairs-rpc", 30)])
def test_every_mistake_in_a_recipe_is_noticed(name: str, least: int) -> None:
    spec, cases = IMAGINARY / f"{name}.yaml", IMAGINARY / f"{name}.cases.yaml"
    bench = Bench(spec.read_bytes(), str(spec), cases.read_bytes(), str(cases))
    mutants = [mutant for mutant in bench.mutants if mutant.path[0] == "signing"]
    assert len(mutants) >= least
    fates = {mutant.change: bench.judge(mutant).fate for mutant in mutants}
    assert {change: fate for change, fate in fates.items() if fate in (Fate.SURVIVED, Fate.BROKE)} == {}


def test_tokens_and_their_claims_are_edited() -> None:
    spec, cases = IMAGINARY / "jwt-es256.yaml", IMAGINARY / "jwt-es256.cases.yaml"
    bench = Bench(spec.read_bytes(), str(spec), cases.read_bytes(), str(cases))
    changes = {mutant.change for mutant in bench.mutants}
    assert "signing.rest.values.token.jwt: ES256 becomes EdDSA" in {change.replace("'", "") for change in changes}
    assert "signing.rest.values.token.claims.iss: left out" in changes
    assert "signing.rest.values.token.header.kid: named 'kidx'" in changes
