"""Mutation: does every single mistake in a spec make one of its cases fail?"""

from .bench import Bench, Fate, Verdict
from .edit import Mutant, mutate
from .trial import MutationTrial, try_mutants
from .whole import mutants_of

__all__ = ["Bench", "Fate", "Mutant", "MutationTrial", "Verdict", "mutants_of", "mutate", "try_mutants"]
