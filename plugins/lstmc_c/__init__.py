"""Compiled networks for c."""

LSTMC_API = 1
