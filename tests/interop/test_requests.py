"""Orders of any size and price that fit the rules: ccxt sends what we send, and its key signs what ours signed.

Compared are method, address, parameters (numbers as numbers, names of a pair as the pair) and the header of the key; in
both modes. `ways` says what is only one side's own.
"""

from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exconn.codec import Arguments, Fresh
from exconn.model import OrderType, TradingRule
from exconn.testing.cases import Mode

from .peer import TIME_MS, Peer, Sent
from .venue import Venue, venue_of
from .ways import WAYS, Params

NONCES = {None: 0, "ms": TIME_MS, "us": TIME_MS * 1000, "s": TIME_MS // 1000}
SINCE_NS = 1_690_000_000_000 * 1_000_000


def orders(venue: Venue) -> st.SearchStrategy[Arguments]:
    """Any order that fits the rules of the sample."""
    return st.sampled_from(venue.read_rules(Mode.MEMORY)).flatmap(lambda rule: orders_of(venue, rule))


def orders_of(venue: Venue, rule: TradingRule) -> st.SearchStrategy[Arguments]:
    facts = venue.codecs[Mode.MEMORY].facts
    form = facts.client_id
    assert form is not None
    ids = st.text(form.alphabet, min_size=1, max_size=form.length - len(form.prefix))
    prices = multiples(rule.min_price_increment, rule.min_price)

    def priced(offer: tuple[OrderType, Any]) -> st.SearchStrategy[Arguments]:
        return st.builds(
            Arguments,
            pair=st.just(rule.trading_pair),
            order_type=st.just(offer[0]),
            side=st.just(offer[1]),
            price=st.none() if offer[0] is OrderType.MARKET else prices,
            amount=multiples(rule.min_base_amount_increment, rule.min_order_size),
            client_id=ids.map(lambda id: form.prefix + id),
        )

    return st.sampled_from(facts.offers).flatmap(priced)


def multiples(step: Decimal, least: Decimal) -> st.SearchStrategy[Decimal]:
    """Multiples of a step, of so few digits that a float holds them."""
    first = max(-int(-least // step), 1)
    return st.integers(first, max(first, 10**9)).map(lambda count: count * step)


def send(peer: Peer, venue: Venue, order: Arguments, **changed: Any) -> Sent:
    """What ccxt sends for the order, or for one that is `changed`."""
    more: dict[str, Any] = {venue.way.client_id: changed.get("client_id", order.client_id)}
    if order.order_type is OrderType.LIMIT_MAKER:
        more["postOnly"] = True
    return peer.asked(
        lambda client: client.create_order(
            order.pair.replace("-", "/"),
            "market" if order.order_type is OrderType.MARKET else "limit",
            changed.get("side", order.side.name.lower()),
            float(changed.get("amount", order.amount)),
            None if order.price is None else float(changed.get("price", order.price)),
            more,
        )
    )


def check(venue: Venue, peer: Peer, operation: str, arguments: Arguments, sent: Sent) -> None:
    """Our request in both modes beside the one that ccxt sent."""
    way = venue.way
    for mode in Mode:
        endpoint = venue.codecs[mode].endpoints[operation]
        fresh = Fresh(TIME_MS * 1_000_000, NONCES[endpoint.nonce], "0" * 32, 1)
        request = endpoint.build(arguments, fresh, venue.context(mode))
        url = request.origin + request.target
        assert (request.method, url.partition("?")[0]) == (sent.method, sent.url.partition("?")[0])
        ours, theirs = params_of(url, request.body.decode()), params_of(sent.url, sent.body)
        assert differences(venue, ours, theirs) == {}
        assert dict(request.headers)[way.key] == sent.headers[way.key]
        mine, recomputed = way.signed(peer.client, request)
        assert mine == recomputed


def params_of(url: str, body: str) -> Params:
    return dict(parse_qsl(urlsplit(url).query)) | dict(parse_qsl(body))


def differences(venue: Venue, ours: Params, theirs: Params) -> dict[str, tuple[str | None, str | None]]:
    """Parameter -> our text and theirs, where they do not mean the same."""
    way = venue.way
    keys = {*ours, *theirs} - way.own - way.besides
    found = {key: (ours.get(key), theirs.get(key)) for key in keys if not same(ours.get(key), theirs.get(key))}
    for key, flags in way.flags.items():
        both = [set(filter(None, side.get(key, "").split(","))) - flags for side in (ours, theirs)]
        if both[0] == both[1]:
            found.pop(key, None)
    if way.pairs in found and venue.pairs_named(ours[way.pairs]) == venue.pairs_named(theirs[way.pairs]) != set():
        del found[way.pairs]
    return found


def same(ours: str | None, theirs: str | None) -> bool:
    if ours is None or theirs is None or ours == theirs:
        return ours == theirs
    try:
        return Decimal(ours) == Decimal(theirs)
    except InvalidOperation:
        return False


@pytest.mark.parametrize("name", WAYS)
def test_any_order_is_sent_alike(name: str) -> None:
    venue = venue_of(name)
    peer = venue.peer()

    @settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(orders(venue))
    def each(order: Arguments) -> None:
        check(venue, peer, "place_order", order, send(peer, venue, order))

    each()


@pytest.mark.parametrize(("name", "operation"), [(name, each) for name, way in WAYS.items() for each in way.others])
def test_other_requests_are_sent_alike(name: str, operation: str) -> None:
    venue = venue_of(name)
    peer = venue.peer()
    pair = venue.read_rules(Mode.MEMORY)[0].trading_pair
    arguments = Arguments(pair=pair, client_id="exconn-1", exchange_order_id="12345", since_ns=SINCE_NS)
    sent = peer.asked(lambda client: venue.way.others[operation](client, pair.replace("-", "/"), "exconn-1"))
    check(venue, peer, operation, arguments, sent)


FORGED = {"amount": 2, "price": 11, "side": "sell", "client_id": "exconn-2", "key": None, "secret": None}


@pytest.mark.parametrize("forged", FORGED)
@pytest.mark.parametrize("name", WAYS)
def test_a_forged_order_is_told_apart(name: str, forged: str) -> None:
    """The comparison itself: it passes an order, and none that differs in one thing."""
    venue = venue_of(name)
    peer = venue.peer()
    pair = venue.read_rules(Mode.MEMORY)[0].trading_pair
    order = Arguments(pair=pair, amount=Decimal(1), price=Decimal(10), client_id="exconn-1")
    check(venue, peer, "place_order", order, send(peer, venue, order))
    if forged == "key":
        peer.client.apiKey = "another"
    elif forged == "secret":
        peer.client.secret = "bm90IHRoZSBzZWNyZXQgb2YgdGhlIGNhc2Vz"
    with pytest.raises(AssertionError):
        check(venue, peer, "place_order", order, send(peer, venue, order, **{forged: FORGED[forged]}))
