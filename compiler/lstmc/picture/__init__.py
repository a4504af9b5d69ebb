"""Pictures: grammars as graphs, weights as heat maps, memory as time lines, and the page that shows a network think.

draw(grammar, "reber.svg")                   the graph; of a network the weights, or its memory over a string
illustrate(network, grammar, certificate)    the page, as text

Each is imported when it is first used: the page needs the whole compiler, which a small picture does not.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lstmc.picture.page import illustrate as illustrate
    from lstmc.picture.write import draw as draw

_HOME = {"draw": "write", "illustrate": "page"}

__all__ = ["draw", "illustrate"]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'lstmc.picture' has no attribute '{name}'")
    return getattr(import_module(f"lstmc.picture.{_HOME[name]}"), name)
