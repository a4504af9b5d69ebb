"""Compiled sLSTMs in the xlstm package."""

LSTMC_API = 1
