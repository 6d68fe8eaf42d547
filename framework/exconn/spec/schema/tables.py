"""The tables of the vocabulary on the reference page: what the schema alone does not show.

Rules: every row comes from `vocabulary`, `placeholders` and `meanings`, so that the page cannot say what the checker
does not do.
"""

from exconn.spec import placeholders as known
from exconn.spec.vocabulary import (
    BOOK_KINDS,
    CASTS,
    HASHES,
    LEGAL_CASTS,
    MACS,
    MESSAGE_KINDS,
    NEEDS_CAST,
    OF_A_PAIR,
    OPERATIONS,
    REQUIRED,
    SIGNATURES,
    STEPS,
    TAKES_ALWAYS,
    WORDS,
)

from . import meanings
from .markdown import code, codes, table

_ARGUMENTS = {("text",): "text", ("text", "index"): "sep, n"}


def placeholders() -> list[str]:
    rows = [
        (code(f"{{{name}}}"), meanings.PLACEHOLDERS[name], known.WHERE[name], "yes" if name in known.NUMBERS else "")
        for name in meanings.PLACEHOLDERS
    ]
    forms = ("`{symbol.<form>}`", "the pair, in a form of `symbols`", known.WHERE["base"], "")
    fields = ("`{body.<field>}`", "a field of the JSON body: its text, or else its JSON", known.WHERE["body"], "")
    return table(("placeholder", "its value", "where it stands", "`:number`"), [forms, *rows, fields])


def natural_types() -> list[str]:
    rows = [(natural, about, _casts(natural), _always(natural)) for natural, about in meanings.TYPES.items()]
    return table(("type of the field", "what is read", "`as`", "besides a path"), rows)


def _casts(natural: str) -> str:
    legal = codes(LEGAL_CASTS[natural])
    return f"needed: {legal}" if natural in NEEDS_CAST else legal


def _always(natural: str) -> str:
    ways = ["`always WORD`"] if natural in TAKES_ALWAYS else []
    ways += ["`by DECISION`"] if natural in WORDS else []
    ways += ["in a fee `base of symbol`, `quote of symbol`"] if natural == "asset" else []
    return ", ".join(ways)


def casts() -> list[str]:
    rows = [(code(_written(name)), about) for name, about in meanings.CASTS.items()]
    return table(("`as`", "what it reads"), rows)


def _written(cast: str) -> str:
    if cast == "words":
        return "<table>"
    if cast == "symbol":
        return "symbol.<form>"
    return f"{cast}({_ARGUMENTS[CASTS[cast]]})" if CASTS[cast] else cast


def our_words() -> list[str]:
    return table(("field", "our words"), [(natural, codes(words)) for natural, words in WORDS.items()])


def steps() -> list[str]:
    rows = [(code(step), meanings.STEPS[step], _further(step)) for step in STEPS]
    return table(("step", "gives", "beside it"), rows)


def _further(step: str) -> str:
    if step == "jwt":
        return "`key`, `claims`, `header`"
    if step in (*MACS, *SIGNATURES):
        return "`key`, `as`"
    return "`as`" if step in HASHES else ""


def placed_in(operation: str) -> str:
    """The placeholders that an operation's request may hold."""
    names = [name for name in meanings.PLACEHOLDERS if name in known.of_operation(operation) - known.PAIR]
    pair = ["symbol.<form>", *sorted(known.PAIR)] if known.is_about_pair(operation) else []
    return codes(f"{{{name}}}" for name in [*pair, *names])


def record_homes(kind: str) -> str:
    """Where records of this kind stand."""
    replies = [operation for operation, kinds in OPERATIONS.items() if kind in kinds]
    said = [f"replies of {codes(replies)}"] if replies else []
    said += ["messages of sockets"] if kind in MESSAGE_KINDS else []
    return f"`{kind}` stands in {' and in '.join(said)}."


def field_duty(kind: str, field: str) -> str:
    """Whether a record of this kind must have the field."""
    if kind in BOOK_KINDS and field in ("bids", "asks", "levels"):
        return "`bids` and `asks`, or `levels`"
    duties = [
        "yes" if choice == (field,) else f"one of {codes(choice)}" for choice in REQUIRED[kind] if field in choice
    ]
    if field == "symbol" and kind in OF_A_PAIR:
        duties.append("in messages")
    if field == "state" and kind == "order":
        duties.append("in messages and lookups")
    return "; ".join(duties)
