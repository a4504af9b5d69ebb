"""Compiled networks in PyTorch.

    net = lstmc_torch.load("build/reber.safetensors")     an nn.Module that reads strings, tokens or one-hot vectors
    net.allowed("BTX")                                      ('S', 'X')
    larger = lstmc_torch.embed(net, hidden_size=32)         the same network among 32 units, ready to be trained

PyTorch is imported when something here is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from lstmc.errors import PluginError

LSTMC_API = 1

if TYPE_CHECKING:
    from lstmc_torch.embedding import embed as embed
    from lstmc_torch.module import FusedNetwork as FusedNetwork
    from lstmc_torch.module import GrammarLstm as GrammarLstm
    from lstmc_torch.module import Reading as Reading
    from lstmc_torch.module import load as load
    from lstmc_torch.module import to_module as to_module
    from lstmc_torch.module import to_network as to_network
    from lstmc_torch.unfused import UnfusedNetwork as UnfusedNetwork

_HOME = {
    "FusedNetwork": "module",
    "GrammarLstm": "module",
    "Reading": "module",
    "UnfusedNetwork": "unfused",
    "embed": "embedding",
    "load": "module",
    "to_module": "module",
    "to_network": "module",
}

__all__ = ["LSTMC_API", *_HOME]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'lstmc_torch' has no attribute '{name}'")
    try:
        return getattr(import_module(f"lstmc_torch.{_HOME[name]}"), name)
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        raise PluginError("PyTorch is not installed", "pip install 'lstmc[torch]'") from error


def __dir__() -> list[str]:
    return sorted(__all__)
