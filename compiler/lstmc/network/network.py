"""A network: the numbers of one cell type, with what is needed to read them. Each cell type is a file of its own."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from lstmc.automaton import NONE
from lstmc.errors import InputError, UsageError
from lstmc.network.arithmetic import Numbers, softmax
from lstmc.network.equations import PRIME, SYMBOL, Equations, Sum, bound, run
from lstmc.network.header import Header
from lstmc.network.number_formats import Array, NumberFormat, number_format
from lstmc.network.sparse import INDEX, PARTS, fits
from lstmc.program import LEVELS, Program

if TYPE_CHECKING:
    from lstmc.network.run import Run
    from lstmc.network.states import States
    from lstmc.network.trace import Trace

Tokens = NDArray[np.int64]
State = tuple[Array, ...]  # what a network carries from step to step, each (B, H)
MEMORY = "memory"  # the title of what a cell remembers


@dataclass(frozen=True, eq=False)
class Readout:
    """What a network says after a prefix, for each of B strings.

    logits (B, S + 1)          the reader's values; the last column is `end`
    allowed (B, S + 1)         which symbols may come next, and whether the string may end
    probabilities (B, S + 1)   of what comes next; None where the network gives none
    output (B,)                the number of the output symbol, −1 for none
    """

    logits: Array
    allowed: NDArray[np.bool_]
    probabilities: NDArray[np.float64] | None
    output: NDArray[np.int64]


@dataclass(frozen=True)
class CellTest:
    """The numbers of one gate of one cell: what it adds up before it is squashed."""

    symbols: tuple[tuple[int, float], ...]
    cells: tuple[tuple[int, float], ...]
    bias: float

    @classmethod
    def of(cls, symbols: Array, cells: Any, bias: Array) -> "CellTest":
        """From rows of numbers: symbols (S,), cells (1, H) dense or sparse; zeros are left out."""
        _, columns = cells.nonzero()
        return cls(
            symbols=tuple((int(x), float(symbols[x])) for x in np.flatnonzero(symbols)),
            cells=tuple((int(m), float(cells[0, m])) for m in sorted(columns.tolist())),
            bias=float(bias),
        )


@dataclass(frozen=True)
class Rows:
    """Some rows of a tensor: of blocks of as many rows as there are cells (or symbols) the one of that number."""

    tensor: str
    block: int = 0


@dataclass(frozen=True)
class Weights:
    """Where the weights of a sum lie: for symbols, for what cells show, and the biases, which are added up first.

    symbols (H, S)   cells (H, H), or of the reader (S + 1, H): None where the sum does not read them
    biases (H,), or of the reader (S + 1,)
    """

    symbols: Rows | None
    cells: Rows | None
    biases: tuple[Rows, ...]

    def all(self) -> tuple[Rows, ...]:
        return tuple(rows for rows in (self.symbols, self.cells, *self.biases) if rows is not None)


@dataclass(frozen=True, eq=False, repr=False)
class Network(ABC):
    """A compiled network of H cells over S symbols. Make one with `compile` or `load`.

    tensors   name → numbers, in the format's work type; a sparse matrix NAME is NAME.data, NAME.indices, NAME.indptr
    """

    header: Header
    tensors: Mapping[str, NDArray[Any]]

    cell: ClassVar[str]
    equations: ClassVar[Equations]
    weights: ClassVar[Mapping[str, Weights]]  # of each sum of the equations, and `output`: of a transducer's outputs
    active: ClassVar[float]  # what a cell shows that is on
    idle: ClassVar[float] = 0.0  # and one that is off, from the first symbol on
    holds: ClassVar[float] = 1.0  # what the memory of a cell is that is on
    rests: ClassVar[float] = 0.0  # and of one that is off, but for what a read filter hides
    titles: ClassVar[Mapping[str, str]]  # what people call a line of the equations; `memory` is what a cell remembers
    levels: ClassVar[tuple[int, ...]] = LEVELS  # the programs that it takes
    keeps: ClassVar[bool] = True  # whether its loops can keep the memory
    deterministic: ClassVar[bool] = False  # whether one cell at most may be on, beside `started`
    alternates: ClassVar[bool] = False  # whether no cell that is on may be written
    steep: ClassVar[bool] = True  # whether a gain says how steep its gates are
    because: ClassVar[Mapping[int | str, str]] = {}  # why it takes no program of a level or memory

    def __init_subclass__(cls, **options: Any) -> None:
        """Raises InputError for a cell type whose weights are not those of its equations, or without a memory."""
        super().__init_subclass__(**options)
        if MEMORY not in (cls.title(name + PRIME) for name in cls.equations.state):
            help = f"name the state that a cell remembers: titles = {{\"{cls.equations.shown}'\": '{MEMORY}'}}"
            raise InputError(f"cell type '{cls.cell}': no state has the title '{MEMORY}'", help)
        for line in cls.equations.lines:
            if line.sum is not None:
                of = cls.weights.get(line.name)
                reads = (SYMBOL in line.sum.of, line.sum.of not in ((), (SYMBOL,)))
                biases = (1,) if line.by_symbol else (1, 2)
                fits = of is not None and (of.symbols is not None, of.cells is not None) == reads
                if of is None or not fits or len(of.biases) not in biases:
                    help = f"`weights['{line.name}']` names where those for what it reads are, and no others"
                    raise InputError(f"cell type '{cls.cell}': the weights of '{line.name}' are not its sum's", help)

    @classmethod
    @abstractmethod
    def lower(cls, program: Program, dtype: str, gain: float, grammar: str) -> Self:
        """The network that runs a program; `grammar` is the digest of its grammar.

        Raises LimitError where the format cannot hold a weight, UsageError for a program it cannot run.
        """

    def start(self, batch: int = 1) -> State:
        """The state before the first symbol of `batch` strings: all zero."""
        zero = np.zeros((batch, self.size), self.format.work)
        return (zero,) * len(self.equations.state)

    def step(self, state: State, tokens: Tokens) -> State:
        """The state after one more symbol of each string; tokens (B,) are numbers of symbols."""
        values = self._lines_of_cells(state, tokens)
        return tuple(values[name + PRIME] for name in self.equations.state)

    def _lines_of_cells(self, state: State, tokens: Tokens) -> dict[str, Array]:
        before = dict(zip(self.equations.state, state, strict=True))
        shown, tokens = self.shown(state), known(tokens, len(self.alphabet))
        sums: dict[str, Array] = {}
        for names, symbols, cells in self._tests:
            summed = self.format.round(symbols[tokens] if cells is None else symbols[tokens] + (cells @ shown.T).T)
            sums |= {name: summed[:, n * self.size : (n + 1) * self.size] for n, name in enumerate(names)}
        return run(self._of_cells, before, sums)

    def _lines_of_symbols(self, state: State) -> dict[str, Array]:
        after = {name + PRIME: part for name, part in zip(self.equations.state, state, strict=True)}
        sums = {name: self._layer(name, self.shown(state)) for name in self.equations.reads}
        return run(self._of_symbols, after, sums)

    def read(self, state: State) -> Readout:
        """What the network says in a state."""
        readout = self._lines_of_symbols(state)["readout"]
        output = best_output(self, lambda: self._layer("output", self.shown(state)), len(readout))
        probabilities = softmax(readout) if self.header.options["probabilities"] else None
        return Readout(readout, readout > self.equations.threshold, probabilities, output)

    def parts(self, state: State, tokens: Tokens) -> dict[str, Array]:
        """Every part at one step, in the order in which data flows: name → (B, H); `by_symbol` (B, S + 1)."""
        of_cells = self._lines_of_cells(state, tokens)
        of_symbols = self._lines_of_symbols(tuple(of_cells[name + PRIME] for name in self.equations.state))
        found = {self.title(name): values for name, values in (of_cells | of_symbols).items()}
        return {f"{MEMORY} before": state[self.equations.state.index(self.memory())], **found}

    def shown(self, state: State) -> Array:
        """What cells show, (B, H)."""
        return state[self.equations.state.index(self.equations.shown)]

    def on(self, state: State) -> NDArray[np.bool_]:
        """Which cells are on, (B, H)."""
        on: NDArray[np.bool_] = self.shown(state) > self.on_above()
        return on

    def lit(self, parts: Mapping[str, Array], suffix: str = "") -> NDArray[np.bool_]:
        """In which cells of the `parts` of a step something is: in memory or, where that does not tell, shown.

        suffix   ` before` for the memory before the step
        """
        if self.holds == self.rests:
            shown = parts.get(self.title(self.equations.shown + PRIME) + suffix)
            return np.zeros(self.size, np.bool_) if shown is None else shown > self.on_above()
        lit: NDArray[np.bool_] = np.abs(parts[MEMORY + suffix] - self.rests) > abs(self.holds - self.rests) / 2
        return lit

    def test(self, cell: int, part: str) -> CellTest:
        """The numbers behind one part of one cell."""
        weights = self.weights[part]
        symbols = np.zeros(len(self.alphabet)) if weights.symbols is None else self.rows(weights.symbols)[cell]
        cells = np.zeros((1, self.size)) if weights.cells is None else self.rows(weights.cells)[[cell]]
        return CellTest.of(symbols, cells, self.bias(part)[cell])

    @classmethod
    def memory(cls) -> str:
        """The state that a cell remembers."""
        return next(name for name in cls.equations.state if cls.title(name + PRIME) == MEMORY)

    @classmethod
    def on_above(cls) -> float:
        """A cell is on that shows more."""
        return (cls.active + cls.idle) / 2

    @classmethod
    def title(cls, line: str) -> str:
        """What people call a part: `write filter` for write_filter."""
        return cls.titles.get(line, line.replace("_", " "))

    @classmethod
    def identifiers(cls) -> dict[str, str]:
        """What each name of the equations is called in a program: c' is `memory`, its title, if that is free."""
        lines = [line.name for line in cls.equations.lines]
        found = {name: name for name in (*cls.equations.state, *lines)}
        for name in (line for line in lines if line.endswith(PRIME)):
            title = cls.title(name).replace(" ", "_")
            found[name] = f"new_{name.removesuffix(PRIME)}" if title in found or PRIME in title else title
        return found

    @classmethod
    def sum_title(cls, name: str) -> str:
        """What people call the weights of a sum: `reader` where the readout is that sum and nothing else."""
        return "reader" if name == "readout" and cls.gives_logits() else cls.title(name)

    @classmethod
    def gives_logits(cls) -> bool:
        """Whether the readout is a sum and nothing else, so that softmax makes probabilities of it."""
        return isinstance(cls.equations.of_line("readout").expression, Sum)

    @property
    def layers(self) -> tuple[str, ...]:
        """The sums that read all cells: the reader's, and `output` of a transducer."""
        reads = tuple(name for name in self.weights if name in self.equations.reads)
        return (*reads, "output") if self.outputs else reads

    @property
    def gates(self) -> tuple[str, ...]:
        """The parts that are tests of each cell."""
        return self.equations.tests

    @property
    def by_symbol(self) -> tuple[str, ...]:
        """What `parts` gives for each symbol and not for each cell."""
        return tuple(self.title(line.name) for line in self.equations.of_symbols)

    @cached_property
    def _of_cells(self) -> Any:
        return bound(self.equations.of_cells, Numbers(self.format))

    @cached_property
    def _of_symbols(self) -> Any:
        return bound(self.equations.of_symbols, Numbers(self.format))

    @cached_property
    def _tests(self) -> list[tuple[tuple[str, ...], Array, Any]]:
        """Tests, together those that a whole tensor is of: names, what each symbol adds (S, nH), and matrix (nH, H)."""
        cells = {name: self.weights[name].cells for name in self.equations.tests}
        sharing: dict[str, list[str]] = {}
        for name, rows in sorted(cells.items(), key=lambda item: item[1].block if item[1] else 0):
            sharing.setdefault(rows.tensor if rows else "", []).append(name)
        groups = []
        for tensor, names in sharing.items():
            if tensor and len(names) == self.blocks[tensor]:
                groups.append((tuple(names), self._added(names), self.matrix(tensor)))
            else:
                groups += [((n,), self._added([n]), self.rows(cells[n]) if tensor else None) for n in names]
        return groups

    def _added(self, names: list[str]) -> Array:
        """What each symbol adds to some tests, biases included, (S, nH)."""
        found = []
        for name in names:
            rows = self.weights[name].symbols
            symbols = np.zeros((self.size, len(self.alphabet)), self.format.work) if rows is None else self.rows(rows)
            found.append(symbols.T + self.bias(name))
        return np.ascontiguousarray(np.concatenate(found, axis=1))

    def _layer(self, name: str, shown: Array) -> Array:
        """A linear sum of the reader, (B, S + 1), or of the outputs."""
        return self.format.round(shown @ self.rows(self.weights[name].cells).T + self.bias(name))

    def rows(self, rows: Rows | None) -> Any:
        """Those rows of the tensor, (H, …) or (S + 1, …): dense, or sparse where it is stored so."""
        assert rows is not None, "asked for weights that the sum does not have"
        if rows not in self._taken:
            matrix = self.matrix(rows.tensor)
            height = matrix.shape[0] // self.blocks[rows.tensor]
            self._taken[rows] = matrix[rows.block * height : (rows.block + 1) * height]
        return self._taken[rows]

    def bias(self, name: str) -> Array:
        """The biases of a sum, (H,) or (S + 1,)."""
        if name not in self._biases:
            self._biases[name] = reduce(np.add, (self.rows(each) for each in self.weights[name].biases))
        return self._biases[name]

    @cached_property
    def _taken(self) -> dict[Rows, Any]:
        """The rows that were asked for: who explains a network asks for each cell."""
        return {}

    @cached_property
    def _biases(self) -> dict[str, Array]:
        return {}

    @cached_property
    def blocks(self) -> dict[str, int]:
        """How many blocks of rows each tensor has."""
        found: dict[str, int] = {}
        for of in self.weights.values():
            for rows in of.all():
                found[rows.tensor] = max(found.get(rows.tensor, 0), rows.block + 1)
        return found

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The name and dense shape of every tensor."""
        heights = dict.fromkeys(self.equations.tests, self.size)
        heights |= dict.fromkeys(self.equations.reads, len(self.alphabet) + 1)
        heights |= {"output": len(self.outputs)} if self.outputs else {}
        found: dict[str, tuple[int, ...]] = {}
        for name, of in self.weights.items():
            if name in heights:
                widths = [(of.symbols, (len(self.alphabet),)), (of.cells, (self.size,)), *((b, ()) for b in of.biases)]
                for rows, width in widths:
                    if rows is not None:
                        found[rows.tensor] = (self.blocks[rows.tensor] * heights[name], *width)
        return found

    @property
    def name(self) -> str:
        return self.header.name

    @property
    def alphabet(self) -> tuple[str, ...]:
        return self.header.alphabet

    @property
    def outputs(self) -> tuple[str, ...]:
        return self.header.outputs

    @property
    def format(self) -> NumberFormat:
        return number_format(self.header.dtype)

    @property
    def size(self) -> int:
        """The number of memory cells, H."""
        return len(self.header.cells)

    @property
    def parameters(self) -> int:
        """How many numbers the dense form of the network has."""
        return sum(int(np.prod(shape)) for shape in self.shapes().values())

    @property
    def nonzero(self) -> int:
        """How many of them are not zero."""
        return sum(int(np.count_nonzero(self.tensors[key])) for key in self.tensors if key.split(".")[-1] not in INDEX)

    def tokens(self, string: str | Sequence[str]) -> list[int]:
        """The numbers of the symbols of a string: a list of symbols, or text that is split as `split_string` does.

        Raises InputError for a symbol that the network does not know.
        """
        from lstmc.network.strings import tokens

        return tokens(string, self.alphabet)

    def run(self, string: str | Sequence[str]) -> "Run":
        """What the network says after a string."""
        from lstmc.network.run import run

        return run(self, string)

    def accepts(self, string: str | Sequence[str]) -> bool:
        """Whether the string is one of the grammar's."""
        return self.run(string).accepted

    def trace(self, string: str | Sequence[str]) -> "Trace":
        """Every part of every cell at every step."""
        from lstmc.network.trace import trace

        return trace(self, string)

    def states(self, strings: Iterable[str | Sequence[str]]) -> "States":
        """What the cells carry, every part, and the states of the grammar that are on, at each step of some strings.

        As arrays, (B, T, H) and so on; `.torch()` makes tensors of them.
        """
        from lstmc.network.states import states

        return states(self, strings)

    def decode(self, *state: Array) -> Any:
        """The states of the automaton that are on: decode(h, c) for an LSTM, decode(memory) for a toy.

        Each part is (..., H). A tuple of names for (H,), a list of B of them for (B, H), a list of B lists of T for
        (B, T, H). Raises UsageError for parts of other shapes.
        """
        parts = [np.asarray(part) for part in state]
        shapes = {part.shape for part in parts}
        if len(parts) != len(self.start()) or len(shapes) != 1 or parts[0].shape[-1:] != (self.size,):
            message = f"{len(self.start())} arrays of one shape (..., {self.size}) are a state of '{self.name}'"
            raise UsageError(f"{message}, not {', '.join(str(part.shape) for part in parts) or 'none'}")
        (shape,) = shapes
        on = self.on(tuple(part.reshape(-1, self.size) for part in parts))
        return _nested([self._states_on(row) for row in on], shape[:-1])

    def _states_on(self, on: NDArray[np.bool_]) -> tuple[str, ...]:
        named = (self.header.cells[n].state for n in np.flatnonzero(on))
        return tuple(dict.fromkeys(state for state in named if state))

    def __eq__(self, other: object) -> bool:
        """Two networks are equal when their files are the same bytes."""
        return isinstance(other, Network) and self.digests() == other.digests()

    def __hash__(self) -> int:
        return hash((self.name, self.alphabet, self.size))

    def __getstate__(self) -> dict[str, Any]:
        """For pickle: the numbers, and nothing that is made of them again."""
        return {"header": self.header, "tensors": self.tensors}

    def __repr__(self) -> str:
        options = self.header.options
        made = f"-O{options['level']}, gain {options['gain']}"
        return f"<Network '{self.name}': {self.cell}, {self.size:,} cells, {self.header.dtype}, {made}>"

    def _repr_html_(self) -> str:
        from lstmc.picture.notebook import network_html

        return network_html(self)

    def matrix(self, name: str) -> Any:
        """A tensor as numpy array, or as scipy's sparse rows where it is stored so."""
        if name in self.tensors:
            return self.tensors[name]
        from scipy.sparse import csr_array  # only large networks need it

        data, indices, indptr = (self.tensors[f"{name}.{part}"] for part in PARTS)
        return csr_array((data, indices, indptr), shape=self.shapes()[name])

    def to_bytes(self) -> bytes:
        """The weights file; the same network gives the same bytes."""
        from lstmc.network.weights_file import to_bytes

        return to_bytes(self)

    def digests(self) -> dict[str, str]:
        """What a certificate names the weights by: the digests of the tensors and of the header."""
        from lstmc.network.weights_file import contents

        _, header = contents(self)
        return {"tensors": header["tensors"], "header": header["header"]}

    def save(self, path: str | Path) -> None:
        """Write the weights file whole, or not at all. Raises InputError where that fails."""
        from lstmc.files import write_bytes

        write_bytes(Path(path), self.to_bytes())


