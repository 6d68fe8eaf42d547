"""The dialect language: how a sandbox speaks as one exchange, read from a file and compiled once.

The mirror of the spec language: readings for what a client sends, templates for what the exchange answers, the same
words for the same things. `load_dialect` gives a `Dialect` that the server drives.
"""

from .load import Dialect, load_dialect

__all__ = ["Dialect", "load_dialect"]
