"""Specs: one YAML file of one exchange, checked and made into a frozen tree."""

from exconn.spec.load import load_spec, read_spec, spec_of
from exconn.spec.tree import Spec

__all__ = ["Spec", "load_spec", "read_spec", "spec_of"]
