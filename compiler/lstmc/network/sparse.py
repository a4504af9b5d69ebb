"""Sparse rows as files hold them: the entries one after the other, the column of each, and where each row begins.

Files are not to be trusted. Whether their numbers fit is asked by comparing them: a difference wraps around 64 bits,
and who then repeats or allocates by it writes past its memory.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

INDEX = ("indices", "indptr")
PARTS = ("data", *INDEX)  # a matrix NAME is the tensors NAME.data, NAME.indices and NAME.indptr


def cut_in_rows(indptr: NDArray[np.int64], rows: int, entries: int) -> bool:
    """Whether `indptr` cuts so many entries into so many rows: from 0 up to their number, and never back."""
    return (
        indptr.shape == (rows + 1,)
        and indptr[0] == 0
        and indptr[-1] == entries
        and bool(np.all(indptr[1:] >= indptr[:-1]))
    )


def fits(data: NDArray[Any], indices: NDArray[np.int64], indptr: NDArray[np.int64], shape: tuple[int, int]) -> bool:
    """Whether these are rows of a matrix of that shape, each with its columns in order and none twice: one reader
    would add up what another overwrites."""
    entries = data.size
    if not (data.shape == indices.shape == (entries,) and cut_in_rows(indptr, shape[0], entries)):
        return False
    begins = np.zeros(entries + 1, np.bool_)
    begins[indptr] = True
    inside = np.all((indices >= 0) & (indices < shape[1]))
    return bool(inside and np.all((indices[1:] > indices[:-1]) | begins[1:-1]))
