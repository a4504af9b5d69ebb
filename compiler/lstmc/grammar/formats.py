"""Formats of grammars: what an entry point of `lstmc.formats` names. docs/formats.md is the contract.

    [project.entry-points."lstmc.formats"]
    dot = "lstmc_dot:FORMAT"            reads and writes files that end in .dot: an instance of Format
    automata = "lstmc_automata:OBJECTS" takes and makes objects of the Python package `automata`: one of Objects

A reader makes a tree with the place of everything, in node-link form like a grammar file's, and says what is wrong as
problems with their places; the checks that follow are the same for all formats. An `Outline` grows such a tree:

    outline = Outline(limits)
    outline.state(Scalar("q0", Place(1, 9, 2)), start=Scalar("true", Place(1, 3)))
    outline.rule(Scalar("q0", ...), Scalar("q1", ...), symbol=Scalar("a", ...))
    return outline.reading()
"""

import re
from abc import ABC, abstractmethod
from array import array
from bisect import bisect_right
from collections.abc import Mapping as AnyMapping
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, NoReturn

from lstmc.did_you_mean import did_you_mean
from lstmc.errors import PluginError, UsageError
from lstmc.extensions import extensions, load
from lstmc.grammar.excerpt import quoted
from lstmc.grammar.grammar import Grammar
from lstmc.grammar.limits import Limits
from lstmc.grammar.tree import Mapping, Place, Problem, Problems, Scalar, Sequence, Tree, Unread
from lstmc.names import is_name, is_nearly_name
from lstmc.visible import visible

__all__ = [
    "Format",
    "Limits",
    "Lines",
    "Mapping",
    "Objects",
    "Outline",
    "Place",
    "Problem",
    "Problems",
    "Reading",
    "Scalar",
    "Sequence",
    "Tree",
    "Unread",
    "Unreadable",
    "did_you_mean",
    "is_name",
    "is_nearly_name",
    "quoted",
    "stops_nowhere",
    "visible",
]

GROUP = "lstmc.formats"
DEFAULT = "yaml"  # what a file is whose name says nothing


class Reading(NamedTuple):
    """What a reader found: a tree, or None where there is none to speak of, and every problem."""

    tree: Tree | None
    problems: list[Problem]


class Format(ABC):
    """A format of grammar files.

    title       as people call it
    line_break  what ends a line of its text, as a regular expression
    remedies    what to do, in the format's own words, about problems that the common checks find: by their code
    calls       whether it can say that edges call; then `write` takes Nets, too
    example     a text of a format that is only read
    """

    title: ClassVar[str]
    line_break: ClassVar[str] = "\r\n|[\n\r]"
    remedies: ClassVar[AnyMapping[str, str]] = {}
    calls: ClassVar[bool] = False
    example: ClassVar[str] = ""

    @abstractmethod
    def read(self, text: str, limits: Limits, /) -> Reading:
        """The tree of a text. It may raise `Unreadable` and, through `limits`, LimitError; no text makes it raise more.

        Parameters of its own (`--set`) follow as keywords, each with a type and a default as those of a grammar plugin.
        """

    @abstractmethod
    def write(self, grammar: Any) -> str:
        """A text that `read` makes the same grammar of. Raises UsageError where the format cannot say all of it."""


class Objects(ABC):
    """The objects of a Python package, which the entry point is named after."""

    title: ClassVar[str]

    @abstractmethod
    def to_graph(self, thing: Any) -> Any:
        """The graph, as `Grammar.from_graph` takes it. Raises UsageError for what no grammar can say."""

    @abstractmethod
    def from_grammar(self, grammar: Grammar) -> Any:
        """The object that says the same. Raises UsageError where the package has none."""


class Lines:
    """Turns a position in a text (counted in characters, from 0) into a place."""

    def __init__(self, text: str, line_break: str = Format.line_break) -> None:
        self._starts = array("I", [0])  # a list of whole numbers would be larger than the text
        self._starts.extend(match.end() for match in re.finditer(line_break, text))

    def place(self, position: int, width: int = 1) -> Place:
        line = bisect_right(self._starts, position)
        return Place(line, position - self._starts[line - 1] + 1, max(1, width))


