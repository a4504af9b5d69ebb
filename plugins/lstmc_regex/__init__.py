"""Regular expressions."""

import networkx as nx

from lstmc.errors import PluginError
from lstmc_regex.classes import Symbols, read_alphabet
from lstmc_regex.limits import Limits
from lstmc_regex.parse import parse
from lstmc_regex.positions import Part, Positions, used, without_anchors

LSTMC_API = 1

START = "start"


def regex(*, pattern: str = "a(b|c)*d", alphabet: str = "") -> nx.MultiDiGraph:
    """The strings that match a regular expression as a whole: one state for each of its positions, and the start.

    pattern   a regular expression as Python writes it: literals, escapes, classes, groups, |, * + ? {m,n}, anchors.
              Everything else is refused by name.
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
    listed = read_alphabet(alphabet, limits)
    tree = parse(pattern, Symbols(listed, limits), limits)
    positions = Positions(limits)
    whole = without_anchors(positions, tree.grow(positions))
    graph = _graph(positions, whole, listed)
    if not graph.edges:
        matching = "only the empty string" if whole.empty else "no string"
        raise PluginError(f"regex: {matching} matches the pattern", "a grammar needs a string with a symbol in it")
    return graph


def _graph(positions: Positions, whole: Part, listed: list[str] | None) -> nx.MultiDiGraph:
    reads = {number: each for number, each in enumerate(positions.reads) if isinstance(each, frozenset)}
    names = {number: str(count) for count, number in enumerate(reads, start=1)}
    there = used(positions, whole)
    alphabet = listed or sorted(frozenset[str]().union(*(reads[number] for number in there)))
    order = {symbol: place for place, symbol in enumerate(alphabet)}
    symbols = {number: sorted(reads[number], key=order.__getitem__) for number in there}
    graph = nx.MultiDiGraph(alphabet=alphabet)
    graph.add_node(START, start=True, **({"accept": True} if whole.empty else {}))
    graph.add_nodes_from((names[number], {"accept": True} if number in whole.last else {}) for number in there)
    rules = 0
    for source, followers in [(START, whole.first), *((names[number], positions.follow[number]) for number in there)]:
        for number in sorted(followers & symbols.keys()):
            graph.add_edges_from((source, names[number], {"symbol": symbol}) for symbol in symbols[number])
            rules += len(symbols[number])
            positions.limits.refuse_more("rules", rules)
    return graph
