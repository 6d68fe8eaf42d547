"""From a document of proven shape to the tree: small languages read, names resolved, shapes and types laid under."""

from .whole import build_spec

__all__ = ["build_spec"]
