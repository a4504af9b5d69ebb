"""Compiled networks for javascript."""

LSTMC_API = 1
