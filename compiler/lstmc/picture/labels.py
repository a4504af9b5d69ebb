"""What is written on states and arcs: short, on one line or few, with nothing in it that cannot be seen."""

import unicodedata
from collections.abc import Sequence

from lstmc.ranges import in_short, ranges
from lstmc.visible import visible

FONT = 14.0  # pixels; all sizes of text follow from it
SMALLEST_FONT = 9.0
LINE = 17.0  # from one line of text to the next
LONGEST_TEXT = 24  # characters of a symbol or an id
WIDEST_LINE = 26  # characters of a line that holds several symbols
MOST_LINES = 3


def short(text: str, length: int = LONGEST_TEXT) -> str:
    """The text with escapes for what cannot be seen; of a long one its beginning."""
    shown = visible(text[: length + 1])
    return shown if len(shown) <= length else shown[: length - 1] + "…"


def label_lines(texts: Sequence[str]) -> tuple[str, ...]:
    """The texts of an arc on a few lines: "_, a–z"; the last line counts those that had no room."""
    lines, left, shown = [""], len(texts), [short(text) for text in texts]
    for run, text in zip(ranges(shown), in_short(shown), strict=True):
        longer = f"{lines[-1]}, {text}" if lines[-1] else text
        if len(longer) <= WIDEST_LINE or not lines[-1]:
            lines[-1] = longer
        elif len(lines) == MOST_LINES:
            lines[-1] += f", … (+{left})"
            break
        else:
            lines[-1] += ","
            lines.append(text)
        left -= len(run)
    return tuple(lines)


def text_width(line: str, font: float = FONT) -> float:
    """About how many pixels a line of text takes, in any sans-serif font."""
    return sum(map(_em, line)) * font


def fitting(text: str, width: float, font: float = FONT) -> tuple[str, float]:
    """The text as it fits into so many pixels, and its size: first it is written smaller, then shortened."""
    shown = short(text)
    if text_width(shown, font) > width:
        font = max(SMALLEST_FONT, int(10 * font * width / text_width(shown, font)) / 10)
    while len(shown) > 2 and text_width(shown, font) > width:
        shown = shown.removesuffix("…")[:-1] + "…"
    return shown, font


def label_size(lines: Sequence[str]) -> tuple[float, float]:
    """Width and height of the lines of a label."""
    return max(map(text_width, lines)), LINE * len(lines)


def _em(character: str) -> float:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if character in " .,:;'|!iIjl()[]/":
        return 0.32
    return 0.88 if character in "mwMW@%—…" else 0.62
