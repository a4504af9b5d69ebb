"""Compiled networks as ONNX files, which most runtimes read."""

LSTMC_API = 1
