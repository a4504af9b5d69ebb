"""Files in which inputs and outputs alternate: from a state that reads, one move by an input, then one by an output.

1 2 "coin"      becomes     1 –coin/ok→ 3
2 3 "ok"

Source: AutomataLib (serialization/fsm, FSM2MealyParserAlternating), which LearnLib uses.
"""

from collections import defaultdict
from typing import NamedTuple

from lstmc.grammar.formats import Outline, Scalar, quoted

_ALTERNATE = "inputs and outputs alternate, beginning with an input; or leave `kind` out"


class Move(NamedTuple):
    source: Scalar
    target: Scalar
    label: Scalar
    output: Scalar | None


def looks_alternating(moves: list[Move]) -> bool:
    """Whether it could be such a file: every other state has one move, by labels of their own."""
    reading, answering, by_state = _sides(moves)
    if reading & answering or any(len(by_state[state]) != 1 for state in answering) or not answering:
        return False
    inputs, outputs = ({move.label.text for n in side for move in by_state[n]} for side in (reading, answering))
    return not inputs & outputs


def put_together(moves: list[Move], outline: Outline) -> tuple[set[int], list[Move]]:
    """The numbers of the states that read, and the moves between them, each with its output."""
    reading, answering, by_state = _sides(moves)
    found = []
    for move in moves:
        source, target = int(move.source.text), int(move.target.text)
        if source in reading & answering:
            outline.problem(move.source.place, "G070", f"state {source} reads, and answers as well", _ALTERNATE)
        elif source not in reading | answering:
            message = f"nothing leads to state {source}: does it read or answer?"
            outline.problem(move.source.place, "G070", message, _ALTERNATE)
        elif source in reading:
            answers = by_state[target]
            if len(answers) == 1:
                found.append(Move(move.source, answers[0].target, move.label, answers[0].label))
            else:
                message = f"after the input {quoted(move.label.text)} state {target} has {len(answers)} outputs"
                outline.problem(move.label.place, "G070", message, "a Mealy machine has one output for each input")
    return reading, found


def _sides(moves: list[Move]) -> tuple[set[int], set[int], dict[int, list[Move]]]:
    """The states at an even distance from the first, those at an odd one, and the moves of each."""
    by_state: dict[int, list[Move]] = defaultdict(list)
    for move in moves:
        by_state[int(move.source.text)].append(move)
    sides: tuple[set[int], set[int]] = ({1}, set())
    waiting = [(1, 0)]
    for state, side in waiting:  # the list grows while we walk it
        for move in by_state[state]:
            target = int(move.target.text)
            if target not in sides[1 - side]:
                sides[1 - side].add(target)
                waiting.append((target, 1 - side))
    return (*sides, by_state)
