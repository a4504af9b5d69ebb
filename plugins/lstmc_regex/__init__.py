"""Regular expressions."""

import networkx as nx

from lstmc.errors import PluginError
from lstmc_regex.classes import read_alphabet
from lstmc_regex.contexts import Contexts
from lstmc_regex.limits import Limits
from lstmc_regex.parse import Parsed, parse
from lstmc_regex.positions import Positions, Walks
from lstmc_regex.symbols import Symbols

LSTMC_API = 1

START = "start"


def regex(*, pattern: str = "a(b|c)*d", alphabet: str = "") -> nx.MultiDiGraph:
    """The strings that match a regular expression as a whole: one state for each of its positions, and the start.

    pattern   a regular expression as Python writes it: literals, escapes, classes, groups, |, * + ? {m,n}, ^ $ \\b,
              flags as in (?i). Lookaround and backreferences are refused by name.
    alphabet  the symbols, listed as in a class (a-z0-9_), in the order of the network's inputs; unless given, those
              that strings use, sorted. What means all symbols but some (. or [^"] or \\D) needs it.

    A state is named by the number of its position, from left to right; a piece that is repeated {3} times has three
    of each. -O1 makes one memory cell of each, beside `started`. Symbols are single characters.
    Raises LimitError above 10,000 positions or 250,000 rules, unless LSTMC_MAX_REGEX_POSITIONS or
    LSTMC_MAX_REGEX_RULES in the environment says otherwise.

    Sources: V. M. Glushkov, The abstract theory of automata, 1961. R. McNaughton and H. Yamada, Regular expressions
    and state graphs for automata, 1960.
    """
    limits = Limits.from_environment()
    symbols = Symbols(read_alphabet(alphabet, limits), limits)
    walks = _walks(parse(pattern, symbols, limits), symbols, limits)
    graph = _graph(walks, list(symbols.listed or ()) or sorted(frozenset[str]().union(*walks.reads.values())), limits)
    if not graph.edges:
        matching = "only the empty string" if walks.empty else "no string"
        raise PluginError(f"regex: {matching} matches the pattern", "a grammar needs a string with a symbol in it")
    return graph


def _walks(parsed: Parsed, symbols: Symbols, limits: Limits) -> Walks:
    positions = Positions(symbols, Contexts(parsed.assertions, symbols), limits)
    walks = positions.walks(parsed.tree.grow(positions))
    for at in sorted(positions.giving_back):
        group = parsed.scanner.text[at] == "("
        what = "an atomic group" if group else "a possessive repetition"
        message = f"{what}, which is not understood where it changes what matches: it gives back nothing"
        parsed.scanner.refuse(at, message, "write (?:...), which does" if group else "take the + out: it does then")
    if walks.empty != walks.empty_in_python_3_14:
        message = "the empty string matches from Python 3.14 on, and not before: \\B did not hold in it"
        parsed.scanner.refuse(
            parsed.scanner.text.find("\\B"),
            message,
            "write (?:...|) for it to match everywhere, or let the pattern ask for a symbol",
        )
    parsed.scanner.raise_problems()
    return walks


def _graph(walks: Walks, alphabet: list[str], limits: Limits) -> nx.MultiDiGraph:
    names = {number: str(count) for count, number in enumerate(walks.reads, start=1)}
    order = {symbol: place for place, symbol in enumerate(alphabet)}
    symbols = {number: sorted(reads, key=order.__getitem__) for number, reads in walks.reads.items()}
    ways = [(START, walks.first), *((names[number], walks.follow[number]) for number in walks.reads)]
    limits.refuse_more("rules", sum(len(symbols[number]) for _, followers in ways for number in followers))
    graph = nx.MultiDiGraph(alphabet=alphabet)
    graph.add_node(START, start=True, **({"accept": True} if walks.empty else {}))
    graph.add_nodes_from((names[number], {"accept": True} if number in walks.last else {}) for number in walks.reads)
    for source, followers in ways:
        for number in sorted(followers):
            graph.add_edges_from((source, names[number], {"symbol": symbol}) for symbol in symbols[number])
    return graph
