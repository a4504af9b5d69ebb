"""Compiled networks for numpy."""

LSTMC_API = 1
