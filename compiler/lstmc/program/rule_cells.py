"""-O0: one cell for each rule, the literal reading.

rule p –x→ q    is on when it has just fired: it is written at x out of p, and always erased after
"""

from collections.abc import Iterator

from lstmc.automaton import Automaton
from lstmc.program.program import ALWAYS, NEVER, Cell, any_of, one_of


def rule_cells(automaton: Automaton) -> Iterator[Cell]:
    a = automaton
    return (
        Cell(
            name=" ".join(a.rules[rule] for rule in rules),
            state=q,
            output=o if a.mealy else int(a.state_output[q]),
            written=rules,
            kept=(),
            eraser=NEVER,
            writer=one_of((x,)),
            write_filter=any_of((p,), before=bool(a.initial[p])),
            read_filter=ALWAYS,
        )
        for p, x, q, o, rules in a.each_move()
    )
