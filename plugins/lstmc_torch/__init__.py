"""Compiled networks in PyTorch.

    net = lstmc_torch.load("weights/reber.safetensors")     an nn.Module that reads strings, tokens or one-hot vectors

PyTorch is imported when something here is first used.
"""

from importlib import import_module

LSTMC_API = 1

_HOME: dict[str, str] = {}

__all__ = ["LSTMC_API", *_HOME]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'lstmc_torch' has no attribute '{name}'")
    return getattr(import_module(f"lstmc_torch.{_HOME[name]}"), name)
