"""A compiler from symbolic grammars to LSTM weights."""
