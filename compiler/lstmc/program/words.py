"""Say in words when a gate opens, found by trying the gate itself: words made this way cannot disagree with it.

Used for symbolic tests and for stored weights alike: `value(source, symbol)` decides, by being above zero or not.
"""

from collections.abc import Callable

from lstmc.program.formula import symbol_text
from lstmc.ranges import in_short

# What is on when the gate is tried: a state, the gate's own cell, nothing yet (before the first symbol), nothing.
Source = tuple[str, int]
THIS: Source = ("this", -1)
BEFORE: Source = ("before", -1)
NOTHING: Source = ("nothing", -1)


Value = Callable[[Source, int], float]
VERBS = {"eraser": ("keeps", "erases"), "on": ("on", "off")}  # of parts that are one of two things


def words(
    part: str,
    value: Value,
    sources: list[Source],
    names: dict[Source, str],
    alphabet: tuple[str, ...],
    order: tuple[int, ...],
) -> str:
    """What the gate does, in the words of the project.

    part             `writer`, `eraser`, `on` for what is on or off, and else a filter
    sources, names   what the gate reads, and what to call it
    order            the symbols by position, where the gate reads positions
    """
    symbols = range(len(alphabet))

    def at(source: Source, sign: int = 1) -> tuple[int, ...]:
        return tuple(x for x in symbols if sign * value(source, x) > 0)

    def told(groups: dict[tuple[int, ...], list[Source]]) -> list[str]:
        return [f"{_when(group, names)}{_at(found, alphabet, order, part)}" for found, group in groups.items() if found]

    by_default = set(at(NOTHING))
    everywhere, listed = len(by_default) == len(alphabet), _listed(by_default, alphabet)
    out_of = {found: group for found, group in _grouped(sources, at).items() if set(found) != by_default}
    if part == "writer":
        below = told(_grouped(sources, lambda source: at(source, -1)))
        above = told(out_of) if out_of or below else ["always" if everywhere else f"at {listed}"]
        verbs = (("writes", above), ("erases", below))
        return "; ".join(f"{verb} {' or '.join(when)}" for verb, when in verbs if when)
    if part in VERBS:
        does, otherwise = VERBS[part]
        if not out_of:
            somewhere = f"{does} at {listed}, else {otherwise}" if by_default else f"always {otherwise}"
            return f"always {does}" if everywhere else somewhere
        if not told(out_of):
            return f"{otherwise} {'; '.join(_when(group, names) for group in out_of.values())}, else {does}"
        return f"{does} {'; '.join(told(out_of))}, else {otherwise}"
    if not out_of:
        return "always open" if everywhere else f"at {listed}" if by_default else "always closed"
    return "; ".join(
        told({found: group})[0] if found else f"shut {_when(group, names)}" for found, group in out_of.items()
    )


def words_of_sum(
    value: Value, sources: list[Source], names: dict[Source, str], symbols: dict[int, float], alphabet: tuple[str, ...]
) -> str:
    """What makes a sum larger or smaller that is no gate; `symbols` are their weights."""
    change = {source: value(source, 0) - value(NOTHING, 0) for source in sources}
    said = []
    for word, sign in (("more", 1), ("less", -1)):
        read = {x for x, weight in symbols.items() if sign * weight > 0}
        states = [source for source, weight in change.items() if sign * weight > 0]
        said += [f"{word} at {_listed(read, alphabet)}"] if read else []
        said += [f"{word} {_when(states, names)}"] if states else []
    return "; ".join(said) or "the same at every step"


def _grouped(sources: list[Source], found: Callable[[Source], tuple[int, ...]]) -> dict[tuple[int, ...], list[Source]]:
    """The sources by what is found for each."""
    groups: dict[tuple[int, ...], list[Source]] = {}
    for source in sources:
        groups.setdefault(found(source), []).append(source)
    return groups


def _when(sources: list[Source], names: dict[Source, str]) -> str:
    states = [names[source] for source in sources if source[0] == "state"]
    pieces = [f"out of {_joined(states)}"] if states else []
    if THIS in sources:
        pieces.append("while it is on")
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
