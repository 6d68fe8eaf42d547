"""Spec -> Codec: the one compiler, for running in memory and for writing down."""

from exconn.compile.program import Program, compile_spec, finish, write

__all__ = ["Program", "compile_spec", "finish", "write"]
