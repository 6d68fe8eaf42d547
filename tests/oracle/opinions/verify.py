"""Signatures of section 3 of docs/myexchange-api.md, recomputed over the bytes that were sent."""

import hashlib
import hmac
from base64 import b64encode
from typing import Any
from urllib.parse import urlsplit

Credentials = dict[str, str]


def _signature(payload: str, credentials: Credentials) -> str:
    return b64encode(hmac.digest(credentials["secret"].encode(), payload.encode(), hashlib.sha512)).decode()


def is_signed(request: dict[str, Any]) -> bool:
    return "MX-SIGN" in request["headers"]


def verify_request(request: dict[str, Any], credentials: Credentials) -> bool:
    url, headers = urlsplit(request["url"]), request["headers"]
    target = url.path + (f"?{url.query}" if url.query else "")
    digest = hashlib.sha256((request["body"] or "").encode()).hexdigest()
    lines = (headers["MX-TIME"], headers["MX-NONCE"], request["method"], url.netloc, target, digest)
    return hmac.compare_digest(headers["MX-SIGN"], _signature("\n".join(lines), credentials))


def verify_login(message: dict[str, Any], credentials: Credentials) -> bool:
    payload = f"{message['time']}\n{message['nonce']}\nLOGIN"
    return hmac.compare_digest(message["sign"], _signature(payload, credentials))
