"""Compiled networks for equinox."""

LSTMC_API = 1
