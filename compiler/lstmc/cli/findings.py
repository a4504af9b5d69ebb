"""What `lstmc check` found, printed grammar by grammar: one format, one function.

    full      every problem with its line and what to do, then a count        for people
    concise   mine.yaml:4:25: error[G003]: state 'b' is used ...              for editors and grep
    json      one object a line, as `lstmc schema check` says                 for programs
    github    ::error file=mine.yaml,line=4,col=25,...::state 'b' is ...      for GitHub, which shows it in the code

A file, an id or a symbol may hold anything, line breaks too: but for `full`, a problem is one line whatever it names.
"""

import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lstmc.canonical import SHOWN
from lstmc.cli.output import json_line, paint, say, say_exactly, say_text
from lstmc.errors import LstmcError

if TYPE_CHECKING:
    from lstmc.grammar import Diagnostic


@dataclass(frozen=True)
class Checked:
    """One grammar: its problems, the exit code that they make, and why it could not be checked, if it could not."""

    source: str
    problems: "tuple[Diagnostic, ...]"
    code: int
    failure: LstmcError | None = None  # told on standard error
    digest: str = ""  # of a grammar without errors, by which `lstmc verify` names it too


COLOURS = {"error": "red", "warning": "yellow"}


def full(checked: Checked) -> None:
    for problem in checked.problems:
        head, below, rest = str(problem).partition("\n")
        say_text(paint(head, sys.stdout, fg=COLOURS[problem.severity]) + below + rest + "\n")
    if checked.failure is None:
        counts = f"{_count(checked, 'error')}, {_count(checked, 'warning')}"
        digest = f", digest {checked.digest[:SHOWN]}" if checked.digest else ""
        say(f"{checked.source}: {counts if checked.problems else 'fine'}{digest}")


def _count(checked: Checked, severity: str) -> str:
    number = sum(each.severity == severity for each in checked.problems)
    return f"{number} {severity}{'' if number == 1 else 's'}"


def concise(checked: Checked) -> None:
    for problem in checked.problems:
        say(problem.headline)


def json(checked: Checked) -> None:
    shown = ("file", "line", "column", "code", "severity", "message", "help")
    for problem in checked.problems:
        json_line({key: value for key, value in asdict(problem).items() if key in shown})


def github(checked: Checked) -> None:
    for problem in checked.problems:
        properties = ",".join(f"{key}={_property(value)}" for key, value in _place(problem).items())
        say_exactly(f"::{problem.severity} {properties}::{_data(remedied(problem))}")


def _place(problem: "Diagnostic") -> dict[str, object]:
    """As annotations name it; a graph in memory has no place. `endColumn` is the first one after what is meant."""
    title: dict[str, object] = {"title": f"lstmc {problem.code}"}
    if not problem.line:
        return title
    last = problem.column + problem.width
    return {"file": relative(problem.file), "line": problem.line, "col": problem.column, "endColumn": last, **title}


def _data(text: str) -> str:
    """Escaped as GitHub's runner reads it back (actions/toolkit, command.ts): a line break would end the command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: object) -> str:
    return _data(str(value)).replace(":", "%3A").replace(",", "%2C")


def remedied(problem: "Diagnostic | LstmcError") -> str:
    """What is wrong and, below it, what to do."""
    return f"{problem.message}\nhelp: {problem.help}" if problem.help else problem.message


def relative(file: str) -> str:
    """A path as seen from the current folder, with slashes; one that lies elsewhere as it is."""
    path = Path(file)
    return (path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path).as_posix()


FORMATS: dict[str, Callable[[Checked], Any]] = {"full": full, "concise": concise, "json": json, "github": github}
