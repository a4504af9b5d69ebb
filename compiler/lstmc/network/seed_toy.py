"""The toy network that this project grew from: six cells, weighted by hand in 2022, for the Reber grammar.

It is wrong after long loops and after strings that are not of the grammar, which makes it a network that a proof must
refuse. A seventh cell, `started`, is added so that it begins from zero: it says that B comes first, and nothing else.
"""

import numpy as np
from numpy.typing import NDArray

from lstmc.network.header import CellLabel, Header
from lstmc.network.number_formats import number_format
from lstmc.network.toy import GATES, Toy
from lstmc.version import VERSION

ALPHABET = ("B", "T", "S", "X", "P", "V", "E")
ALWAYS = 100.0  # sigmoid(100) and tanh(100) are 1 in every format

# Pre-activations: what is added for each symbol, and for each memory cell 0 to 5, with a bias.
Weights = dict[str | int, float]
CELLS: tuple[tuple[Weights, Weights, Weights], ...] = (  # eraser, writer, write filter
    ({"bias": -ALWAYS}, {"B": 5}, {"bias": ALWAYS}),
    ({"bias": 5, "X": -10}, {"T": 5}, {"bias": 22.5, 5: -30}),
    ({"bias": 19.5, 2: -30}, {"T": 0.55, "X": 0.55, "P": 0.55}, {"bias": 19.5, 5: -30}),
    ({"bias": 5, "P": -10}, {"S": 3.0, "V": 0.55}, {"bias": 7, 1: -10}),
    ({"bias": 6, 4: -10}, {"V": 5}, {"bias": 6, 4: -10}),
    ({"bias": 5, "V": -10}, {"B": 0.55, "P": 0.7, "X": 5}, {"bias": 19.5, 1: -30}),
)
READER: dict[str, Weights] = {
    "T": {"bias": -3.5, 0: 5, 5: 5},
    "S": {"bias": -3.5, 1: 5, 2: 5},
    "X": {"bias": -3.5, 1: 5, 2: 5},
    "P": {"bias": -3.5, 0: 5, 4: 5},
    "V": {"bias": -3.5, 4: 5, 5: 5},
    "E": {"bias": -3.5, 3: 5},
}


def seed_toy(grammar: str, dtype: str = "float32") -> Toy:
    """The network, its cells named for the states of the Reber grammar; `grammar` is the digest of that."""
    started: tuple[Weights, Weights, Weights] = ({"bias": -ALWAYS}, {"bias": ALWAYS}, {"bias": ALWAYS})
    tensors: dict[str, NDArray[np.float64]] = {}
    for number, part in enumerate(GATES):
        tests = [started[number], *(cell[number] for cell in CELLS)]
        tensors[f"toy.{part}.input"] = np.array([[test.get(symbol, 0.0) for symbol in ALPHABET] for test in tests])
        tensors[f"toy.{part}.memory"] = np.array([[0.0, *(test.get(n, 0.0) for n in range(6))] for test in tests])
        tensors[f"toy.{part}.bias"] = np.array([test.get("bias", 0.0) for test in tests])
    rows = [READER.get(symbol, {"bias": -ALWAYS}) for symbol in (*ALPHABET, "end")]
    reader = np.array([[0.0, *(row.get(n, 0.0) for n in range(6))] for row in rows])
    bias = np.array([row["bias"] for row in rows])
    bias[0], reader[0, 0] = ALWAYS, -2 * ALWAYS  # B comes first, and never again
    tensors |= {"toy.reader.memory": reader, "toy.reader.bias": bias}
    tensors |= {"toy.read_filter.memory": np.zeros(reader.shape), "toy.read_filter.bias": np.full(len(rows), ALWAYS)}
    cells = (CellLabel("started", "", (), ()), *(CellLabel(str(n), str(n), (str(n),), ()) for n in range(6)))
    options = {"gain": 5, "level": 1, "memory": "keep", "probabilities": False}
    header = Header("reber-seed", "toy", dtype, ALPHABET, (), cells, options, grammar, f"lstmc {VERSION}")
    return Toy(header, {name: number_format(dtype).rounded(values) for name, values in tensors.items()})
