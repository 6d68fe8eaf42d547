"""A good spec becomes the tree that the compiler walks: names resolved, shapes and types laid under, steps in order."""

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from exconn.document import DocumentError, Span
from exconn.model import OrderType, TradeType
from exconn.spec import Spec, load_spec, read_spec
from exconn.spec.pieces import Constant, Hole, Source, Template, TestKind
from exconn.spec.walk import content, templates_of

GOOD = Path(__file__).parent / "good"


@pytest.fixture(scope="module")
def harbor() -> Spec:
    return read_spec(GOOD / "harbor.yaml")


@pytest.mark.parametrize("path", sorted(GOOD.glob("*.yaml")), ids=lambda path: path.stem)
def test_good_specs_load(path: Path) -> None:
    assert read_spec(path).file == str(path)


def test_shape_is_laid_under_its_records(harbor: Spec) -> None:
    (placed,) = harbor.endpoints["place_order"].reply
    (pushed,) = harbor.sockets["user"].messages[0].records
    assert placed.fields == pushed.fields
    assert placed.rows is not None and placed.rows.text == "data"
    assert placed.fields["state"].cast is not None and placed.fields["state"].cast.name == "state"


def test_own_fields_stand_beside_the_shape(harbor: Spec) -> None:
    (fill,) = harbor.endpoints["fills_since"].reply
    assert set(fill.fields) == {"trade_id", "client_id", "price", "amount", "time", "exchange_order_id"}
    assert fill.fee is not None and fill.fee.rows is None


def test_levels_have_their_default_columns(harbor: Spec) -> None:
    (book,) = harbor.endpoints["book_snapshot"].reply
    assert (book.levels["bids"].price.text, book.levels["bids"].size.text) == ("[0]", "[1]")
    assert (book.levels["asks"].price.text, book.levels["asks"].size.text) == ("p", "s")


def test_types_are_whole_requests_for_both_sides(harbor: Spec) -> None:
    variants = {(each.order_type, each.side): each for each in harbor.endpoints["place_order"].variants}
    assert len(variants) == 6
    maker = variants[OrderType.LIMIT_MAKER, TradeType.SELL]
    assert list(maker.parts.json) == ["market", "side", "size", "cid", "type", "price", "post_only"]
    assert isinstance(maker.parts.json["post_only"], Constant)
    assert maker.method == "POST"


def test_default_envelope_stands_where_none_is_named(harbor: Spec) -> None:
    assert {endpoint.envelope for endpoint in harbor.endpoints.values()} == {harbor.envelopes["default"]}


def test_flat_constants_are_text(harbor: Spec) -> None:
    assert content(harbor.endpoints["book_snapshot"].parts.query["depth"]) == ("100",)


def test_error_rows_keep_types_and_statuses(harbor: Spec) -> None:
    auth, limited, _ = harbor.errors
    assert auth.code is not None and auth.code.values == (401,)
    assert (limited.code, limited.http) == (None, (429,))
    (rejected,) = [row for row in harbor.endpoints["place_order"].errors if row.meaning == "rejected"]
    assert rejected.code is not None and rejected.code.kind is TestKind.ANY_OF


def test_word_frames_and_numbers(harbor: Spec) -> None:
    user = harbor.sockets["user"]
    assert user.control.pong == "pong"
    assert user.ping is not None and (user.ping.word, user.ping.after_silence) == ("ping", 15.0)
    assert harbor.limits["orders"].per == 0.5
    assert user.login is not None and content(user.login.send) is not None


def test_spans_point_at_the_yaml(harbor: Spec) -> None:
    reading = harbor.endpoints["server_time"].reply[0].fields["at"]
    assert reading.source is Source.PATH
    line = (GOOD / "harbor.yaml").read_text().splitlines()[reading.span.line - 1]
    assert line[reading.span.col - 1 :].startswith("data as ms")