class Unreadable(Exception):
    """Thrown by a reader where it cannot go on; `problems` are those found until then, and the one that stops it."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems[-1].message)
        self.problems = list(problems)


_TOP = Place(1, 1)


class Outline:
    """What a reader finds, piece by piece: the top of the file, states, rules, and problems."""

    def __init__(self, limits: Limits) -> None:
        self.problems: list[Problem] = Problems(limits.problems)
        self._limits = limits
        self._top: list[tuple[Scalar, Tree]] = []
        self._states: list[Tree] = []
        self._rules: list[Tree] = []

    def say(self, **fields: Tree) -> None:
        """What stands at the top of a grammar file: `name`, `alphabet`, `start`."""
        self._top += _entries(fields)

    def state(self, id: Scalar, /, **fields: Tree) -> None:
        """A state with `start`, `accept`, `end`, `output`, `pos`. Raises LimitError where there are too many."""
        self._states.append(Mapping([(_key("id", id), id), *self._more(fields, ("id",))], id.place))
        self._limits.refuse_more("states", len(self._states))

    def rule(self, source: Scalar, target: Scalar, /, **fields: Tree) -> None:
        """A rule with `symbol`, `probability`, `output`; or `epsilon`, true. Raises LimitError for too many."""
        ends: list[tuple[Scalar, Tree]] = [(_key("source", source), source), (_key("target", target), target)]
        self._rules.append(Mapping([*ends, *self._more(fields, ("source", "target"))], source.place))
        self._limits.refuse_more("edges", len(self._rules))

    def refused(self, place: Place) -> None:
        """A rule that is reported already: it counts as one, and nothing more is said of it."""
        self._rules.append(Unread(place))

    def let_strings_stop(self) -> None:
        """Every state accepts, where none does and one has no way on: so tools mean machines without final states.

        Strings of a machine that is complete go on for ever; a partial one says by its gaps where they stop.
        """
        states = [state for state in self._states if isinstance(state, Mapping)]
        left = {_text(rule, "source") for rule in self._rules}
        if all(_text(state, "id") in left for state in states) or any(state.key("accept") for state in states):
            return
        for state in states:
            state.entries.append((_key("accept", state), Scalar("true", state.place)))

    def _more(self, fields: dict[str, Tree], taken: tuple[str, ...]) -> list[tuple[Scalar, Tree]]:
        for name in fields.keys() & set(taken):
            self.problem(fields[name].place, "G064", f"`{name}` stands twice", "keep one of the two")
        return _entries({name: value for name, value in fields.items() if name not in taken})

    def problem(self, place: Place, code: str, message: str, help: str = "") -> None:
        """Something that is wrong; reading goes on."""
        self.problems.append(Problem(place, code, message, help))

    def stop(self, place: Place, message: str, help: str = "", code: str = "G070") -> NoReturn:
        """Something is so wrong that reading cannot go on. Raises Unreadable."""
        raise Unreadable(*self.problems, Problem(place, code, message, help))

    def reading(self, place: Place = _TOP) -> Reading:
        """All of it; `place` is where a problem of the whole file is shown."""
        lists: list[tuple[Scalar, Tree]] = [
            (Scalar("nodes", place), Sequence(self._states, place)),
            (Scalar("edges", place), Sequence(self._rules, place)),
        ]
        return Reading(Mapping([*self._top, *lists], place), self.problems)


def any_format(name: str) -> Format | Objects:
    """The format of that name. Raises PluginError where there is none, or it does not work."""
    found = load(GROUP, name)
    if not isinstance(found, Format | Objects):
        raise PluginError(f"'{name}' does not work: it is no Format but a {type(found).__name__}")
    return found


def file_format(name: str) -> Format:
    """The format of files of that name.

    Raises as `any_format`, and UsageError where it is one of objects, or holds what is no grammar.
    """
    if name not in endings():
        _refuse_omega(name)
    found = any_format(name)
    if isinstance(found, Objects):
        raise UsageError(f"'{name}' stands for objects in Python, not for files", "docs/formats.md says how to use it")
    return found


def objects(package: str) -> Objects:
    """The format of a Python package's objects. Raises as `any_format`, and UsageError where it is one of files."""
    found = any_format(package)
    if isinstance(found, Format):
        raise UsageError(f"'{package}' stands for files, not for objects in Python", "give the file's path")
    return found


def format_of(path: Path, option: str = "--from") -> str:
    """The name of the format that a file's ending names; YAML for a name without one.

    Raises UsageError for an ending that no format has, which `option` helps: what holds something else, or is mistyped,
    must not be taken for YAML.
    """
    ending = path.suffix[1:].casefold()
    if ending and ending not in endings():
        _refuse_omega(ending, f"{visible(str(path))}: ")
        hint = did_you_mean(ending, endings())
        help = f"the formats are {', '.join(_of_files())}; for another ending say the format ({option} FORMAT)"
        help = f"{hint} {help}" if hint else help
        raise UsageError(f"{visible(str(path))}: no format is called '{visible(ending)}'", help)
    return ending or DEFAULT


def endings() -> list[str]:
    """The name of every format, without importing one: the endings of files, and packages of objects."""
    return [extension.name for extension in extensions(GROUP)]


def stops_nowhere(grammar: Grammar) -> bool:
    """Whether a reader that lets strings stop (`let_strings_stop`) would, though in this transducer none may."""
    graph = grammar.graph
    accepts = any(data.get("accept") for _, data in graph.nodes(data=True))
    return bool(grammar.outputs) and not accepts and not all(dict(graph.out_degree()).values())


def _of_files() -> list[str]:
    """The names of the formats of files that work."""
    return [each.name for each in extensions(GROUP, load=True) if not each.problem and _is_of_files(each.name)]


def _is_of_files(name: str) -> bool:
    return isinstance(any_format(name), Format)


# Formats of automata on endless words. Sources: adl.github.io/hoaf (HOA), languageinclusion.org/doku.php?id=tools (BA),
# goal.im.ntu.edu.tw (GOAL).
_OMEGA = {"hoa": "HOA", "ehoa": "HOA", "ba": "BA", "gff": "GOAL"}


def _refuse_omega(name: str, where: str = "") -> None:
    if name in _OMEGA:
        message = f"{_OMEGA[name]} files hold ω-automata: they accept endless words, by what is visited again and again"
        help = "a grammar's strings end; if finite words are meant, write states and moves in mata, dot or yaml"
        raise UsageError(f"{where}{message}", help)


def _entries(fields: dict[str, Tree]) -> list[tuple[Scalar, Tree]]:
    return [(_key(name, value), value) for name, value in fields.items()]


def _key(name: str, value: Tree) -> Scalar:
    return Scalar(name, value.place)


def _text(tree: Tree, key: str) -> str | None:
    value = tree.get(key) if isinstance(tree, Mapping) else None
    return value.text if isinstance(value, Scalar) else None
