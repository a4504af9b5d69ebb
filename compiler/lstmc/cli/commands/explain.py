"""lstmc explain: every weight in words."""

import re
import sys
from pathlib import Path
from textwrap import indent, wrap
from typing import TYPE_CHECKING, Any

import click

from lstmc.cli.options import WEIGHTS, Build, build_options, json_option
from lstmc.cli.output import json_line, note, paint, person, say, say_hanging, say_text, shorten_words
from lstmc.cli.sources import is_weights, open_grammar, open_network
from lstmc.errors import UsageError

if TYPE_CHECKING:
    from lstmc.network import Explanation, Network

WIDTH = 80
CODE = re.compile(r"[A-Z][0-9]{3}")
CODE_SPAN = re.compile("`[^`]*`")
SYMBOLIC = ("level", "memory", "max_states", "cell")  # what a program depends on


@click.command(short_help="Say what each cell tests, and why.")
@click.argument("weights", type=WEIGHTS)
@click.argument("name", required=False, metavar="[CELL]")
@build_options
@click.option("--symbolic", is_flag=True, help="Print a grammar's program, with the gain G and K left symbolic.")
@json_option
def command(weights: str, name: str | None, build: Build, symbolic: bool, as_json: bool) -> None:
    """Say what each cell of a network tests: as a formula with the stored weights, in words, and by which rules.

    Also tells what the code of a grammar's problem means, with a wrong and a right example.

    \b
    Examples:
      lstmc explain reber "5 by P"
      lstmc explain reber 5
      lstmc explain reber -O2 --symbolic
      lstmc explain G003
    """
    if CODE.fullmatch(weights) or (CODE.fullmatch(weights.upper()) and not Path(weights).exists()):
        _code(weights.upper(), as_json)
    elif symbolic:
        _program(weights, name, build, as_json)
    else:
        _cells(open_network(weights, build), name, as_json)


def _code(code: str, as_json: bool) -> None:
    from lstmc.grammar.explain import explain_code

    found = explain_code(code)
    kind = found.kind
    if as_json:
        said = {"code": kind.code, "severity": kind.severity, "title": kind.title, "language": found.language}
        json_line({**said, "text": "\n\n".join(found.paragraphs), "wrong": found.wrong, "right": found.right})
        return
    say(paint(f"{kind.severity}[{kind.code}]: {kind.title}", sys.stdout, bold=True))
    for paragraph in found.paragraphs:
        say("", *_paragraph(paragraph))
    for title, example in (("Wrong:", found.wrong), ("Right:", found.right)):
        say_text("\n" + paint(title, sys.stdout, bold=True) + "\n\n" + indent(example.rstrip("\n"), "    "))


def _paragraph(text: str) -> list[str]:
    """The lines of a paragraph; what stands between backticks stays on one line."""
    whole = CODE_SPAN.sub(lambda span: span[0].replace(" ", "\xa0"), text)
    return [line.replace("\xa0", " ") for line in wrap(whole, WIDTH, break_on_hyphens=False)]


def _program(source: str, cell: str | None, build: Build, as_json: bool) -> None:
    from lstmc.pipeline import to_program

    idle = [name for name in build.options if name not in SYMBOLIC]
    if cell is not None or as_json or idle:
        raise UsageError(
            "--symbolic prints a whole program as text, before any gain or number format",
            "beside it only -O, --memory, --cell, --max-states and --set have a meaning",
        )
    if is_weights(source):
        raise UsageError("--symbolic needs a grammar: weights hold numbers", "leave out --symbolic")
    text = str(to_program(open_grammar(source, build), **build.options)).rstrip("\n")
    say_text(shorten_words(text) if person(sys.stdout) else text)
    of = build.cell
    if of not in (None, "lstm"):
        note(f"the program that '{of}' runs; what it makes of the tests: lstmc explain {source} --cell {of}")


def _cells(network: "Network", cell: str | None, as_json: bool) -> None:
    from lstmc.network import explain

    found = explain(network, cell)
    if as_json:
        for explanation in found:
            json_line(_to_dict(explanation))
        return
    if cell is None:
        say_hanging(4, _head(network))
    for number, explanation in enumerate(found):
        blank = [""] if cell is None or number else []
        title = paint(shorten_words(explanation.cell), sys.stdout, bold=True)
        say(*blank, title, *(f"  {line}" for line in _lines(explanation)))


def _head(network: "Network") -> str:
    options = network.header.options
    memory = f" --memory {options['memory']}" if options["level"] == 1 else ""
    return (
        f"{network.name}: {network.cell}, {network.header.dtype}, -O{options['level']}{memory}, "
        f"gain {options['gain']}, {network.size} cells, {len(network.alphabet)} symbols"
    )


def _to_dict(explanation: "Explanation") -> dict[str, Any]:
    return {
        "cell": explanation.cell,
        "states": list(explanation.states),
        "rules": list(explanation.rules),
        "parts": {part: {"formula": formula, "words": words} for part, (formula, words) in explanation.parts.items()},
    }


def _lines(explanation: "Explanation") -> list[str]:
    """The parts below each other: formula and words on one line where that fits."""
    lines = []
    for title, listed in (("state", explanation.states), ("rules", explanation.rules)):
        if listed:
            lines += _hanging(title, shorten_words(", ".join(listed)))
    parts = {
        part: (shorten_words(formula), shorten_words(words)) for part, (formula, words) in explanation.parts.items()
    }
    short = [formula for formula, words in parts.values() if len(formula + words) <= WIDTH - 19]
    width = max(map(len, short), default=0)
    for part, (formula, words) in parts.items():
        together = f"{formula:<{width}}   {words}"
        lines += _hanging(part, together) if len(together) <= WIDTH - 16 else _hanging(part, formula, words)
    return lines


def _hanging(title: str, *texts: str) -> list[str]:
    wrapped = [line for text in texts for line in (wrap(text, WIDTH - 16) if len(text) > WIDTH - 16 else [text])]
    return [f"{title if n == 0 else '':<14}{line}" for n, line in enumerate(wrapped)]
