"""Numbers as users of PyTorch keep them: a `state_dict` without pickle, in a safetensors file."""

import json
from collections.abc import Mapping

import numpy as np
import safetensors.numpy

from lstmc.export.package import Package
from lstmc.network.number_formats import Array
from lstmc.network.weights_file import as_bfloat16


def state_dict_file(package: Package, tensors: Mapping[str, Array]) -> bytes:
    """The tensors in the number format of the package, with `package.about_json` under `lstmc`."""
    stored = {name: np.ascontiguousarray(package.network.format.stored(values)) for name, values in tensors.items()}
    data = safetensors.numpy.save(stored, {"format": "pt"})
    data = as_bfloat16(data) if package.format == "bfloat16" else data
    return with_metadata(data, {"lstmc": package.about_json, "proof": package.proof or ""})


def with_metadata(data: bytes, more: Mapping[str, str]) -> bytes:
    """The same safetensors file with more metadata; keys sorted, so that it is always the same."""
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    header["__metadata__"] = dict(sorted((header["__metadata__"] | more).items()))
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)  # numbers that follow are aligned to 8 bytes
    return len(text).to_bytes(8, "little") + text + data[8 + size :]
