"""Run by test_generate in a process of its own: build and read everything in one mode, and print what came of it.

With `generated`, importing yaml, jsonschema, jmespath and jinja2 is refused, as are the spec and the compiler.
"""

import importlib.abc
import json
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from types import ModuleType

REFUSED = (
    "yaml",
    "jsonschema",
    "jmespath",
    "jinja2",
    "exconn.spec",
    "exconn.compile",
    "exconn.document",
    "exconn_codegen",
)


class Refusal(importlib.abc.MetaPathFinder):
    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if name.startswith(REFUSED):
            raise ImportError(f"{name} must not be needed")


def codec_of(mode: str, spec_file: str, folder: str):  # type: ignore[no-untyped-def]
    if mode == "memory":
        from exconn.compile import compile_spec
        from exconn.spec import load_spec

        return compile_spec(load_spec(Path(spec_file).read_bytes(), Path(spec_file).name))
    sys.meta_path.insert(0, Refusal())
    sys.path.insert(0, folder)
    from harbor import CODEC, HarborAuth, HarborMarket

    from exconn.market import Auth, Market

    assert issubclass(HarborAuth, Auth)
    assert issubclass(HarborMarket, Market)

    return CODEC


def main(mode: str, spec_file: str, folder: str) -> None:
    codec = codec_of(mode, spec_file, folder)
    from exconn.codec import Answer, Arguments, Context, Fresh, Keyring, Symbols
    from exconn.errors import ExconnError
    from exconn.model import OrderType, TradeType, TradingRule

    symbols = Symbols(codec.facts.forms)
    symbols.learn([TradingRule(trading_pair="BTC-USDT", symbols={"rest": "BTC-USDT"})])
    keys = Keyring(codec.facts.credentials, {"api_key": "k", "secret_key": "c2VjcmV0"})
    context = Context(keys, codec.facts.hosts["main"], symbols, {})
    fresh = Fresh(1_767_225_600_250_999_999, 17, "0" * 32, 3)
    asked = {
        "pair": "BTC-USDT",
        "amount": Decimal("0.10"),
        "price": Decimal("65000.00"),
        "client_id": "x-1",
        "since_ns": 7,
    }
    requests = []
    for name, endpoint in codec.endpoints.items():
        kinds = codec.facts.offers if name == "place_order" else [(OrderType.LIMIT, TradeType.BUY)]
        for kind, side in kinds:
            arguments = Arguments(**asked, order_type=kind, side=side)
            requests.append(endpoint.build(arguments, fresh, context))
    requests.append(codec.endpoints["fills_since"].build(Arguments(since_ns=7, cursor="n"), fresh, context))
    requests += [socket.connect(fresh, context) for socket in codec.sockets.values()]

    replies = []
    order = {
        "id": 7,
        "cid": "x-1",
        "market": "BTC-USDT",
        "side": "BUY",
        "status": "NEW",
        "done": "0.5",
        "at": 1767225600250,
    }
    bodies = [{"code": 0, "data": data} for data in (order, [order], 1767225600250, {"items": [order]})]
    for body in [*bodies, {"code": 401, "message": "no"}, {"code": 0}, {}, [], None]:
        for endpoint in codec.endpoints.values():
            for status in (200, 429):
                try:
                    answer = Answer(status, {}, json.dumps(body).encode())
                    replies.append(repr(endpoint.read(answer, Arguments(), context)))
                except ExconnError as error:
                    replies.append(f"{type(error).__name__}: {error}")

    frames = []
    said = [
        {"op": "login", "ok": True},
        {"topic": "orders", "data": [order]},
        {"op": "error", "code": 401},
        {"x": 1},
        order,
    ]
    for socket in codec.sockets.values():
        frames += [repr(socket.read(text, context)) for text in ["pong", "{", *map(json.dumps, said)]]
        frames += socket.subscribe(["BTC-USDT"], "subscribe", fresh, context)
        frames.append(socket.login(fresh, context) if socket.login else "none")
    seen = {"facts": repr(codec.facts), "requests": [_written(each) for each in requests]}
    print(json.dumps({**seen, "replies": replies, "frames": frames}))


def _written(request) -> list[object]:  # type: ignore[no-untyped-def]
    return [request.method, request.origin, request.target, request.headers, request.body.decode(), request.fence_ns]


main(*sys.argv[1:])
