"""Contracts: what arithmetic a proof assumes. A framework that satisfies one behaves as the proof says.

The errors are 1.25 times the worst measured inside the LSTM kernels of PyTorch, ONNX Runtime, Keras on TensorFlow, JAX
and PyTorch, JAX and MLX, or more; docs/kernels.md has the scans. Besides, every contract assumes: rounding to nearest
in each operation, and to the format whenever c or h is stored; sums in any order; c' = RN(RN(f·c) + RN(i·g)) or fused;
σ ≥ 0; tanh(0) = 0, tanh has the sign of its argument, |tanh| ≤ 1 from 10 on, and tanh(1) is the same in every cell.
"""

from dataclasses import dataclass
from math import inf


@dataclass(frozen=True)
class Contract:
    """One arithmetic.

    roundoff        the largest relative error u of one operation
    sigmoid, tanh   the largest error of each, its own rounding included
    at_two          the largest error of sigmoid(2), which every cell of 1997 that is on shows
    at_one          the largest error of tanh(1), which every cell that is on shows
    one_from        from here on sigmoid is exactly 1, and never above
    tail_from       from here on sigmoid(−z) ≤ 1.01·max(e^−z, tiny)
    zero_from       from here on sigmoid(−z) is exactly 0
    flat_from       from here on tanh is exactly 1
    slope           |tanh(x)| ≤ slope·max(|x|, tiny)
    tiny, largest   numbers below `tiny` may be flushed to 0; sums above `largest` overflow
    tolerance       by how much a probability may be off; times K/16 where `scaled`; and `per_cell` more for each cell,
                    and 2·K times the roundoff of the stored weights, which can say ln p no better
    weights         the format that weights are rounded to before use, where that is coarser ("": float64)
    at_zero         the largest error of sigmoid at 0, and up to a quarter of the roundoff around it, from one half
    levels          then every matrix is rounded to so many multiples of its largest weight on each side, ties to even
    """

    name: str
    roundoff: float
    sigmoid: float
    at_two: float
    tanh: float
    at_one: float
    one_from: float
    tail_from: float
    zero_from: float
    flat_from: float
    slope: float
    tolerance: float
    tiny: float = 0.0
    largest: float = inf
    weights: str = ""
    scaled: bool = False
    per_cell: float = 0.0
    levels: int = 0
    at_zero: float = 0.0


HALF, SINGLE = (2.0**-14, 65504.0, "float16"), (2.0**-126, 3.4e38, "float32")
BRAIN, DOUBLE = (2.0**-126, 3.38e38, "bfloat16"), (2.0**-1022, 1.7e308, "")
APPROXIMATE = (2.0**-24, 6e-7, 6e-7, 6e-7, 6e-7, inf, inf, inf, inf, inf)
OF_SINGLE = (2.0**-24, 2.3e-7, 6.5e-8, 4.1e-7, 6e-8, 20.0, 20.0, 104.0, 20.0, 1.01)

CONTRACTS = {
    contract.name: contract
    for contract in (
        Contract("exact", 0.0, 0.0, 0.0, 0.0, 0.0, inf, inf, inf, inf, 1.0, 1e-9),
        Contract("float64", 2.0**-53, 3.5e-8, 6e-8, 4.1e-7, 6e-8, 40.0, 40.0, inf, 22.0, 1.01, 1e-5, *DOUBLE),
        Contract("float32", *OF_SINGLE, 1e-5, *SINGLE, scaled=True),
        Contract("float16", 2.0**-11, 9e-4, 5.5e-4, 3.1e-4, 3e-4, 20.0, 20.0, 20.0, 20.0, 1.01, 6e-2, *HALF),
        Contract("bfloat16", 2.0**-8, 6.5e-3, 2.6e-3, 2.5e-3, 2e-3, 20.0, 20.0, 104.0, 20.0, 1.01, 0.4, *BRAIN),
        Contract("approximate", *APPROXIMATE, 5e-4, *SINGLE, per_cell=1e-4, at_zero=6e-7),
        Contract("int8-weights", *OF_SINGLE, 6e-2, *SINGLE, levels=127),
    )
}
