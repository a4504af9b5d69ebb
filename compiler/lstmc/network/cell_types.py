"""Find a cell type by its name."""

from lstmc.errors import PluginError
from lstmc.extensions import load
from lstmc.network.network import Network


def cell_type(name: str) -> type[Network]:
    """Raises PluginError where there is none of that name, or it does not work."""
    found = load("lstmc.cells", name)
    if not (isinstance(found, type) and issubclass(found, Network)):
        raise PluginError(f"the cell type '{name}' is not an lstmc.network.Network", "tell the authors of the plugin")
    return found
