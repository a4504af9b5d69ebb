"""From AT&T text to a grammar.

0  1  a  x  0.5     from state 0, where the file begins, to 1: reads a, puts out x, with the probability e^-0.5
1  2  <eps>  <eps>  from 1 to 2, without reading: an ε-move
1  0.25             strings may end in 1, with the probability e^-0.25
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from lstmc.grammar.excerpt import quoted
from lstmc.grammar.formats import Limits, Outline, Place, Reading, Scalar, Sequence, Tree, Unread
from lstmc_att.rows import Column, Row, rows
from lstmc_att.symbols import ANY, CLEAR, FLAG, Table, is_nothing, text_of
from lstmc_att.weights import ROUNDED, is_infinite, probability, shares, weight

NO_WEIGHTS = "where weights are no probabilities, add `--set weights=none`"


@dataclass(frozen=True)
class Options:
    """What the parameters of the format say."""

    kind: str
    weights: str
    symbols: Table | None
    outputs: Table | None


@dataclass
class _State:
    """What leads on from a state, in the order of the file. `end`: the row that says whether strings may end here."""

    ways: list[Row] = field(default_factory=list)
    end: Row | None = None

    def accepts(self) -> bool:
        return self.end is not None and not (self.end.weight and is_infinite(self.end.weight.text))

    def rows(self) -> list[Row]:
        return [*self.ways, *([self.end] if self.end and self.accepts() else [])]


def read_att(text: str, limits: Limits, options: Options) -> Reading:
    """The tree of a text. Raises Unreadable, LimitError."""
    outline = Outline(limits)
    kind = "transducer" if options.kind == "auto" and options.outputs is not options.symbols else options.kind
    found = rows(text, kind, outline, limits)
    _Reader(options, outline).tell(found)
    return outline.reading()


class _Reader:
    def __init__(self, options: Options, outline: Outline) -> None:
        self._options = options
        self._outline = outline
        self._by_name: set[str] = set()  # the tables whose names, not numbers, stand in the columns

    def tell(self, found: list[Row]) -> None:
        """Every state, in the order in which the file says what leads on from it, and every rule."""
        if self._options.symbols is not None:
            names: list[Tree] = [Scalar(name, Place(1, 1)) for name in self._options.symbols.names.values()]
            self._outline.say(alphabet=Sequence(names, Place(1, 1)))
        if not self._puts_out(found):
            found = [row._replace(output=None) for row in found]
        self._note_names(found)
        states = self._states(found)
        numbers = self._probabilities(states)
        self._refuse_silent_weights(states, numbers)
        first: dict[str, Column] = {}
        for row in found:
            first.setdefault(row.source.text, row.source)
        for row in found:
            if row.target is not None:
                first.setdefault(row.target.text, row.target)
        self._note_start(first)
        self._note_endless(found, states)
        for number, (id, column) in enumerate(first.items()):
            self._state(column, states.get(id, _State()), numbers, starts=number == 0)
        for row in found:
            if row.target is not None and row.symbol is not None:
                self._rule(row, row.target, row.symbol, numbers.get(id_of(row)))

    def _states(self, found: list[Row]) -> dict[str, _State]:
        states: dict[str, _State] = defaultdict(_State)
        for row in found:
            state = states[row.source.text]
            if row.target is not None:
                state.ways.append(row)
            elif state.end is None:
                state.end = row
            else:
                before = state.end.source.place.line
                message = f"strings end in state {quoted(text_of(row.source.text))} twice, first in line {before}"
                self._outline.problem(row.source.place, "G070", message, "take one of the two out")
        return states

    def _puts_out(self, found: list[Row]) -> bool:
        """Whether it is a transducer: unless told so, one that puts out what it reads is an acceptor."""
        ways = [row for row in found if row.target is not None]
        if self._options.kind != "auto" or self._options.outputs is not self._options.symbols:
            return True
        return any(row.symbol and row.output and _differ(row.symbol.text, row.output.text) for row in ways)

    def _note_start(self, states: dict[str, Column]) -> None:
        """Where the start is 0 to HFST and foma, and another state, the first, to OpenFst."""
        start = next(iter(states.values()), None)
        if start is not None and start.text != "0" and "0" in states:
            message = f"strings start in {quoted(text_of(start.text))}, with which the file begins, as in OpenFst"
            help = "HFST and foma start in state 0; if that is meant, put a line of state 0 first"
            self._outline.problem(start.place, "G073", message, help)

    def _note_endless(self, found: list[Row], states: dict[str, _State]) -> None:
        if found and not any(state.accepts() for state in states.values()):
            message = "no state is final: strings never end; to OpenFst, HFST and foma nothing is accepted"
            help = "add a line with a state in which strings may end, if they do"
            self._outline.problem(found[-1].source.place, "G073", message, help)

    def _note_names(self, found: list[Row]) -> None:
        """Where a text is nothing, by its name, that HFST and foma take for a symbol; and where a table has two."""
        for table, columns in (
            (self._options.symbols, [row.symbol for row in found if row.symbol]),
            (self._options.outputs, [row.output for row in found if row.output]),
        ):
            if table is None:
                self._note_nothing(columns)
            else:
                self._choose_names(table, columns)

    def _note_nothing(self, columns: list[Column]) -> None:
        first: dict[str, Column] = {}
        for column in columns:
            if is_nothing(column.text) and column.text not in CLEAR:
                first.setdefault(column.text, column)
        for column in first.values():
            message = f"{quoted(column.text)} is taken for nothing, ε; to HFST and foma it is a symbol like any other"
            help = "if it is a symbol, name ε in a symbol table, `@0@ 0`, and give that: `--set symbols=FILE`"
            self._outline.problem(column.place, "G073", message, help)

    def _choose_names(self, table: Table, columns: list[Column]) -> None:
        """Whether columns hold the names of the table, as `fstcompile` wants them, or its numbers."""
        by_name = [column for column in columns if text_of(column.text) in table.numbers]
        if not by_name:
            return
        self._by_name.add(table.file)
        other = [column for column in by_name if _number(column) not in (-1, table.numbers[text_of(column.text)])]
        if other and all(_number(column) in table.names or _number(column) == 0 for column in columns):
            message = f"{quoted(other[0].text)} is taken for the symbol of that name, though it is a number of another"
            help = f"rename the symbols in {table.file} that are numbers"
            self._outline.problem(other[0].place, "G073", message, help)

    def _state(self, column: Column, state: _State, numbers: dict[int, Scalar], starts: bool) -> None:
        fields: dict[str, Tree] = {"start": Scalar("true", column.place)} if starts else {}
        if state.end is not None and state.accepts():
            fields["accept"] = Scalar("true", state.end.source.place)
            if id_of(state.end) in numbers:
                fields["end"] = numbers[id_of(state.end)]
        self._outline.state(_scalar(column), **fields)

    def _rule(self, row: Row, target: Column, symbol: Column, number: Scalar | None) -> None:
        puts_out = row.output is not None and not self._is_nothing(row.output, self._options.outputs)
        if self._is_nothing(symbol, self._options.symbols):
            self._silent(row, target, symbol, puts_out)
            return
        fields: dict[str, Tree] = {"symbol": self._symbol(symbol)}
        if number is not None:
            fields["probability"] = number
        if row.output is not None and puts_out:
            fields["output"] = self._output(row.output)
        self._outline.rule(_scalar(row.source), _scalar(target), **fields)

    def _silent(self, row: Row, target: Column, symbol: Column, puts_out: bool) -> None:
        """An ε-move, which has no output."""
        if puts_out:
            message = f"a move that reads nothing, {quoted(symbol.text)}, has an output"
            help = "what only puts out is no rule: put it out with a symbol before or behind"
            self._outline.problem(symbol.place, "G071", message, help)
            self._outline.refused(symbol.place)
        else:
            self._outline.rule(_scalar(row.source), _scalar(target), epsilon=Scalar("true", symbol.place))

    def _symbol(self, column: Column) -> Tree:
        text = quoted(column.text)
        if column.text in ANY:
            message = f"{text}, which stands for any symbol"
            help = "write a line for each symbol that is meant"
        elif FLAG.fullmatch(column.text):
            message = f"the flag diacritic {text}, a memory beside the states"
            help = "resolve flags first: `eliminate flags` in foma, `hfst-eliminate-flags`"
        else:
            return self._named(column, self._options.symbols)
        self._outline.problem(column.place, "G071", message, help)
        return Unread(column.place)

    def _output(self, column: Column) -> Tree:
        if column.text not in ANY:
            return self._named(column, self._options.outputs)
        message = f"the output {quoted(column.text)}, which stands for any symbol"
        self._outline.problem(column.place, "G071", message, "write a line for each output that is meant")
        return Unread(column.place)

    def _is_nothing(self, column: Column, table: Table | None) -> bool:
        if table is None:
            return is_nothing(column.text)
        if table.file in self._by_name:
            return table.numbers.get(text_of(column.text)) == 0
        return _number(column) == 0

    def _named(self, column: Column, table: Table | None) -> Tree:
        """The text of a symbol or an output, which a table may hold."""
        if table is None:
            return _scalar(column)
        if table.file in self._by_name:
            if text_of(column.text) in table.numbers:
                return _scalar(column)
            message = f"{quoted(column.text)} is not in the symbol table {table.file}"
        elif _number(column) in table.names:
            return Scalar(table.names[_number(column)], column.place)
        else:
            message = f"{quoted(column.text)} is no number with a name in {table.file}"
        self._outline.problem(column.place, "G010", message, "add it to the symbol table, or leave the table out")
        return Unread(column.place)

    def _probabilities(self, states: dict[str, _State]) -> dict[int, Scalar]:
        """The probability of each row that has one."""
        if self._options.weights == "none":
            return {}
        all_rows = [row for state in states.values() for row in state.rows()]
        if self._options.weights == "log" and not any(row.weight and weight(row.weight.text) for row in all_rows):
            return {}  # no weight, or each is 0, as HFST prints them where there are none
        found: dict[int, Scalar] = {}
        for state in states.values():
            moves = state.rows()
            if len(moves) > 1 or any(row.weight for row in moves):
                found |= self._logarithms(moves) if self._options.weights == "log" else dict(_plain(moves))
        return found

    def _refuse_silent_weights(self, states: dict[str, _State], numbers: dict[int, Scalar]) -> None:
        """An ε-move has no probability; where one has, nothing more is said of those of its state."""
        for state in states.values():
            silent = [
                row.symbol for row in state.ways if row.symbol and id_of(row) in numbers and self._reads_nothing(row)
            ]
            for symbol in silent:
                message = f"a move that reads nothing, {quoted(symbol.text)}, has a weight"
                help = f"remove such moves with `fstrmepsilon`; {NO_WEIGHTS}"
                self._outline.problem(symbol.place, "G071", message, help)
            for row in state.rows() if silent else ():
                numbers.pop(id_of(row), None)

    def _reads_nothing(self, row: Row) -> bool:
        return row.symbol is not None and self._is_nothing(row.symbol, self._options.symbols)

    def _logarithms(self, moves: list[Row]) -> dict[int, Scalar]:
        """The probabilities of a state; a weight that is not there is 0, and its probability is 1."""
        columns = [row.weight or row.source for row in moves]
        given = [weight(row.weight.text) if row.weight else Decimal(0) for row in moves]
        numbers = [probability(each) for each in given]
        wrong = [pair for pair in zip(columns, numbers, strict=True) if not pair[1] or pair[1] > 1 + ROUNDED]
        for column, number in wrong:
            message = f"the weight {quoted(column.text)} is below 0: e^-weight, the probability, is above 1"
            help = f"write 0 or more; {NO_WEIGHTS}"
            if not number:
                message = f"the weight {quoted(column.text)} is too large: e^-weight, the probability, is 0 as a double"
                help = f"leave out what never happens; {NO_WEIGHTS}"
            self._outline.problem(column.place, "G025", message, help)
        divided = None if wrong else shares(numbers)
        if divided is None and not wrong:
            total = f"{sum(numbers):.12g}"
            message = f"the probabilities of state {quoted(text_of(moves[0].source.text))} sum to {total}, not to 1"
            help = "the sum of e^-weight over its moves and its end must be 1; " + NO_WEIGHTS
            self._outline.problem(columns[0].place, "G021", message, help)
        pairs = zip(moves, columns, divided or [], strict=False)
        return {id_of(row): Scalar(repr(number), column.place) for row, column, number in pairs}


def _plain(moves: list[Row]) -> Iterator[tuple[int, Scalar]]:
    """Weights that are probabilities; one that is not there is 1."""
    for row in moves:
        yield id_of(row), Scalar(row.weight.text, row.weight.place) if row.weight else Scalar("1", row.source.place)


def _number(column: Column) -> int:
    """The number in a column; -1 where there is none."""
    return int(column.text) if column.text.isascii() and column.text.isdigit() and len(column.text) < 19 else -1


def _differ(symbol: str, output: str) -> bool:
    return symbol != output and not (is_nothing(symbol) and is_nothing(output))


def id_of(row: Row) -> int:
    """The line of a row, of which there is one in each."""
    return row.source.place.line


def _scalar(column: Column) -> Scalar:
    return Scalar(text_of(column.text), column.place)
