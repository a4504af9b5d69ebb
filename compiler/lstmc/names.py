"""What a name may be: of a grammar, of its weights and their certificate, of a plugin.

A name is also the name of files, on every system, and may come from a file of somebody else: it never leads out of a
folder, and never to a device. grammar.schema.json says the same in its own words, and a test compares the two.
"""

import re
from hashlib import sha256
from unicodedata import combining, normalize

LONGEST = 100  # characters: longer ones, with an ending, do not fit on every file system

DEVICES = r"([cC][oO][nN]|[pP][rR][nN]|[aA][uU][xX]|[nN][uU][lL]|([cC][oO][mM]|[lL][pP][tT])[0-9])(\.|$)"  # of Windows
NAME = re.compile(rf"^(?!{DEVICES})[A-Za-z0-9_]([A-Za-z0-9_.+-]*[A-Za-z0-9_+-])?$(?!\n)")

_UNSAFE = re.compile(r"""[/\\:*?"<>|]|\A[-.+]|\.\Z""")  # of paths, patterns, options and hidden files

FITTING = (
    "use letters a to z, digits and _ . + -, begin with a letter or digit, do not end with a dot, and leave con, nul "
    "and their like to Windows"
)


def is_name(name: str) -> bool:
    """Whether it can be a name."""
    return len(name) <= LONGEST and NAME.search(name) is not None


def is_nearly_name(text: str) -> bool:
    """Whether a name can be made of it: it holds blanks, letters of other scripts or harmless signs, and no path."""
    return (
        0 < len(text) <= LONGEST
        and text.isprintable()
        and not _UNSAFE.search(text)
        and re.match(DEVICES, text) is None
        and text.strip() == text
    )


def name_for(text: str) -> str:
    """The text where it is a name; else a name like it, which differs for texts that no letter of ours tells apart."""
    if is_name(text):
        return text
    plain = fitting(text)
    if plain and not _lost(text):
        return plain
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{(plain or 'grammar')[: LONGEST - len(digest) - 1]}-{digest}"


def fitting(text: str) -> str:
    """A name that is like the text; nothing where there is none."""
    plain = re.sub("[^A-Za-z0-9_.+-]+", "-", _letters(text)).strip("-.+")[:LONGEST]
    return next((name for name in (plain, f"my-{plain}") if plain and is_name(name)), "")


def _letters(text: str) -> str:
    return "".join(c for c in normalize("NFKD", text) if not combining(c))  # é is written e


def _lost(text: str) -> bool:
    """Whether a letter or digit has none of ours that is like it."""
    return any(c.isalnum() and not c.isascii() for c in _letters(text))
