"""Provenance of large networks: the labels of cells as string tables and integer tensors, not as one long JSON list."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmc.errors import InputError
from lstmc.network.header import CellLabel, texts
from lstmc.network.sparse import INDEX, cut_in_rows

COLUMNS = ("states", "rules")


def pack_provenance(cells: tuple[CellLabel, ...]) -> tuple[dict[str, Any], dict[str, NDArray[np.int64]]]:
    """JSON with names and string tables, and tensors cells.COLUMN.indices and .indptr that point into the tables."""
    header: dict[str, Any] = {"names": [cell.name for cell in cells], "state": [cell.state for cell in cells]}
    tensors = {}
    for column in COLUMNS:
        lists: list[tuple[str, ...]] = [getattr(cell, column) for cell in cells]
        table = {text: number for number, text in enumerate(dict.fromkeys(_flat(lists)))}
        header[column] = list(table)
        tensors[f"cells.{column}.indices"] = np.array([table[text] for text in _flat(lists)], np.int64)
        tensors[f"cells.{column}.indptr"] = np.cumsum([0, *map(len, lists)], dtype=np.int64)
    return header, tensors


def unpack_provenance(header: Any, tensors: dict[str, NDArray[Any]]) -> list[dict[str, Any]]:
    """The inverse; takes its tensors out of `tensors`. Raises InputError where they do not fit."""
    try:
        names, states = texts(header["names"]), texts(header["state"])
        columns = {column: _lists(texts(header[column]), tensors, column, len(names)) for column in COLUMNS}
        rows = zip(names, states, columns["states"], columns["rules"], strict=True)
        return [{"name": n, "state": s, "states": origin, "rules": rules} for n, s, origin, rules in rows]
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise InputError(f"the provenance of the weights is not in order ({error!r:.100})", "compile again") from error


def _lists(table: tuple[str, ...], tensors: dict[str, NDArray[Any]], column: str, cells: int) -> list[list[str]]:
    indices, indptr = (tensors.pop(f"cells.{column}.{part}") for part in INDEX)
    if np.any(indices < 0) or not cut_in_rows(indptr, cells, len(indices)):
        raise ValueError(f"cells.{column} does not point into its table")
    return [[table[i] for i in indices[start:stop].tolist()] for start, stop in pairwise(indptr.tolist())]


def _flat(lists: Iterable[Iterable[str]]) -> Iterable[str]:
    return (text for texts in lists for text in texts)
