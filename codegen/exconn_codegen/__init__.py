"""A compiled spec written down as a Python package: the very nodes that run in memory, unparsed, framed and laid out.

Rules: the package needs nothing but exconn.market, exconn.codec and exconn.model; no text of a spec stands in it but as
a literal; writing twice gives the same bytes.
"""

from exconn_codegen.package import generate

__all__ = ["generate"]
