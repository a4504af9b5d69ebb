"""Compiled networks as parameters of Flax NNX modules."""

LSTMC_API = 1
