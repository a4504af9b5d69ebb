"""lstmc compile: grammars to weights files, each with its proof."""

import shlex
import time
from collections import deque
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lstmc.cli.options import GRAMMAR, WEIGHTS_FILE, Build, build_options, json_option
from lstmc.cli.output import LONGEST_TEXT, json_line, note, say_hanging, shorten
from lstmc.cli.progress import progress
from lstmc.cli.sources import Attempts, open_grammar, proof_beside
from lstmc.errors import UsageError
from lstmc.visible import visible

if TYPE_CHECKING:
    from lstmc.grammar import Grammar
    from lstmc.network import Network
    from lstmc.proof import Certificate, Verdict
    from lstmc.stages import Tell


@click.command(short_help="Make the weights of grammars.")
@click.argument("grammars", nargs=-1, required=True, type=GRAMMAR, metavar="GRAMMAR...")
@build_options
@click.option(
    "-o",
    "--output",
    "place",
    type=click.Path(path_type=Path),
    default=Path("build"),
    metavar="PLACE",
    help="A folder for NAME.safetensors and NAME.proof.json (build/); or the file of weights, FILE.safetensors.",
)
@click.option("--no-prove", "unproved", is_flag=True, help="Make the weights without a proof.")
@json_option
def command(grammars: tuple[str, ...], build: Build, place: Path, unproved: bool, as_json: bool) -> int:
    """Make the weights of grammars, and prove that they follow the grammars on strings of every length.

    All grammars are tried; the exit code is that of the first that fails. What cannot be proved under the arithmetic
    of its number format is not written.

    \b
    Examples:
      lstmc compile reber
      lstmc compile reber tomita -O2 -o networks
      lstmc compile reber -o reber.safetensors
      lstmc compile embedded-reber --set depth=2 --cell toy
    """
    attempts = Attempts()
    opened = [attempts.attempt(partial(open_grammar, source, build)) for source in grammars]
    found = [grammar for grammar in opened if grammar is not None]
    is_file = place.suffix == WEIGHTS_FILE and not place.is_dir()
    if is_file and len(grammars) > 1:
        raise UsageError(f"one file, {visible(str(place))}, for {len(grammars)} grammars", "give -o a folder")
    _refuse_same_names(found)
    last = None
    with progress("compiling") as bar:
        for number, grammar in enumerate(found, start=1):
            file = place if is_file else place / f"{grammar.name}{WEIGHTS_FILE}"
            bar.about = f"{number} of {len(found)}: " if len(found) > 1 else ""
            made = attempts.attempt(partial(_compile, grammar, build, file, not unproved, bar.tell))
            if made is not None:
                last = made
                json_line(made.to_dict()) if as_json else made.say()
    if last is not None and not as_json:
        note(_next_steps(last))
    return attempts.code


@dataclass(frozen=True)
class _Made:
    grammar: "Grammar"
    network: "Network"
    certificate: "Certificate | None"
    file: Path
    seconds: float
    chosen: str = ""  # the program, as it is typed, where the cell type does not take the usual one

    @property
    def proof_file(self) -> Path | None:
        return proof_beside(self.file) if self.certificate is not None else None

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
            "files": {"weights": str(self.file), "proof": str(self.proof_file) if self.proof_file else None},
            "proof": {name: verdict.summary() for name, verdict in self._verdicts} if self.certificate else None,
            "seconds": round(self.seconds, 3),
        }

    @property
    def _verdicts(self) -> "list[tuple[str, Verdict]]":
        return list(self.certificate.verdicts.items()) if self.certificate else []

    def say(self) -> None:
        """Tell people of it."""
        network, options = self.network, self.network.header.options
        head = (
            f"{self.file}: {network.size} cells, {network.parameters:,} parameters ({network.nonzero:,} not zero), "
            f"gain {options['gain']}{self.chosen}"
        )
        say_hanging(4, head)
        for name, verdict in self._verdicts:
            say_hanging(29, f"  proved under {name:<13} {shorten(verdict.says, LONGEST_TEXT)}")


def _refuse_same_names(grammars: "list[Grammar]") -> None:
    names = [grammar.name for grammar in grammars]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UsageError(
            f"two grammars are called '{twice}', and would be written to the same file; nothing was compiled",
            "compile them apart, with another -o, or give them different names",
        )


def _compile(grammar: "Grammar", build: Build, file: Path, proved: bool, tell: "Tell") -> "_Made":
    from lstmc.files import write_all
    from lstmc.pipeline import compile, compile_proved

    began = time.perf_counter()
    network, certificate = (
        compile_proved(grammar, **build.options, tell=tell) if proved else (compile(grammar, **build.options), None)
    )
    proof = certificate.to_bytes() if certificate is not None else None  # an old one would be of other weights
    write_all({proof_beside(file): proof, file: network.to_bytes()})
    return _Made(grammar, network, certificate, file, time.perf_counter() - began, _chosen(network, build))


def _chosen(network: "Network", build: Build) -> str:
    """The level and memory, where nobody asked for them and they are not the usual ones."""
    from lstmc.network.cell_types import USUAL

    level, memory = network.header.options["level"], network.header.options["memory"]
    if (level, memory) == USUAL or (build.level, build.memory) != (None, None):
        return ""
    return f", -O{level}" + (f" --memory {memory}" if level == 1 else "")


def _next_steps(made: _Made) -> str:
    file = shlex.quote(str(made.file))
    example = _shortest_string(made.grammar)
    typed = _typed(example, made.grammar.alphabet) if example else ""
    run = f"lstmc run {file} {typed}" if len(typed) <= LONGEST_TEXT else f"lstmc run {file}"
    verify = f"\n      lstmc verify {file}" if made.certificate is not None else ""
    return f"next: {run}\n      lstmc explain {file}{verify}"


def _shortest_string(grammar: "Grammar") -> list[str]:
    """The shortest string that is not empty; none where strings are endless."""
    graph = grammar.graph
    reached: dict[str, list[str]] = {}
    waiting: deque[tuple[str, list[str]]] = deque((state, []) for state in grammar.start)
    while waiting:
        state, symbols = waiting.popleft()
        for _, target, data in graph.out_edges(state, data=True):
            longer = [*symbols, *([data["symbol"]] if "symbol" in data else [])]
            if longer and graph.nodes[target].get("accept"):
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
