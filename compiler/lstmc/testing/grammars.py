"""Does a grammar plugin keep the contract?"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any, cast

from lstmc.errors import LimitError, LstmcError, PluginError
from lstmc.extensions import load
from lstmc.grammar import GrammarError
from lstmc.grammar.catalogue import GROUP, make
from lstmc.grammar.parameters import Parameter, parameters_of
from lstmc.pipeline import compile_proved, grammar_digest
from lstmc.proof.checker import check

MOST_STATES = 300  # of a grammar that is compiled and proved here: larger ones take long

PRINT_DIGEST = """
import sys
from lstmc.grammar.catalogue import make
from lstmc.pipeline import grammar_digest
print(grammar_digest(make(sys.argv[1])))
"""


def grammar_breaches(name: str) -> list[str]:
    """Every breach of a grammar that is found, and not refused."""
    factory = cast(Callable[..., Any], load(GROUP, name))
    found = (
        []
        if (factory.__doc__ or "").strip()
        else ["the factory has no docstring, and `lstmc list` shows its first line"]
    )
    try:
        declared = parameters_of(name, factory)
        grammar = make(name)
    except LstmcError as error:
        return [*found, f"with its defaults: {error.message}"]
    found += [f"with its defaults: {warning.message}" for warning in grammar.warnings]
    found += _unsteady(name)
    for parameter in declared:
        found += _breaches_of(name, parameter)
    if len(grammar.graph) <= MOST_STATES:
        try:
            network, certificate = compile_proved(grammar)
            found += [f"the proof does not hold: {each}" for each in check(network.to_bytes(), certificate.to_bytes())]
        except LstmcError as error:
            found.append(f"with its defaults it cannot be compiled: {error.message}")
    return found


def _unsteady(name: str) -> Iterator[str]:
    """Whether the same parameters give the same grammar: again, and in a process that orders its sets otherwise."""
    first = grammar_digest(make(name))
    if grammar_digest(make(name)) != first:
        yield "made a second time, the grammar is another one"
    for seed in ("1", "2"):
        process = subprocess.run(
            [sys.executable, "-c", PRINT_DIGEST, name],
            env={**_environment(), "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
        )
        if process.returncode or process.stdout.strip() != first:
            yield "made in another process, the grammar is another one: is there a set, a clock, unseeded chance?"
            return


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def _breaches_of(name: str, parameter: Parameter) -> Iterator[str]:
    try:
        if parameter.read(parameter.default) != parameter.default:
            yield f"the default of {parameter.name} reads as something else"
    except ValueError:
        yield f"the default of {parameter.name} must be {parameter.expects}"
    for value in _values(parameter):
        try:
            make(name, {parameter.name: value})
        except GrammarError as error:  # the answer to a text that is no symbol, but not to what the type allows
            if parameter.type in (str, tuple) and not parameter.choices:
                continue
            yield f"with {parameter.name}={value!r} it makes no grammar: {error.diagnostics[0].message}"
        except LimitError:
            pass
        except PluginError as error:
            if "does not work" in error.message:
                yield f"with {parameter.name}={value!r}: {error.message}"


def _values(parameter: Parameter) -> Iterator[object]:
    """What a parameter may be, its bounds first; what it refuses in words of its own is fine."""
    if parameter.choices:
        yield from parameter.choices
    elif parameter.range:
        yield parameter.type(parameter.range.smallest)
    elif parameter.type is bool:
        yield from (False, True)
    elif parameter.type is str:
        yield from ("", "a", "-O2", "\n")
    elif parameter.type is tuple:
        yield from ((), ("a",), ("a", "a"), ("-O2", "\n"))
    else:
        yield from (parameter.type(number) for number in (-1, 0, 1))