def _nested(rows: list[Any], shape: tuple[int, ...]) -> Any:
    """The rows, in lists as the shape has them; the one row of no shape by itself."""
    if not shape:
        return rows[0]
    width = len(rows) // max(1, shape[0])
    return [_nested(rows[n * width : (n + 1) * width], shape[1:]) for n in range(shape[0])]


def known(tokens: Any, symbols: int) -> Tokens:
    """The tokens as an array. Raises UsageError where one is not the number of one of the symbols."""
    numbers = np.asarray(tokens)
    if not np.issubdtype(numbers.dtype, np.integer) or ((numbers < 0) | (numbers >= symbols)).any():
        raise UsageError("a token is not the number of a symbol", f"they go from 0 to {symbols - 1}")
    return numbers


def best_output(network: Network, values: Callable[[], Array], batch: int) -> NDArray[np.int64]:
    """The output whose value is above zero, NONE where there is none; values() is (B, outputs)."""
    if not network.outputs:
        return np.full(batch, NONE)
    found = values()
    return np.where(found.max(axis=1) > 0, found.argmax(axis=1), NONE)


def check_tensors(network: Network) -> None:
    """Raises InputError where a tensor is missing, unknown, or of another shape than the header asks for."""
    if not (network.size and network.alphabet):
        raise InputError("the weights have no cells, or no symbols", AGAIN)
    left = dict(network.tensors)
    for name, shape in network.shapes().items():
        if name in left:
            found = left.pop(name).shape
            if found != shape:
                raise InputError(f"tensor '{name}' has the shape {found}, not {shape}", AGAIN)
        elif {f"{name}.{part}" for part in PARTS} <= left.keys() and len(shape) == 2:
            data, indices, indptr = (left.pop(f"{name}.{part}") for part in PARTS)
            if not fits(data, indices, indptr, (shape[0], shape[1])):
                raise InputError(f"the sparse rows of '{name}' are no matrix of the shape {shape}", AGAIN)
        else:
            raise InputError(f"the weights have no tensor '{name}'", AGAIN)
    if left:
        raise InputError(f"the weights have an unknown tensor '{min(left)}'", AGAIN)


AGAIN = "compile the grammar again"
