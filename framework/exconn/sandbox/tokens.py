"""Tokens that stand for a key: made by a request, used to name a stream, good for a while.

Rules:
- A token is found by its text as long as it is good; whoever hears by it is told when it ends, by wish or by time.
- Texts are letters and digits, made of the key's name and a counter: the same requests give the same tokens.
- No clock: time is an argument, in ns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .keys import Key
from .made import made_text


@dataclass(slots=True)
class Token:
    """One token. `until` is when it ends; `watchers` are told when it ends before that, and how: ended or expired. They
    are known by their connection and the name of its seat.
    """

    text: str
    key: Key
    until: int
    watchers: dict[tuple[Any, str], Callable[[str], None]] = field(default_factory=dict)


class Tokens:
    """The tokens of all keys."""

    __slots__ = ("_made", "_tokens")

    def __init__(self) -> None:
        self._tokens: dict[str, Token] = {}
        self._made = 0

    def issue(self, key: Key, until: int, now: int, *, length: int, kept: bool) -> Token:
        """A token of a key, good until a moment; with `kept`, the one that it has already, good for longer."""
        self._tokens = {text: token for text, token in self._tokens.items() if token.until > now}
        if kept:
            for token in self._tokens.values():
                if token.key is key:
                    token.until = until
                    return token
        self._made += 1
        token = Token(made_text(length, "token", key.api_key, self._made), key, until)
        self._tokens[token.text] = token
        return token

    def find(self, text: str, now: int) -> Token | None:
        """The token of that text, if it is good."""
        token = self._tokens.get(text)
        return token if token is not None and token.until > now and not token.key.revoked else None

    def end(self, token: Token, how: str = "ended") -> None:
        """From now on the token is nothing; its watchers are told."""
        self._tokens.pop(token.text, None)
        for watcher in tuple(token.watchers.values()):
            watcher(how)

    def expire(self, account: str | None, now: int) -> int:
        """End all good tokens of an account, or of all, as if their time were over. How many there were."""
        good = [token for token in self._tokens.values() if token.until > now and account in (None, token.key.account)]
        for token in good:
            token.until = now
            self.end(token, "expired")
        return len(good)