def test_values_are_ordered_so_that_each_can_be_computed() -> None:
    text = (GOOD / "minimal.yaml").read_text()
    chain = 'third: {sha256: "{second}", as: hex}\n      second: {sha256: "{first}", as: bytes}\n      '
    text = text.replace("{body}", "{third}").replace("      signature:", f"      {chain}signature:")
    text = text.replace("    after:", '      first: {sha256: "{body}", as: bytes}\n    after:', 1)
    names = [step.name for step in load_spec(text.encode(), "x.yaml").signing["rest"].values]
    assert [names.index(name) for name in ("first", "second", "third", "signature")] == [0, 1, 2, 3]


def test_free_keys_are_free() -> None:
    text = (GOOD / "minimal.yaml").read_text().replace("limits:\n", "x-note: {any: [thing]}\nlimits:\n  x-more: 1\n")
    spec = load_spec(text.encode(), "x.yaml")
    assert list(spec.limits) == ["requests"]


def test_templates_are_parts() -> None:
    spec = read_spec(GOOD / "minimal.yaml")
    path = spec.endpoints["cancel_order"].path
    assert path.parts == ("/orders/", Hole("client_id"))
    assert path.span.col == len("    http: DELETE ") + 1


def test_tree_is_frozen(harbor: Spec) -> None:
    with pytest.raises(FrozenInstanceError):
        harbor.name = "other"  # type: ignore[misc]


@pytest.mark.parametrize("data", [b"", b"\xff", b"[]", b"exconn", b"exconn: 1", b"null: 1", b"{" * 100, b"- 1\n- 2\n"])
def test_other_files_are_refused_with_findings(data: bytes) -> None:
    with pytest.raises(DocumentError) as caught:
        load_spec(data, "x.yaml")
    assert caught.value.diagnostics
    assert all(isinstance(each.span, Span) for each in caught.value.diagnostics)


def test_a_list_is_no_spec() -> None:
    with pytest.raises(DocumentError, match="the file is a list; it must be a mapping"):
        load_spec(b"- 1\n", "x.yaml")


def test_whole_numbers_are_bare() -> None:
    spec = read_spec(GOOD / "harbor.yaml")
    login = spec.sockets["user"].login
    assert login is not None
    templates = [value for _, value in login.send.fields if isinstance(value, Template)]  # type: ignore[union-attr]
    assert [template.is_number for template in templates] == [False, False, True, False]


def test_the_rarer_forms() -> None:
    wharf = read_spec(GOOD / "wharf.yaml")
    assert list(wharf.hosts) == ["main", "test"]
    assert wharf.assets.names["BTC"] == ("XBT", "XXBT")
    assert [step.name for step in wharf.signing["rest"].values] == ["digest", "phrase", "packed", "signature"]
    assert wharf.signing["rest"].nonce == "ms"
    (snapshot,) = wharf.sockets["books"].messages[0].records
    levels = snapshot.levels["levels"]
    assert levels.side is not None and levels.gone is not None and levels.size.text == "[2]"
    rights = wharf.endpoints["key_rights"].reply[0]
    assert rights.matches["withdraw"].lines[0].test.kind is TestKind.CONTAINS
    assert wharf.endpoints["server_time"].envelope is None
    assert wharf.endpoints["place_order"].envelope is wharf.envelopes["item"]
    placed = wharf.endpoints["place_order"]
    assert [record.kind for record in placed.reply] == ["order", "order", "fill"]
    assert {variant.method for variant in placed.variants} == {"POST"}
    assert {content(variant.path) for variant in placed.variants} == {("/v2/orders",), ("/v2/orders/market",)}
    ping = wharf.sockets["books"].control.server_ping
    assert ping is not None
    assert Hole("/ping", "number") in [hole for template in templates_of(ping.answer) for hole in template.holes]
    token, account = wharf.endpoints["token"].gives
    assert (token.reading.cast, account.reading.cast and account.reading.cast.name) == (None, "integer")
