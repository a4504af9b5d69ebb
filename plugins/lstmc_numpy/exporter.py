"""A network as one Python script to read: an LSTM in a few lines of NumPy, and every weight with its name."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from lstmc.export import (
    Exporter,
    Package,
    Row,
    Runtime,
    gate_rows,
    number_literal,
    python_literal,
    python_runtime,
    reader_rows,
)
from lstmc_numpy.script import LSTM, SCRIPT, SNIPPET, TOY

INSTALL = "pip install numpy"


class Numpy(Exporter):
    """The script runs by itself and can be imported. It is ASCII, whatever the names hold."""

    title: ClassVar[str] = "NumPy"
    suffix: ClassVar[str] = ".py"
    install: ClassVar[str] = INSTALL
    cells: ClassVar[tuple[str, ...]] = ("lstm", "toy")
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
    template, read = (TOY, "memory") if package.cell == "toy" else (LSTM, "h")
    if not package.outputs:
        return template.substitute(and_outputs="", outputs="", read="", stacked="")
    return template.substitute(
        and_outputs=", outputs\n    (B, T, O) for what it says",
        outputs="\n    outputs = []",
        read=f"\n        outputs.append(OUTPUT({read}))",
        stacked=", np.stack(outputs, axis=1)",
    )


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
    yield f"{part.upper().replace(' ', '_')} = Tests({{"
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


def _command(package: Package, spelled: bool) -> str:
    """How the script is started on the example: quoted as a shell wants it, escaped as a docstring wants it."""
    import shlex

    words = ["".join(package.example)] if spelled else package.example
    command = shlex.join([f"{package.name}.py", *words])
    return literal(command)[1:-1]


def _threshold(package: Package) -> str:
    return "0.5" if package.cell == "toy" else "0"


EXPORTER = Numpy()
