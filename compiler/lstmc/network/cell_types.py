"""Find a cell type by its name, and the programs that it takes."""

from lstmc.errors import PluginError, UsageError
from lstmc.extensions import load
from lstmc.network.network import Network
from lstmc.program import LEVELS

USUAL = (1, "keep")  # the level and the memory of who asks for none


def cell_type(name: str) -> type[Network]:
    """Raises PluginError where there is none of that name, or it does not work."""
    found = load("lstmc.cells", name)
    if not (isinstance(found, type) and issubclass(found, Network)):
        raise PluginError(f"the cell type '{name}' is not an lstmc.network.Network", "tell the authors of the plugin")
    return found


def level_and_memory(cell: type[Network], level: int | None, memory: str | None) -> tuple[int, str]:
    """What somebody asks for; where nothing is said, the highest level up to 1, and "keep", if the cell takes those.

    Raises UsageError for a program that the cell cannot run.
    """
    usual_level, usual_memory = USUAL
    if level is None:
        level = max((each for each in cell.levels if each <= usual_level), default=min(cell.levels))
    if memory is None:
        memory = usual_memory if cell.keeps or level != 1 else "rewrite"
    if level in LEVELS and level not in cell.levels:
        message = f"the cell type '{cell.cell}' takes no -O{level}{_why(cell, level)}"
        raise UsageError(message, f"compile with -O {' or '.join(map(str, cell.levels))}")
    if level == 1 and memory == "keep" and not cell.keeps:
        message = f"the loops of the cell type '{cell.cell}' cannot keep its memory{_why(cell, memory)}"
        raise UsageError(message, "compile with --memory rewrite")
    return level, memory


def _why(cell: type[Network], asked: int | str) -> str:
    return f": {cell.because[asked]}" if asked in cell.because else ""
