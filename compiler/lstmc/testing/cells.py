"""Does a cell type keep the contract?"""

from collections.abc import Iterator
from random import Random

from lstmc.errors import LstmcError
from lstmc.grammar import END, Grammar
from lstmc.network import Network, run_all
from lstmc.network.cell_types import cell_type
from lstmc.pipeline import compile
from lstmc.testing.samples import samples
from lstmc.testing.simulation import Simulation

STRINGS, LONGEST, SEED = 40, 30, 1


def cell_breaches(name: str) -> list[str]:
    """Every breach of a cell type that is found, and not refused."""
    cell_type(name)
    made, found = 0, []
    for grammar in samples():
        for level in (0, 1, 2):
            try:
                network = compile(grammar, level=level, cell=name)
            except LstmcError:
                continue  # a level that it does not take, or a grammar that a level does not
            made += 1
            found += [f"{grammar.name} at -O{level}: {each}" for each in _breaches_of(network, grammar, level)]
    return found if made else ["it can hold none of the sample grammars, at no level"]


def _breaches_of(network: Network, grammar: Grammar, level: int) -> Iterator[str]:
    if network.to_bytes() != compile(grammar, level=level, cell=network.cell).to_bytes():
        yield "lowered a second time, the bytes are others"
    strings = random_strings(grammar)
    simulation = Simulation(grammar)
    for string, ran in zip(strings, run_all(network, strings), strict=True):
        simulation.read(string)
        if set(ran.next) != simulation.allowed():
            yield f"after {string} it allows {list(ran.next)}, not {sorted(simulation.allowed())}"
            return
        if ran.output != simulation.output():
            yield f"after {string} it says {ran.output}, not {simulation.output()}"
            return


def random_strings(grammar: Grammar) -> list[list[str]]:
    """The same for the same grammar: walks through it, one in three with a symbol at random at its end."""
    rng, simulation = Random(SEED), Simulation(grammar)
    strings: list[list[str]] = [[]]
    for _ in range(STRINGS):
        simulation.restart()
        string: list[str] = []
        for _ in range(rng.randint(1, LONGEST)):
            legal = sorted(simulation.allowed() - {END})
            if not legal:
                break
            string.append(rng.choice(legal))
            simulation.step(string[-1])
        strings.append([*string, rng.choice(grammar.alphabet)] if rng.random() < 1 / 3 else string)
    return strings
