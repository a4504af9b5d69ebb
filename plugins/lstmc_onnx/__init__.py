"""Compiled networks for onnx."""

LSTMC_API = 1
