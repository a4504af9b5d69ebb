"""Stage 3: automaton to program."""

from lstmc.program.allocate import LEVELS, MEMORIES, allocate
from lstmc.program.program import PARTS, Cell, Program, Test

__all__ = ["LEVELS", "MEMORIES", "PARTS", "Cell", "Program", "Test", "allocate"]
