"""What a weights file says about itself, beside its tensors: one JSON object."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lstmc.errors import InputError
from lstmc.names import is_name
from lstmc.program import LEVELS, MEMORIES

FORMAT = 1  # of the weights file; a reader refuses later ones


@dataclass(frozen=True)
class CellLabel:
    """Where a memory cell comes from.

    name     its name          state   the automaton's state that it stands for ("" for `started`)
    states   the grammar's states behind that one          rules   the grammar's rules that write or keep it
    """

    name: str
    state: str
    states: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Header:
    """Everything about a network but its numbers.

    cell, dtype         cell type and number format
    alphabet, end       the symbols in the order of the inputs, and the name of the last row of the reader
    outputs             the output symbols of a transducer, in the order of the rows of `output`
    cells               a label for each memory cell
    options             level, memory, gain, and whether the reader gives probabilities
    grammar             the digest of the grammar
    """

    name: str
    cell: str
    dtype: str
    alphabet: tuple[str, ...]
    outputs: tuple[str, ...]
    cells: tuple[CellLabel, ...]
    options: dict[str, Any]
    grammar: str
    compiler: str
    end: str = "end"
    format: int = field(default=FORMAT)

    def to_dict(self) -> dict[str, Any]:
        return {**vars(self), "cells": [dict(vars(cell)) for cell in self.cells]}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Header":
        """Raises InputError where something is missing or of another kind."""
        try:
            cells = tuple(
                CellLabel(_text(c["name"]), _text(c["state"]), texts(c["states"]), texts(c["rules"]))
                for c in data["cells"]
            )
            return cls(
                name=_name(data["name"]),
                cell=_text(data["cell"]),
                dtype=_text(data["dtype"]),
                alphabet=_names(data["alphabet"]),
                outputs=_names(data["outputs"]),
                cells=cells,
                options=_options(data["options"]),
                grammar=_text(data["grammar"]),
                compiler=_text(data["compiler"]),
                end=_text(data["end"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(
                f"the header of the weights is not in order: {error!r:.100}", "compile the grammar again"
            ) from error


OPTIONS: dict[str, Callable[[Any], bool]] = {
    "gain": lambda gain: type(gain) in (int, float) and 0 < gain <= sys.float_info.max,
    "level": lambda level: type(level) is int and level in LEVELS,
    "memory": lambda memory: memory in MEMORIES,
    "probabilities": lambda probabilities: type(probabilities) is bool,
}


def _options(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"{value!r:.60} is not a mapping")
    for name, fits in OPTIONS.items():
        if not fits(value[name]):
            raise TypeError(f"the option '{name}' is {value[name]!r:.60}")
    return {name: value[name] for name in OPTIONS}


def _name(value: object) -> str:
    name = _text(value)
    if not is_name(name):  # files are named by it
        raise ValueError(f"{name!r:.200} cannot be a name")
    return name


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.60} is not text")
    return value


def texts(values: object) -> tuple[str, ...]:
    """Raises TypeError for what is no list of texts."""
    if not isinstance(values, (list, tuple)):
        raise TypeError(f"{values!r:.60} is not a list")
    return tuple(_text(value) for value in values)


def _names(values: object) -> tuple[str, ...]:
    """Texts that tell apart what they name."""
    names = texts(values)
    if len(set(names)) < len(names):
        raise ValueError("a name stands twice")
    return names
