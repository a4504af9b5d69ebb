"""A network as one JavaScript module, for teaching pages in a browser and for Node.js."""

import json
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any, ClassVar
from urllib.parse import quote

from lstmc.export import (
    MEMORY,
    PRIME,
    Exporter,
    Language,
    Line,
    Package,
    Row,
    Runtime,
    Sum,
    gate_rows,
    number_literal,
    reader_rows,
    statements,
)

INSTALL = "install Node.js"
ROUNDED = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"}
LANGUAGE = Language(
    functions={
        **{name: f"round({{}} {sign} {{}})" for name, sign in ROUNDED.items()},
        "sigmoid": "sigmoid({})",
        "tanh": "tanh({})",
        "relu": "Math.max({}, 0)",
        "exp": "round(Math.exp({}))",
        "logsigmoid": "round(Math.min({0}, 0) - Math.log1p(Math.exp(-Math.abs({0}))))",
        "max": "Math.max({}, {})",
    },
    constant="round({!r})",
)


class JavaScript(Exporter):
    """The module is ASCII and can stand between <script> tags, whatever the names hold."""

    title: ClassVar[str] = "JavaScript"
    suffix: ClassVar[str] = ".mjs"
    install: ClassVar[str] = INSTALL
    cells: ClassVar[None] = None
    lacks: ClassVar[dict[str, str]] = {"int8": "the module does not quantize"}
    language: ClassVar[str] = "javascript"

    def write(self, package: Package) -> bytes:
        head = HEAD.substitute(
            name=literal(package.name),
            about="\n".join(_about(json.loads(package.about_json))),
            weights="\n".join(_weights(package)),
        )
        return "\n".join([head, _equations(package), _code("network.mjs")]).encode("ascii")

    def snippet(self, package: Package, file: str) -> str:
        return SNIPPET.substitute(file=literal(f"./{quote(file)}"), example=literal(package.example))

    def runtimes(self) -> tuple[Runtime, ...]:
        return (Runtime("javascript", INSTALL, _serve, programs=(("node",),)),)


HEAD = Template("""\
// A network that follows the grammar $name: one module without dependencies, for browsers and Node.js.
//
//     let state = start();              a state is a plain object that is never changed: keep it to step back
//     state = step(state, symbol);      it holds every part of its step: memory, eraser, writer, ...
//     next(state)                       what may come next

export const about = $about;

// A line is one test: its bias, its weights for symbols and its weights for cells, each [which, weight].
export const weights = $weights;
""")

SNIPPET = Template("""\
import { next, start, step } from $file;
export { predict } from $file; // reads many strings at once

let state = start();
for (const symbol of $example) state = step(state, symbol);
console.log(next(state).join(" "));
""")


EQUATIONS = Template("""\
const CARRIED = $carried; // what a step needs of the state before it
const ON = $on; // a cell is on that shows more
const THRESHOLD = $threshold; // a symbol may come where the readout is above

/** One step of every cell. */
function advance({ $before }, symbol, { sums, sigmoid, tanh, round }) {
$step
  return { $found };
}

/** What is read of the cells, for each symbol. */
function read(state, { sums, sigmoid, tanh, round }) {
  const { $shown } = state;
$read
  return { ...state, $said };
}
""")


def literal(value: Any) -> str:
    """JSON is JavaScript; without `<` no string can end a script or begin a comment of HTML."""
    return json.dumps(value).replace("<", "\\u003c")


def _carried(package: Package) -> list[str]:
    """The parts of which a state consists; what cells show is the first of them."""
    return [package.network.title(name + PRIME) for name in package.network.equations.state]


def _equations(package: Package) -> str:
    cell = type(package.network)
    equations = cell.equations
    names = {name: _camel(text) for name, text in cell.identifiers().items()}
    before = {cell.title(name + PRIME): names[name] for name in equations.state}
    shown = names[equations.shown]

    def lines(of: tuple[Line, ...], symbol: str = "") -> Iterator[str]:
        texts = statements(of, LANGUAGE, {n: f"{text}[k]" for n, text in names.items()}, dict.fromkeys(names, "sum"))
        over = names[of[0].name]
        for line in of:
            if line.sum is None:
                yield f"  const {names[line.name]} = {over}.map((_, k) => {texts[line.name]});"
                continue
            sums = f"sums({literal(cell.sum_title(line.name))}, {shown}{symbol})"
            made = "" if isinstance(line.expression, Sum) else f".map((sum, k) => {texts[line.name]})"
            yield f"  const {names[line.name]} = {sums}{made};"

    def found(of: tuple[Line, ...]) -> str:
        return ", ".join(_entry(cell.title(line.name), names[line.name]) for line in of)

    return EQUATIONS.substitute(
        carried=literal(_carried(package)),
        on=repr(cell.on_above()),
        threshold=f"{equations.threshold:g}",
        before=", ".join(_entry(title, name) for title, name in before.items()),
        step="\n".join(lines(equations.of_cells, ", symbol")),
        found=f"{literal(f'{MEMORY} before')}: {before[MEMORY]}, {found(equations.of_cells)}",
        shown=_entry(cell.title(equations.shown + PRIME), shown),
        read="\n".join(lines(equations.of_symbols)),
        said=found(equations.of_symbols),
    )


def _entry(title: str, name: str) -> str:
    """`title: name` of an object, or of a pattern that takes it apart."""
    return title if title == name else f"{literal(title) if ' ' in title else title}: {name}"


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def _about(about: dict[str, Any]) -> Iterator[str]:
    yield "{"
    for key, value in about.items():
        if key == "cells":
            yield "  cells: ["
            yield from (f"    {literal(cell)}," for cell in value)
            yield "  ],"
        else:
            yield f"  {key}: {literal(value)},"
    yield "}"


def _weights(package: Package) -> Iterator[str]:
    cells, symbols = [cell["name"] for cell in package.about["cells"]], [*package.alphabet, package.end]
    yield "{"
    for part, rows in gate_rows(package).items():
        yield from _table(package, part, cells, rows)
    for part, rows in reader_rows(package).items():
        yield from _table(package, part, package.outputs if part == "output" else symbols, rows)
    yield "}"


def _table(package: Package, part: str, names: Sequence[str], rows: Sequence[Row]) -> Iterator[str]:
    def number(value: float) -> str:
        return number_literal(value, package.format).removesuffix(".0")

    def pairs(weights: Sequence[tuple[int, float]]) -> str:
        return "[" + ", ".join(f"[{n}, {number(weight)}]" for n, weight in weights) + "]"

    yield f"  {literal(part) if ' ' in part else part}: ["
    for name, row in zip(names, rows, strict=True):
        yield f"    [{number(row.bias)}, {pairs(row.symbols)}, {pairs(row.cells)}], // {literal(name)}"
    yield "  ],"


def _code(file: str) -> str:
    return files("lstmc_javascript").joinpath(file).read_text("ascii")


def _serve(package: Package, folder: Path, snippet: str) -> list[str]:
    (folder / "snippet.mjs").write_text(snippet, "utf-8")
    server = Path(__file__).with_name("server.mjs")
    return ["node", str(server), "snippet.mjs", *_carried(package)]


EXPORTER = JavaScript()
