"""What travels with an exported network: the numbers, and everything that a framework's user needs to read them."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from lstmc.export.limits import ExportLimits
from lstmc.network import Network
from lstmc.network.number_formats import Array

INT8 = "int8"  # weights quantized when the network is loaded or written, numbers between them in float32
EXAMPLE = 3  # symbols of the string that snippets show


@dataclass(frozen=True, eq=False)
class Package:
    """A network on its way into a framework.

    network    the compiled network          proof   the digest (SHA-256) of its certificate; None where it has none
    quantize   whether the weights are to become int8
    """

    network: Network
    proof: str | None = None
    quantize: bool = False

    @property
    def name(self) -> str:
        return self.network.name

    @property
    def cell(self) -> str:
        """The cell type: `lstm`, `toy`, or a plugin's."""
        return self.network.cell

    @property
    def format(self) -> str:
        """The number format: float64, float32, float16, bfloat16 or int8."""
        return INT8 if self.quantize else self.network.header.dtype

    @property
    def alphabet(self) -> tuple[str, ...]:
        """The S symbols, in the order of the inputs and of the logits."""
        return self.network.alphabet

    @property
    def end(self) -> str:
        """The name of the last logit."""
        return self.network.header.end

    @property
    def outputs(self) -> tuple[str, ...]:
        """The output symbols of a transducer; () for others."""
        return self.network.outputs

    @property
    def size(self) -> int:
        """The number of cells, H."""
        return self.network.size

    @property
    def probable(self) -> bool:
        """Whether softmax of the logits are the grammar's probabilities."""
        return bool(self.network.header.options["probabilities"])

    @cached_property
    def about(self) -> dict[str, Any]:
        """All that is to be known beside the numbers, ready for JSON; the same in every format.

        Beside what the weights file's header says: `weights` (the digests that the certificate knows the weights by),
        `proof` (the certificate's own digest, or null), and `first` (what may come first, `end` among it).
        """
        about = self.network.header.to_dict()
        return about | {
            "first": list(self.network.run([]).next),
            "weights": self.network.digests(),
            "proof": self.proof,
        }

    @cached_property
    def about_json(self) -> str:
        """`about` as JSON text in ASCII, always the same."""
        return json.dumps(self.about, sort_keys=True, separators=(",", ":"), allow_nan=False)

    @cached_property
    def tensors(self) -> dict[str, Array]:
        """The numbers by name, in the layout of the weights file, all dense; half formats as float32 numbers.

        Raises LimitError where a matrix is too large to be written in full.
        """
        return {name: self._dense(name) for name in self.network.shapes()}

    def sparse(self, name: str) -> list[list[tuple[int, float]]]:
        """A matrix by rows: (column, number) of every number that is not 0.

        Raises LimitError where the network has too many such numbers for a text.
        """
        of, instead = f"'{self.name}' has ", "export to torch, onnx or keras, or compile at another level"
        ExportLimits.from_environment().refuse_more("weights", self.network.nonzero, of, instead)
        matrix = self.network.matrix(name)
        if isinstance(matrix, np.ndarray):
            return [[(int(column), float(row[column])) for column in np.flatnonzero(row)] for row in matrix]
        matrix.sort_indices()
        pairs = list(zip(matrix.indices.tolist(), matrix.data.tolist(), strict=True))
        return [pairs[a:b] for a, b in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True)]

    def refuse_full(self, rows: int, columns: int) -> None:
        """Raises LimitError where a matrix of that shape is too large to be written in full."""
        size = rows * columns * self.network.format.work().itemsize
        of = f"'{self.name}' has {self.size:,} cells and {len(self.alphabet):,} symbols: a matrix in full has "
        instead = "export to numpy, javascript or c, which keep them sparse, or compile at another level"
        ExportLimits.from_environment().refuse_more("bytes", size, of, instead)

    @cached_property
    def example(self) -> tuple[str, ...]:
        """A short beginning of a string, for snippets: each time the first symbol after which something may follow.

        Never empty: where nothing goes on it is the first symbol of the alphabet.
        """
        found: list[str] = []
        for _ in range(EXAMPLE):
            going = (x for x in self.network.run(found).next if x != self.end and self.network.run([*found, x]).alive)
            symbol = next(going, None)
            if symbol is None:
                break
            found.append(symbol)
        return tuple(found) or self.alphabet[:1]

    def _dense(self, name: str) -> Array:
        if name in self.network.tensors:
            return np.ascontiguousarray(self.network.tensors[name])
        rows, columns = self.network.shapes()[name]
        self.refuse_full(rows, columns)
        return np.ascontiguousarray(self.network.matrix(name).toarray())
