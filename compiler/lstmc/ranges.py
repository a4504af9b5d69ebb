"""Several symbols, written shortly: a–z for those that follow each other."""

from collections.abc import Callable, Sequence

FEWEST = 4  # symbols that are worth a range


def ranges(symbols: Sequence[str]) -> list[Sequence[str]]:
    """The symbols one by one, but together those of a–z, A–Z or 0–9 of which four or more follow each other."""
    found: list[list[str]] = []
    for symbol in symbols:
        if found and _follows(found[-1][-1], symbol):
            found[-1].append(symbol)
        else:
            found.append([symbol])
    return [part for run in found for part in ([run] if len(run) >= FEWEST else [[symbol] for symbol in run])]


def in_short(symbols: Sequence[str], shown: Callable[[str], str] = str) -> list[str]:
    """The same as texts: a–z for a range; `shown` writes one symbol."""
    return [shown(run[0]) + (f"–{shown(run[-1])}" if len(run) > 1 else "") for run in ranges(symbols)]


def _follows(symbol: str, following: str) -> bool:
    letters = all(len(each) == 1 and each.isascii() and each.isalnum() for each in (symbol, following))
    return letters and ord(following) == ord(symbol) + 1
