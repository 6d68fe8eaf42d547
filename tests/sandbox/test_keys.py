"""Account files: what they give, and that what is wrong with them is told without their secrets."""

import random
from decimal import Decimal

import pytest

from exconn.document import DocumentError
from exconn.sandbox import Dialect, dummy_accounts, funds_for, read_accounts


def test_yaml_and_json_alike() -> None:
    text = b'[{"name": "a", "api_key": "k\\u00a7", "secret_key": "s", "passphrase": "p", "rights": ["read"], '
    (account,) = read_accounts(text + b'"balances": {"BTC": "0.50", "X": 3}}]', "a.json")
    assert (account.name, account.api_key, account.rights) == ("a", "k§", ("read",))
    assert (account.secrets.secret_key, account.secrets.passphrase) == ("s", "p")
    assert account.balances == {"BTC": Decimal("0.5"), "X": Decimal(3)}


WRONG = [
    ("[]", "empty"),
    ("- {name: a}", "missing-key"),
    ("- {name: a, api_key: k, secret_key: hidden, balances: {}, hidden: 1}", "unknown-key"),
    ("- {name: a, api_key: k, secret_key: 4711, balances: {}}", "wrong-type"),
    ("- {name: a, api_key: k, secret_key: hidden, balances: {BTC: -1}}", "not-a-number"),
    ("- {name: a, api_key: k, secret_key: hidden, balances: {BTC: 1e3}}", "not-a-number"),
    ("- {name: a, api_key: k, secret_key: hidden, balances: {BTC: '1234567890123456789'}}", "not-a-number"),
    ("- {name: house, api_key: k, secret_key: hidden, balances: {}}", "reserved-name"),
    ("- {name: 'maker-1:BTC-USDT', api_key: k, secret_key: hidden, balances: {}}", "reserved-name"),
    ("- {name: a, api_key: k, secret_key: hidden, rights: [hidden], balances: {}}", "not-one-of"),
    (
        "- {name: a, api_key: k, secret_key: s, balances: {}}\n- {name: a, api_key: l, secret_key: s, balances: {}}",
        "repeated",
    ),
    (
        "- {name: a, api_key: k, secret_key: s, balances: {}}\n- {name: b, api_key: k, secret_key: s, balances: {}}",
        "repeated",
    ),
]


@pytest.mark.parametrize(("text", "code"), WRONG)
def test_a_wrong_file(text: str, code: str) -> None:
    with pytest.raises(DocumentError) as raised:
        read_accounts(text.encode(), "accounts.yaml")
    assert code in {each.code for each in raised.value.diagnostics}
    assert all(secret not in str(each.message) for each in raised.value.diagnostics for secret in ("4711", "hidden'}"))


def test_dummies_are_ample_and_seeded(dialect: Dialect) -> None:
    funds = funds_for(dialect)
    assert funds == {"USDT": 100_000, "BTC": 2, "ETH": 31, "MXT": 200_000}
    first, again, other = (dummy_accounts(funds, random.Random(seed)) for seed in (1, 1, 2))
    assert first == again != other
    assert "secret" not in repr(first[0]).replace("secrets", "") or first[0].secrets.secret_key not in repr(first)
