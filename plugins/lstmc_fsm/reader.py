"""From an FSM file to a grammar: three parts, with `---` between them.

label(2) label "reject" "accept"        what states have: a name, how many values, a type, the values
---
0                                       a line for each state, from 1 on: the number of its value, from 0 on
1
---
1 2 "a"                                 a move from state 1, where strings start, to 2
2 1 "b" "x"                             of a Mealy machine: a reads, x is put out
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from lstmc.grammar.formats import Limits, Outline, Place, Reading, Scalar, quoted
from lstmc_fsm.alternating import Move, looks_alternating, put_together

ID = "id"  # a parameter of this name, with another value in each state, names the states
LINE = re.compile("\r\n|[\n\r]")
PART = "---"
_SHAPE = "an FSM file has three parts with --- between them: what states have, the states, the moves"
_MOVE = 'a move is: 1 2 "a", or of a Mealy machine: 1 2 "a" "x"'
_PARAMETER = re.compile(r"\s*+([^\s()]++)\s*+\(\s*+([0-9]{1,9})\s*+\)([^\"]*+)(.*+)", re.DOTALL)
_WORD = re.compile(r'\s*+(?:"((?:\\.|[^"\\])*+)"|([0-9]{1,9})(?=\s|"|$)|(\S++))', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class Options(NamedTuple):
    """What the parameters of the format say."""

    kind: str
    accept: str
    silent: Collection[str]


@dataclass
class _Parts:
    """What stands in the file. `parameters`: of states, the values of each; `vectors`: a line for each state."""

    parameters: dict[str, list[str]] = field(default_factory=dict)
    vectors: list[tuple[list[int], Place]] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)


def read_fsm(text: str, limits: Limits, options: Options) -> Reading:
    """The tree of a text. Raises Unreadable, LimitError."""
    outline = Outline(limits)
    parts = _parts(text, outline, limits)
    kind = options.kind
    parameter, _, value = options.accept.partition("=")
    if kind == "auto":
        is_mealy = any(move.output is not None for move in parts.moves)
        is_acceptor = value in parts.parameters.get(parameter, ())
        kind = "mealy" if is_mealy else "acceptor" if is_acceptor else "lts"
        if kind == "lts" and looks_alternating(parts.moves):
            message = "every label is read as a symbol; as LearnLib reads some files, inputs and outputs may alternate"
            outline.problem(parts.moves[0].label.place, "G073", message, "if they do: `--set kind=alternating`")
    names = _names(parts, outline, limits)
    states = set(range(1, len(names) + 1))
    if kind == "alternating":
        kind, (states, parts.moves) = "mealy", put_together(parts.moves, outline)
    accepting = _accepting(parts, parameter, value, outline) if kind == "acceptor" else [kind == "lts"] * len(names)
    for number, name in enumerate(names, start=1):
        fields = {"start": Scalar("true", name.place)} if number == 1 else {}
        if accepting[number - 1]:
            fields["accept"] = Scalar("true", name.place)
        if number in states:
            outline.state(name, **fields)
    for move in parts.moves:
        _rule(move, names, kind, options.silent, outline)
    if kind == "mealy":
        outline.let_strings_stop()
    return outline.reading()


def _parts(text: str, outline: Outline, limits: Limits) -> _Parts:
    found, part = _Parts(), 0
    for number, line in enumerate(LINE.split(text), start=1):
        if line.strip() == PART:
            part += 1
            if part > 2:
                outline.stop(Place(number, 1, len(line)), "a fourth part", _SHAPE)
        elif not line.strip():
            continue
        elif part == 0:
            _parameter(line, number, found, outline)
        elif part == 1:
            _vector(line, number, found, outline)
            limits.refuse_more("states", len(found.vectors))
        else:
            _move(line, number, found, outline)
            limits.refuse_more("edges", len(found.moves))
    if part < 2:
        outline.stop(Place(1, 1), f"not an FSM file: it has {part} lines ---, not two", _SHAPE)
    return found


def _parameter(line: str, number: int, found: _Parts, outline: Outline) -> None:
    match = _PARAMETER.fullmatch(line)
    words = _words(match[4]) if match else None
    if match is None or words is None or not all(quoted for _, quoted, _ in words):
        help = 'it is a name, how many values, a type and the values: label(2) label "reject" "accept"'
        outline.problem(_place(line, number), "G070", "a line of the first part that describes nothing", help)
    elif match[1] in found.parameters:
        message = f"{quoted(match[1])} stands twice in the first part"
        outline.problem(_place(line, number), "G064", message, "take one of the two out")
    else:
        found.parameters[match[1]] = [text for text, _, _ in words]


def _vector(line: str, number: int, found: _Parts, outline: Outline) -> None:
    words = line.split()
    if all(word.isascii() and word.isdigit() and len(word) < 10 for word in words):
        found.vectors.append(([int(word) for word in words], _place(line, number)))
    else:
        outline.problem(_place(line, number), "G070", "a line of the second part that is not all numbers", _SHAPE)
        found.vectors.append(([], _place(line, number)))


def _move(line: str, number: int, found: _Parts, outline: Outline) -> None:
    words = _words(line)
    kinds = None if words is None else [quoted for _, quoted, _ in words]
    if words is None or kinds not in ([False, False, True], [False, False, True, True]):
        outline.refused(_place(line, number))
        if "[" in line.partition('"')[0]:
            help = "a grammar with probabilities is deterministic: write it as YAML"
            outline.problem(_place(line, number), "G071", "a probabilistic move, as mCRL2 has them", help)
        else:
            outline.problem(_place(line, number), "G070", "a line of the third part that is no move", _MOVE)
        return
    scalars = [Scalar(text, Place(number, column, max(1, width))) for (text, _, (column, width)) in words]
    found.moves.append(Move(scalars[0], scalars[1], scalars[2], scalars[3] if len(scalars) > 3 else None))


def _words(line: str) -> list[tuple[str, bool, tuple[int, int]]] | None:
    """Numbers and quoted texts, each with its column and width; None where something else stands there."""
    found, line = [], line.rstrip()
    at = 0
    while at < len(line):
        match = _WORD.match(line, at)
        if match is None or match[3] is not None:
            return None
        at = match.end()
        is_quoted = match[1] is not None
        text = _ESCAPE.sub(r"\1", match[1]) if is_quoted else match[2]
        start = match.start(1 if is_quoted else 2)
        found.append((text, is_quoted, (start + (0 if is_quoted else 1), len(text) + 2 * is_quoted)))
    return found


def _names(parts: _Parts, outline: Outline, limits: Limits) -> list[Scalar]:
    """A name for each state, in the order of their numbers: its own, or else the number."""
    places = [place for _, place in parts.vectors]
    if not places:  # no line for any state: as many as the moves speak of
        numbers = [int(end.text) for move in parts.moves for end in (move.source, move.target)]
        limits.refuse_more("states", max(numbers, default=0))
        places = [Place(1, 1)] * max(numbers, default=0)
    at = list(parts.parameters).index(ID) if ID in parts.parameters else None
    if at is not None:
        values = parts.parameters[ID]
        own = [values[v[at]] for v, _ in parts.vectors if at < len(v) and v[at] < len(values)]
        if len(own) == len(places) == len(set(own)):
            return [Scalar(name, place) for name, place in zip(own, places, strict=True)]
    return [Scalar(str(number), place) for number, place in enumerate(places, start=1)]


def _accepting(parts: _Parts, parameter: str, value: str, outline: Outline) -> list[bool]:
    """Whether each state accepts: by its value of the parameter."""
    if value not in parts.parameters.get(parameter, ()):
        message = f"no parameter {quoted(parameter)} of states has the value {quoted(value)}"
        outline.stop(Place(1, 1), message, "name the one that says where strings may end: `--set accept=NAME=VALUE`")
    at, wanted = list(parts.parameters).index(parameter), parts.parameters[parameter].index(value)
    found = []
    for numbers, place in parts.vectors:
        if at >= len(numbers):
            message = f"a state without the value of {quoted(parameter)}"
            outline.problem(place, "G070", message, f"the line has {len(parts.parameters)} numbers")
        found.append(at < len(numbers) and numbers[at] == wanted)
    if not any(found):
        help = f"give a state the value {wanted} of {quoted(parameter)}"
        outline.stop(Place(1, 1), "no state accepts: the automaton accepts nothing", help, "G040")
    return found


def _rule(move: Move, names: list[Scalar], kind: str, silent: Collection[str], outline: Outline) -> None:
    source, target = (_named(end, names) for end in (move.source, move.target))
    label, output = move.label, move.output
    if output is not None and kind != "mealy":
        outline.problem(output.place, "G070", f"a second label, in an {kind}", "say what it is: `--set kind=mealy`")
    elif output is None and kind == "mealy":
        help = 'write the output: 1 2 "a" "x"'
        outline.problem(label.place, "G070", "a move without an output in a Mealy machine", help)
    if kind == "lts" and label.text in silent:
        outline.rule(source, target, epsilon=Scalar("true", label.place))
    elif kind == "mealy" and output is not None and output.text:
        outline.rule(source, target, symbol=label, output=output)
    else:
        outline.rule(source, target, symbol=label)


def _named(end: Scalar, names: list[Scalar]) -> Scalar:
    number = int(end.text)
    return Scalar(names[number - 1].text if 0 < number <= len(names) else f"state {number}", end.place)


def _place(line: str, number: int) -> Place:
    text = line.strip()
    return Place(number, line.find(text) + 1, max(1, len(text)))
