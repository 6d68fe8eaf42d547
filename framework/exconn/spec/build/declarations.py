"""Builds what a spec declares before any request: hosts, credentials, ids, assets, symbols, words, limits, fees."""

from exconn.document import Findings, Mapping, Node, Scalar
from exconn.spec.build.nodes import integer, mapping, rows_of, scalar, seconds, text
from exconn.spec.names import Names, named_entries
from exconn.spec.read import read_match, read_template
from exconn.spec.tree import (
    Assets,
    Checksum,
    ClientId,
    Credential,
    Decision,
    Fees,
    OrderBook,
    Pool,
    PriceBand,
    SymbolForm,
    Words,
)

LETTERS_AND_DIGITS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_WORDS_KEYS = ("otherwise", "match")


def build_hosts(root: Mapping) -> dict[str, dict[str, str]]:
    return {
        group.key.text: {
            host.key.text: host.value.text for host in named_entries(group.value) if isinstance(host.value, Scalar)
        }
        for group in named_entries(root.get("hosts"))
    }


def build_learnt_hosts(root: Mapping) -> dict[str, dict[str, tuple[str, ...]]]:
    """Group -> name -> the hosts that its learnt address may have."""
    return {
        group.key.text: {
            host.key.text: tuple(scalar(item).text for item in rows_of(host.value.get("learnt")))
            for host in named_entries(group.value)
            if isinstance(host.value, Mapping)
        }
        for group in named_entries(root.get("hosts"))
    }


def build_credentials(root: Mapping) -> dict[str, Credential]:
    return {entry.key.text: _credential(*entry) for entry in named_entries(root.get("credentials"))}


def _credential(key: Scalar, value: Node) -> Credential:
    node = mapping(value)
    secret = scalar(node.get("secret")).value is True
    choice = tuple(scalar(item).text for item in rows_of(node.get("choice")))
    return Credential(key.text, key.span, secret, text(node, "encoding") or "utf8", choice, text(node, "default"))


def build_client_id(root: Mapping) -> ClientId | None:
    found = root.get("client_id")
    if found is None:
        return None
    node = mapping(found)
    return ClientId(
        span=node.span,
        kind=text(node, "kind") or "text",
        prefix=text(node, "prefix") or "",
        length=integer(node, "length"),
        bits=integer(node, "bits"),
        alphabet=text(node, "alphabet") or LETTERS_AND_DIGITS,
        unique=text(node, "unique") or "never",
    )


def build_assets(root: Mapping) -> Assets:
    found = root.get("assets")
    if found is None:
        return Assets()
    node = mapping(found)
    names = node.get("names")
    entries = mapping(names).entries if names is not None else ()
    return Assets(
        {entry.key.text: tuple(scalar(item).text for item in rows_of(entry.value)) for entry in entries},
        tuple(scalar(item).text for item in rows_of(node.get("drop_suffix"))),
    )


def build_symbols(root: Mapping, findings: Findings) -> dict[str, SymbolForm]:
    forms = {}
    for key, value in named_entries(root.get("symbols")):
        written = scalar(value)
        template = None if written.text == "learnt" else read_template(written, findings)
        forms[key.text] = SymbolForm(key.text, key.span, template)
    return forms


def build_words(root: Mapping) -> dict[str, Words]:
    return {entry.key.text: _words(*entry) for entry in named_entries(root.get("words"))}


def _words(key: Scalar, value: Node) -> Words:
    node = mapping(value)
    ours: dict[str, tuple[str | int | bool, ...]] = {}
    for entry in named_entries(node):
        if entry.key.text not in _WORDS_KEYS:
            theirs = (scalar(item).value for item in rows_of(entry.value))
            ours[entry.key.text] = tuple(word for word in theirs if word is not None)
    prefix = text(node, "match") == "prefix"
    return Words(key.text, key.span, ours, text(node, "otherwise") or "refuse", prefix)


def build_decisions(root: Mapping, findings: Findings) -> dict[str, Decision]:
    decisions = {}
    for key, value in named_entries(root.get("decisions")):
        rows = []
        for item in rows_of(value):
            row = mapping(item)
            rows.append((read_match(mapping(row.get("when")), findings), text(row, "is") or ""))
        decisions[key.text] = Decision(key.text, key.span, tuple(rows))
    return decisions


def build_limits(root: Mapping, names: Names) -> dict[str, Pool]:
    pools = {}
    for key, value in named_entries(root.get("limits")):
        pools[key.text] = _pool(key, value)
        by = mapping(value).get("by")
        if by is not None:
            names.use("credential", scalar(by).text, by.span)
    return pools


def _pool(key: Scalar, value: Node) -> Pool:
    node = mapping(value)
    sizes = node.get("sizes")
    return Pool(
        name=key.text,
        span=key.span,
        allow=integer(node, "allow"),
        burst=integer(node, "burst"),
        refill=integer(node, "refill"),
        per=seconds(node, "per") or 0.0,
        each=text(node, "each"),
        used=text(node, "used"),
        retry_after=text(node, "retry_after"),
        by=text(node, "by"),
        sizes={} if sizes is None else {entry.key.text: _pool(*entry) for entry in mapping(sizes).entries},
    )


def build_fees(root: Mapping) -> Fees | None:
    found = root.get("fees")
    if found is None:
        return None
    node = mapping(found)
    return Fees(node.span, text(node, "maker") or "0", text(node, "taker") or "0")


def build_price_steps(root: Mapping) -> dict[str, tuple[PriceBand, ...]]:
    return {
        key.text: tuple(
            PriceBand(text(mapping(band), "from") or "0", text(mapping(band), "step") or "0", band.span)
            for band in rows_of(bands)
        )
        for key, bands in named_entries(root.get("price_steps"))
    }


def build_order_book(root: Mapping) -> OrderBook | None:
    found = root.get("order_book")
    if found is None:
        return None
    node = mapping(found)
    checksum = node.get("checksum")
    return OrderBook(
        span=node.span,
        start=text(node, "start") or "rest",
        chain=text(node, "chain") or "none",
        depth=integer(node, "depth"),
        on_gap=text(node, "on_gap") or "resnapshot",
        levels=text(node, "levels") or "float",
        checksum=None if checksum is None else _checksum(mapping(checksum)),
    )


def _checksum(node: Mapping) -> Checksum:
    return Checksum(
        algorithm=text(node, "algorithm") or "crc32",
        levels=integer(node, "levels") or 0,
        layout=text(node, "layout") or "asks_then_bids",
        number=text(node, "number") or "wire",
        join=text(node, "join") or "",
        asks=text(node, "asks") or "positive",
        absent=integer(node, "absent"),
        span=node.span,
    )
