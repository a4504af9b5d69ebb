"""A compiler from symbolic grammars to LSTM weights."""

from lstmc.extensions import LSTMC_API as LSTMC_API  # the version of the plugin contract (docs/plugins.md)
