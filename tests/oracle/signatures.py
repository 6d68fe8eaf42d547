"""Published examples of signing, signed again by our own recipes.

Rules: the example's parameters go to the recipe without what signing adds itself (time, nonce, key, signature); the
clock shows the time of the example; the recipe that comes nearest counts. The folder's comparer recomputes what we
signed, and where what is signed is the same to the byte, the signature has to be the published one.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from exconn.codec import Fresh, Request, Signer, Unsigned
from exconn.errors import UsageError

from .bench import Bench, as_sent
from .verdict import Heard, Kind

_NANOSECONDS = {10: 1_000_000_000, 13: 1_000_000, 16: 1_000, 19: 1}


def hear(bench: Bench) -> Iterator[Heard]:
    """Every published signature of the exchange."""
    for example in bench.source.signatures(bench.name):
        yield _hear(bench, example)


def _hear(bench: Bench, example: Mapping[str, Any]) -> Heard:
    id = f"published/{example['id']}"
    found, refused = [], "the spec has no recipe that signs requests"
    for signer in bench.codec.signers.values():
        try:
            found.append(_differences(bench, example, signer))
        except UsageError as error:
            refused = str(error)
    if not found:
        return Heard(id, Kind.SIGNATURE, gap=refused)
    return Heard(id, Kind.SIGNATURE, tuple(min(found, key=len)))


def _differences(bench: Bench, example: Mapping[str, Any], signer: Signer) -> list[str]:
    expected, credentials = example["request"], example["credentials"]
    context, fresh = bench.context(credentials), _fresh(bench, expected)
    bare = {**expected, "url": expected["url"].partition("?")[0], "body": None}
    added = _added(bench, signer.sign(_unsigned(bare, set()), fresh, context))
    ours = as_sent(signer.sign(_unsigned(expected, added), fresh, context))
    found = list(bench.source.compare.compare(bench.name, expected, ours, credentials).differences)
    auth = bench.source.profiles.INCIDENTAL[bench.name]["auth"]
    for name in auth if _unsigned_bytes(ours, auth) == _unsigned_bytes(expected, auth) else ():
        theirs = _carried(expected, name)
        if theirs is not None and theirs != _carried(ours, name):
            found.append(f"{name}: published {theirs[:16]}..., ours {str(_carried(ours, name))[:16]}...")
    return found


def _unsigned_bytes(request: Mapping[str, Any], auth: list[str]) -> list[list[str]]:
    """Query and body as they were before the signature was put into them."""
    texts = (urlsplit(request["url"]).query, request["body"] or "")
    return [[pair for pair in text.split("&") if pair.partition("=")[0] not in auth] for text in texts]


def _carried(request: Mapping[str, Any], name: str) -> str | None:
    """A signature or a key, wherever it is carried."""
    headers = {key.lower(): value for key, value in request["headers"].items()}
    query = dict(parse_qsl(urlsplit(request["url"]).query)) | dict(parse_qsl(request["body"] or ""))
    found = headers.get(name.lower(), query.get(name))
    return None if found is None else str(found)


def _fresh(bench: Bench, expected: Mapping[str, Any]) -> Fresh:
    """The time and nonce of the example, from wherever it carries them; one number may be both."""
    rule = bench.source.profiles.INCIDENTAL[bench.name]
    told = {name: _carried(expected, name) or _in_json(expected, name) for name in (*rule["volatile"], *rule["auth"])}
    numbers = {
        name: int(text) for name, text in told.items() if text is not None and re.fullmatch(r"[0-9]{1,19}", text)
    }
    nonces = [number for name, number in numbers.items() if "nonce" in name.lower()]
    dated = [text for text in told.values() if text is not None and re.match(r"\d{4}-\d\d-\d\dT", text)]
    moments = [
        number * _NANOSECONDS[len(str(number))] for number in numbers.values() if len(str(number)) in _NANOSECONDS
    ]
    moments += [round(datetime.fromisoformat(text).timestamp() * 1000) * 1_000_000 for text in dated]
    time_ns = moments[0] if moments else bench.time_ns
    return Fresh(time_ns, nonces[0] if nonces else time_ns // 1_000_000, "0" * 32, 1)


def _in_json(expected: Mapping[str, Any], name: str) -> str | None:
    body = expected["body"] or ""
    found = json.loads(body).get(name) if body.startswith("{") else None
    return None if found is None else str(found)


def _added(bench: Bench, empty: Request) -> set[str]:
    """The parameters that signing adds, seen on a request without any; and those that only carry signatures."""
    rule = bench.source.profiles.INCIDENTAL[bench.name]
    body = empty.body.decode()
    inside = json.loads(body) if body.startswith("{") else dict(parse_qsl(body))
    return {*rule["auth"], *rule["volatile"], *inside, *dict(parse_qsl(urlsplit(empty.target).query))}


def _unsigned(expected: Mapping[str, Any], added: set[str]) -> Unsigned:
    parts = urlsplit(expected["url"])
    query = dict(parse_qsl(parts.query))
    body = expected["body"] or ""
    content = json.loads(body) if body.startswith("{") else dict(parse_qsl(body))
    kept = {key: value for key, value in content.items() if key not in added}
    return Unsigned(
        method=expected["method"],
        origin=f"{parts.scheme}://{parts.netloc}",
        path=parts.path,
        query={key: value for key, value in query.items() if key not in added},
        form={} if body.startswith("{") else kept,
        json=kept if body.startswith("{") else {},
    )
