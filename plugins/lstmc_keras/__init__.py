"""Compiled networks as Keras models, which open on JAX and on PyTorch."""

LSTMC_API = 1
