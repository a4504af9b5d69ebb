"""Prove that a network follows its grammar on every string, under each contract; or say why not."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmc.automaton import NONE, Automaton, copies, split, to_automaton
from lstmc.errors import UsageError
from lstmc.grammar import Grammar
from lstmc.network import Network
from lstmc.network.network import Rows
from lstmc.network.number_formats import FORMATS
from lstmc.program import Program, allocate
from lstmc.proof.boxes import Failure, Problem, settle
from lstmc.proof.certificate import FORMAT, Certificate, Verdict
from lstmc.proof.contracts import CONTRACTS, Contract
from lstmc.proof.deterministic import BEFORE, DEAD, Wrong, successors
from lstmc.proof.interval import short
from lstmc.proof.nondeterministic import allowed_after, compare, reads_by_or
from lstmc.proof.reading import Configurations, Misread, read
from lstmc.proof.recurrence import recurrence_of
from lstmc.proof.simulation_map import simulation_map
from lstmc.proof.situations import Situations, gates_of, nominal, situations, under
from lstmc.stages import Tell, untold
from lstmc.visible import visible

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

FINEST = min(each.roundoff for each in FORMATS.values())
LEAKS = "a kept memory leaks"  # no reason to refuse yet: it may hold a number of times

# Claims are rounded so that a checker with another rounding of its own can confirm them.
LESS, MORE = 1 - 1e-4, 1 + 1e-2

# How far a memory that leaks may drift before the proof gives it up. With more room it takes longer, but drifts faster,
# since erasers see it: the bound rises to a peak and falls again.
SLACKS = tuple(2.0**-n for n in (2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 30, 36, 44))


def prove(
    network: Network,
    grammar: Grammar,
    program: Program | None = None,
    contracts: Iterable[str] = tuple(CONTRACTS),
    tell: Tell = untold,
) -> Certificate:
    """The certificate of a network that was compiled from a grammar, with verdicts under each contract.

    program   what the network was lowered from; made again where it is not given
    tell      hears how far it is

    Raises UsageError for a contract that there is not. A proof that fails is no error: its verdict says `refused`.
    """
    unknown = set(contracts) - set(CONTRACTS)
    if unknown:
        raise UsageError(f"there is no contract '{min(unknown)}'", f"choose of {', '.join(CONTRACTS)}")
    chosen = [CONTRACTS[name] for name in contracts]
    reason = _unfit(network)
    if reason is not None:
        return _certificate(network, grammar, None, {c.name: Verdict(c.name, "refused", reason=reason) for c in chosen})
    if program is None:
        options, cell = network.header.options, type(network)
        of_cell = {"deterministic": cell.deterministic, "alternating": cell.alternates}
        program = allocate(to_automaton(grammar), options["level"], options["memory"], **of_cell)
    tell("proving", 0, len(chosen))
    proof, verdicts = _Proof(network, program), {}
    for done, contract in enumerate(chosen):
        tell(f"proving under {contract.name}", done, len(chosen))
        verdicts[contract.name] = proof.under(contract)
    return _certificate(network, grammar, proof, verdicts)


def provable(cell: type[Network]) -> bool:
    """Whether the proof knows equations of this kind."""
    return recurrence_of(cell) is not None


def _unfit(network: Network) -> str | None:
    """Why there is nothing to prove of these numbers; None where there is."""
    if recurrence_of(type(network)) is None:
        memory = network.memory()
        return (
            f"the equations of '{network.cell}' do not say {memory}' = a · {memory} + b, which is what the proof knows"
        )
    if not all(np.isfinite(values).all() for values in network.tensors.values()):
        return "a weight is infinite, or not a number"
    for name, of in network.weights.items():
        for rows in of.biases[1:] if name in network.equations.tests else ():
            if np.any(network.rows(rows)):
                return f"the second bias of {network.title(name)}, {rows.tensor}, is not 0"
    return None


class _Proof:
    """What is the same under every contract: the situations, and what happens in each."""

    def __init__(self, network: Network, program: Program) -> None:
        self.network = network
        self.automaton, self.states = _with_states(network, program)
        self.together = not self.automaton.deterministic
        gates = gates_of(network)
        recurrence = recurrence_of(type(network))
        assert recurrence is not None, "else there is nothing to prove"
        self.recurrence = recurrence
        first = situations(gates, np.zeros(network.size, np.bool_), self.together)
        on, kept = nominal(first, recurrence)
        self.kept = np.zeros(network.size, np.bool_)
        keeping = (first.own_on == on) & kept
        self.kept[first.cell[keeping[first.kind].any(axis=1)]] = True
        self.found = situations(gates, self.kept, self.together)
        self.on, self.open = nominal(self.found, recurrence)
        self.after: Ints | None = None
        self.wrong: Wrong | None
        if self.together:
            self.wrong = compare(self.found, self.on, self.automaton, self.states)
            self.wrong = self.wrong or reads_by_or(network)
        else:
            after = successors(self.found, self.on, self.automaton, self.states)
            self.wrong = after if isinstance(after, Wrong) else None
            self.after = None if isinstance(after, Wrong) else after

    def under(self, contract: Contract) -> Verdict:
        if self.wrong is not None:
            return Verdict(contract.name, "refused", reason=self._say_wrong(self.wrong))
        heaviest = max(float(np.abs(values).max(initial=0.0)) for values in self.network.tensors.values())
        if heaviest >= contract.largest:
            reason = f"a weight of {heaviest:g} is too large for {contract.name}"
            return Verdict(contract.name, "refused", reason=reason)
        found, what = under(self.found, contract, self.kept, self.together), (self.on, self.open)
        if found.gates is not self.found.gates:  # other situations, in another order
            what = nominal(found, self.recurrence)
        problem = Problem(found, self.recurrence, *what, contract, self.together, 0.0)
        verdict = self._settled(problem)
        if verdict.kind != "refused" or verdict.reason != LEAKS:
            return verdict
        best, reason = None, "a kept memory leaks away in one step"
        for tried in (self._settled(replace(problem, slack=slack)) for slack in SLACKS):
            if best is not None and (tried.bound or 0) <= (best.bound or 0):
                break
            best, reason = tried if tried.bound else best, tried.reason or reason
        if best is None or not best.bound:
            return Verdict(contract.name, "refused", reason=reason)
        return replace(best, kind="bounded", counts=self._counts(best.bound))

    def _settled(self, problem: Problem) -> Verdict:
        contract, boxes = problem.contract, settle(problem)
        if isinstance(boxes, Failure):
            reason = LEAKS if boxes.leaks else self._say_failure(problem.found, boxes)
            return Verdict(contract.name, "refused", reason=reason)
        result = read(self.network, self._configurations, boxes, self.kept, contract, self.together)
        if isinstance(result, Misread):
            return Verdict(contract.name, "refused", reason=self._say_reading(result))
        chance = result.probabilities
        return Verdict(
            contract.name,
            "every-length",
            bound=boxes.bound,
            margin=short(result.margin * LESS, 4, up=False),
            probabilities=None if chance is None else short(chance * MORE + 1e-11, 3, up=True),
            boxes=boxes,
        )

    @cached_property
    def _configurations(self) -> Configurations:
        """Every configuration: before the first symbol, dead, and each cell on."""
        a = self.automaton
        allowed = allowed_after(a)
        state = np.concatenate([[0, 0], self.states[1:]])
        right = allowed[state]
        output = a.state_output[state]
        probability = None
        if a.weighted and self.network.header.options["probabilities"]:
            chances = np.zeros(allowed.shape)
            chances[a.source, a.symbol] = a.probability
            chances[:, -1] = a.end
            probability = chances[state]
            probability[1] = 0.0
        first = np.flatnonzero(a.initial)
        right[0], right[1] = allowed[first].any(axis=0), False
        output[0], output[1] = a.state_output[first[0]], NONE
        if probability is not None:
            probability[0] = chances[first[0]]
        cell = np.concatenate([[-1, -1], np.arange(1, len(self.states))])
        return Configurations(cell, np.arange(len(cell)) > 0, right, output, probability)

    def _name(self, configuration: int) -> str:
        if configuration == BEFORE:
            return "before the first symbol"
        if configuration == DEAD:
            return "after a dead prefix"
        return f"with cell '{self.network.header.cells[configuration].name}' on"

    def _say_wrong(self, wrong: Wrong) -> str:
        symbol = self.network.alphabet[min(wrong.symbol, len(self.network.alphabet) - 1)]
        return f"{self._name(wrong.configuration)}, symbol '{symbol}': {wrong.what}; the weights are not the grammar's"

    def _say_failure(self, found: Situations, failure: Failure) -> str:
        place, x = np.argwhere(found.kind == failure.kind)[0].tolist()
        cell = self.network.header.cells[int(found.cell[place])].name
        begun, own_on = bool(found.begun[failure.kind]), bool(found.own_on[failure.kind])
        alone = int(found.cell[place]) if own_on else DEAD if begun else BEFORE
        by = int(found.by[place])
        seen = self._name(by if by >= 0 else alone)
        symbol = self.network.alphabet[x]
        return f"cell '{cell}', {seen}, symbol '{symbol}': {failure.what}; {self._help(failure.overflows)}"

    def _say_reading(self, wrong: Misread) -> str:
        if wrong.cell == -2:
            return f"{wrong.what}; {self._help()}"
        name = "after a dead prefix or before the first symbol" if wrong.cell < 0 else self._name(wrong.cell)
        symbols = (*self.network.alphabet, self.network.header.end)
        return f"{name}: '{symbols[wrong.row]}' {wrong.what}; {self._help()}"

    def _help(self, overflows: bool = False) -> str:
        if overflows:
            return "a lower --gain or a format with larger numbers (--dtype float32) may help"
        options, cell = self.network.header.options, type(self.network)
        keeps = options["level"] == 1 and options["memory"] == "keep" and not self.open.all()
        other = [(keeps, "--memory rewrite")]
        other += [(cell.steep, "a higher --gain"), (options["level"] != 1 and 1 in cell.levels, "-O1")]
        other += [(self.network.format.roundoff > FINEST, "a finer --dtype")]
        advice = [text for fits, text in other if fits]
        return f"{_either(advice)} may help" if advice else "nothing that this cell type takes would help"

    def _counts(self, bound: int) -> str:
        again = ", or kept and written again," if self.together else ""
        size = f"{bound}" if bound < 10_000 else f"about {bound:.1e}".replace("e+", "·10^").replace("^0", "^")
        if self.open.all():
            return f"{size} symbols may be read"
        off = self.open & ~self.found.own_on & self.found.kept
        if off.any():  # an eraser that opens at the symbol, whether the cell is on or not
            kept = off[self.found.kind[self.kept[self.found.cell]]].any(axis=0)
            symbols = [self.network.alphabet[x] for x in np.flatnonzero(kept)]
            return f"{_listed('symbol', symbols)} may be read {size} times in a row"
        states = [name for q in np.unique(self.states[self.kept]) for name in self.automaton.origins[q]]
        return f"{_listed('state', states)} may be kept{again} {size} times in a row"


def _either(advice: list[str]) -> str:
    """`this`, `this or that`, `this, that or that`."""
    *first, last = advice
    return f"{', '.join(first)} or {last}" if first else last


def _listed(kind: str, names: list[str]) -> str:
    """One of that kind, or each of several; some stand for many."""
    names = list(dict.fromkeys(map(visible, names)))
    more = " and others" if len(names) > 5 else ""
    return f"{kind} {names[0]}" if len(names) == 1 else f"each of the {kind}s {', '.join(names[:5])}{more}"


def _with_states(network: Network, program: Program) -> tuple[Automaton, Ints]:
    """The automaton with outputs on its states, and the state that each cell stands for; NONE for `started`.

    Raises UsageError where the cells are not named for states of the automaton.
    """
    a = split(program.automaton)
    labels = network.header.cells
    known = {name: q for q, name in enumerate(program.automaton.states)}
    if not labels or labels[0].state or any(label.state not in known for label in labels[1:]):
        raise UsageError(f"'{network.name}' is no network of this grammar", "prove it with the grammar it is made of")
    if a is program.automaton:
        return a, np.array([NONE, *(known[label.state] for label in labels[1:])])
    number = {copy: q for q, copy in enumerate(copies(program.automaton))}
    states = [NONE if c.state == NONE else number[c.state, c.output] for c in program.cells]
    return a, np.array(states)


def _certificate(network: Network, grammar: Grammar, proof: _Proof | None, verdicts: dict[str, Verdict]) -> Certificate:
    header = network.header
    data: dict[str, Any] = {
        "format": FORMAT,
        "name": network.name,
        "network": {
            **network.digests(),
            "cell": header.cell,
            "dtype": header.dtype,
            "alphabet": list(header.alphabet),
            "end": header.end,
            "outputs": list(header.outputs),
        },
        "cell": stated(type(network)),
        "grammar": grammar.meaning(),
        "contracts": {name: verdict.to_dict() for name, verdict in verdicts.items()},
    }
    if proof is not None:
        data |= _followed(grammar, proof)
    return Certificate(data, verdicts)


def stated(cell: type[Network]) -> dict[str, Any]:
    """What cells of a type compute, and where the numbers of that lie, as a certificate says it."""
    equations = cell.equations

    def rows(of: Rows | None) -> list[Any] | None:
        return None if of is None else [of.tensor, of.block]

    return {
        "name": cell.cell,
        "state": list(equations.state),
        "memory": cell.memory(),
        "active": float(cell.active),
        "idle": float(cell.idle),
        "holds": float(cell.holds),
        "rests": float(cell.rests),
        "threshold": float(equations.threshold),
        "equations": [line.strip() for line in equations.text.splitlines() if line.strip()],
        "weights": {
            name: {"symbols": rows(of.symbols), "cells": rows(of.cells), "biases": [rows(each) for each in of.biases]}
            for name, of in cell.weights.items()
        },
    }


def _followed(grammar: Grammar, proof: _Proof) -> dict[str, Any]:
    """The automaton that the network follows, how, and how it follows the grammar."""
    a = proof.automaton
    first = a.moves[:-1]
    moves = np.stack([a.source[first], a.symbol[first], a.target[first]], axis=1)
    followed: dict[str, Any] = {
        "automaton": {
            "deterministic": not proof.together,
            "states": len(a.states),
            "initial": np.flatnonzero(a.initial).tolist(),
            "accepting": np.flatnonzero(a.accepting).tolist(),
            "output": a.state_output.tolist(),
            "moves": moves.tolist(),
        },
        "map": [[list(states), output, state] for states, output, state in simulation_map(grammar, a)],
        "cells": proof.states.tolist(),
        "classes": proof.kept.astype(int).tolist(),
    }
    if proof.after is not None:
        rows, symbols = np.nonzero(proof.after != DEAD)
        listed = np.stack([rows, symbols, proof.after[rows, symbols]], axis=1)
        listed[listed[:, 0] == len(proof.after) - 1, 0] = BEFORE
        followed["successors"] = sorted(listed.tolist())
    return followed
