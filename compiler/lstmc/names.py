"""What a name may be: of a grammar, of its weights and their certificate, of a plugin.

A name is also the name of files, on every system, and may come from a file of somebody else: it never leads out of a
folder, and never to a device. grammar.schema.json says the same in its own words, and a test compares the two.
"""

import re
from unicodedata import combining, normalize

LONGEST = 100  # characters: longer ones, with an ending, do not fit on every file system

DEVICES = r"([cC][oO][nN]|[pP][rR][nN]|[aA][uU][xX]|[nN][uU][lL]|([cC][oO][mM]|[lL][pP][tT])[0-9])(\.|$)"  # of Windows
NAME = re.compile(rf"^(?!{DEVICES})[A-Za-z0-9_]([A-Za-z0-9_.+-]*[A-Za-z0-9_+-])?$(?!\n)")

FITTING = (
    "use letters a to z, digits and _ . + -, begin with a letter or digit, do not end with a dot, and leave con, nul "
    "and their like to Windows"
)


def is_name(name: str) -> bool:
    """Whether it can be a name."""
    return len(name) <= LONGEST and NAME.search(name) is not None


def fitting(text: str) -> str:
    """A name that is like the text; nothing where there is none."""
    letters = "".join(c for c in normalize("NFKD", text) if not combining(c))  # é is written e
    plain = re.sub("[^A-Za-z0-9_.+-]+", "-", letters).strip("-.+")[:LONGEST]
    return next((name for name in (plain, f"my-{plain}") if plain and is_name(name)), "")
