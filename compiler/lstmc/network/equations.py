"""A cell type is its equations: lines of a small language, which every stage reads in a domain of its own.

    eraser = sigmoid(test(x, h))            a test: a linear sum over the symbol x and what all cells show, h
    peephole = test()                       a number of each cell: the bias of a test that reads nothing
    c' = eraser * c + writer                c is what the cell carries, c' what it carries after the step
    readout = read(h')                      a linear sum for each symbol over what the cells then show

A line may use names of lines above it, `+`, `-`, `*` and `/`, numbers, and the functions of `FUNCTIONS`. The order in
which a line stands is the order in which it is rounded.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol, TypeVar

from lstmc.errors import InputError

FUNCTIONS = {"sigmoid": 1, "tanh": 1, "relu": 1, "exp": 1, "logsigmoid": 1, "max": 2}  # and how many arguments each has
SYMBOL = "x"  # what a test calls the symbol that is read
LONGEST = 10_000  # characters
LARGEST = 1e6  # that a number may be
RESERVED = (SYMBOL, "test", "read", *FUNCTIONS)
PRIME, STAND_IN = "'", "ʹ"  # Python's parser takes the second one for a letter
OPERATIONS: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
}


@dataclass(frozen=True)
class Name:
    """A part, or what the cell carries."""

    name: str


@dataclass(frozen=True)
class Number:
    """A constant."""

    value: float


@dataclass(frozen=True)
class Sum:
    """A linear sum with weights of its own, and a bias: of each cell (`test`), or of each symbol (`read`)."""

    kind: str
    of: tuple[str, ...]


@dataclass(frozen=True)
class Apply:
    """A function or an operation (`add`, `subtract`, `multiply`, `divide`)."""

    function: str
    arguments: "tuple[Expression, ...]"


Expression = Name | Number | Sum | Apply


@dataclass(frozen=True)
class Line:
    """One equation. sum: its linear sum, of which there is one at most; by_symbol: whether it is one of the reader."""

    name: str
    expression: Expression
    sum: Sum | None
    by_symbol: bool
    place: "_Place" = field(compare=False, repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The parts and states that it names outside its sum, each once."""
        return tuple(dict.fromkeys(part.name for part in parts_of(self.expression) if isinstance(part, Name)))

    @property
    def reads_nothing(self) -> bool:
        """Whether it is a number of each cell, which no step changes."""
        return self.expression == self.sum == Sum("test", ())

    @property
    def functions(self) -> set[str]:
        """The functions and operations that it calls."""
        return {part.function for part in parts_of(self.expression) if isinstance(part, Apply)}


T = TypeVar("T")
Made = TypeVar("Made", covariant=True)


class Domain(Protocol[Made]):
    """What expressions are made of: numbers, intervals, texts."""

    def number(self, value: float) -> Made: ...

    def function(self, name: str) -> Callable[..., Made]: ...


@dataclass(frozen=True)
class Equations:
    """The equations of a cell type.

    state       what a cell carries from step to step, all zero at first; what it shows to others is the first of them
    text        a line for each equation
    threshold   what may come next has a readout above it

    Raises InputError where a line is no equation: a name that is not known there, a part that nothing uses, and so on.
    """

    state: tuple[str, ...]
    text: str
    threshold: float = 0.0

    def __post_init__(self) -> None:
        _check(self)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """In the order of the text; those of the reader are the last."""
        return tuple(_lines(self))

    @cached_property
    def of_cells(self) -> tuple[Line, ...]:
        """One step of each cell."""
        return tuple(line for line in self.lines if not line.by_symbol)

    @cached_property
    def of_symbols(self) -> tuple[Line, ...]:
        """The reader: what is read of the cells, for each symbol and the end."""
        return tuple(line for line in self.lines if line.by_symbol)

    @cached_property
    def tests(self) -> tuple[str, ...]:
        """The lines of the cells that have a test."""
        return tuple(line.name for line in self.of_cells if line.sum is not None)

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """The lines of the reader that read the cells."""
        return tuple(line.name for line in self.of_symbols if line.sum is not None)

    @property
    def shown(self) -> str:
        """The state that a cell shows to the tests of others, and to the reader."""
        return self.state[0]

    @property
    def output(self) -> Line:
        """What a transducer says: a sum over what the cells show, for each output."""
        sum = Sum("read", (self.shown + PRIME,))
        return Line("output", sum, sum, True, _Place(0, ""))

    def of_line(self, name: str) -> Line:
        """The line of that name."""
        return next(line for line in self.lines if line.name == name)


Bound = Callable[[Mapping[str, T], T | None], T]  # an expression in a domain: of names, and the line's sum


def bound(lines: tuple[Line, ...], domain: Domain[T]) -> list[tuple[str, Bound[T]]]:
    """The lines in a domain, for who runs them often."""
    return [(line.name, in_domain(line.expression, domain)) for line in lines]


def run(lines: list[tuple[str, Bound[T]]], values: dict[str, T], sums: Mapping[str, T]) -> dict[str, T]:
    """What each line is; `values` gets them, too."""
    found = {}
    for name, line in lines:
        values[name] = found[name] = line(values, sums.get(name))
    return found


def in_domain(expression: Expression, domain: Domain[T]) -> Bound[T]:
    """What an expression is in a domain."""
    match expression:
        case Name(name):
            return lambda values, _: values[name]
        case Number(number):
            constant = domain.number(number)
            return lambda *_: constant
        case Apply(function, arguments):
            apply, first, *others = domain.function(function), *(in_domain(each, domain) for each in arguments)
            if not others:
                return lambda values, sum: apply(first(values, sum))
            (second,) = others
            return lambda values, sum: apply(first(values, sum), second(values, sum))
    return _the_sum


