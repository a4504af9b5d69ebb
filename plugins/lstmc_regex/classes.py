"""What a pattern says that one position reads: characters, escapes and classes.

a    \\n    \\x41    \\d    [a-z0-9_]    [^"]    .    \\p{Lu}
"""

import re
import unicodedata

from lstmc.grammar.formats import quoted
from lstmc_regex.limits import Limits
from lstmc_regex.scan import HELP, Scanner
from lstmc_regex.symbols import KINDS, NO_FLAGS, Characters, Symbols, merged

_CONTROLS = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_CODES = {"x": 2, "u": 4, "U": 8}  # how many hexadecimal digits follow
_CODE = re.compile(r"[0-9A-Fa-f]*")
_BRACED_CODE = re.compile(r"\{([0-9A-Fa-f]{1,8})\}")  # of PCRE, which Python refuses
_OCTAL = re.compile(r"0[0-7]{0,2}|[0-7]{3}")
_OCTAL_IN_CLASS = re.compile(r"[0-7]{1,3}")
_LAST_OCTAL = 0o377  # Python takes no larger one
_LAST = 0x10FFFF  # of Unicode
_NAMED = re.compile(r"\{([^{}]+)\}")
_PROPERTY = re.compile(r"\{(\^?)([^{}]*)\}|()(.)")
_CATEGORY = re.compile("C[cfnos]?|L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?")
_CASED = ("Lu", "Ll", "Lt")
_POSIX = re.compile(r"\[([:.=])(\^?\w*)\1\]")
_POSIX_RANGES = {
    "alnum": "A-Za-z0-9",
    "alpha": "A-Za-z",
    "blank": "\\x20\\t",
    "digit": "0-9",
    "lower": "a-z",
    "punct": "!-/:-@\\[-`{-~",
    "space": "\\s",
    "upper": "A-Z",
    "word": "\\w",
    "xdigit": "0-9A-Fa-f",
}
_STRANGE = {  # escapes of PCRE and its like that Python refuses, and what to write instead
    "c": ("a control character", "write its number, as in \\x09"),
    "e": ("the escape character", "no symbol can be one"),
    "g": ("a backreference or a call of a group", ""),
    "h": ("a blank of PCRE", "write [ \\t]"),
    "k": ("a backreference", ""),
    "o": ("a character in octal", "write three digits, as in \\101, or \\x41"),
    "B": ("a word boundary", "it has no meaning in a class"),
    "E": ("an end without a \\Q", "take it out"),
    "G": ("the end of another match", "take it out: a string must match as a whole"),
    "H": ("all but the blanks of PCRE", "write [^ \\t]"),
    "K": ("the begin of what is kept", "take it out: a string must match as a whole"),
    "N": ("a character by its name, without one", "write \\N{DIGIT ONE}, or . for all but the line break"),
    "Q": ("a quotation", "it has no meaning in a class: write \\ before each sign"),
    "R": ("a line break of PCRE", "write (?:\\r\\n|\\n|\\r)"),
    "V": ("all but the line breaks of PCRE", "write [^\\n\\r]"),
    "X": ("a character with its accents", "write the symbols that are meant"),
}
_GROUPS = "gk123456789"  # escapes that ask for what a group has read
FOR_GROUPS = "no finite graph remembers what a group has read"

NEEDS_ALPHABET = "say which symbols there are, as in a class: --set alphabet=a-z"


def read_alphabet(text: str, limits: Limits) -> list[str] | None:
    """The symbols that a text lists as a class does, `a-z0-9_`, in its order; None where it is empty."""
    if not text:
        return None
    scanner, listed = Scanner("alphabet", text), list[str]()
    while scanner.more:
        begin = scanner.at
        item = _item(scanner, NO_FLAGS)
        if item.open:
            scanner.stop(begin, "all symbols but some, where all are to be listed", "list the symbols that there are")
        for first, last in item.named():
            limits.refuse_more("symbols", len(listed) + ord(last) - ord(first) + 1)
            listed += map(chr, range(ord(first), ord(last) + 1))
    scanner.raise_problems()
    return listed


def read_class(scanner: Scanner, symbols: Symbols, flags: re.RegexFlag) -> Characters:
    """A class, of which `[` is read already."""
    begin = scanner.at - 1
    others = scanner.skip("^")
    first, items = scanner.at, list[Characters]()
    while scanner.at == first or not scanner.skip("]"):  # ] in the first place is a literal
        if not scanner.more:
            scanner.stop(begin, "a class that is never closed", "close it with ], or write \\[ for the sign itself")
        at, wrong = scanner.at, scanner.wrong
        items.append(_item(scanner, flags))
        if items[-1].one and not others and scanner.wrong == wrong:
            need_symbol(scanner, at, items[-1], symbols)
    ranges = tuple(each for item in items for each in item.ranges)
    return Characters(
        ranges if flags & re.IGNORECASE else merged(ranges),
        "".join(dict.fromkeys(kind for item in items for kind in item.kinds)),
        tuple(dict.fromkeys(each for item in items for each in item.categories)),
        others,
        flags,
    )


def read_escape(scanner: Scanner, at: int, flags: re.RegexFlag, in_class: bool = False) -> Characters:
    """What stands behind a backslash, which is read already and stands at `at`."""
    if not scanner.more:
        scanner.stop(at, "a backslash with nothing behind it", "write \\\\ for the sign itself")
    octal = scanner.match(_OCTAL_IN_CLASS if in_class else _OCTAL)
    if octal is not None:
        return only(_octal(scanner, at, octal[0]), flags)
    sign = scanner.take()
    if sign in _CONTROLS:
        return only(_CONTROLS[sign], flags)
    if sign == "b" and in_class:
        return only("\b", flags)
    if sign.lower() in KINDS:
        return Characters(kinds=sign, flags=flags)
    if sign in _CODES:
        return only(_code(scanner, at, sign), flags)
    if sign in "pP":
        return _property(scanner, at, sign, flags)
    if sign == "N" and (name := scanner.match(_NAMED)) is not None:
        return only(_by_name(scanner, at, name[1]), flags)
    if sign in "123456789" or (sign.isascii() and sign.isalpha()):
        _refuse(scanner, at, sign, in_class)
    return only(sign, flags)


