"""What a deterministic grammar's graph says, worked out without the compiler: size, words, mean length."""

from fractions import Fraction


def moves(graph):
    """state -> symbol -> (target, output, probability); fails where the graph is not deterministic."""
    table = {state: {} for state in graph}
    for source, target, data in graph.edges(data=True):
        assert data["symbol"] not in table[source], "not deterministic"
        table[source][data["symbol"]] = (target, data.get("output"), data.get("probability"))
    return table


def start(graph):
    (state,) = (state for state, data in graph.nodes(data=True) if data.get("start"))
    return state


def minimal_size(graph):
    """The states of the smallest complete automaton, the dead one included where a move is missing (Moore, 1956)."""
    table, dead = moves(graph), object()
    if any(len(ways) < len(graph.graph["alphabet"]) for ways in table.values()):
        table[dead] = {}
    reached, todo = {start(graph)} | ({dead} & table.keys()), [start(graph)]
    while todo:
        fresh = {target for target, *_ in table[todo.pop()].values()} - reached
        reached |= fresh
        todo += fresh
    block = {}
    for state in reached:
        data = {} if state is dead else graph.nodes[state]
        look = [(symbol, *rest) for symbol, (_, *rest) in table[state].items()]
        block[state] = (data.get("accept"), data.get("end"), data.get("output"), frozenset(look))
    count = 0
    while count < len(set(block.values())):
        count = len(set(block.values()))
        number = {look: index for index, look in enumerate(set(block.values()))}
        block = {
            state: (number[block[state]], frozenset((x, number[block[way[0]]]) for x, way in table[state].items()))
            for state in reached
        }
    return count


def run(graph, word):
    """The state after a word and the outputs on the way; None where the word is dead."""
    state, outputs, table = start(graph), [], moves(graph)
    for symbol in word:
        if symbol not in table[state]:
            return None, outputs
        state, output, _ = table[state][symbol]
        outputs.append(output)
    return state, outputs


def words(graph, upto):
    """Every accepted word of at most so many symbols, as tuples."""
    table, found, layer = moves(graph), set(), [((), start(graph))]
    for _ in range(upto + 1):
        found |= {word for word, state in layer if graph.nodes[state].get("accept")}
        layer = [((*word, x), target) for word, state in layer for x, (target, *_) in table[state].items()]
    return found


def mean_length(graph):
    """The exact mean length of a word when all moves of a state, the end among them, are equally likely."""
    table, order = moves(graph), list(graph)
    rows = []  # mean(q) = sum over moves of (1 + mean(target)) / number of moves; the end adds nothing
    for state in order:
        share = Fraction(1, len(table[state]) + bool(graph.nodes[state].get("accept")))
        row = {state: Fraction(1)}
        for target, *_ in table[state].values():
            row[target] = row.get(target, Fraction(0)) - share
        rows.append((row, share * len(table[state])))
    for index, state in enumerate(order):  # Gauss and Jordan
        pivot = next(i for i in range(index, len(rows)) if rows[i][0].get(state))
        rows[index], rows[pivot] = rows[pivot], rows[index]
        row, right = rows[index]
        row, right = {q: value / row[state] for q, value in row.items()}, right / row[state]
        rows[index] = (row, right)
        for other in range(len(rows)):
            factor = rows[other][0].get(state)
            if other != index and factor:
                new = {q: rows[other][0].get(q, 0) - factor * row.get(q, 0) for q in rows[other][0].keys() | row.keys()}
                rows[other] = ({q: value for q, value in new.items() if value}, rows[other][1] - factor * right)
    return rows[order.index(start(graph))][1]
