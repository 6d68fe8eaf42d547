"""Published examples of signing, signed again by our own recipes.

Rules: the example's parameters go to the recipe without what signing adds itself (time, nonce, key, signature); the
clock shows the time of the example; the recipe that comes nearest counts. The folder's comparer recomputes what we
signed, and where what is signed is the same to the byte, the signature has to be the published one.
"""

import json
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from exconn.codec import Fresh, Signer, Unsigned
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
    bare = {**expected, "url": expected["url"].partition("?")[0], "headers": {}, "body": None}
    added = _added(bench, as_sent(signer.sign(_unsigned(bench, bare, set()), fresh, context)))
    ours = as_sent(signer.sign(_unsigned(bench, expected, added), fresh, context))
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
    content = {name: str(value) for name, value in content_of(bench, expected).items()}
    told = {name: _carried(expected, name) or content.get(name) for name in (*rule["volatile"], *rule["auth"])}
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


def content_of(bench: Bench, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """The parameters of a body, JSON or form, or of the header that carries them in its place."""
    carrier = bench.source.profiles.INCIDENTAL[bench.name].get("payload_header")
    headers = {key.lower(): value for key, value in request["headers"].items()}
    if carrier is not None and carrier.lower() in headers:
        found: Mapping[str, Any] = json.loads(b64decode(headers[carrier.lower()]))
        return found
    body = request["body"] or ""
    return json.loads(body) if body.startswith("{") else dict(parse_qsl(body))


def _added(bench: Bench, empty: Mapping[str, Any]) -> set[str]:
    """The parameters that signing adds, seen on a request without any; and those that only carry signatures."""
    rule = bench.source.profiles.INCIDENTAL[bench.name]
    query = dict(parse_qsl(urlsplit(empty["url"]).query))
    return {*rule["auth"], *rule["volatile"], *content_of(bench, empty), *query}


def _unsigned(bench: Bench, expected: Mapping[str, Any], added: set[str]) -> Unsigned:
    parts = urlsplit(expected["url"])
    content = {key: value for key, value in content_of(bench, expected).items() if key not in added}
    is_form = bool(expected["body"]) and not expected["body"].startswith("{")
    return Unsigned(
        method=expected["method"],
        origin=f"{parts.scheme}://{parts.netloc}",
        path=parts.path,
        query={key: value for key, value in parse_qsl(parts.query) if key not in added},
        form=content if is_form else {},
        json={} if is_form else content,
    )
