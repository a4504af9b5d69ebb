"""What readers are tried on: files of every format, right ones and wrong ones."""

from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from lstmc.errors import UsageError
from lstmc.extensions import extensions
from lstmc.grammar.convert import text_of
from lstmc.grammar.formats import Format, any_format, file_format
from lstmc.grammar.read import parse_nets
from lstmc.testing.mutation import mutate
from lstmc.testing.samples import samples

ROOT = Path(__file__).parents[1]
RIGHT, WRONG = ("grammars", "tests/formats/files", "docs/formats"), "tests/errors"
NETS = """
depth: 2
nodes: [{id: 0, start: true}, {id: 1, accept: true}]
edges: [{source: 0, target: 1, call: list}]
nets:
  list:
    nodes: [{id: 0, start: true}, {id: 1}, {id: 2, accept: true}]
    edges: [{source: 0, target: 1, symbol: a}, {source: 1, target: 1, call: list}, {source: 1, target: 2, symbol: b}]
"""
LARGEST = 4_000  # characters: larger files take longer and try nothing new
PORTIONS = 8  # of right files to one of wrong ones, from which a change seldom makes a right one


def formats() -> list[str]:
    """Our formats of files; of those with several endings the first."""
    found = {each.name: each.target for each in extensions("lstmc.formats") if each.package == "lstmc"}
    firsts = {target: name for name, target in sorted(found.items(), reverse=True)}
    return sorted(name for name in firsts.values() if isinstance(any_format(name), Format))


@cache
def corpus(format: str) -> list[str]:
    """Texts to damage: every sample grammar in that format, and every file of that ending that the project has."""
    texts = [*_written(format), *(text for folder in RIGHT for text in _files(folder, format))]
    return [text for text in [*texts * PORTIONS, *_files(WRONG, format)] if len(text) <= LARGEST]


def _written(format: str) -> Iterator[str]:
    for grammar in samples():
        with suppress(UsageError):  # what the format cannot say
            yield text_of(grammar, format)
    if example := file_format(format).example:
        yield example
    with suppress(UsageError):
        yield text_of(parse_nets(NETS), format)


def _files(folder: str, format: str) -> Iterator[str]:
    for path in sorted((ROOT / folder).glob(f"*.{format}")):
        yield path.read_bytes().decode("utf-8", "replace")


def damaged_texts(format: str) -> st.SearchStrategy[str]:
    """Files of a format with a few random changes."""
    texts = corpus(format)
    return st.builds(mutate, st.sampled_from(texts), st.just(texts), st.randoms(use_true_random=False))
