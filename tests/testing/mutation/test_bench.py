"""What becomes of a mutant: the short way finds the same as the long one, and a weak case is found out."""

import json
import random
from collections.abc import Callable

import pytest

from exconn.document import DocumentError, load, to_plain
from exconn.testing.cases import Mode, try_spec
from exconn.testing.mutation import Bench, Fate, Mutant, mutate

Files = Callable[..., tuple[bytes, str, bytes, str]]


def told(bench: Bench, change: str) -> Mutant:
    [found] = [mutant for mutant in bench.mutants if mutant.change == change]
    return found


def judged_whole(files: tuple[bytes, str, bytes, str], mutant: Mutant) -> Fate:
    """Written down as a document of its own, loaded, compiled as a whole, and put to all cases."""
    root = mutate(load(files[0], files[1]), mutant)
    assert root is not None
    text = json.dumps(to_plain(root)).encode()
    try:
        [trial] = try_spec(text, files[1], *files[2:], [Mode.MEMORY])
    except DocumentError:
        return Fate.REFUSED
    is_disproved = any(found.code == "claimed-twice" for found in trial.findings)
    return Fate.FAILED if trial.failed or is_disproved else Fate.SURVIVED


def test_the_short_way_finds_the_same(pier: Files, bench: Bench) -> None:
    weak = {"endpoints.stream_ticket.gives.ticket: 'ticket' becomes 'ticket or none'"}
    mutants = [told(bench, change) for change in weak] + random.Random(7).sample(bench.mutants, 24)
    fates = [bench.judge(mutant).fate for mutant in mutants]
    assert fates == [judged_whole(pier(), mutant) for mutant in mutants]
    assert set(fates) == {Fate.SURVIVED, Fate.FAILED, Fate.REFUSED}


def test_the_order_does_not_matter(pier: Files, bench: Bench) -> None:
    mutants = random.Random(3).sample(bench.mutants, 25)
    other = Bench(*pier())
    assert [bench.judge(mutant) for mutant in mutants] == [other.judge(mutant) for mutant in mutants[::-1]][::-1]


@pytest.mark.parametrize(
    ("change", "fate"),
    [
        ("signing.rest.values.signature.hmac_sha256: named 'hmac_sha512'", Fate.FAILED),
        ("signing.rest.values.signature.hmac_sha256: '{path}|{body}' becomes '|{path}{body}'", Fate.FAILED),
        ("signing.query.after.headers.P-KEY: left out", Fate.FAILED),
        ("words.role.maker[1]: left out", Fate.FAILED),
        ("decisions.state[1].is: 'filled' becomes 'open'", Fate.FAILED),
        ("errors.auth[0].text: left out", Fate.FAILED),
        ("endpoints.place_order.form.market: named 'marketx'", Fate.FAILED),
        ("endpoints.cancel_order.http: 'DELETE /orders/{client_id}' becomes 'POST /orders/{client_id}'", Fate.FAILED),
        ("sockets.public.control.pong.word: 'pong' becomes 'pongx'", Fate.FAILED),
        ("sockets.public.messages[1].match.whole: named 'wholex'", Fate.FAILED),
        ("words.side.buy: left out", Fate.REFUSED),
        ("signing.query.after.headers.P-TIME: left out", Fate.REFUSED),
        ("endpoints.balances.reply.balance.asset: left out", Fate.REFUSED),
    ],
)
def test_fates(bench: Bench, change: str, fate: Fate) -> None:
    assert bench.judge(told(bench, change)).fate is fate


def test_a_fault_of_the_compiler_is_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(spec: object) -> None:
        raise KeyError("gone")

    monkeypatch.setattr("exconn.testing.mutation.bench.write", fail)
    verdict = bench.judge(told(bench, "signing.query.after.headers.P-KEY: left out"))
    assert (verdict.fate, verdict.why) == (Fate.BROKE, "KeyError: 'gone'")
