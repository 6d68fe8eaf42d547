"""Schema of what a case of a frame may say besides the frame: its bytes, its connection, its channel and count."""

from typing import Final

from exconn.spec.schema.terms import Term, listed, table, text, whole

_BASE64: Final = r"^[A-Za-z0-9+/\s]+={0,2}\s*$"


def told_beside(frame: str) -> dict[str, Term]:
    """The keys; `frame` is an example of one."""
    opened = {
        "number": text("Its number, or the text that numbers it.", "17", type=["string", "integer"]),
        "kind": text("What it carries, in the exchange's word.", "book"),
        "symbol": text("The symbol it was opened for.", "BTCUSDT"),
    }
    example = {"number": "17", "kind": "book", "symbol": "BTCUSDT"}
    return {
        "bytes": text("In place of `frame`, a packed frame's bytes in base64.", "H4sIAAAA", pattern=_BASE64),
        "after": listed("Frames of the same connection that came before.", [frame], {"type": "string"}),
        "count": whole("Its place in the connection's count; not asked about when left out.", 7, 0, 2**62),
        "opened": table("The channel that it opens.", example, opened, ("number", "kind")),
    }
