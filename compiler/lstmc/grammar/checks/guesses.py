"""The known word that a mistyped one was probably meant to be, also in files with very many words."""

from lstmc.did_you_mean import nearest
from lstmc.grammar.tree import Scalar

MOST_GUESSES = 20  # words that a file with many mistakes gets a guess for: each guess looks at every known word
MOST_KNOWN = 2000  # known words; with more of them nothing is guessed
LONGEST = 60  # characters of a word


def guesses(unknown: list[Scalar], known: set[str]) -> dict[str, str]:
    """For each unknown word the known one that was probably meant, where there is one."""
    if len(known) > MOST_KNOWN:
        return {}
    words = [word for word in dict.fromkeys(each.text for each in unknown) if 0 < len(word) < LONGEST]
    candidates = sorted(word for word in known if len(word) < LONGEST)
    found = {word: _nearest(word, candidates) for word in words[:MOST_GUESSES]}
    return {word: guess for word, guess in found.items() if guess}


def _nearest(word: str, known: list[str]) -> str:
    return nearest(word, known) or _one_letter_off(word, known)


def _one_letter_off(word: str, known: list[str]) -> str:
    """For a short word, which difflib has no guess for, one that differs in a single letter, and that by little."""
    distances = {
        other: [abs(ord(a) - ord(b)) for a, b in zip(word, other, strict=True) if a != b]
        for other in known
        if len(other) == len(word) and 2 <= len(word) <= 3
    }
    near = [other for other, apart in distances.items() if len(apart) == 1]
    return min(near, key=lambda other: (distances[other], other), default="")
