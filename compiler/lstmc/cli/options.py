"""Options and arguments that several commands share."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

Function = TypeVar("Function", bound=Callable[..., Any])

WEIGHTS_FILE = ".safetensors"


@dataclass(frozen=True)
class Build:
    """How to compile a grammar; None where the user did not say. Fields and defaults as in `lstmc.compile`."""

    level: int | None = None
    memory: str | None = None
    cell: str | None = None
    dtype: str | None = None
    gain: float | None = None
    max_states: int | None = None
    parameters: tuple[tuple[str, str], ...] = ()  # of a plugin's grammar
    format: str | None = None  # of the grammar's file
    expand: bool | None = None  # the grammar's calls
    depth: int | None = None  # of these

    @property
    def options(self) -> dict[str, Any]:
        """What was said of the network, not of the grammar."""
        said = self.__dict__.items()
        of_grammar = ("parameters", "format", "expand", "depth")
        return {name: value for name, value in said if name not in of_grammar and value is not None}

    @property
    def given(self) -> list[str]:
        """The options that were said, as they are typed."""
        typed = {"level": "-O", "parameters": "--set", "format": "--from"}
        said = [field.name for field in fields(self) if getattr(self, field.name) not in (None, ())]
        return [typed.get(name, f"--{name.replace('_', '-')}") for name in said]


class Source(click.ParamType):  # type: ignore[type-arg]  # older versions of click do not take one
    """A grammar by name or path, or a file of weights; the shell completes both."""

    def __init__(self, name: str) -> None:
        self.name = name

    def shell_complete(self, context: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from lstmc.extensions import extensions
        from lstmc.shipped import shipped

        names = sorted({*shipped(), *(extension.name for extension in extensions("lstmc.grammars"))})
        files = (WEIGHTS_FILE, *(f".{extension.name}" for extension in extensions("lstmc.formats")))
        found = [CompletionItem(name) for name in names if name.startswith(incomplete)]
        here, _, start = incomplete.rpartition("/")
        folder = Path(here or ("/" if incomplete.startswith("/") else "."))
        if found and folder.is_dir():
            any_ending = context.params.get("format") is not None
            beside = sorted(path.name for path in folder.iterdir() if any_ending or path.suffix in files)
            found += [CompletionItem(name) for name in beside if not here and name.startswith(start)]
        return found or [CompletionItem(incomplete, type="file")]


GRAMMAR = Source("grammar")
WEIGHTS = Source("weights")


class Gain(click.ParamType):  # type: ignore[type-arg]
    """A finite number above zero."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> float:
        try:
            number = float(value)
        except ValueError:
            number = 0.0
        if not (isfinite(number) and number > 0):
            self.fail(f"'{value}' is not a number above 0", param, context)
        return number


def json_option(function: Function) -> Function:
    """--json: one object a line; `lstmc schema COMMAND` describes it."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")(function)


def int8_option(function: Function) -> Function:
    """--int8, as the argument `quantize`."""
    return click.option("--int8", "quantize", is_flag=True, help="Weights as int8, where a framework has that.")(
        function
    )


def from_option(function: Function) -> Function:
    """--from NAME, as the argument `format`."""
    return click.option(
        "--from",
        "format",
        metavar="FORMAT",
        shell_complete=lambda context, param, start: formats(start),
        help="The format of the grammar's file, such as att or dot; by the ending of its name unless given.",
    )(function)


def formats(start: str) -> list[str]:
    """The names of formats that begin so, for the shell."""
    from lstmc.grammar.formats import endings

    return [name for name in endings() if name.startswith(start)]


def expand_option(function: Function) -> Function:
    """--expand and --depth: None unless given."""
    function = click.option(
        "--depth", type=click.IntRange(0, 1000), help="How deep nets may call, in place of the grammar's own `depth`."
    )(function)
    return click.option(
        "--expand",
        is_flag=True,
        default=None,
        help="Make states of nets that call each other, as many as `depth` asks for.",
    )(function)


def set_option(function: Function) -> Function:
    """--set KEY=VALUE, as often as needed, as the argument `parameters`."""
    return click.option(
        "--set",
        "parameters",
        multiple=True,
        metavar="KEY=VALUE",
        callback=_pairs,
        help="A parameter of a plugin's grammar (`lstmc list` shows them); repeat it for several.",
    )(function)


def build_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of the compiler, handed over as one `Build`."""

    @wraps(function)
    def gathered(*arguments: Any, **named: Any) -> Any:
        build = Build(**{field.name: named.pop(field.name) for field in fields(Build)})
        return function(*arguments, build=build, **named)

    options = (
        click.option(
            "-O",
            "level",
            type=click.Choice(["0", "1", "2"]),
            callback=lambda context, param, value: None if value is None else int(value),
            help="A cell for each rule (0), state and way in (1, the default), or state of the minimal automaton (2).",
        ),
        click.option(
            "--cell",
            metavar="NAME",
            shell_complete=_cells,
            help="lstm (the default), or another that `lstmc plugins` names.",
        ),
        click.option(
            "--dtype",
            metavar="NAME",
            shell_complete=_dtypes,
            help="float64, float32 (the default), float16 or bfloat16.",
        ),
        click.option("--memory", type=click.Choice(["keep", "rewrite"]), help="What loops do to the memory at -O1."),
        click.option("--gain", type=Gain(), help="How steep the gates are; derived unless given."),
        click.option(
            "--max-states", type=click.IntRange(min=1), help="How many states determinizing may make (65536)."
        ),
        from_option,
        set_option,
        expand_option,
    )
    for option in reversed(options):
        gathered = option(gathered)
    return gathered


def _pairs(context: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    pairs: dict[str, str] = {}
    for value in values:
        key, equals, text = value.partition("=")
        if not equals or not key:
            raise click.BadParameter(f"'{value}' is not KEY=VALUE", context, param)
        if key in pairs:
            raise click.BadParameter(f"'{key}' is set twice", context, param)
        pairs[key] = text
    return tuple(pairs.items())


def _dtypes(context: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from lstmc.network.number_formats import FORMATS

    return [name for name in FORMATS if name.startswith(incomplete)]


def _cells(context: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from lstmc.extensions import extensions

    return [each.name for each in extensions("lstmc.cells") if each.name.startswith(incomplete)]
