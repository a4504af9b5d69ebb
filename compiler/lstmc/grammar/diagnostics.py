"""One problem of a grammar: where it is, what is wrong, and what to do about it."""

from dataclasses import dataclass
from typing import Literal

from lstmc.errors import FindingsError

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Diagnostic:
    """A problem with its place. `line` and `column` count from 1; 0 where there is no text (a graph in memory)."""

    file: str
    line: int
    column: int
    code: str
    severity: Severity
    message: str
    help: str = ""
    source: str = ""  # the line of text itself, without its line break
    width: int = 1  # how many characters of it are meant

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        lines = [f"{place}: {self.severity}[{self.code}]: {self.message}"]
        if self.source:
            margin = " " * len(str(self.line))
            lines += [
                f"{margin} |",
                f"{self.line} | {self.source}",
                f"{margin} | {' ' * (self.column - 1)}{'^' * self.width}",
            ]
        if self.help:
            lines.append(f"help: {self.help}")
        return "\n".join(lines)


class GrammarError(FindingsError):
    """A grammar with at least one error; `diagnostics` holds every problem found, in the order of the file."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__("\n\n".join(map(str, diagnostics)))
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return self.message
