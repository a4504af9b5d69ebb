"""Compiled networks for flax."""

LSTMC_API = 1
