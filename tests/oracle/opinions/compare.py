"""The comparer of these opinions: method, address, parameters and key are equal, and what we sign verifies."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import verify

FREE = {"id", "time", "nonce", "sign"}


@dataclass
class Result:
    differences: list[str] = field(default_factory=list)


def _parts(request: dict[str, Any]) -> dict[str, Any]:
    url = urlsplit(request["url"])
    params = dict(parse_qsl(url.query)) | json.loads(request["body"] or "{}")
    told = {"method": request["method"], "host": url.netloc, "path": url.path, "signed": verify.is_signed(request)}
    return told | {"key": request["headers"].get("MX-KEY")} | {f"params.{key}": each for key, each in params.items()}


def compare(exchange: str, expected: Any, actual: Any, credentials: Any, inputs: Any = None) -> Result:
    theirs, ours = _parts(expected), _parts(actual)
    found = [
        f"{key}: expected {theirs.get(key)!r}, got {ours.get(key)!r}"
        for key in sorted({*theirs, *ours})
        if theirs.get(key) != ours.get(key)
    ]
    if verify.is_signed(actual) and not verify.verify_request(actual, credentials):
        found.append("signature: it does not verify")
    return Result(found)


def compare_ws(exchange: str, expected: Any, actual: Any, credentials: Any, headers: Any = None) -> Result:
    found = []
    for theirs, ours in zip(expected, actual, strict=True):
        if theirs["url"] != ours["url"]:
            found.append(f"url: expected {theirs['url']!r}, got {ours['url']!r}")
        told = [{key: each for key, each in one["message"].items() if key not in FREE} for one in (theirs, ours)]
        if told[0] != told[1]:
            found.append(f"message: expected {told[0]}, got {told[1]}")
        if "sign" in ours["message"] and not verify.verify_login(ours["message"], credentials):
            found.append("signature: it does not verify")
    return Result(found)
