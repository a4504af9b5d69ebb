"""lstmc sample: strings of a grammar, or of a network."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from lstmc.cli.options import WEIGHTS, Build, expand_option, from_option, json_option, set_option
from lstmc.cli.output import json_line, say_exactly
from lstmc.cli.progress import progress
from lstmc.cli.sources import open_either
from lstmc.errors import UsageError

if TYPE_CHECKING:
    from lstmc.sampling import Sample

UNLESS_SAID = 10  # strings


class Length(click.ParamType):  # type: ignore[type-arg]  # older versions of click do not take one
    """8, 5..8 or ..8 as a pair of numbers."""

    name = "length"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> tuple[int, int]:
        match = re.fullmatch(r"(?:(?P<from>[0-9]{0,9})\.\.)?(?P<to>[0-9]{1,9})", str(value))
        if not match:
            self.fail(f"'{value}' is not a length: write 8, 5..8 or ..8", param, context)
        first, last = match["from"], int(match["to"])
        shortest = last if first is None else int(first or 0)
        if shortest > last:
            self.fail(f"'{value}' has the longer length first", param, context)
        return shortest, last


@click.command(short_help="Draw strings, or list all of them.")
@click.argument("source", type=WEIGHTS, metavar="GRAMMAR")
@click.option("-n", "--count", type=click.IntRange(min=0), help="How many strings (10; with --all, all of them).")
@click.option("--seed", type=int, default=0, help="One seed gives the same strings on every machine (0).")
@click.option("--length", type=Length(), metavar="A..B", help="Only strings of A to B symbols; also 8, or ..8.")
@click.option("--negatives", is_flag=True, help="Near misses: one slip away from a string, and certainly none.")
@click.option("--all", "everything", is_flag=True, help="Every string of these lengths, short ones first.")
@from_option
@set_option
@expand_option
@click.option("--max-states", type=click.IntRange(min=1), help="How many states determinizing may make (65536).")
@json_option
def command(
    source: str,
    count: int | None,
    seed: int,
    length: tuple[int, int] | None,
    negatives: bool,
    everything: bool,
    format: str | None,
    parameters: tuple[tuple[str, str], ...],
    expand: bool | None,
    depth: int | None,
    max_states: int | None,
    as_json: bool,
) -> None:
    """Draw strings of a grammar by its probabilities or, given weights, of what the network predicts.

    Of an endless grammar, --length says how much of a string to draw.

    \b
    Examples:
      lstmc sample reber -n 5 --seed 1
      lstmc sample reber --length 12..14 --json
      lstmc sample reber --negatives -n 3
      lstmc sample reber --all --length ..8
    """
    if everything and (negatives or length is None):
        raise UsageError("--all needs --length and goes without --negatives", "for instance --all --length ..8")
    build = Build(max_states=max_states, parameters=parameters, format=format, expand=expand, depth=depth)
    number = count if count is not None else None if everything else UNLESS_SAID
    strings = _strings(source, build, number, seed, length, negatives, everything)
    with progress("drawing", number) as bar:
        for each in strings:
            _print(each, as_json)
            bar.advance(1)


def _strings(
    source: str,
    build: Build,
    number: int | None,
    seed: int,
    length: tuple[int, int] | None,
    negatives: bool,
    everything: bool,
) -> "Iterator[Sample]":
    from lstmc.sampling import every_string, near_misses, sample

    drawn_from = open_either(source, build, lambda grammar: grammar)
    if everything:
        assert length is not None
        return islice(every_string(drawn_from, length, **build.options), number)
    draw = near_misses if negatives else sample
    return draw(drawn_from, number or 0, seed, length, **build.options)


def _print(string: "Sample", as_json: bool) -> None:
    if as_json:
        json_line({"string": string.string, "logprob": string.logprob, "accepted": string.accepted})
    else:
        say_exactly(string.string)
