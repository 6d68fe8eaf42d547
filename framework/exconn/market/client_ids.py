"""Client order ids: unique across restarts and clones, within what the exchange lets an id be.

Rules: prefix, then an instance word drawn at random once a market, then a strictly increasing time nonce. Where length
and alphabet permit, the id ends in the 16 decimal digits of a microsecond nonce, as the contract's readers expect; else
the nonce is written in the exchange's alphabet, in the finest unit of time that fits. An integer id holds both parts in
its bits.
"""

from exconn.codec.facts import ClientIdRule
from exconn.errors import UsageError
from exconn.market.nonces import Nonces
from exconn.market.surroundings import Surroundings

CONTRACT_DIGITS = 16
_DECIMAL_SHIFT = 10_000_000_000_000_000
_INSTANCE_LENGTH = 8
_DIGITS = "0123456789"
_UNIT_BITS = (("us", 51), ("ms", 41), ("s", 31))
"""How many bits each unit's count since 1970 takes until 2038 at least."""


class ClientIds:
    """Makes the ids of one market. `instance` is the market's own part, to be kept with the high-water mark."""

    __slots__ = ("_nonces", "_rule", "_tail", "_unit", "instance")

    def __init__(self, rule: ClientIdRule | None, surroundings: Surroundings, nonces: Nonces | None = None) -> None:
        """`rule` None: the exchange takes no client ids; the ids are for us alone. UsageError where the rule leaves too
        little room for an id that cannot come twice."""
        self._rule = rule or ClientIdRule()
        self._nonces = nonces or Nonces(surroundings.time_ns)
        draw = surroundings.random.randrange
        if self._rule.kind == "integer":
            self._unit, spare = _unit_for(self._rule.bits)
            self._tail = 0
            self.instance = str(draw(max(1, _instances(self._rule.bits, self._unit, spare))))
            return
        room = self._rule.length - len(self._rule.prefix)
        self._unit, self._tail = _text_tail(self._rule, room)
        length = min(_INSTANCE_LENGTH, room - self._tail)
        self.instance = "".join(_letters(self._rule)[draw(len(_letters(self._rule)))] for _ in range(length))

    @property
    def mark(self) -> int:
        """The highest nonce given out, 0 before the first."""
        return self._nonces.marks.get(self._unit, 0)

    def draw(self) -> str:
        """A new id."""
        nonce = self._nonces.draw(self._unit)
        if self._rule.kind == "integer":
            return str(self._integer(nonce))
        ends_in_digits = self._tail >= CONTRACT_DIGITS and _has_digits(_letters(self._rule))
        tail = f"{nonce:0{self._tail}d}" if ends_in_digits else _written(nonce, _letters(self._rule), self._tail)
        return f"{self._rule.prefix}{self.instance}{tail}"

    def _integer(self, nonce: int) -> int:
        if self._unit == "us" and _decimal_instances(self._rule.bits):
            return int(self.instance) * _DECIMAL_SHIFT + nonce
        return (int(self.instance) << dict(_UNIT_BITS)[self._unit]) + nonce


def unfit(rule: ClientIdRule, client_id: str) -> str | None:
    """Why the exchange would not take an id that was not drawn here, or not show it again as it is; None where it
    would."""
    if rule.kind == "integer":
        fits = client_id.isascii() and client_id.isdecimal() and str(int(client_id)) == client_id
        return None if fits and int(client_id) < 1 << rule.bits else f"is no whole number of {rule.bits} bits"
    if len(client_id) > rule.length:
        return f"has more than {rule.length} characters"
    if not client_id.startswith(rule.prefix):
        return f"does not begin with {rule.prefix}"
    strange = dict.fromkeys(each for each in client_id[len(rule.prefix) :] if each not in rule.alphabet)
    return f"has {', '.join(map(repr, strange))}, which this exchange takes in no id" if strange else None


def _letters(rule: ClientIdRule) -> str:
    """The alphabet's letters and digits: punctuation is legal in some places only, so it is left to the prefix."""
    return "".join(letter for letter in rule.alphabet if letter.isalnum()) or rule.alphabet


def _has_digits(letters: str) -> bool:
    return all(digit in letters for digit in _DIGITS)


def _unit_for(bits: int) -> tuple[str, int]:
    for unit, needed in _UNIT_BITS:
        if bits >= needed:
            return unit, bits - needed
    raise UsageError(f"a client id of {bits} bits is too short to be unique; this exchange needs at least 31")


def _decimal_instances(bits: int) -> int:
    return (1 << bits) // _DECIMAL_SHIFT


def _instances(bits: int, unit: str, spare: int) -> int:
    decimal = _decimal_instances(bits) if unit == "us" else 0
    return decimal or 1 << spare


def _text_tail(rule: ClientIdRule, room: int) -> tuple[str, int]:
    """The nonce's unit and its number of characters."""
    letters = _letters(rule)
    if room >= CONTRACT_DIGITS + 4 and _has_digits(letters):
        return "us", CONTRACT_DIGITS
    for unit, bits in _UNIT_BITS:
        length = len(_written((1 << bits) - 1, letters, 0)) if len(letters) > 1 else room + 1
        if length <= room:
            return unit, length
    raise UsageError(f"client ids of {rule.length} characters with prefix {rule.prefix!r} are too short to be unique")


def _written(number: int, letters: str, length: int) -> str:
    """`number` in the base of the alphabet, at least `length` characters."""
    text = ""
    while number:
        number, rest = divmod(number, len(letters))
        text = letters[rest] + text
    return text.rjust(length, letters[0])
