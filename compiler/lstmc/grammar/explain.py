"""A code in full: what it means, why it is an error or a warning, and a wrong and a right example.

explanations/G003.md holds one or more paragraphs, then each example in a fence whose language says how it is read:

    An edge begins or ends in a state that `nodes:` does not list ...

    Wrong:                                      Right:

    ```yaml                                     ```yaml
    ...                                         ...
    ```                                         ```
"""

import re
from dataclasses import dataclass
from pathlib import Path

from lstmc.did_you_mean import did_you_mean
from lstmc.errors import UsageError
from lstmc.grammar.codes import KINDS, Kind

FOLDER = Path(__file__).with_name("explanations")

_EXAMPLE = r"```(\w+)\n(.*?)```\n"
_FILE = re.compile(rf"(.+?)\n\nWrong:\n\n{_EXAMPLE}\nRight:\n\n{_EXAMPLE}", re.DOTALL)


@dataclass(frozen=True)
class Explained:
    """What stands in the file of a code; both examples are of one `language`, as the fences name it."""

    kind: Kind
    paragraphs: tuple[str, ...]  # each on a line of its own, code between backticks
    wrong: str
    right: str
    language: str
    markdown: str  # the whole file


def explain_code(code: str) -> Explained:
    """The explanation of a code. Raises UsageError for a code that there is not."""
    if code not in KINDS:
        hint = did_you_mean(code, KINDS) or "`lstmc check` prints codes in brackets, as in error[G003]"
        raise UsageError(f"there is no code {code}", hint)
    markdown = (FOLDER / f"{code}.md").read_text("utf-8")
    found = _FILE.fullmatch(markdown)
    if found is None:
        raise ValueError(f"{FOLDER / code}.md is not written as explain.py says")
    text, language, wrong, _, right = found.groups()
    paragraphs = tuple(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
    return Explained(KINDS[code], paragraphs, wrong, right, language, markdown)
