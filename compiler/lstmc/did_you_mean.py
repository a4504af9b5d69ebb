"""The known word that a mistyped one was probably meant to be."""

from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """`did you mean 'tomita'?`, or nothing where no known word is that near."""
    found = nearest(word, known, likeness)
    return f"did you mean '{found}'?" if found else ""


def nearest(word: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """The known word that is most like it, or "" where none is that near; upper and lower case do not matter."""
    from difflib import get_close_matches  # imported where a word was not found, which is seldom

    folded = {name.casefold(): name for name in sorted(known, reverse=True)}
    near = get_close_matches(word.casefold(), folded, n=1, cutoff=likeness)
    return folded[near[0]] if near else ""
