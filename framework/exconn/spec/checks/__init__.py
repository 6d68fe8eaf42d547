"""What is proved of a spec before the first request."""

from .whole import check_spec

__all__ = ["check_spec"]