def only(character: str, flags: re.RegexFlag) -> Characters:
    return Characters(((character, character),), flags=flags)


def need_alphabet(scanner: Scanner, at: int, symbols: Symbols) -> bool:
    """Notes where there is none, and what was read from `at` on needs one."""
    if symbols.listed is None:
        shown = quoted(scanner.text[at : scanner.at])
        scanner.refuse(at, f"{shown} takes its symbols from the alphabet, and there is none", NEEDS_ALPHABET)
    return symbols.listed is not None


def need_symbol(scanner: Scanner, at: int, characters: Characters, symbols: Symbols) -> None:
    """Notes where the symbols are listed, and none of them is meant."""
    if symbols.listed is None or symbols.of(characters):
        return
    if characters.one:
        scanner.refuse(at, f"{quoted(characters.one)} is not in the alphabet", "add it there, or take it out here")
    else:
        scanner.refuse(at, "no symbol of the alphabet is meant", "add one to the alphabet, or take this out")


def _item(scanner: Scanner, flags: re.RegexFlag) -> Characters:
    """A character of a class, an escape, or a range of characters."""
    at = scanner.at
    posix = _POSIX.match(scanner.text, at)
    if posix is not None and scanner.parameter == "pattern":
        ranges = _POSIX_RANGES.get(posix[2], "ranges")
        message = f"{quoted(posix[0])}, a POSIX class, which is not understood"
        scanner.refuse(at, message, f"write {ranges} in its place, or \\[ for the sign itself")
        scanner.at = posix.end()
        return Characters()
    first = _character(scanner, flags)
    follows = scanner.text[scanner.at : scanner.at + 2]
    if follows[:1] != "-" or follows in ("-", "-]"):
        return first
    scanner.take()
    last = _character(scanner, flags)
    if not first.one or not last.one:
        scanner.refuse(at, "a range with an end that is no single character", "write \\- for the sign itself")
        return first
    if last.one < first.one:
        shown = quoted(scanner.text[at : scanner.at])
        scanner.refuse(at, f"a range that ends before it begins, {shown}", "turn it round")
        return first
    return Characters(((first.one, last.one),), flags=flags)


def _character(scanner: Scanner, flags: re.RegexFlag) -> Characters:
    at = scanner.at
    return read_escape(scanner, at, flags, in_class=True) if scanner.skip("\\") else only(scanner.take(), flags)


def _octal(scanner: Scanner, at: int, digits: str) -> str:
    code = int(digits, 8)
    if code > _LAST_OCTAL:
        scanner.refuse(at, f"\\{digits}, more than the largest character in octal, \\377", f"write \\u{code:04x}")
    return chr(code)


def _code(scanner: Scanner, at: int, sign: str) -> str:
    braced = scanner.match(_BRACED_CODE) if sign == "x" else None
    begin, width = scanner.at, _CODES[sign]
    found = _CODE.match(scanner.text, begin, begin + width)
    digits = braced[1] if braced else found[0] if found else ""
    if (len(digits) < width and not braced) or int(digits, 16) > _LAST:
        scanner.refuse(at, f"\\{sign} without {width} hexadecimal digits of a character", "write all of them")
        return "?"
    scanner.at += 0 if braced else width
    return chr(int(digits, 16))


def _by_name(scanner: Scanner, at: int, name: str) -> str:
    try:
        character = unicodedata.lookup(name)
    except (KeyError, UnicodeEncodeError):  # of half a character
        character = ""
    if len(character) != 1:  # several have a name together
        scanner.refuse(at, f"no character has the name {quoted(name)}", "write its number, as in \\u0041")
        return "?"
    return character


def _property(scanner: Scanner, at: int, sign: str, flags: re.RegexFlag) -> Characters:
    """A category of Unicode's characters, as PCRE writes it; Python has none."""
    found = scanner.match(_PROPERTY)
    name = (found[2] or found[4] or "") if found else ""
    if found is None or not _CATEGORY.fullmatch(name):
        message = f"the Unicode property {quoted(scanner.text[at : scanner.at])}, which is not understood"
        scanner.refuse(at, message, "there are categories: L, Lu, Ll, N, Nd, P, S, Z and so on")
        return Characters()
    if name in _CASED and flags & re.IGNORECASE:
        message = (
            f"the case of letters, {quoted(scanner.text[at : scanner.at])}, where the flag i says that none counts"
        )
        scanner.refuse(at, message, "write \\p{L}, or (?-i:...) around it")
        return Characters()
    negated = (sign == "P") != bool(found[1])
    return Characters(categories=(f"^{name}" if negated else name,), flags=flags)


def _refuse(scanner: Scanner, at: int, sign: str, in_class: bool) -> None:
    what, help = _STRANGE.get(sign, ("an escape that is none of ours", ""))
    if sign in _GROUPS and not in_class:
        what = "backreference" if sign.isdigit() else what.removeprefix("a ")
        scanner.refuse(at, f"the {what} '\\{sign}', which is not understood: {FOR_GROUPS}")
    else:
        scanner.refuse(at, f"'\\{sign}', {what}, which is not understood", help or HELP)