def _the_sum(_: Mapping[str, T], sum: T | None) -> T:
    assert sum is not None, "a line with a sum is evaluated with one"
    return sum


def _lines(equations: Equations) -> Iterator[Line]:
    if len(equations.text) > LONGEST:
        raise InputError(f"equations of more than {LONGEST:,} characters", "no cell needs so many")
    if not equations.state:
        raise InputError("equations: a cell carries nothing", "name what it carries from step to step")
    known, of_reader, shown = set(equations.state), set[str](), equations.shown
    for number, text in enumerate(equations.text.splitlines(), start=1):
        if not text.strip():
            continue
        place = _Place(number, text)
        target, expression = place.parse()
        parts = list(parts_of(expression))
        sums = [part for part in parts if isinstance(part, Sum)]
        read = {name for part in parts for name in _read_by(part)}
        by_symbol = any(each.kind == "read" for each in sums) or not of_reader.isdisjoint(read)
        for each in sums:
            place.refuse_sum(each, shown)
        for name in sorted(read - known):
            raise place.refused(f"'{name}' is not known here", f"known here are {', '.join(sorted(known))}", name)
        if target in RESERVED:
            raise place.refused(f"nothing may be called '{target}'", "give it another name")
        if target in known:
            raise place.refused(f"'{target}' stands on the left a second time", "give each part a name of its own")
        if len(sums) > 1:
            raise place.refused("a line with two sums", "give each of them a line")
        if target.endswith(PRIME) and target[:-1] not in equations.state:
            raise place.refused(f"'{target}' is no state", f"the states are {', '.join(equations.state)}")
        if by_symbol and (target.endswith(PRIME) or not {n for n in read if n != shown + PRIME} <= of_reader):
            raise place.refused(
                f"'{target}' is of cells and of symbols", "a reader's line reads cells by read(...) only"
            )
        known.add(target)
        of_reader |= {target} if by_symbol else set()
        yield Line(target, expression, sums[0] if sums else None, by_symbol, place)


def _read_by(expression: Expression) -> tuple[str, ...]:
    """What must be known for it."""
    if isinstance(expression, Sum):
        return tuple(name for name in expression.of if name != SYMBOL)
    return (expression.name,) if isinstance(expression, Name) else ()


def parts_of(expression: Expression) -> Iterator[Expression]:
    """The expression and all within it."""
    yield expression
    for argument in expression.arguments if isinstance(expression, Apply) else ():
        yield from parts_of(argument)


def _check(equations: Equations) -> None:
    """What can be told only of all lines together."""
    names = [line.name for line in equations.lines]
    for needed in (*(name + PRIME for name in equations.state), "readout"):
        if needed not in names:
            raise InputError(f"equations: there is no line for {needed}", f"say what it is: {needed} = ...")
    used = {name for line in equations.lines for part in parts_of(line.expression) for name in _read_by(part)}
    for line in equations.lines:
        if line.name not in used and line.name != "readout" and not line.name.endswith(PRIME):
            raise line.place.refused(f"nothing uses '{line.name}'", "use it, or take it out")


@dataclass(frozen=True)
class _Place:
    """A line of the text, for errors with their place."""

    number: int
    text: str

    def refused(self, what: str, help: str, name: str = "") -> InputError:
        column = max(0, self.text.find(name)) + 1 if name else len(self.text) - len(self.text.lstrip()) + 1
        return InputError(f"equations, line {self.number}, column {column}: {what}", help)

    def refuse_sum(self, sum: Sum, shown: str) -> None:
        """A test is one of the symbol and of what cells show, and a reader's one of what they show after the step."""
        allowed = {SYMBOL, shown} if sum.kind == "test" else {shown + PRIME}
        if not set(sum.of) <= allowed or len(set(sum.of)) < len(sum.of):
            help = f"sums are over what cells show, the first state: test({SYMBOL}, {shown}), read({shown}{PRIME})"
            raise self.refused(f"{sum.kind}({', '.join(sum.of)}) is no sum", help, f"{sum.kind}(")

    def parse(self) -> tuple[str, Expression]:
        if not self.text.isascii() or "#" in self.text:
            raise self.refused("letters beyond ASCII, or a comment", "write name = expression, and nothing else")
        try:
            tree = ast.parse(self.text.strip().replace(PRIME, STAND_IN)).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            tree = []
        match tree:
            case [ast.Assign(targets=[ast.Name(id=name)], value=value)]:
                return name.replace(STAND_IN, PRIME), self.expression(value)
        raise self.refused("no equation", "write name = expression")

    def expression(self, node: ast.expr) -> Expression:
        match node:
            case ast.Name(id=name):
                return Name(name.replace(STAND_IN, PRIME))
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool) and value < LARGEST:
                return Number(float(value))
            case ast.BinOp(op=operation, left=left, right=right) if type(operation) in OPERATIONS:
                return Apply(OPERATIONS[type(operation)], (self.expression(left), self.expression(right)))
            case ast.Call(func=ast.Name(id="test" | "read" as kind), args=arguments, keywords=[]) if (
                arguments or kind == "test"
            ):
                return Sum(kind, tuple(self.source(argument) for argument in arguments))
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if FUNCTIONS.get(name) == len(arguments):
                return Apply(name, tuple(self.expression(argument) for argument in arguments))
        known = ", ".join(f"{name}({', '.join('ab'[:count])})" for name, count in FUNCTIONS.items())
        shown = ast.unparse(node).replace(STAND_IN, PRIME)
        raise self.refused(f"'{shown}' is nothing that equations know", f"they know + - * /, numbers, {known}", shown)

    def source(self, node: ast.expr) -> str:
        expression = self.expression(node)
        if not isinstance(expression, Name):
            raise self.refused("a sum over something that has no name", "give it a line of its own")
        return expression.name
