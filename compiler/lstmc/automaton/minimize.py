"""Merge states that have the same future (Hopcroft, 1971).

    S -B-> a -E-> end                   S -B-> a=b -E-> end
    S -T-> b -E-> end      becomes      S -T-> a=b

In:   a trimmed, deterministic automaton without outputs on moves.
Out:  the smallest automaton of the same language, probabilities and outputs; states numbered breadth-first,
      so one grammar always gives one file.
"""

from dataclasses import replace

import numpy as np

from lstmc.automaton.automaton import Automaton, Ints, row_order, unique_names


def minimize(automaton: Automaton) -> Automaton:
    return quotient(automaton, coarsest_partition(automaton))


def quotient(automaton: Automaton, block: Ints) -> Automaton:
    """The automaton whose states are the blocks, numbered breadth-first; block (Q,) must respect every move."""
    a = automaton
    block = _breadth_first(a, block)
    size = int(block.max(initial=-1)) + 1
    members: list[list[int]] = [[] for _ in range(size)]
    for state, number in enumerate(block.tolist()):
        members[number].append(state)
    first = np.array([states[0] for states in members], np.int64)
    source, target = block[a.source], block[a.target]
    order = row_order(source, a.symbol, target, a.output, a.rule)
    # Several copies of a state may share a rule; merged, they are one row.
    key = np.stack([source, a.symbol, target, a.rule])[:, order]
    order = order[np.append(True, np.any(key[:, 1:] != key[:, :-1], axis=0))[: len(order)]]
    return replace(
        a,
        states=unique_names([_name(a, states, number) for number, states in enumerate(members)]),
        origins=tuple(tuple(dict.fromkeys(o for q in states for o in a.origins[q])) for states in members),
        initial=np.bincount(block, weights=a.initial, minlength=size) > 0,
        accepting=a.accepting[first],
        end=a.end[first],
        state_output=a.state_output[first],
        source=source[order],
        symbol=a.symbol[order],
        target=target[order],
        output=a.output[order],
        rule=a.rule[order],
        probability=a.probability[order],
    )


def coarsest_partition(automaton: Automaton) -> Ints:
    """The block of each state: refined until no block's moves tell two states of another block apart.

    When a block is split, the larger part takes the block's place and the smaller one goes to the splitters, so each
    move is looked at O(log Q) times.
    """
    a = automaton
    block = _told_apart_at_once(a).tolist()
    blocks: list[set[int]] = [set() for _ in range(max(block, default=-1) + 1)]
    for state, number in enumerate(block):
        blocks[number].add(state)
    into = _moves_into(a)
    splitters = set(range(len(blocks)))
    while splitters:
        sources: dict[int, list[int]] = {}  # by symbol: states that move into the splitter
        for state in blocks[splitters.pop()]:
            for symbol, source in into[state]:
                sources.setdefault(symbol, []).append(source)
        for states in sources.values():
            touched: dict[int, list[int]] = {}
            for state in states:
                touched.setdefault(block[state], []).append(state)
            for number, part in touched.items():
                if len(part) == len(blocks[number]):
                    continue
                blocks[number].difference_update(part)
                rest = set(part)
                if len(rest) > len(blocks[number]):
                    blocks[number], rest = rest, blocks[number]
                for state in rest:
                    block[state] = len(blocks)
                splitters.add(len(blocks))  # if the old block still waits, now both parts do
                blocks.append(rest)
    return np.array(block, np.int64)


def _told_apart_at_once(a: Automaton) -> Ints:
    """A first partition: by output, ending, and the symbols allowed with their probabilities."""
    signature: list[list[float]] = [
        [out, accept, -1.0 if end != end else end]
        for out, accept, end in zip(a.state_output.tolist(), a.accepting.tolist(), a.end.tolist(), strict=True)
    ]
    first = a.moves[:-1]
    probability = np.nan_to_num(a.probability[first], nan=-1.0)
    for p, x, chance in zip(a.source[first].tolist(), a.symbol[first].tolist(), probability.tolist(), strict=True):
        signature[p] += [x, chance]
    seen: dict[tuple[float, ...], int] = {}
    return np.array([seen.setdefault(tuple(s), len(seen)) for s in signature], np.int64)


def _moves_into(a: Automaton) -> list[list[tuple[int, int]]]:
    first = a.moves[:-1]
    into: list[list[tuple[int, int]]] = [[] for _ in a.states]
    for p, x, q in zip(a.source[first].tolist(), a.symbol[first].tolist(), a.target[first].tolist(), strict=True):
        into[q].append((x, p))
    return into


def _breadth_first(a: Automaton, block: Ints) -> Ints:
    """The same blocks, numbered in the order in which strings first reach them."""
    after: list[list[int]] = [[] for _ in range(int(block.max(initial=-1)) + 1)]
    chosen: dict[int, int] = {}  # the state that speaks for its block
    for state, number in enumerate(block.tolist()):
        chosen.setdefault(number, state)
    for p, q in zip(a.source.tolist(), a.target.tolist(), strict=True):  # rows are sorted by symbol within a source
        if chosen[block[p]] == p:
            after[block[p]].append(int(block[q]))
    queue = list(dict.fromkeys(block[a.initial].tolist()))
    number = {b: n for n, b in enumerate(queue)}
    for b in queue:
        for successor in after[b]:
            if successor not in number:
                number[successor] = len(queue)
                queue.append(successor)
    return np.array([number[b] for b in block.tolist()], np.int64)


def _name(a: Automaton, members: list[int], number: int) -> str:
    """A=B=C; beyond three members the first, and the block's number to tell it from others."""
    if len(members) <= 3:
        return "=".join(a.states[q] for q in members)
    return f"{a.states[members[0]]}=…#{number}"
