"""A compiler from symbolic grammars to LSTM weights. This page is the public interface.

    grammar = lstmc.load_grammar("reber")              a file, or the name of a shipped or plugin grammar
    print(lstmc.to_program(grammar))                   every memory cell, in words
    network = lstmc.compile(grammar, level=2)          the weights
    network.run("BTX").next                            ('S', 'X')
    network.save("build/reber.safetensors")            lstmc.load reads it again
    lstmc.export_network(network, "onnx")              a file for another framework; lstmc.conform tries it there
    lstmc.convert(grammar, "dot")                      the grammar in another format; load_grammar reads them all
    list(lstmc.sample(network, n=10, seed=1))          strings that the network makes itself

Each name is imported when it is first used, so that `import lstmc` costs nothing.
"""

import warnings
from importlib import import_module
from typing import TYPE_CHECKING

from lstmc.extensions import LSTMC_API as LSTMC_API  # the version of the plugin contract (docs/plugins.md)
from lstmc.version import VERSION

__version__ = VERSION

if TYPE_CHECKING:
    from lstmc.automaton import Automaton as Automaton
    from lstmc.automaton import to_automaton as to_automaton
    from lstmc.errors import LstmcError as LstmcError
    from lstmc.export.conform import conform as conform
    from lstmc.export.write import export_network as export_network
    from lstmc.grammar import Diagnostic as Diagnostic
    from lstmc.grammar import Grammar as Grammar
    from lstmc.grammar import GrammarError as GrammarError
    from lstmc.grammar import Nets as Nets
    from lstmc.grammar.catalogue import load_grammar as load_grammar
    from lstmc.grammar.catalogue import load_nets as load_nets
    from lstmc.grammar.convert import convert as convert
    from lstmc.network import Network as Network
    from lstmc.network import Run as Run
    from lstmc.network import explain as explain
    from lstmc.network import load as load
    from lstmc.network import run_all as run_all
    from lstmc.picture import draw as draw
    from lstmc.picture import illustrate as illustrate
    from lstmc.pipeline import compile as compile
    from lstmc.pipeline import compile_proved as compile_proved
    from lstmc.pipeline import to_program as to_program
    from lstmc.program import Program as Program
    from lstmc.proof import Certificate as Certificate
    from lstmc.proof import counterexample as counterexample
    from lstmc.proof import prove as prove
    from lstmc.proof.checker import check as check
    from lstmc.proof.checker import verify as verify
    from lstmc.sampling import sample as sample

_HOME = {
    "Automaton": "automaton",
    "to_automaton": "automaton",
    "LstmcError": "errors",
    "conform": "export.conform",
    "export_network": "export.write",
    "Diagnostic": "grammar",
    "Grammar": "grammar",
    "GrammarError": "grammar",
    "Nets": "grammar",
    "load_grammar": "grammar.catalogue",
    "load_nets": "grammar.catalogue",
    "convert": "grammar.convert",
    "Network": "network",
    "Run": "network",
    "explain": "network",
    "load": "network",
    "run_all": "network",
    "draw": "picture",
    "illustrate": "picture",
    "compile": "pipeline",
    "compile_proved": "pipeline",
    "to_program": "pipeline",
    "Program": "program",
    "Certificate": "proof",
    "counterexample": "proof",
    "prove": "proof",
    "verify": "proof.checker",
    "sample": "sampling",
}

_OLD = {"check": ("proof.checker", "lstmc.verify(...).violations")}  # what to write in place of it

__all__ = ["LSTMC_API", "__version__", *_HOME]


def __getattr__(name: str) -> object:
    if name in _OLD:
        home, instead = _OLD[name]
        warnings.warn(f"lstmc.{name} will go: write {instead}", DeprecationWarning, stacklevel=2)
        return getattr(import_module(f"lstmc.{home}"), name)
    if name not in _HOME:
        raise AttributeError(f"module 'lstmc' has no attribute '{name}'")
    return getattr(import_module(f"lstmc.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
