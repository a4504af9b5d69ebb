"""From one format to another: whatever holds a grammar, to a text or to an object of another package."""

import os
from pathlib import Path
from typing import Any

import networkx as nx

from lstmc.files import write_bytes
from lstmc.grammar.catalogue import load_nets
from lstmc.grammar.formats import Objects, any_format, file_format, format_of
from lstmc.grammar.grammar import Grammar
from lstmc.grammar.nets import Nets, plain


def convert(source: Any, to: str) -> Any:
    """The grammar in another format: the text of a file (`dot`, `jff`, ...), or an object (`automata`, `aalpy`).

    source   what `lstmc.load_grammar` takes

    Raises UsageError for what the format cannot say, PluginError for a format that is not there or does not work.
    """
    grammar, format = load_nets(source), any_format(to)
    return format.from_grammar(plain(grammar)) if isinstance(format, Objects) else text_of(grammar, to)


def text_of(grammar: Grammar | Nets, to: str) -> str:
    """The text of a file in the format `to`. Raises as `convert`, and UsageError for a format of objects."""
    format = file_format(to)
    return format.write(grammar if format.calls else plain(grammar))


def save_grammar(grammar: Any, path: str | os.PathLike[str], to: str | None = None) -> Grammar | Nets:
    """Write a grammar, nets, or a networkx graph that describes one, as a file; the grammar is handed back.

    to   the name of the format; by the file's ending unless given, and YAML for a name without one

    A graph without a name gets that of the file. Raises GrammarError for a graph that is no grammar, UsageError for
    what the format cannot say and for an ending that no format has, InputError where the file cannot be written.
    """
    file = Path(path)
    if isinstance(grammar, nx.Graph):
        grammar = Grammar.from_graph(grammar, grammar.graph.get("name") or file.stem)
    checked: Grammar | Nets = grammar
    write_bytes(file, text_of(checked, to or format_of(file, "--to")).encode("utf-8"))
    return checked
