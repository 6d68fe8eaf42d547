"""What recipes compute without a key: hashes, sorted queries and the parameter strings that some signatures cover.

Rules: bytes in and bytes out for hashes; texts are compared and sorted by their bytes; keyed MACs belong to the keys
(`Keyring.mac`), so that no key ever passes through here.
"""

import hashlib
import json

from exconn.errors import UsageError


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def sha384(data: bytes) -> bytes:
    return hashlib.sha384(data).digest()


def sha512(data: bytes) -> bytes:
    return hashlib.sha512(data).digest()


def sorted_query(query: str) -> str:
    """The pairs of an encoded query in the order of their names' bytes, those of one name by their values."""
    return "&".join(sorted(query.split("&"), key=_name_first)) if "&" in query else query


def _name_first(pair: str) -> list[str]:
    """A name that another begins with stands first, though `-`, `.` and digits come before the `=` behind it."""
    return pair.split("=", 1)


def sorted_pairs(text: str) -> str:
    """A JSON object as one text: keys in order, each followed by its value; objects and arrays go the same way inside.

    Numbers and literals keep their JSON spelling, texts stand without quotes, an empty text gives an empty text.
    """
    if not text:
        return ""
    try:
        value = json.loads(text, parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        raise UsageError("sorted_pairs needs a JSON object") from None
    return _flat(value)


def _flat(value: object) -> str:
    if isinstance(value, dict):
        return "".join(f"{key}{_flat(value[key])}" for key in sorted(value))
    if isinstance(value, list):
        return "".join(map(_flat, value))
    if isinstance(value, str):
        return value
    return json.dumps(value)
