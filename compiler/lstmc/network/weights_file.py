"""Networks as safetensors files, byte for byte the same for the same network, and checked by digest on loading."""

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
import safetensors.numpy
from numpy.typing import NDArray

from lstmc.canonical import canonical, digest
from lstmc.errors import InputError
from lstmc.files import read_bytes, weights_at
from lstmc.network.cell_types import cell_type
from lstmc.network.header import FORMAT, Header
from lstmc.network.lowering import DENSE_CELLS
from lstmc.network.network import Network, check_tensors
from lstmc.network.number_formats import FORMATS, number_format
from lstmc.network.provenance import pack_provenance, unpack_provenance
from lstmc.network.sparse import INDEX

KEY = "lstmc"  # the one metadata key
deserialize: Callable[[bytes], list[tuple[str, dict[str, Any]]]] = safetensors.deserialize
STORED = {"F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16", "I64": "int64"}
AGAIN = "compile the grammar again, or fetch the file again"


def to_bytes(network: Network) -> bytes:
    """The file as bytes."""
    tensors, header = contents(network)
    data = safetensors.numpy.save(tensors, {KEY: canonical(header).decode()})
    return as_bfloat16(data) if header["dtype"] == "bfloat16" else data


def contents(network: Network) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """What the file holds: the tensors as stored, and the header with its digests."""
    number = network.format
    tensors = {
        name: np.ascontiguousarray(values if values.dtype == np.int64 else number.stored(values))
        for name, values in network.tensors.items()
    }
    header = network.header.to_dict()
    if network.size > DENSE_CELLS:
        header["cells"], integers = pack_provenance(network.header.cells)
        tensors |= integers
    header["tensors"] = tensors_digest(tensors, header["dtype"])
    header["header"] = digest(canonical(header))
    return tensors, header


def tensors_digest(tensors: Mapping[str, NDArray[Any]], dtype: str) -> str:
    """SHA-256 over name, type, shape and little-endian bytes of every tensor, by name."""
    summary = hashlib.sha256()
    for name, values in sorted(tensors.items()):
        kind = "int64" if values.dtype == np.int64 else dtype
        summary.update(canonical([name, kind, list(values.shape)]))
        summary.update(values.astype(values.dtype.newbyteorder("<"), copy=False).tobytes())
    return summary.hexdigest()


def as_bfloat16(data: bytes) -> bytes:
    """The same file with its 16-bit integers declared as what they are: numpy has no bfloat16 to hand over."""
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    for name, tensor in header.items():
        if name != "__metadata__" and tensor["dtype"] == "U16":
            tensor["dtype"] = "BF16"
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)  # safetensors aligns the numbers that follow to 8 bytes
    return len(text).to_bytes(8, "little") + text + data[8 + size :]


def load(path: str | Path) -> Network:
    """The network in a weights file, or in a folder of `lstmc export --to hub`.

    Raises InputError where the file cannot be read, is truncated, altered, or of a later format.
    """
    return from_bytes(read_bytes(weights_at(path)), str(path))


def from_bytes(data: bytes, file: str = "the weights") -> Network:
    """The network in the bytes of a weights file; `file` names it in errors."""
    try:
        return _network(data)
    except InputError as error:
        raise InputError(f"{file}: {error.message}", error.help) from error


def _network(data: bytes) -> Network:
    header, tensors = _parse(data)
    declared = header.pop("header", None)
    if declared != digest(canonical(header)):
        raise InputError("the header of the weights was altered: its digest does not match", AGAIN)
    stored = {name: values for name, (_, values) in tensors.items()}
    if header.pop("tensors", None) != tensors_digest(stored, str(header.get("dtype"))):
        raise InputError("the weights were altered: their digest does not match", AGAIN)
    if isinstance(header.get("cells"), dict):
        header["cells"] = unpack_provenance(header["cells"], stored)
    parsed = Header.from_dict(header)
    if parsed.dtype not in FORMATS:
        raise InputError(f"the weights hold '{parsed.dtype}', a number format that this lstmc lacks", "update lstmc")
    number = number_format(parsed.dtype)
    for name, (kind, _) in tensors.items():
        expected = "int64" if _is_index(name) else parsed.dtype
        if kind != expected:
            raise InputError(f"tensor '{name}' holds {kind} where {expected} belongs", AGAIN)
    numbers = {name: values if _is_index(name) else number.loaded(values) for name, values in stored.items()}
    network = cell_type(parsed.cell)(parsed, numbers)
    check_tensors(network)
    return network


def _is_index(name: str) -> bool:
    return name.split(".")[-1] in INDEX


def _parse(data: bytes) -> tuple[dict[str, Any], dict[str, tuple[str, NDArray[Any]]]]:
    """The lstmc header, and each tensor with its type as stored."""
    try:
        raw = deserialize(data)
        size = int.from_bytes(data[:8], "little")
        text = json.loads(data[8 : 8 + size]).get("__metadata__", {}).get(KEY)
    except (safetensors.SafetensorError, ValueError, AttributeError, RecursionError) as error:
        raise InputError(f"is not a whole safetensors file ({error})", AGAIN) from error
    if text is None:
        raise InputError(f"has no '{KEY}' metadata: it is not a file of lstmc's", "make one with `lstmc compile`")
    try:
        header = json.loads(text)
        canonical(header)  # raises ValueError for numbers that are none and halves of characters
        version = header["format"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InputError(f"the header of the weights is not in order ({error!r:.100})", AGAIN) from error
    if version != FORMAT:
        raise InputError(f"is of format {version}, which this lstmc does not know (it knows {FORMAT})", "update lstmc")
    return header, {name: _tensor(name, tensor, len(data)) for name, tensor in raw}


def _tensor(name: str, tensor: dict[str, Any], size: int) -> tuple[str, NDArray[Any]]:
    """Its type as stored, and its numbers; `size` is that of the file, which bounds what an empty tensor may claim."""
    kind = STORED.get(tensor["dtype"])
    if kind is None:
        raise InputError(f"tensor '{name}' holds {tensor['dtype']}, which lstmc does not use", AGAIN)
    if any(length > size for length in tensor["shape"]):
        raise InputError(f"tensor '{name}' has a shape that the file is too short for", AGAIN)
    values = np.frombuffer(tensor["data"], np.dtype("uint16" if kind == "bfloat16" else kind).newbyteorder("<"))
    return kind, values.reshape(tensor["shape"])
