"""A spec that knows less: without the user stream, pushed balances or client ids in replies, a market polls.

Rules: the spec is myexchange's with a part taken away, so the exchange is the same and only the market knows less; the
same seeds, faults and invariants as of the whole spec.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from exconn.sandbox import dummy_accounts, funds_for, load_dialect
from exconn.shipped import find
from exconn.spec import load_spec
from exconn.testing.cases.modes import Mode, codec_of
from exconn.testing.simulation.run import Subject, simulate
from exconn.testing.virtual import fork

SEEDS = (3,)


def write_out_balance(spec: dict[str, Any]) -> None:
    """A shape that one record alone uses is refused: write it where it is used."""
    balance = spec["endpoints"]["balances"]["reply"]["balance"]
    del balance["shape"]
    balance.update(spec["shapes"].pop("balance"))


def without_user_stream(spec: dict[str, Any]) -> None:
    del spec["sockets"]["user"], spec["signing"]["login"]
    write_out_balance(spec)


def without_balance_push(spec: dict[str, Any]) -> None:
    user = spec["sockets"]["user"]
    user["subscribe"][0]["send"]["topics"].remove("balances")
    user["messages"] = [each for each in user["messages"] if "balance" not in each]
    write_out_balance(spec)


def without_client_ids_in_replies(spec: dict[str, Any]) -> None:
    for shape in ("order", "fill"):
        del spec["shapes"][shape]["client_id"]


def subject_of(take_away: Callable[[dict[str, Any]], None], mode: Mode) -> Subject:
    spec = yaml.safe_load(find("myexchange", ".yaml").read_bytes())
    take_away(spec)
    rules = load_dialect(Path(find("myexchange", ".dialect.yaml")).read_bytes(), "myexchange.dialect.yaml")
    codec = codec_of(load_spec(yaml.safe_dump(spec, sort_keys=False).encode(), "poorer.yaml"), mode)
    return Subject(codec, rules, dummy_accounts(funds_for(rules), fork(0, "accounts")))


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(
    "take_away",
    [without_user_stream, without_balance_push, without_client_ids_in_replies],
    ids=lambda each: each.__name__,
)
def test_a_market_works_by_polling(take_away: Callable[[dict[str, Any]], None], mode: Mode) -> None:
    subject = subject_of(take_away, mode)
    for seed in SEEDS:
        outcome = simulate(subject, seed)
        assert outcome.violations == ()
        assert outcome.orders > 20
