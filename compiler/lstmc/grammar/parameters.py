"""The typed parameters of a grammar factory: what it takes, and the values that text stands for.

    def embedded_reber(*, depth: Annotated[int, Range(1, 12)] = 1, continual: bool = False) -> nx.MultiDiGraph: ...

    read_parameters("embedded-reber", embedded_reber, {"depth": "2"})   ->   {"depth": 2, "continual": False}

Types are int, float, bool, str, Literal[...] of texts, and tuple[str, ...]; a number may carry a `Range`. Each
parameter has a default, so that the bare name is a grammar too. Values come as text (`--set depth=2`, and every scalar
of a YAML file) or as Python values; text for a tuple is split at blanks.
"""

import inspect
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from lstmc.did_you_mean import did_you_mean
from lstmc.errors import PluginError

# 18 digits hold every whole number that a parameter may sensibly be, and spare Python's limit on long ones
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


@dataclass(frozen=True)
class Range:
    """The smallest and the largest number that a parameter may be, both included."""

    smallest: float
    largest: float


@dataclass(frozen=True)
class Parameter:
    """One parameter of a factory. `type` is int, float, bool, str or tuple; `choices` are the texts of a Literal."""

    name: str
    type: type
    default: Any
    range: Range | None = None
    choices: tuple[str, ...] = ()

    @property
    def expects(self) -> str:
        """What a value must be, in words: `a whole number from 1 to 12`."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        words = {int: "a whole number", float: "a number", bool: "true or false", str: "a text"}
        bounds = f" from {self.range.smallest} to {self.range.largest}" if self.range else ""
        return words.get(self.type, "a list of texts") + bounds

    @property
    def typed_default(self) -> str:
        """The default as it is typed after --set."""
        if isinstance(self.default, tuple):
            return " ".join(self.default)
        return str(self.default).lower() if isinstance(self.default, bool) else str(self.default)

    def read(self, value: object) -> Any:
        """The value that is meant. Raises ValueError where it is not what the parameter expects."""
        result = _READERS[self.type](value)
        if self.choices and result not in self.choices:
            raise ValueError(value)
        if self.range and not self.range.smallest <= result <= self.range.largest:
            raise ValueError(value)
        return result


@dataclass(frozen=True)
class Problem:
    """What is wrong with one given parameter: its value or, where there is none of that name, the name."""

    parameter: str
    message: str
    help: str = ""
    unknown: bool = False


class ParameterError(PluginError):
    """Parameters that a factory does not take; `problems` holds every one, in the order in which they were given."""

    def __init__(self, plugin: str, problems: tuple[Problem, ...]) -> None:
        hints = dict.fromkeys(problem.help for problem in problems if problem.help)
        super().__init__(f"{plugin}: " + "; ".join(problem.message for problem in problems), "; ".join(hints))
        self.problems = problems


def parameters_of(plugin: str, factory: Callable[..., object], skip: int = 0) -> tuple[Parameter, ...]:
    """The parameters of a factory, in its order, but for the first `skip`, which lstmc itself hands over.

    Raises PluginError where it declares them in a way we cannot read.
    """
    try:
        hints = get_type_hints(factory, include_extras=True)
        declared = list(inspect.signature(factory).parameters.values())[skip:]
        return tuple(_parameter(each, hints) for each in declared)
    except Exception as error:  # a foreign annotation can raise anything
        raise PluginError(f"'{plugin}' does not work: its parameters cannot be read: {error}") from error


def read_parameters(
    plugin: str, factory: Callable[..., object], given: Mapping[str, object], skip: int = 0
) -> dict[str, Any]:
    """Every parameter with its value. Raises ParameterError with all that is wrong with what was given."""
    declared = {parameter.name: parameter for parameter in parameters_of(plugin, factory, skip)}
    values = {name: parameter.default for name, parameter in declared.items()}
    problems = []
    for name, value in given.items():
        if name not in declared:
            problems.append(_unknown(name, declared))
            continue
        try:
            values[name] = declared[name].read(value)
        except ValueError:
            message = f"{name} must be {declared[name].expects}, not {_quote(value)}"
            problems.append(
                Problem(name, message, f"leave {name} out to have its default: {declared[name].typed_default}")
            )
    if problems:
        raise ParameterError(plugin, tuple(problems))
    return values


def _unknown(name: str, declared: Mapping[str, Parameter]) -> Problem:
    there = "it takes " + ", ".join(declared) if declared else "it takes none"
    help = f"{did_you_mean(name, declared)} {there}".strip()
    return Problem(name, f"there is no parameter '{name}'", help, unknown=True)


def _parameter(parameter: inspect.Parameter, hints: Mapping[str, Any]) -> Parameter:
    name = parameter.name
    if parameter.kind not in (parameter.KEYWORD_ONLY, parameter.POSITIONAL_OR_KEYWORD):
        raise TypeError(f"{name} cannot be given by name")
    if parameter.default is parameter.empty:
        raise TypeError(f"{name} has no default")
    if name not in hints:
        raise TypeError(f"{name} has no type")
    hint, bounds = hints[name], None
    if get_origin(hint) is Annotated:
        hint, *notes = get_args(hint)
        bounds = next((note for note in notes if isinstance(note, Range)), None)
    choices = get_args(hint) if get_origin(hint) is Literal else ()
    kind = str if choices else tuple if hint == tuple[str, ...] else hint
    if kind not in _READERS or not all(isinstance(choice, str) for choice in choices):
        raise TypeError(f"{name} has a type that no text stands for: {hint}")
    return Parameter(name, kind, parameter.default, bounds, choices)


def _whole(value: object) -> int:
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError(value)


def _number(value: object) -> float:
    if isinstance(value, str) and _NUMBER.fullmatch(value) and math.isfinite(float(value)):
        return float(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    raise ValueError(value)


def _truth(value: object) -> bool:
    if isinstance(value, str) and value.casefold() in ("true", "false"):
        return value.casefold() == "true"
    if isinstance(value, bool):
        return value
    raise ValueError(value)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise ValueError(value)


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(value.split())
    if isinstance(value, Sequence) and all(isinstance(each, str) for each in value):
        return tuple(value)
    raise ValueError(value)


_READERS: dict[type, Callable[[object], Any]] = {int: _whole, float: _number, bool: _truth, str: _text, tuple: _texts}


def _quote(value: object) -> str:
    text = f'"{value}"' if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else f"{text[:50]}… ({len(text)} characters)"  # a line holds no more
