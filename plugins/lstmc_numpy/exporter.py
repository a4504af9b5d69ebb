"""A network as one Python script to read: an LSTM in a few lines of NumPy, and every weight with its name."""

import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, ClassVar

from lstmc.export import (
    PRIME,
    Exporter,
    Package,
    Row,
    Runtime,
    gate_rows,
    number_literal,
    python_literal,
    python_runtime,
    reader_rows,
    statements,
)
from lstmc_numpy.script import EQUATIONS, NUMPY, PURPOSES, SCRIPT, SNIPPET

INSTALL = "pip install numpy"


class Numpy(Exporter):
    """The script runs by itself and can be imported. It is ASCII, whatever the names hold."""

    title: ClassVar[str] = "NumPy"
    suffix: ClassVar[str] = ".py"
    install: ClassVar[str] = INSTALL
    cells: ClassVar[None] = None
    lacks: ClassVar[dict[str, str]] = {
        "bfloat16": "NumPy has no such type",
        "int8": "NumPy does not quantize",
    }

    def write(self, package: Package) -> bytes:
        spelled = all(len(symbol) == 1 for symbol in package.alphabet)
        text = SCRIPT.substitute(
            name=literal(package.name),
            command=_command(package, spelled),
            equations=_equations(package),
            number=package.format,
            symbols=literal(package.alphabet),
            end=literal(package.end),
            cells=literal(_cells(package)),
            tables="\n".join(_tables(package)),
            about=_about(json.loads(package.about_json)),
            string='"".join(sys.argv[1:])' if spelled else "sys.argv[1:]",
            threshold=_threshold(package),
        )
        return text.encode("ascii")

    def snippet(self, package: Package, file: str) -> str:
        return SNIPPET.substitute(file=literal(file), example=literal(package.example), threshold=_threshold(package))

    def runtimes(self) -> tuple[Runtime, ...]:
        return (python_runtime("numpy", INSTALL, ("numpy",)),)


def literal(value: Any) -> str:
    """What JSON can say, as Python in ASCII."""
    if isinstance(value, str):
        return python_literal(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(key)}: {literal(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(literal, value)) + "]"
    return repr(value)


def _equations(package: Package) -> str:
    cell = type(package.network)
    equations, names = cell.equations, cell.identifiers()
    state, shown = [*equations.state], equations.shown
    tests = {name: f"{_constant(cell.sum_title(name))}({shown}, x)" for name in equations.tests}
    layers = {name: f"{_constant(cell.sum_title(name))}({shown})" for name in equations.reads}
    step = statements(equations.of_cells, NUMPY, names, tests)
    read = statements(equations.of_symbols, NUMPY, names, layers)
    outputs = bool(package.outputs)
    return EQUATIONS.substitute(
        state=", ".join(state),
        none=", ".join(f"{name}=None" for name in state),
        first=state[0],
        zero=" = ".join(state),
        shown=shown,
        step="\n".join(_statement(names[name], text) for name, text in step.items()),
        after=", ".join(names[name + PRIME] for name in state),
        read="\n".join(_statement(name, text) for name, text in read.items()),
        threshold=Fraction(equations.threshold),
        and_outputs=", outputs\n    (B, T, O) for what it says" if outputs else "",
        outputs="\n    outputs = []" if outputs else "",
        say=f"\n        outputs.append(OUTPUT({shown}))" if outputs else "",
        stacked=", np.stack(outputs, axis=1)" if outputs else "",
    )


def _statement(name: str, text: str) -> str:
    if name == "readout":
        return f"    return {text}"
    return f"    {name} = {text}" + (f"  # {PURPOSES[name]}" if name in PURPOSES else "")


def _constant(title: str) -> str:
    return title.upper().replace(" ", "_")


def _tables(package: Package) -> Iterator[str]:
    cells, ends = _cells(package), [*package.alphabet, package.end]
    for part, rows in gate_rows(package).items():
        yield from _table(package, part, cells, rows)
    for part, rows in reader_rows(package).items():
        yield from _table(package, part, [*package.outputs] if part == "output" else ends, rows)


def _table(package: Package, part: str, names: Sequence[str], rows: Sequence[Row]) -> Iterator[str]:
    def weights(pairs: Sequence[tuple[int, float]], of: Sequence[str]) -> str:
        return "{" + ", ".join(f"{of[n]}: {number_literal(value, package.format)}" for n, value in pairs) + "}"

    symbols, cells = ([*map(literal, each)] for each in (package.alphabet, _cells(package)))
    yield f"{_constant(part)} = Tests({{"
    for name, row in zip(names, rows, strict=True):
        bias = number_literal(row.bias, package.format)
        yield f"    {literal(name)}: ({bias}, {weights(row.symbols, symbols)}, {weights(row.cells, cells)}),"
    yield "})"


def _cells(package: Package) -> list[str]:
    """The cells' names; with their numbers in a file of others, where two cells may have one name."""
    names = [cell["name"] for cell in package.about["cells"]]
    return names if len(set(names)) == len(names) else [f"{name}#{n}" for n, name in enumerate(names)]


def _about(about: dict[str, Any]) -> str:
    lines = [
        f"    {literal(key)}: {_lines(value) if key == 'cells' else literal(value)}," for key, value in about.items()
    ]
    return "\n".join(["{", *lines, "}"])


def _lines(items: list[Any]) -> str:
    return "\n".join(["[", *[f"        {literal(item)}," for item in items], "    ]"])


def _threshold(package: Package) -> str:
    return f"{package.network.equations.threshold:g}"


def _command(package: Package, spelled: bool) -> str:
    """How the script is started on the example: quoted as a shell wants it, escaped as a docstring wants it."""
    import shlex

    words = ["".join(package.example)] if spelled else package.example
    command = shlex.join([f"{package.name}.py", *words])
    return literal(command)[1:-1]


EXPORTER = Numpy()
