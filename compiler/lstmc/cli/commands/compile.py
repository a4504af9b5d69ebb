"""lstmc compile: grammars to weights files."""

import shlex
import time
from collections import deque
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lstmc.cli.options import GRAMMAR, Build, build_options, json_option
from lstmc.cli.output import json_line, note, say
from lstmc.cli.progress import progress
from lstmc.cli.sources import Attempts, open_grammar
from lstmc.errors import UsageError

if TYPE_CHECKING:
    from lstmc.grammar import Grammar
    from lstmc.network import Network


@click.command(short_help="Make the weights of grammars.")
@click.argument("grammars", nargs=-1, required=True, type=GRAMMAR, metavar="GRAMMAR...")
@build_options
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("weights"),
    metavar="DIR",
    help="Where NAME.safetensors goes (weights/).",
)
@json_option
def command(grammars: tuple[str, ...], build: Build, folder: Path, as_json: bool) -> int:
    """Make the weights of grammars, one file for each.

    All grammars are tried; the exit code is that of the first that fails.

    \b
    Examples:
      lstmc compile reber
      lstmc compile reber tomita -O2 -o networks
      lstmc compile embedded-reber --set depth=2 --cell toy
    """
    attempts = Attempts()
    opened = [attempts.attempt(partial(open_grammar, source, build)) for source in grammars]
    found = [grammar for grammar in opened if grammar is not None]
    _refuse_same_names(found)
    last = None
    with progress("compiling", len(found)) as advance:
        for grammar in found:
            made = attempts.attempt(partial(_compile, grammar, build, folder))
            advance(1)
            if made is not None:
                last = made
                json_line(made.to_dict()) if as_json else say(str(made))
    if last is not None and not as_json:
        note(_next_steps(last))
    return attempts.code


@dataclass(frozen=True)
class _Made:
    grammar: "Grammar"
    network: "Network"
    file: Path
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        """The line that --json prints."""
        graph = self.grammar.graph
        return {
            "grammar": self.grammar.name,
            "states": graph.number_of_nodes(),
            "symbols": len(self.grammar.alphabet),
            "rules": graph.number_of_edges(),
            "cells": self.network.size,
            "parameters": self.network.parameters,
            "nonzero": self.network.nonzero,
            "files": {"weights": str(self.file), "proof": None},
            "proof": None,
            "seconds": round(self.seconds, 3),
        }

    def __str__(self) -> str:
        network, options = self.network, self.network.header.options
        return (
            f"{self.file}: {network.size} cells, {network.parameters:,} parameters ({network.nonzero:,} not zero), "
            f"gain {options['gain']}"
        )


def _refuse_same_names(grammars: "list[Grammar]") -> None:
    names = [grammar.name for grammar in grammars]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UsageError(
            f"two grammars are called '{twice}', and would be written to the same file; nothing was compiled",
            "compile them apart, with another -o, or give them different names",
        )


def _compile(grammar: "Grammar", build: Build, folder: Path) -> "_Made":
    from lstmc.pipeline import compile

    began = time.perf_counter()
    network = compile(grammar, **build.options)
    file = folder / f"{grammar.name}.safetensors"
    network.save(file)
    return _Made(grammar, network, file, time.perf_counter() - began)


def _next_steps(made: _Made) -> str:
    file = shlex.quote(str(made.file))
    example = _shortest_string(made.grammar)
    run = f"lstmc run {file} {_typed(example, made.grammar.alphabet)}" if example else f"lstmc run {file}"
    return f"next: {run}\n      lstmc explain {file}"


def _shortest_string(grammar: "Grammar") -> list[str]:
    """The shortest string that is not empty; none where strings are endless."""
    graph = grammar.graph
    reached: dict[str, list[str]] = {}
    waiting: deque[tuple[str, list[str]]] = deque((state, []) for state in grammar.start)
    while waiting:
        state, symbols = waiting.popleft()
        for _, target, data in graph.out_edges(state, data=True):
            longer = [*symbols, data["symbol"]]
            if graph.nodes[target].get("accept"):
                return longer
            if target not in reached:
                reached[target] = longer
                waiting.append((target, longer))
    return []


def _typed(symbols: list[str], alphabet: tuple[str, ...]) -> str:
    """The string as a shell takes it."""
    from lstmc.network.strings import join_string

    text = shlex.quote(join_string(symbols, alphabet))
    return f"-- {text}" if text.startswith("-") else text
