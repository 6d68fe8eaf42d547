"""Requests in frames and parameters in query and body: judged as everywhere else, signed by MAC or by key pair."""

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from exconn.sandbox import Dialect, Secrets, load_dialect
from exconn.sandbox.keys import Key
from exconn.testing.virtual import World

SIGNATURES = """  params:
    reads:
      headers: [key from X-KEY as key]
      params: [signature as key, time from timestamp as moment, window from recvWindow as window or none]
    time: {ahead: 1000, window: 5000}
    joined_mac:
      algorithm: sha256
      encoding: hex
      any_case: true
      key_pairs: [ed25519, rsa]
      pieces: [query_unsigned, body_unsigned]
  frames:
    reads: [key from apiKey as key, signature as key, time from timestamp as moment]
    time: {ahead: 1000, window: 5000}
    joined_mac: {algorithm: sha256, encoding: hex, key_pairs: [ed25519], pieces: [params_sorted]}

# ---- Limits"""
LIMITS = """limits:
  weight:
    allow: 9
    per: 60
    of: address
    used: [X-WEIGHT, X-WEIGHT-1M]
    aligned: true
    shown: {max: "{allowed}", n: "{used}"}
"""
ENDPOINTS = """endpoints:
  lookup:
    http: POST /v1/lookup
    does: order
    signed: params
    right: read
    costs: {weight: 2}
    reads:
      params: [client_id as client_id, x_colour from colour as client_id or none]
    errors:
      unknown_order: {code: 77, text: "nothing called {sent.client_id} {sent.colour}", http: 400}
    reply: {shape: order}
  weight:
    http: GET /v1/weight
    does: limits
    costs: {weight: 0}
    reply: "{limits}"
"""
SOCKET = """
  requests:
    path: /v1/requests
    checks:
      open: [limits, unknown, missing, malformed]
      signed: [limits, headers, key, signature, time, right, unknown, missing, malformed, needs]
    params: params
    signed: {params: frames}
    reply: {id: "{sent.id}", status: 200, result: "{reply}", limits: "{limits}"}
    messages:
      - {match: {method: time}, calls: time}
      - {match: {method: lookup}, calls: lookup}
      - {match: {method: logon}, does: login, signed: frames, right: read, answer: {key: "{key}", since: "{since}"}}
      - {match: {method: status}, does: session, answer: {key: "{key}", since: "{since}"}}
      - {match: {method: logout}, does: logout, answer: {key: "{key}"}}
      - match: {method: place}
        does: place_order
        signed: frames
        right: trade
        reads:
          - symbol as symbol
          - side as side
          - type as type
          - amount from size as money
          - price as money or none
        rules: [{when: {type: LIMIT}, needs: [price]}]
        answer: "{exchange_order_id}"
    error:
      reads: [request_id from id as any]
      give: {id: "{sent.id}", status: "{status}", error: {code: "{code}", msg: "{text}"}, limits: "{limits}"}
    channels: {}
"""


@pytest.fixture(scope="session")
def dialect(dialect_text: str) -> Dialect:
    text = dialect_text.replace("  signed:\n    - headers\n", "  signed:\n    - body\n    - headers\n", 1)
    text = text.replace("\n# ---- Limits", f"{SIGNATURES}", 1).replace("limits:\n", LIMITS, 1)
    text = text.replace(
        "malformed: {code: 1103", 'repeated_field: {code: 1, text: "twice {field}"}\n  malformed: {code: 1103'
    )
    return load_dialect((text.replace("\nendpoints:\n", f"\n{ENDPOINTS}", 1) + SOCKET).encode(), "framed.yaml")


def sign(params: dict[str, Any], secret: str = "demo-secret-never-used-for-real") -> dict[str, Any]:
    payload = "&".join(f"{name}={params[name]}" for name in sorted(params))
    return {**params, "signature": hmac.new(secret.encode(), payload.encode(), hashlib.sha256).hexdigest()}


def frame(method: str, params: dict[str, Any] | None = None, number: Any = "a") -> dict[str, Any]:
    return {"id": number, "method": method} | ({} if params is None else {"params": params})


ORDER = {"symbol": "USDT_BTC", "side": "bid", "type": "limit", "size": "0.1", "price": "60000"}


