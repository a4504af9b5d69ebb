"""Stage 3: automaton to program."""

from lstmc.program.allocate import LEVELS, MEMORIES, allocate
from lstmc.program.program import ALWAYS, NEVER, PARTS, Cell, Program, Test

__all__ = ["ALWAYS", "LEVELS", "MEMORIES", "NEVER", "PARTS", "Cell", "Program", "Test", "allocate"]
