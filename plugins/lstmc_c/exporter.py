"""A network as one C header that needs no library: for microcontrollers, and for embedding anywhere."""

import re
import shutil
import subprocess
import textwrap
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import accumulate
from pathlib import Path
from typing import ClassVar

from lstmc.errors import PluginError, UsageError
from lstmc.export import (
    PRIME,
    Exporter,
    Package,
    Pairs,
    Row,
    Runtime,
    gate_rows,
    number_literal,
    reader_rows,
    statements,
)
from lstmc_c.source import HEAD, MORE, OUTPUTS, PROBABILITIES, READING, REALS, SNIPPET, STEP, language

INSTALL = "install a C compiler (cc, gcc or clang)"
COMPILERS = ("cc", "gcc", "clang")
PIECE = 90  # characters of JSON in one literal: C99 promises to take 4,095


class C(Exporter):
    """The header is ASCII; names are UTF-8 in octal where they need it."""

    title: ClassVar[str] = "C"
    suffix: ClassVar[str] = ".h"
    install: ClassVar[str] = INSTALL
    cells: ClassVar[None] = None
    lacks: ClassVar[dict[str, str]] = {
        "float16": "C99 has no such type",
        "bfloat16": "C99 has no such type",
        "int8": "the header computes with what its tables hold, in floating point",
    }
    language: ClassVar[str] = "c"

    def write(self, package: Package) -> bytes:
        cell, real, names = type(package.network), REALS[package.format], _names(package)
        words = vars(real) | names | {"shown": cell.equations.shown} | _code(package)
        parts = [HEAD.substitute(words | _data(package))]
        called = {name for line in cell.equations.lines for name in line.functions}
        parts += [text.substitute(words) for name, text in MORE.items() if name in called]
        parts += [STEP.substitute(words), READING.substitute(words)]
        if package.probable:
            parts.append(PROBABILITIES.substitute(words))
        if package.outputs:
            parts.append(OUTPUTS.substitute(words))
        return "".join([*parts, "\n#endif\n"]).encode("ascii")

    def snippet(self, package: Package, file: str) -> str:
        if re.search(r'["\\\n]', file):
            raise UsageError(f"C cannot include a file that is called {file!r}", "give it a plainer name: -o NAME.h")
        example = ", ".join(map(literal, package.example))
        return SNIPPET.substitute(_names(package), file=file, example=example, count=len(package.example))

    def runtimes(self) -> tuple[Runtime, ...]:
        return (Runtime("c", INSTALL, _serve, programs=(COMPILERS,)),)


def identifier(name: str) -> str:
    """The name as C allows one: other characters become _ or, beyond ASCII, their number; digits come second."""
    plain = re.sub("[^ -~]", lambda found: f"u{ord(found[0]):x}", name)
    plain = re.sub("[^a-zA-Z0-9]+", "_", plain).strip("_")
    return plain if re.match("[a-zA-Z]", plain) else f"network_{plain}".rstrip("_")


def literal(text: str) -> str:
    """A string of C: UTF-8, in octal beyond ASCII; `?` is escaped too, since two of them begin a trigraph."""
    data = text.encode("utf-8", "surrogatepass")
    return '"' + "".join(ESCAPES.get(b) or (chr(b) if 32 <= b < 127 else f"\\{b:03o}") for b in data) + '"'


ESCAPES = {ord(character): f"\\{character}" for character in '"\\?'}


def comment(text: str) -> str:
    """A text that ends no comment and begins none."""
    return re.sub(r"[^ -~]|[*/\\?]", lambda found: f"<{ord(found[0]):x}>", text)


def _names(package: Package) -> dict[str, str]:
    name = identifier(package.name)
    return {"n": name, "N": name.upper(), "title": comment(f'"{package.name}"')}


def _code(package: Package) -> dict[str, str]:
    """What is made of the equations: the step of a cell, the readout of a symbol, and what they are compared with."""
    cell, real, n = type(package.network), REALS[package.format], identifier(package.name)
    equations, names = cell.equations, cell.identifiers()
    before = names | {name: f"state->{name}[cell]" for name in equations.state}
    in_c, shown = language(real, n), f"state->{equations.shown}"

    def sums(of: Sequence[str], row: str, symbol: str) -> dict[str, str]:
        return {name: f"{n}_sum(&{n}_{_of(cell.sum_title(name))}, {row}, {symbol}, {shown})" for name in of}

    step = statements(equations.of_cells, in_c, before, sums(equations.tests, "cell", "symbol"))
    read = statements(equations.of_symbols, in_c, names, sums(equations.reads, "symbol", "-1"))
    lines = [f"{real.real} {names[name]} = {text};" for name, text in step.items()]
    for name in equations.state:
        place = f"{name}[cell]" if name == equations.shown else before[name]
        lines.append(f"{place} = {names[name + PRIME]};")
    return {
        "zero": " = ".join(before[name] for name in equations.state),
        "step": "\n".join(f"        {line}" for line in lines),
        "read": "\n".join(
            f"    return {text};" if name == "readout" else f"    {real.real} {name} = {text};"
            for name, text in read.items()
        ),
        "above": str(Fraction(equations.threshold)),
        "threshold": in_c.constant.format(equations.threshold) if equations.threshold else "0",
        "on": number_literal(cell.on_above(), package.format) + real.suffix,
    }


