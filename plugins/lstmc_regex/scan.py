"""Read a text from left to right, and note what is wrong with it and in which column."""

import re
from collections.abc import Iterable
from typing import NoReturn

from lstmc.grammar.parameters import ParameterError, Problem

MOST_PROBLEMS = 20  # of one text; reading stops there
HELP = (
    "there are literals, . \\d \\w \\s, classes, groups, |, * + ? {m,n}, ^ $ \\b, and flags as in (?i); "
    "\\ before a sign takes it literally"
)


class Scanner:
    """A text that is a parameter of the plugin, and how far it is read (`at`, from 0)."""

    def __init__(self, parameter: str, text: str) -> None:
        self.parameter, self.text, self.at = parameter, text, 0
        self._found: list[tuple[int, Problem]] = []

    @property
    def problems(self) -> list[Problem]:
        """What is wrong, from left to right."""
        return [problem for _, problem in sorted(self._found, key=lambda each: each[0])]

    @property
    def wrong(self) -> int:
        """How much is wrong so far."""
        return len(self._found)

    @property
    def more(self) -> bool:
        return self.at < len(self.text)

    def take(self) -> str:
        """The next character."""
        self.at += 1
        return self.text[self.at - 1]

    def skip(self, sign: str) -> bool:
        """Whether the sign comes next; it is read then."""
        found = self.text.startswith(sign, self.at)
        self.at += len(sign) if found else 0
        return found

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What comes next if it looks like that; it is read then."""
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return found

    def place(self, at: int) -> str:
        """Where a character (from 0) stands, in words."""
        line = self.text.count("\n", 0, at) + 1
        column = at - self.text.rfind("\n", 0, at)
        return f"{self.parameter}, {f'line {line}, ' if line > 1 else ''}column {column}"

    def refuse(self, at: int, message: str, help: str = HELP) -> None:
        """Note what is wrong at a character (from 0); reading goes on."""
        self._found.append((at, Problem(self.parameter, f"{self.place(at)}: {message}", help)))
        if len(self._found) >= MOST_PROBLEMS:
            self.raise_problems()

    def stop(self, at: int, message: str, help: str = HELP) -> NoReturn:
        """Raises ParameterError with everything noted, and this."""
        self.refuse(at, message, help)
        raise_problems(self.problems)

    def raise_problems(self) -> None:
        """Raises ParameterError where anything is noted."""
        if self._found:
            raise_problems(self.problems)


def raise_problems(problems: Iterable[Problem]) -> NoReturn:
    raise ParameterError("regex", tuple(problems))
