"""Compiled LSTMs with peepholes in torchrecurrent."""

LSTMC_API = 1
