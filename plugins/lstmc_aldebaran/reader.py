"""From an Aldebaran file to a grammar: a labelled transition system, whose strings may stop in every state.

des (0, 3, 2)              starts in state 0, has 3 moves and the states 0 and 1
(0, "PUT !3", 1)           a move; what stands in quotes is the label, quotes too
(1, GET, 0)                a label that needs none
(1, i, 1)                  a silent move: it reads nothing
"""

import re
from collections.abc import Collection

from lstmc.grammar.formats import Limits, Outline, Place, Reading, Scalar, quoted

SILENT = ("i", "tau")

LINE = re.compile("\r\n|[\n\r]")
_NUMBER = re.compile("[0-9]{1,9}")
_BARE = re.compile(r'[^\s"(),]+')
_HEAD = "the first line is: des (0, 3, 2), for the first state, the number of moves, and that of states"
_MOVE = 'a move is: (0, "label", 1)'
_BLANKS = " \t"


def read_aut(text: str, limits: Limits, silent: Collection[str]) -> Reading:
    """The tree of a text. Raises Unreadable, LimitError."""
    outline = Outline(limits)
    lines = [(number, line) for number, line in enumerate(LINE.split(text), start=1) if line.strip(_BLANKS)]
    if not lines:
        outline.stop(Place(1, 1), "not an Aldebaran file: nothing is in it", _HEAD)
    start, moves, states = _head(*lines[0], outline)
    limits.refuse_more("states", int(states.text))
    for number in range(int(states.text)):
        marks = {"start": Scalar("true", start.place)} if number == int(start.text) else {}
        outline.state(Scalar(str(number), states.place), accept=Scalar("true", states.place), **marks)
    if int(start.text) >= int(states.text):
        message = f"the first state, {start.text}, is none: there are {states.text}, numbered from 0"
        outline.problem(start.place, "G003", message, _HEAD)
    found = [move for move in (_move(number, line, outline) for number, line in lines[1:]) if move is not None]
    if len(lines) - 1 != int(moves.text):
        message = f"the first line speaks of {moves.text} moves, and there are {len(lines) - 1}"
        outline.problem(moves.place, "G070", message, "complete the file, or correct the number")
    _note_two_ways([label for _, label, _ in found], silent, outline)
    for source, label, target in found:
        if label.text in silent:
            outline.rule(source, target, epsilon=Scalar("true", label.place))
        else:
            outline.rule(source, target, symbol=label)
    return outline.reading()


def _head(number: int, line: str, outline: Outline) -> tuple[Scalar, Scalar, Scalar]:
    place = Place(number, 1, len(line))
    before, _, rest = line.partition("(")
    inside, bracket, after = rest.rpartition(")")
    parts = inside.split(",")
    if "/" in inside and before.strip(_BLANKS) == "des":
        help = "a grammar with probabilities is deterministic and starts in one state: write it as YAML"
        outline.stop(place, "a probabilistic transition system, as mCRL2 has them", help, "G071")
    if before.strip(_BLANKS) != "des" or not bracket or after.strip(_BLANKS) or len(parts) != 3:
        outline.stop(place, "not an Aldebaran file: it does not begin with des (…)", _HEAD)
    at = len(before) + 1
    numbers = []
    for part in parts:
        numbers.append(_number(part, number, at, outline, _HEAD))
        at += len(part) + 1
    return numbers[0], numbers[1], numbers[2]


def _number(part: str, line: int, at: int, outline: Outline, help: str) -> Scalar:
    text = part.strip(_BLANKS)
    place = Place(line, at + len(part) - len(part.lstrip(_BLANKS)) + 1, max(1, len(text)))
    if not _NUMBER.fullmatch(text):
        outline.stop(place, f"{quoted(text)} is no number of at most nine digits", help)
    return Scalar(str(int(text)), place)


def _move(number: int, line: str, outline: Outline) -> tuple[Scalar, Scalar, Scalar] | None:
    start = len(line) - len(line.lstrip(_BLANKS))
    text = line.strip(_BLANKS)
    first, last = text.find(","), text.rfind(",")
    if not (text.startswith("(") and text.endswith(")") and first < last):
        outline.refused(Place(number, start + 1, len(text)))
        outline.problem(Place(number, start + 1, len(text)), "G070", f"{quoted(text)} is no move", _MOVE)
        return None
    source = _number(text[1:first], number, start + 1, outline, _MOVE)
    target = _number(text[last + 1 : -1], number, start + last + 1, outline, _MOVE)
    label = _label(text[first + 1 : last], number, start + first + 1, outline)
    return (source, label, target) if label is not None else None


def _label(part: str, line: int, at: int, outline: Outline) -> Scalar | None:
    text = part.strip(_BLANKS)
    place = Place(line, at + len(part) - len(part.lstrip(_BLANKS)) + 1, max(1, len(text)))
    if len(text) > 1 and text[0] == text[-1] == '"':
        return Scalar(text[1:-1], place)
    if _BARE.fullmatch(text):
        return Scalar(text, place)
    outline.refused(place)
    outline.problem(place, "G070", f"the label {quoted(text)}", 'write a label with other characters in quotes: "a(1)"')
    return None


def _note_two_ways(labels: list[Scalar], silent: Collection[str], outline: Outline) -> None:
    """Where a file has both silent labels: one of them reads nothing, and the other, in its tool, is a label."""
    first = {label.text: label for label in reversed(labels) if label.text in silent}
    if len(first) > 1 and tuple(silent) == SILENT:
        message = "both `i` and `tau` are taken for moves that read nothing; `i` is one in CADP, `tau` in mCRL2"
        place = max(label.place for label in first.values())
        outline.problem(
            place, "G073", message, "say which: `--set silent=i`, `--set silent=tau`, or `--set 'silent=i tau'`"
        )
