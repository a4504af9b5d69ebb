"""Compiled networks for keras."""

LSTMC_API = 1
