"""Guarantees about trading rules, the key and its fees.

Rules: what is not read is refused by the exchange, or reckoned by published figures; both cost no order.
"""

from exconn.spec import Spec

from .facts import answered
from .guarantee import Guarantee, Judgement, given_up, holds, weaker


def _minimums(spec: Spec) -> Judgement:
    wanted = ("min_size", "min_notional")
    (rule, *_) = answered(spec, "rule")
    missing = [field for field in wanted if field not in rule.fields]
    outcome = "read" if not missing else "partly"
    return Judgement(outcome, "endpoints.trading_rules.reply.rule", rule.span, {"missing": " and ".join(missing)})


def _halts(spec: Spec) -> Judgement:
    for rule in answered(spec, "rule"):
        if "open" in rule.matches:
            return Judgement("told", "endpoints.trading_rules.reply.rule.open", rule.matches["open"].span)
    return Judgement("untold", "endpoints.trading_rules.reply.rule.open")


def _rights(spec: Spec) -> Judgement:
    end = spec.endpoints.get("key_rights")
    if end is None:
        return Judgement("unseen", "endpoints.key_rights")
    return Judgement("asked", "endpoints.key_rights", end.span)


def _fee_rates(spec: Spec) -> Judgement:
    end = spec.endpoints.get("fee_rates")
    if end is not None:
        return Judgement("asked", "endpoints.fee_rates", end.span)
    if spec.fees is not None:
        return Judgement("stated", "fees", spec.fees.span)
    return Judgement("unknown", "endpoints.fee_rates")


GUARANTEES = (
    Guarantee(
        "rules-are-complete",
        "what the exchange would refuse for its size is refused before it is sent",
        ("13",),
        {
            "read": holds("steps, least size and least value are read"),
            "partly": weaker(
                "{missing} is not read: the exchange is the one to refuse", "add it, if the exchange tells it"
            ),
        },
        _minimums,
    ),
    Guarantee(
        "halts-are-known",
        "a pair that is halted takes no new orders, and keeps its open ones",
        ("49",),
        {
            "told": holds("rule.open says which pairs trade"),
            "untold": weaker(
                "rules do not say whether a pair trades: an order on a halted one is refused by the exchange",
                "add open: {{PATH: STATUS}} to the rule of trading_rules",
            ),
        },
        _halts,
    ),
    Guarantee(
        "keys-cannot-withdraw",
        "a key that could withdraw is refused at the start",
        ("S12",),
        {
            "asked": holds("key_rights is asked"),
            "unseen": given_up("nobody tells what the key may do", "add key_rights, if the exchange tells it"),
        },
        _rights,
    ),
    Guarantee(
        "fee-rates-are-ours",
        "fees are reckoned with the account's own rates",
        ("48",),
        {
            "asked": holds("fee_rates is asked"),
            "stated": weaker("the spec's own figures are used, whatever the account's rates are", "add fee_rates"),
            "unknown": given_up("no rate is known, and no fee can be reckoned", "add fee_rates, or fees as published"),
        },
        _fee_rates,
    ),
)
