"""What a verifier looks at, and what it answers.

Rules:
- `Signed` holds the request as it came, byte for byte; `fields` are the texts that the dialect read for the signature
  (key, time, nonce, signature and so on), as sent.
- `Secrets` never prints. `Verdict.steps` show what was signed and what was expected: (name, text) in order.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signature covers. `host` is the Host header as sent, `target` the request target; `fields` as sent.

    `params` are the parameters of a request that came in a frame (or in a body), by name, each as text.
    """

    method: str
    host: str
    target: str
    body: bytes
    fields: Mapping[str, str]
    params: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secrets of one key."""

    secret_key: str = field(repr=False)
    passphrase: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a signature is right, and how that was found."""

    right: bool
    steps: tuple[tuple[str, str], ...]


Verifier = Callable[[Signed, Secrets], Verdict]
