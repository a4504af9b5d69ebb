"""lstmc trace: every part of every cell at every step."""

import sys
from collections.abc import Iterator
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import click

from lstmc.cli.options import WEIGHTS, Build, build_options, json_option
from lstmc.cli.output import json_line, paint, say, shorten, shorten_words
from lstmc.cli.sources import open_network
from lstmc.cli.strings import Line, symbols_of

if TYPE_CHECKING:
    from lstmc.network import Network
    from lstmc.network.number_formats import Array
    from lstmc.network.trace import Step

ALL_SHOWN = 32  # cells of a network that is shown whole; of a larger one those that are on or change
WIDTH, NAME_WIDTH = 80, 16
HOLD = "\N{NO-BREAK SPACE}"  # keeps a symbol and its number on one line
COLUMN = 7  # digits of a number: seven parts fit beside the name


@click.command(short_help="Show every part of every cell at every step.")
@click.argument("weights", type=WEIGHTS)
@click.argument("string")
@build_options
@click.option("--all", "everything", is_flag=True, help="Also cells of a large network that stay off, and all symbols.")
@json_option
def command(weights: str, string: str, build: Build, everything: bool, as_json: bool) -> None:
    """Show every part of every cell at every step of a string: of an LSTM memory, eraser, writer, filters and reader.

    Of a network with more than 32 cells only those are shown that are on or change, unless --all is given.

    \b
    Examples:
      lstmc trace reber BTX
      lstmc trace reber BTX --json
    """
    from lstmc.network.trace import steps

    network = open_network(weights, build)
    symbols = symbols_of(Line(f"'{shorten(string)}'", string), network)
    before = [False] * network.size
    for number, step in enumerate(steps(network, symbols), start=1):
        lit = network.lit(step.parts).tolist()
        shown = list(range(network.size)) if everything or network.size <= ALL_SHOWN else _changing(before, lit)
        before = lit
        if as_json:
            json_line(_to_dict(network, number, step, shown))
        else:
            say(*_lines(network, number, step, shown, everything), "")


def _changing(before: list[bool], lit: list[bool]) -> list[int]:
    """The numbers of the cells in which something is, or was before the step."""
    return [cell for cell, either in enumerate(zip(before, lit, strict=True)) if any(either)]


def _to_dict(network: "Network", number: int, step: "Step", shown: list[int]) -> dict[str, Any]:
    names = (*network.alphabet, network.header.end)
    by_cell = {part: values for part, values in step.parts.items() if part not in network.by_symbol}
    return {
        "step": number,
        "symbol": step.symbol,
        "states": list(step.states),
        "next": list(step.next),
        "output": step.output,
        "cells": {
            network.header.cells[n].name: {part: float(values[n]) for part, values in by_cell.items()} for n in shown
        },
        "symbols": {
            name: {part: float(step.parts[part][x]) for part in network.by_symbol} for x, name in enumerate(names)
        },
    }


def _lines(network: "Network", number: int, step: "Step", shown: list[int], everything: bool) -> Iterator[str]:
    yield from _head(number, step)
    fixed = {network.title(line.name) for line in network.equations.of_cells if line.reads_nothing}
    parts = {name: values for name, values in step.parts.items() if name not in {*network.by_symbol, *fixed}}
    lit = network.lit(step.parts)
    for beside in _beside_each_other({name: max(COLUMN, *map(len, name.split())) for name in parts}):
        for half in (0, 1):  # the titles have up to two words, one below the other
            words = [[*[""] * (2 - len(name.split())), *name.split()][half] for name in beside]
            title = "cell" if half else ""
            yield (f"  {title:<{NAME_WIDTH}}" + "".join(map(_column, words, beside.values()))).rstrip()
        for cell in shown:
            name = shorten_words(network.header.cells[cell].name)
            numbers = "".join(_column(_number(parts[part][cell]), width) for part, width in beside.items())
            bold = bool(lit[cell])
            if len(name) > NAME_WIDTH:  # it stands on a line of its own
                yield paint(f"  {name}", sys.stdout, bold=bold)
                name = ""
            yield paint(f"  {name:<{NAME_WIDTH}}{numbers}", sys.stdout, bold=bold)
    for part in network.by_symbol:
        yield from _by_symbol(network, part, step.parts[part], everything)


def _beside_each_other(widths: dict[str, int]) -> Iterator[dict[str, int]]:
    """The parts of a cell, as many at a time as fit on a line."""
    table: dict[str, int] = {}
    for part, width in widths.items():
        if 2 + NAME_WIDTH + sum(each + 1 for each in (*table.values(), width)) > WIDTH:
            yield table
            table = {}
        table[part] = width
    yield table


def _column(text: str, width: int) -> str:
    return f" {text:>{width}}"


def _head(number: int, step: "Step") -> Iterator[str]:
    """Which symbol was read, and what holds now."""
    where = shorten_words(", ".join(step.states)) or "no state"
    onward = shorten_words(" or ".join(step.next)) or "nothing: dead"
    says = "" if step.output is None else f"says {shorten_words(step.output)}; "
    title = shorten_words(f"step {number}: {step.symbol}")
    first, *others = wrap(f"{title}   now in {where}; {says}next {onward}", WIDTH, subsequent_indent="    ")
    yield paint(title, sys.stdout, bold=True) + first.removeprefix(title) if first.startswith(title) else first
    yield from others


def _by_symbol(network: "Network", part: str, values: "Array", everything: bool) -> list[str]:
    """One number for each symbol; of a large alphabet only those above zero."""
    names = (*network.alphabet, network.header.end)
    entries = [
        f"{shorten_words(name)}{HOLD}{_number(value)}"
        for name, value in zip(names, values, strict=True)
        if everything or len(names) <= ALL_SHOWN or value > 0
    ]
    title, indent = f"  {part:<{NAME_WIDTH}}", " " * (NAME_WIDTH + 2)
    lines = wrap("   ".join(entries) or "nothing above 0", WIDTH, initial_indent=title, subsequent_indent=indent)
    return [line.replace(HOLD, " ") for line in lines]


def _number(value: Any) -> str:
    """Three digits, so that a line holds all parts; --json gives every digit."""
    return f"{float(value) + 0.0:.3g}"
