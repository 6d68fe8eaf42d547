"""Client ids: within the rule, never twice, readable by the contract's readers where there is room."""

import random
import string

import pytest
from msgspec.structs import replace

from exconn.codec.facts import ClientIdRule
from exconn.errors import UsageError
from exconn.market.client_ids import ClientIds, unfit
from exconn.market.surroundings import Surroundings

NOW_NS = 1_767_225_600_123_456_789


def world(seed: int = 1, time_ns: int = NOW_NS) -> Surroundings:
    return Surroundings(lambda: time_ns, lambda: 0.0, random.Random(seed), lambda: "0" * 32)


HEX = string.hexdigits.lower()[:16]
RULES = [
    ClientIdRule(),
    ClientIdRule(length=20),
    ClientIdRule(length=36, prefix="t-", alphabet=string.ascii_letters + string.digits + "-_."),
    ClientIdRule(length=18),
    ClientIdRule(length=16, alphabet=HEX),
    ClientIdRule(length=32, alphabet=string.ascii_uppercase),
    ClientIdRule(length=8),
    ClientIdRule(length=20, alphabet=string.digits),
    ClientIdRule(kind="integer", bits=63),
    ClientIdRule(kind="integer", bits=53),
    ClientIdRule(kind="integer", bits=45),
    ClientIdRule(kind="integer", bits=31),
]


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_ids_keep_the_rule_and_never_come_twice(rule: ClientIdRule) -> None:
    ids = ClientIds(rule, world())
    drawn = [ids.draw() for _ in range(1_000)]
    assert len(set(drawn)) == 1_000
    for name in drawn:
        if rule.kind == "integer":
            assert name.isdigit() and int(name) < 1 << rule.bits
        else:
            assert name.startswith(rule.prefix) and len(name) <= rule.length
            assert all(letter in rule.alphabet for letter in name.removeprefix(rule.prefix))


@pytest.mark.parametrize("rule", [RULES[0], RULES[1], RULES[2], RULES[7], RULES[8]], ids=str)
def test_an_id_ends_in_the_microsecond_nonce_where_there_is_room(rule: ClientIdRule) -> None:
    assert int(ClientIds(rule, world()).draw()[-16:]) == NOW_NS // 1_000


def test_the_whole_id() -> None:
    ids = ClientIds(ClientIdRule(length=32, prefix="t-"), world())
    assert ids.draw() == f"t-{ids.instance}1767225600123456"
    assert len(ids.instance) == 8
    assert ids.mark == 1_767_225_600_123_456


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.length != 8 and rule.bits != 31], ids=str)
def test_two_markets_started_in_the_same_microsecond_differ(rule: ClientIdRule) -> None:
    assert ClientIds(rule, world(1)).draw() != ClientIds(rule, world(2)).draw()


def test_an_exchange_without_client_ids_still_gets_names_for_its_orders() -> None:
    assert len(ClientIds(None, world()).draw()) == 24


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (ClientIdRule(length=4), "client ids of 4 characters with prefix '' are too short to be unique"),
        (
            ClientIdRule(length=9, prefix="abcd"),
            "client ids of 9 characters with prefix 'abcd' are too short to be unique",
        ),
        (ClientIdRule(kind="integer", bits=24), "a client id of 24 bits is too short to be unique; .* at least 31"),
    ],
)
def test_a_rule_without_room_is_refused(rule: ClientIdRule, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        ClientIds(rule, world())


TEXT = ClientIdRule(length=8, prefix="t-", alphabet="abc123")
WHOLE = ClientIdRule(kind="integer", bits=31)


@pytest.mark.parametrize(
    ("rule", "client_id", "why"),
    [
        (TEXT, "t-abc123", None),
        (TEXT, "t-abc1231", "has more than 8 characters"),
        (TEXT, "abc", "does not begin with t-"),
        (TEXT, "t-aXb Xa", "has 'X', ' ', which this exchange takes in no id"),
        (TEXT, "t-\n", r"has '\n', which this exchange takes in no id"),
        (WHOLE, "2147483647", None),
        (WHOLE, "2147483648", "is no whole number of 31 bits"),
        (WHOLE, "007", "is no whole number of 31 bits"),
        (WHOLE, "-7", "is no whole number of 31 bits"),
        (WHOLE, "\u0661", "is no whole number of 31 bits"),
        (WHOLE, "buy-1", "is no whole number of 31 bits"),
    ],
)
def test_an_id_of_ones_own_has_to_fit(rule: ClientIdRule, client_id: str, why: str | None) -> None:
    assert unfit(rule, client_id) == why


@pytest.mark.parametrize(
    "rule", [ClientIdRule(), replace(TEXT, length=24), WHOLE, ClientIdRule(length=18), ClientIdRule(prefix="x-")]
)
def test_what_is_drawn_fits(rule: ClientIdRule) -> None:
    assert unfit(rule, ClientIds(rule, world()).draw()) is None
