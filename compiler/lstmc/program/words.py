"""Say in words when a gate opens, found by trying the gate itself: words made this way cannot disagree with it.

Used for symbolic tests and for stored weights alike: `opens(source, symbol)` decides.
"""

from collections.abc import Callable

from lstmc.program.formula import symbol_text
from lstmc.ranges import in_short

# What is on when the gate is tried: a state, the gate's own cell, nothing yet (before the first symbol), nothing.
Source = tuple[str, int]
THIS: Source = ("this", -1)
BEFORE: Source = ("before", -1)
NOTHING: Source = ("nothing", -1)


def words(
    part: str,
    opens: Callable[[Source, int], bool],
    sources: list[Source],
    names: dict[Source, str],
    alphabet: tuple[str, ...],
    order: tuple[int, ...],
) -> str:
    """What the gate does, in the words of the project.

    sources, names   what the gate reads, and what to call it
    order            the symbols by position, where the gate reads positions
    """
    symbols = range(len(alphabet))
    by_default = {x for x in symbols if opens(NOTHING, x)}
    out_of: dict[tuple[int, ...], list[Source]] = {}
    for source in sources:
        found = tuple(x for x in symbols if opens(source, x))
        if set(found) != by_default:
            out_of.setdefault(found, []).append(source)

    if part == "writer":
        return "writes always" if len(by_default) == len(alphabet) else f"writes at {_listed(by_default, alphabet)}"
    if part == "eraser":
        if not out_of and not by_default:
            return "always erases"
        if not out_of:
            at = f"keeps at {_listed(by_default, alphabet)}, else erases"
            return "always keeps" if len(by_default) == len(alphabet) else at
        kept = [f"{_when(group, names)}{_at(found, alphabet, order, part)}" for found, group in out_of.items() if found]
        if not kept:
            return f"erases {'; '.join(_when(group, names) for group in out_of.values())}, else keeps"
        return f"keeps {'; '.join(kept)}, else erases"
    if not out_of:
        return "always open" if by_default else "always closed"
    return "; ".join(
        f"{_when(group, names)}{_at(found, alphabet, order, part)}" if found else f"shut {_when(group, names)}"
        for found, group in out_of.items()
    )


def _when(sources: list[Source], names: dict[Source, str]) -> str:
    if sources == [THIS]:
        return "while it is on"
    states = [names[source] for source in sources if source[0] == "state"]
    pieces = [f"out of {_joined(states)}"] if states else []
    if BEFORE in sources:
        pieces.append("at the first symbol")
    return " or ".join(pieces)


def _at(found: tuple[int, ...], alphabet: tuple[str, ...], order: tuple[int, ...], part: str) -> str:
    if len(found) == len(alphabet):
        return ""
    if part == "eraser":
        return f" and {_listed(set(found), alphabet)} repeats"
    if order and found:
        places = sorted(order.index(x) for x in found)
        if places[-1] == len(order) - 1:
            return f" from {symbol_text(alphabet[order[places[0]]])} on"
        return f" up to {symbol_text(alphabet[order[places[-1]]])}"
    return f" at {_listed(set(found), alphabet)}"


def _listed(symbols: set[int], alphabet: tuple[str, ...]) -> str:
    return _joined(in_short([alphabet[x] for x in sorted(symbols)], symbol_text))


def _joined(names: list[str]) -> str:
    if not names:
        return "no symbol"
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " or " + names[-1]