async def test_a_request_is_answered_under_its_id(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench, bench.stream("/v1/requests") as stream:
        assert await stream.ask(frame("time", number=7)) == {
            "id": 7,
            "status": 200,
            "result": {"time": bench.now_ms},
            "limits": [],
        }
        who = {"apiKey": "key-alice", "timestamp": bench.now_ms}
        placed = await stream.ask(frame("place", sign({**ORDER, **who}), number=None))
        order = bench.sandbox.exchange.orders("alice")[0]
        assert placed == {"id": None, "status": 200, "result": str(order.id), "limits": []}


REFUSED: list[tuple[str, dict[str, Any], int, str]] = [
    ("place", {"size": "x"}, 1103, "malformed size"),
    ("place", {"price": None}, 1101, "missing price"),
    ("place", {"colour": "red"}, 1102, "unknown colour"),
    ("place", {"size": "99"}, 2010, "insufficient balance of USDT"),
    ("place", {"apiKey": "nobody"}, 1024, "unknown key"),
    ("place", {"apiKey": None}, 1020, "missing or malformed apiKey"),
    ("place", {"timestamp": 1}, 1021, "time 1 is outside the window, exchange time is 1700000000000"),
    (
        "place",
        {"timestamp": 1700000002000},
        1021,
        "time 1700000002000 is outside the window, exchange time is 1700000000000",
    ),
]


@pytest.mark.parametrize(("method", "changes", "code", "text"), REFUSED)
async def test_a_refused_request_is_answered_under_its_id(
    open_bench: Any, virtual_world: World, method: str, changes: dict[str, Any], code: int, text: str
) -> None:
    async with open_bench() as bench, bench.stream("/v1/requests") as stream:
        params = {**ORDER, "apiKey": "key-alice", "timestamp": bench.now_ms, **changes}
        params = sign({name: value for name, value in params.items() if value is not None})
        answer = await stream.ask(frame(method, params, 9))
        assert answer == {"id": 9, "status": 200, "error": {"code": code, "msg": text}, "limits": []}
        assert not bench.sandbox.exchange.orders("alice")


async def test_a_wrong_signature_is_explained_in_the_log(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench, bench.stream("/v1/requests") as stream:
        params = sign({"client_id": "c", "apiKey": "key-alice", "timestamp": bench.now_ms}, "another secret")
        answer = await stream.ask(frame("lookup", params))
        assert answer["error"]["msg"] == "wrong signature"
        entries = json.loads((await bench.control("GET", "log")).text)["entries"]
        steps = dict(next(entry for entry in entries if entry["kind"] == "refused signature")["steps"])
        assert steps["payload"] == f"apiKey=key-alice&client_id=c&timestamp={bench.now_ms}"
        assert steps["sent"] == params["signature"] != steps["expected"]
        assert "demo-secret" not in json.dumps(entries)


async def test_a_session_speaks_in_its_keys_name(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench, bench.stream("/v1/requests") as stream:
        now = bench.now_ms
        ask = frame("lookup", {"client_id": "c", "timestamp": now})
        assert (await stream.ask(ask))["error"]["msg"] == "missing or malformed apiKey"
        logon = await stream.ask(frame("logon", sign({"apiKey": "key-bob", "timestamp": now})))
        assert logon["result"] == {"key": "key-bob", "since": now}
        assert (await stream.ask(ask))["error"] == {"code": 77, "msg": "nothing called c "}
        assert (await stream.ask(frame("status")))["result"] == {"key": "key-bob", "since": now}
        order = {**ORDER, "size": "1", "timestamp": now}
        assert (await stream.ask(frame("place", order)))["result"] == str(bench.sandbox.exchange.orders("bob")[0].id)
        alices = await stream.ask(frame("place", sign({**ORDER, "apiKey": "key-alice", "timestamp": now})))
        assert alices["result"] == str(bench.sandbox.exchange.orders("alice")[0].id)
        assert (await stream.ask(frame("logout")))["result"] == {"key": None}
        assert (await stream.ask(ask))["error"]["msg"] == "missing or malformed apiKey"


async def test_frames_that_are_no_request(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench, bench.stream("/v1/requests") as stream:
        for bad in ("x", {"id": 1}, frame("dance"), frame("time") | {"params": [1]}):
            assert (await stream.ask(bad))["error"] == {"code": 3001, "msg": "unreadable frame"}


async def test_limits_are_shown_in_every_answer(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench, bench.stream("/v1/requests") as stream:
        params = sign({"client_id": "c", "apiKey": "key-alice", "timestamp": bench.now_ms})
        for used in (2, 4, 6, 8):
            assert (await stream.ask(frame("lookup", params)))["limits"] == [{"max": 9, "n": used}]
        late = await stream.ask(frame("lookup", params))
        assert (late["status"], late["error"]["code"], late["limits"]) == (429, 1015, [{"max": 9, "n": 8}])
        reply = await bench.get("/v1/weight")
        assert reply.data == [{"max": 9, "n": 8}]
        assert (reply.headers["X-WEIGHT"], reply.headers["X-WEIGHT-1M"]) == ("8", "8")


def rsa_pair() -> tuple[Any, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def ed25519_pair() -> tuple[Any, str]:
    key = ed25519.Ed25519PrivateKey.generate()
    return key, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def sign_by(key: Any, payload: str) -> str:
    data = payload.encode()
    is_rsa = isinstance(key, rsa.RSAPrivateKey)
    return base64.b64encode(key.sign(data, padding.PKCS1v15(), SHA256()) if is_rsa else key.sign(data)).decode()


@pytest.mark.parametrize("make", [rsa_pair, ed25519_pair])
@pytest.mark.parametrize("place", ["query", "body", "both"])
async def test_parameters_of_query_and_body_signed_by_a_key_pair(
    open_bench: Any, virtual_world: World, make: Any, place: str
) -> None:
    key, pem = make()
    async with open_bench() as bench:
        bench.sandbox.desk.keys["key-dora"] = Key("key-dora", "alice", Secrets(pem), ("read", "trade"))
        order = {"client_id": "c", "timestamp": str(bench.now_ms)}
        query = urlencode({"both": {"client_id": "c"}, "query": order, "body": {}}[place])
        body = urlencode({"both": {"timestamp": order["timestamp"]}, "query": {}, "body": order}[place])
        right, wrong = (77, "nothing called c "), (1023, "wrong signature")
        for sent, error in ((query + body, right), (f"x{query}{body}", wrong)):
            signature = urlencode({"signature": sign_by(key, sent)})
            data = f"{body}&{signature}".lstrip("&") if place != "query" else ""
            target = f"/v1/lookup?{query}" + (f"&{signature}" if place == "query" else "")
            reply = await bench.send("POST", target, {"X-KEY": "key-dora"}, data.encode())
            assert (reply.code, reply.msg) == error


SENT: list[tuple[str, str, tuple[int, str]]] = [
    ("", "client_id=c", (77, "nothing called c ")),
    ("client_id=c", "", (77, "nothing called c ")),
    ("client_id=c", "client_id=d", (77, "nothing called c ")),
    ("client_id=c&colour=red", "", (77, "nothing called c red")),
    ("client_id=c&client_id=c", "", (1, "twice client_id")),
    ("", "client_id=c&client_id=c", (1, "twice client_id")),
    ("client_id=c&x=1", "", (1102, "unknown x")),
    ("", "client_id=c&x=1", (1102, "unknown x")),
    ("client_id=", "", (1103, "malformed client_id")),
    ("", "", (1101, "missing client_id")),
]


@pytest.mark.parametrize(("query", "body", "error"), SENT)
async def test_parameters_of_query_and_body(
    open_bench: Any, virtual_world: World, query: str, body: str, error: tuple[int, str]
) -> None:
    async with open_bench() as bench:
        query = f"{query}&timestamp={bench.now_ms}".lstrip("&")
        mac = hmac.new(b"demo-secret-never-used-for-real", (query + body).encode(), hashlib.sha256).hexdigest()
        target = f"/v1/lookup?{query}&signature={mac.upper()}"
        reply = await bench.send("POST", target, {"X-KEY": "key-alice"}, body.encode())
        assert (reply.code, reply.msg, reply.status) == (*error, 400 if error[0] == 77 else 200)
