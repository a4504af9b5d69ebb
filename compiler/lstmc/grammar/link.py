"""From drafts that call to nets: every name that is called becomes a net, and the calls are looked at as a whole.

A name is that of a net of the file, of the grammar itself, of a shipped or a plugin's grammar, or of a file beside this
one. What such a grammar calls in its turn keeps its names, with those of the grammar before them: `json.value`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import networkx as nx

from lstmc.did_you_mean import did_you_mean
from lstmc.errors import LstmcError
from lstmc.grammar.calls import Graphs, first_calls, lasting, reachable, waiting_calls
from lstmc.grammar.diagnostics import GrammarError
from lstmc.grammar.draft import Draft
from lstmc.grammar.excerpt import quoted
from lstmc.grammar.from_tree import draft_to_graph
from lstmc.grammar.grammar import Grammar
from lstmc.grammar.limits import Limits
from lstmc.grammar.nets import Nets
from lstmc.grammar.tree import Place, Problem
from lstmc.visible import visible

Load = Callable[[str], "Grammar | Nets"]
Calls = dict[tuple[str, str], Place]  # by net and called net where the first such call stands


class Linked(NamedTuple):
    """The nets, and what is wrong with them; none where that is an error."""

    problems: list[Problem]
    nets: Nets | None


def link(draft: Draft, name: str, load: Load, limits: Limits, depth: int | None = None) -> Linked:
    """The nets of a draft without errors. `load` gives a grammar by its name, or raises LstmcError; `depth` goes before
    that of the draft."""
    drafts = {name: draft} | {each.text: of for each, of in draft.nets if each.text != name}
    places = {name: draft.nodes_at} | {each.text: each.place for each, _ in draft.nets}
    problems = [
        Problem(each.place, "G090", f"the net {quoted(name)} has the name of the grammar", "give it another name")
        for each, _ in draft.nets
        if each.text == name
    ]
    problems += [problem for of in drafts.values() for problem in _not_said(of)]
    if draft.determinize:
        return Linked(problems, None)
    graphs: Graphs = {each: draft_to_graph(of, each, limits) for each, of in drafts.items()}
    calls = {
        (each, rule.call.text): rule.call.place for each, of in drafts.items() for rule in of.rules[::-1] if rule.call
    }
    for (_, called), place in sorted(calls.items()):
        if called not in graphs:
            found, brought = _brought(called, place, load, list(drafts))
            problems += [*found, *_unknown(draft, called, _symbols(brought), place)]
            graphs |= brought
            places |= dict.fromkeys(brought, place)
    if problems:
        return Linked(problems, None)
    if depth is None and draft.depth is not None:
        depth = int(draft.depth.text)
    found = [*_never_called(name, graphs, draft), *_endless(name, graphs, places, calls)]
    found += [*_left_recursion(graphs, calls, places), *_unbounded(graphs, depth, calls, places)]
    if any(problem.code != "G094" for problem in found):
        return Linked(found, None)
    named = reachable(name, graphs)
    nets = {each: _copied(graph) for each, graph in graphs.items() if each in named}
    alphabet = tuple(symbol.text for symbol in draft.alphabet or ()) or tuple(sorted(_symbols(nets)))
    nets[name].graph.update(name=name, alphabet=list(alphabet))
    return Linked(found, Nets(name, alphabet, nets, depth))


def _symbols(graphs: Graphs) -> set[str]:
    """What edges read."""
    read = (symbol for graph in graphs.values() for *_, symbol in graph.edges(data="symbol"))
    return {symbol for symbol in read if symbol is not None}


def _brought(called: str, place: Place, load: Load, known: list[str]) -> tuple[list[Problem], Graphs]:
    """The nets of a grammar from elsewhere, under the name that it is called by; `known` are those of the file."""
    try:
        found = load(called)
    except GrammarError as error:
        first = next(each for each in error.diagnostics if each.severity == "error")
        message = f"the grammar {quoted(called)} has errors: {first.code}: {first.message}"
        return [Problem(place, "G090", message, f"see `lstmc check {called}`")], {}
    except LstmcError as error:
        message = f"{quoted(called)} is no net of this file: {visible(error.message)[:300]}"
        return [Problem(place, "G090", message, did_you_mean(called, known) or error.help)], {}
    nets = found if isinstance(found, Nets) else Nets(found.name, found.alphabet, {found.name: found.graph})
    main, *_ = nets.nets
    names = {each: called if each == main else f"{called}.{each}" for each in nets.nets}
    graphs = {names[each]: _copied(graph, names) for each, graph in nets.nets.items()}
    said = [data for graph in graphs.values() for _, data in graph.nodes(data=True)]
    said += [data for graph in graphs.values() for *_, data in graph.edges(data=True)]
    if any("probability" in data or "end" in data for data in said):
        message = f"the grammar {quoted(called)} has probabilities, and calls have none yet"
        return [Problem(place, "G095", message, "call one without them")], {}
    if any("output" in data for _, data in graphs[called].nodes(data=True)):
        message = f"the states of {quoted(called)} have outputs, and nets have none yet"
        return [Problem(place, "G095", message, "call one without them, or with outputs at its edges")], {}
    return [], graphs


def _unknown(draft: Draft, called: str, read: set[str], place: Place) -> Iterator[Problem]:
    """Symbols of a grammar from elsewhere that are not in the alphabet, where one is given."""
    known = {symbol.text for symbol in draft.alphabet or ()}
    for symbol in sorted(read - known) if known else ():
        message = f"the symbol {quoted(symbol)}, which {quoted(called)} reads, is not in the alphabet"
        yield Problem(place, "G010", message, "add it to `alphabet:`")


def _copied(graph: "nx.MultiDiGraph[str]", names: Mapping[str, str] | None = None) -> "nx.MultiDiGraph[str]":
    """States and edges, frozen, without what belongs to a whole grammar; calls by their new names."""
    made: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    made.add_nodes_from((state, dict(data)) for state, data in graph.nodes(data=True))
    for p, q, data in graph.edges(data=True):
        made.add_edge(p, q, **data | ({"call": names[data["call"]]} if names and "call" in data else {}))
    nx.freeze(made)
    return made


def _not_said(draft: Draft) -> Iterator[Problem]:
    """Probabilities, and outputs of states: calls have none yet."""
    given = [state.end for state in draft.states] + [rule.probability for rule in draft.rules]
    help = "take it out: the ways on are equally likely; or write `probabilities: none` at the top"
    for each in given:
        if each is not None:
            yield Problem(each.place, "G095", "a probability in a grammar that calls", help)
    if draft.determinize:
        yield Problem(draft.nodes_at, "G095", "`probabilities: determinize` in a grammar that calls", "take it out")
    for state in draft.states:
        if state.output is not None:
            message = "an output of a state in a grammar that calls"
            yield Problem(state.output.place, "G095", message, "give the outputs to the edges")


def _never_called(main: str, graphs: Graphs, draft: Draft) -> Iterator[Problem]:
    called = reachable(main, graphs)
    for name, _ in draft.nets:
        if name.text not in called:
            message = f"the net {quoted(name.text)} is never called"
            yield Problem(name.place, "G094", message, "call it, or take it out")


def _endless(main: str, graphs: Graphs, places: dict[str, Place], calls: Calls) -> Iterator[Problem]:
    """Nets that never end, however they are called."""
    ending = lasting(graphs)
    for name in sorted(reachable(main, graphs) - ending):
        accepts = any(accept for _, accept in graphs[name].nodes(data="accept"))
        called = any(callee == name for _, callee in calls)
        if accepts or called:
            why = "every way through it calls a net that never ends" if accepts else "none of its states accepts"
            message = f"the net {quoted(name)} never ends: {why}"
            help = "add a way through it that calls nothing" if accepts else "add `accept: true` where it may end"
            yield Problem(places[name], "G093", message, help)


def _left_recursion(graphs: Graphs, calls: Calls, places: dict[str, Place]) -> Iterator[Problem]:
    first = first_calls(graphs)
    for part in sorted(map(sorted, nx.strongly_connected_components(first))):
        if first.has_edge(part[0], part[0]) or len(part) > 1:
            cycle = [p for p, _ in nx.find_cycle(first, part[0])]
            at = cycle.index(min(cycle))
            way = [*cycle[at:], *cycle[:at], min(cycle)]
            message = f"{' calls '.join(map(quoted, way))} before anything is read"
            place = calls.get((way[0], way[1])) or places[way[0]]  # in a grammar from elsewhere
            yield Problem(place, "G092", message, "read a symbol first, or write a loop in place of the call")


def _unbounded(graphs: Graphs, depth: int | None, calls: Calls, places: dict[str, Place]) -> Iterator[Problem]:
    """Recursive calls that wait need a bound."""
    if depth is not None:
        return
    for caller, called in waiting_calls(graphs):
        back = "itself" if caller == called else f"{quoted(called)}, which comes back to it"
        message = f"the net {quoted(caller)} calls {back}, and nothing says how deep"
        help = "add `depth: 3` at the top, or as deep as you need; only a call in last place needs none"
        yield Problem(calls.get((caller, called)) or places[caller], "G091", message, help)
        return
