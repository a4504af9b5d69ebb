"""Ids, symbols and outputs are texts that can be stored, seen, and told apart."""

import re
import unicodedata
from collections.abc import Iterator

from lstmc.grammar.draft import Draft
from lstmc.grammar.excerpt import LONGEST_QUOTE, quoted
from lstmc.grammar.tree import Problem, Scalar
from lstmc.visible import FILLERS, visible

# Control characters, but for tab and line breaks; surrogates, which UTF-8 does not hold; and what Unicode calls no
# character at all.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = ("Cc", "Cf", "Mn", "Me", "Zs", "Zl", "Zp")  # general categories of Unicode
_INSTEAD_OF_NOTHING = {
    "id": "give the state a name",
    "symbol": "write what is read, or `epsilon: true` in place of `symbol` where nothing is",
    "output": "write a text, or leave out `output`",
}


def words_can_be_stored(draft: Draft) -> Iterator[Problem]:
    for kind, word in _words(draft):
        unfit = _UNFIT.search(word.text)
        if not word.text:
            yield Problem(word.place, "G014", f"the {kind} is empty", _INSTEAD_OF_NOTHING[kind])
        elif unfit:
            message = f"the {kind} {quoted(word.text)} holds the character {visible(unfit[0])}"
            yield Problem(word.place, "G015", message, "give it a name in letters")


def words_can_be_seen(draft: Draft) -> Iterator[Problem]:
    for kind, word in _words(draft):
        text = word.text
        if text and not _UNFIT.search(text) and all(map(_is_unseen, text)):
            yield Problem(word.place, "G016", f"the {kind} {quoted(text)} is invisible", "give it a name in letters")


def words_differ_visibly(draft: Draft) -> Iterator[Problem]:
    """Two spellings of one character (é as one code point, or as e and an accent) look the same and are not; nor are
    two texts that differ in what cannot be seen."""
    spelled: dict[tuple[str, str], Scalar] = {}
    for kind, word in _words(draft):
        first = spelled.setdefault((kind, _looks(word.text)), word)
        if first.text != word.text:
            message = f"the {kind} {quoted(word.text)} looks like another one, but is spelled with other code points"
            help = f"here {_points(word.text)}, in {first.place} {_points(first.text)}: write both alike"
            yield Problem(word.place, "G017", message, help)


def _words(draft: Draft) -> Iterator[tuple[str, Scalar]]:
    """Each id, symbol and output where it first stands."""
    seen: set[tuple[str, str]] = set()
    outputs = (each.output for group in (draft.states, draft.rules) for each in group)
    groups = (
        ("id", (state.id for state in draft.states)),
        ("symbol", (symbol for symbol in draft.alphabet or ())),
        ("symbol", (rule.symbol for rule in draft.rules if rule.symbol is not None)),
        ("output", (output for output in outputs if output is not None)),
    )
    for kind, words in groups:
        for word in words:
            if (kind, word.text) not in seen:
                seen.add((kind, word.text))
                yield kind, word


def _is_unseen(character: str) -> bool:
    return character in FILLERS or unicodedata.category(character) in _INVISIBLE


def _looks(text: str) -> str:
    """The same for two texts that look the same: composed (NFC), and without what takes no place.

    Sorting the accents of one letter takes Python the square of their number, so long texts are taken as they are.
    """
    if text.isascii() or len(text) > LONGEST_QUOTE:
        return text
    seen = "".join(each for each in text if each not in FILLERS and unicodedata.category(each) != "Cf")
    return unicodedata.normalize("NFC", seen) or text


def _points(text: str) -> str:
    return " ".join(f"U+{ord(each):04X}" for each in text[:8]) + (" …" if len(text) > 8 else "")
