"""Compiled networks as leaves of Equinox modules."""

LSTMC_API = 1
