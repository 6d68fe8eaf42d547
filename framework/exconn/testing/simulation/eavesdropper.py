"""Everything that a market lets out besides its requests: what it logs, with tracebacks, what it tells, what it saves.

Rules: secret are the account's credentials, what the exchange gave out for its use (a listen key, a token), and every
long word of a request, as signatures are; what of them is found in what was let out is named by its kind, and never
shown. It listens at the level DEBUG, because that is where a careless line would be.
"""

import logging
import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

_LONG = 40
"""Characters of a signature or a key; a client id has fewer."""
_WORD = re.compile(rf"[A-Za-z0-9+/_%-]{{{_LONG},}}")
_ENOUGH = 12
"""So many characters of a credential, from its beginning, are as good as all."""
_SHOWN = 200


class Eavesdropper(logging.Handler):
    """`hear` what was let out, `see` what was sent, then ask for the `leaks`."""

    def __init__(self, credentials: Iterable[str]) -> None:
        super().__init__(logging.DEBUG)
        self._credentials = tuple(credentials)
        self._signed: set[str] = set()
        self._heard: list[str] = []
        self.setFormatter(logging.Formatter())

    def emit(self, record: logging.LogRecord) -> None:
        self._heard.append(self.format(record))

    def hear(self, text: str) -> None:
        self._heard.append(text)

    def see(self, sent: bytes) -> None:
        """A piece of a request. A masked frame is no text, and shows nothing."""
        if sent.isascii():
            text = sent.decode("ascii")
            self._signed.update(_WORD.findall(text))
            if "%" in text:
                self._signed.update(_WORD.findall(unquote(text)))

    def leaks(self, given: Iterable[str]) -> Iterator[str]:
        """What was let out since the last call and should not have been. `given`: by the exchange, for its use."""
        heard, self._heard = self._heard, []
        whole = "\n".join(heard)
        begun = [each[:_ENOUGH] for each in self._credentials]
        kinds = {
            "a credential": {each for each in begun if each in whole},
            "what the exchange gave out": {each for each in given if each in whole},
            "a long word of a request, as a signature is,": self._signed.intersection(_WORD.findall(whole)),
        }
        for kind, found in kinds.items():
            if found:
                line = next(line for line in whole.splitlines() if any(each in line for each in found))
                for secret in (*self._credentials, *begun, *sorted(found, key=len, reverse=True)):
                    line = line.replace(secret, "<secret>")
                yield f"{kind} was let out: {line[:_SHOWN]}"
