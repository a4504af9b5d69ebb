"""Ids, symbols and outputs are texts that can be stored, seen, and told apart."""

import re
import unicodedata
from collections.abc import Iterator

from lstmc.grammar.draft import Draft
from lstmc.grammar.excerpt import quoted, visible
from lstmc.grammar.tree import Problem, Scalar

# Control characters, but for tab and line breaks; surrogates, which UTF-8 does not hold; and what Unicode calls no
# character at all.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = ("Cc", "Cf", "Mn", "Me", "Zs", "Zl", "Zp")  # general categories of Unicode


def words_can_be_stored(draft: Draft) -> Iterator[Problem]:
    for kind, word in _words(draft):
        unfit = _UNFIT.search(word.text)
        if not word.text:
            yield Problem(word.place, "G014", f"an empty {kind}", "write a text; '' is none")
        elif unfit:
            message = f"the {kind} {quoted(word.text)} holds the character {visible(unfit[0])}"
            yield Problem(word.place, "G015", message, "give it a name in letters")


def words_can_be_seen(draft: Draft) -> Iterator[Problem]:
    for kind, word in _words(draft):
        text = word.text
        if text and not _UNFIT.search(text) and all(unicodedata.category(each) in _INVISIBLE for each in text):
            yield Problem(word.place, "G016", f"the {kind} {quoted(text)} is invisible", "give it a name in letters")


def words_differ_visibly(draft: Draft) -> Iterator[Problem]:
    """Two spellings of one character (é as one code point, or as e and an accent) look the same and are not."""
    spelled: dict[tuple[str, str], Scalar] = {}
    for kind, word in _words(draft):
        if word.text.isascii():
            continue
        first = spelled.setdefault((kind, unicodedata.normalize("NFC", word.text)), word)
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
        ("symbol", (rule.symbol for rule in draft.rules)),
        ("output", (output for output in outputs if output is not None)),
    )
    for kind, words in groups:
        for word in words:
            if (kind, word.text) not in seen:
                seen.add((kind, word.text))
                yield kind, word


def _points(text: str) -> str:
    return " ".join(f"U+{ord(each):04X}" for each in text[:8]) + (" …" if len(text) > 8 else "")
