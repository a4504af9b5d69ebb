"""Pictures: grammars as graphs, weights as heat maps, memory as time lines, and the page that shows a network think.

illustrate(network, grammar, certificate)    the page, as text
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lstmc.picture.page import illustrate as illustrate

__all__ = ["illustrate"]


def __getattr__(name: str) -> object:
    if name != "illustrate":  # the page needs the whole compiler, which a small picture does not
        raise AttributeError(f"module 'lstmc.picture' has no attribute '{name}'")
    from lstmc.picture.page import illustrate

    return illustrate