def _data(package: Package) -> dict[str, object]:
    """What the head of the header says of the network: numbers, names and tables."""
    name, real = identifier(package.name), REALS[package.format].real
    cells, tests = package.about["cells"], gate_rows(package) | reader_rows(package)
    outputs = f"static const char *const {name}_output_names[] = {{{_names_of(package.outputs)}}};\n"
    return {
        "symbols": len(package.alphabet),
        "cells": package.size,
        "outputs": len(package.outputs),
        "state": "".join(
            f"    {real} {part}[{name.upper()}_CELLS]; /* what the cells {what} */\n" for part, what in _state(package)
        ),
        "about": "".join(f"    {literal(piece)},\n" for piece in _pieces(package.about_json)),
        "names": _names_of([*package.alphabet, package.end]),
        "cell_names": _names_of([cell["name"] for cell in cells]),
        "cell_states": _names_of([cell["state"] for cell in cells]),
        "output_names": outputs if package.outputs else "",
        "number": _integer(max(package.size, len(package.alphabet)) - 1),
        "place": _integer(
            max(len(each) for rows in tests.values() for each in (_flat(rows, _symbols), _flat(rows, _cells)))
        ),
        "tables": "\n".join(_table(package, part, rows) for part, rows in tests.items()),
    }


def _table(package: Package, part: str, rows: Sequence[Row]) -> str:
    """The arrays of one part, and the struct that names them all."""
    n, real = identifier(package.name), REALS[package.format].real
    name = f"{n}_{_of(part)}"
    arrays = [(real, "bias", [_number(package, row.bias) for row in rows])]
    for source, pairs_of in (("symbol", _symbols), ("cell", _cells)):
        ends = accumulate((len(pairs_of(row)) for row in rows), initial=0)
        pairs = _flat(rows, pairs_of)
        arrays += [
            (f"{n}_place", f"{source}_starts", [str(end) for end in ends]),
            (f"{n}_number", f"{source}s", [str(which) for which, _ in pairs]),
            (real, f"{source}_weights", [_number(package, weight) for _, weight in pairs]),
        ]
    lines = [
        f"static const {kind} {name}_{what}[] = {{{_values(values or ['0'])}}};\n" for kind, what, values in arrays
    ]
    together = ", ".join(f"{name}_{what}" for _, what, _ in arrays)
    return "".join([*lines, f"static const {n}_tests {name} = {{{_wrapped(together)}}};\n"])


def _of(title: str) -> str:
    return title.replace(" ", "_")


def _state(package: Package) -> list[tuple[str, str]]:
    """What a cell carries, and what it does with that: others see it, or it remembers it."""
    network = package.network
    shown = {network.equations.shown: "show"}
    memory = {network.memory(): "remember"}
    return [(name, (shown | memory).get(name, "carry")) for name in network.equations.state]


def _symbols(row: Row) -> Pairs:
    return row.symbols


def _cells(row: Row) -> Pairs:
    return row.cells


def _flat(rows: Sequence[Row], pairs_of: Callable[[Row], Pairs]) -> Pairs:
    return [pair for row in rows for pair in pairs_of(row)]


def _number(package: Package, value: float) -> str:
    return number_literal(value, package.format) + REALS[package.format].suffix


def _values(values: Sequence[str]) -> str:
    return _wrapped(", ".join(values))


def _names_of(names: Sequence[str]) -> str:
    """One on a line, since a name can be long, and can hold blanks."""
    return "".join(f"\n    {literal(name)}," for name in names) + "\n"


def _wrapped(text: str) -> str:
    """In lines, if it is long."""
    if len(text) <= 60:
        return text
    return "\n" + textwrap.fill(text, 116, initial_indent="    ", subsequent_indent="    ") + "\n"


def _pieces(text: str) -> list[str]:
    return [text[start : start + PIECE] for start in range(0, len(text), PIECE)]


def _integer(largest: int) -> str:
    """The smallest type that holds 0 ... largest."""
    return next(f"uint{bits}_t" for bits in (8, 16, 32) if largest < 2**bits)


def _serve(package: Package, folder: Path, snippet: str) -> list[str]:
    """Compile the server around the snippet. Raises PluginError where that fails."""
    (folder / "snippet.c").write_text(snippet, "utf-8")
    name, compiler = identifier(package.name), next(filter(None, map(shutil.which, COMPILERS)))
    macros = {"LstmcName": name, "LstmcCapitals": name.upper(), "LstmcReal": REALS[package.format].real}
    if package.outputs:
        macros["LstmcOutputs"] = "1"
    command = [compiler, "-std=c99", "-O2", "-I.", *(f"-D{key}={value}" for key, value in macros.items())]
    command += ["-o", "server", str(Path(__file__).with_name("server.c"))]
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace")
    if made.returncode:
        said = next((line for line in made.stderr.splitlines() if "error" in line), f"code {made.returncode}")
        raise PluginError(f"{compiler} does not compile the snippet: {said}", INSTALL)
    return [str(folder / "server")]


EXPORTER = C()
