"""Mutants of a Python module: the module with one small change each, as one slips into a program.

A statement is deleted, a condition negated or dropped, a comparison, an operation, a constant or an end of an interval
exchanged for its neighbour. What cannot change a result is left alone: annotations, decorators, imports, the texts of
messages. `put` changes the imported module in place, so that everyone who has a name of it sees the mutant.
"""

import ast
import copy
import importlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import Any

MEMORY = 6 << 30  # bytes of address space; a mutant that asks for more fails
LONG = 150  # letters of a line before only the neighbourhood of the change is shown
AROUND = 45


@dataclass(frozen=True)
class Mutant:
    """One change: in which function and line, what stood there and what stands there now; `make` gives the tree.

    lines   of the outermost function around it, first and last; none where it is in no function
    """

    function: str
    line: int
    lines: tuple[int, int] | None
    before: str
    after: str
    make: Callable[[], ast.Module]

    @property
    def key(self) -> str:
        """It names the mutant, wherever in its file the function stands."""
        return f"{self.function}: {self.before} => {self.after}"


def mutants(source: str) -> list[Mutant]:
    """All mutants of a module, in the order of its lines."""
    tree = ast.parse(source)
    return [
        _mutant(tree, spot, new)
        for spot in _spots(tree, "", None)
        for new in _unlike(spot.node, _replacements(spot.node, spot.names))
    ]


@dataclass(frozen=True)
class Spot:
    """A node of the tree, where it hangs, and in which function and statement; `names`: bound there more than once."""

    owner: Any
    field: str
    index: int | None
    node: ast.AST
    function: str
    statement: Any
    names: frozenset[str]
    lines: tuple[int, int] | None

    def put(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.owner, self.field, node)
        else:
            getattr(self.owner, self.field)[self.index] = node


def _mutant(tree: ast.Module, spot: Spot, new: ast.AST) -> Mutant:
    ast.copy_location(new, spot.node)
    ast.fix_missing_locations(new)

    def make() -> ast.Module:
        spot.put(new)
        return tree

    whole = spot.node is spot.statement
    old_lines = ast.unparse(spot.statement).splitlines()
    spot.put(new)
    new_lines = ast.unparse(new if whole else spot.statement).splitlines()
    spot.put(spot.node)
    before, after = _difference(old_lines, new_lines)
    line = getattr(spot.node, "lineno", spot.statement.lineno)
    return Mutant(spot.function or "module", line, spot.lines, before, after, make)


def _difference(old: list[str], new: list[str]) -> tuple[str, str]:
    """The lines that differ; of long ones the neighbourhood of the change."""
    while len(old) > 1 and len(new) > 1 and old[0] == new[0]:
        old, new = old[1:], new[1:]
    while len(old) > 1 and len(new) > 1 and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    before, after = ("; ".join(line.strip() for line in lines) for lines in (old, new))
    if len(before) > LONG and after != "pass":
        start, end = 0, 0
        while before[start : start + 1] == after[start : start + 1]:
            start += 1
        while before[-end - 1] == after[-end - 1] and end < min(len(before), len(after)) - start:
            end += 1
        first = max(start - AROUND, 0)
        before, after = (text[first : len(text) - max(end - AROUND, 0)] for text in (before, after))
    return before[: 2 * LONG], after[: 2 * LONG]


# Where a change may be made

SKIPPED = {"annotation", "returns", "decorator_list"}
MESSAGES = {"report", "demand", "print", "add_argument", "ArgumentParser"}  # their texts change nothing else


def _spots(
    node: ast.AST,
    function: str,
    statement: Any,
    names: frozenset[str] = frozenset(),
    lines: tuple[int, int] | None = None,
) -> Iterator[Spot]:
    for field, value in ast.iter_fields(node):
        if field in SKIPPED:
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST) or _skipped(node, field, index, child):
                continue
            inside, there, bound, around = function, statement, names, lines
            if isinstance(child, (ast.FunctionDef, ast.ClassDef)):
                inside = f"{function}.{child.name}" if function else child.name
            if isinstance(child, ast.FunctionDef):
                bound = _bound_again(child)
                around = lines or (min(n.lineno for n in [child, *child.decorator_list]), child.end_lineno or 0)
            if isinstance(child, ast.stmt):
                there = child
            if there is not None:
                yield Spot(node, field, index, child, inside, there, bound, around)
            yield from _spots(child, inside, there, bound, around)


def _skipped(owner: ast.AST, field: str, index: int | None, node: ast.AST) -> bool:
    if isinstance(node, (ast.Import, ast.ImportFrom, ast.JoinedStr, ast.expr_context, ast.operator, ast.cmpop)):
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):  # a docstring
        return True
    if isinstance(node, ast.keyword) and node.arg == "strict":  # what is zipped is of one length, and strict says so
        return True
    called = _name(owner.func) if isinstance(owner, ast.Call) else ""
    return called in MESSAGES and (bool(index) if field == "args" else field == "keywords")


def _name(node: ast.AST) -> str:
    return getattr(node, "attr", getattr(node, "id", ""))


def _bound_again(function: ast.FunctionDef) -> frozenset[str]:
    """Names that have a value before some assignment to them: without it, the function still runs."""
    args = function.args
    found = [a.arg for a in [*args.posonlyargs, *args.args, *args.kwonlyargs]]
    found += [n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    return frozenset(name for name in found if found.count(name) > 1)


# What is put there

COMPARISONS: dict[type, tuple[type, ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPERATIONS: dict[type, type] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
}
DROPPED = (ast.Add, ast.Sub, ast.Mult, ast.BitAnd, ast.BitOr)  # of these either operand alone is tried, too
NAMES = {"min": "max", "any": "all", "minimum": "maximum", "lo": "hi", "low": "high", "floor": "ceil"}
NAMES |= {other: name for name, other in NAMES.items()}
TRANSPARENT = {"abs", "nextafter", "rint", "ceil", "floor", "sorted", "round"}  # a call of these may be left out


def _replacements(node: Any, names: frozenset[str]) -> Iterator[ast.AST]:
    match node:
        case ast.Expr() | ast.Raise() | ast.Continue() | ast.Break() | ast.AugAssign() | ast.For() | ast.While():
            yield ast.Pass()
        case ast.Assign(targets=targets) if _may_go(targets, names):
            yield ast.Pass()
        case ast.Return(value=value) if getattr(value, "value", value):  # who is given None takes it for False
            yield ast.Return(ast.Constant(None))
        case ast.Compare():
            yield from _comparisons(node)
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
            yield from (_joined(op, values[:n] + values[n + 1 :]) for n in range(len(values)))
        case ast.BinOp(left=left, op=op, right=right):
            if type(op) in OPERATIONS and not _is_text(left):
                yield ast.BinOp(left, OPERATIONS[type(op)](), right)
            if isinstance(op, DROPPED):
                yield from (left, right)
        case ast.UnaryOp(operand=operand):
            yield operand
        case ast.Constant(value=value):
            yield from (ast.Constant(v) for v in _constants(value))
        case ast.Name(id=name) if name in NAMES and isinstance(node.ctx, ast.Load):
            yield ast.Name(NAMES[name], ast.Load())
        case ast.Name(id="INF") | ast.Attribute(attr="inf"):
            yield ast.UnaryOp(ast.USub(), node)
        case ast.Attribute(value=value, attr=name) if name in NAMES and isinstance(node.ctx, ast.Load):
            yield ast.Attribute(value, NAMES[name], ast.Load())
        case ast.Call():
            yield from _calls(node)
        case ast.If(body=body, orelse=orelse):
            yield from (ast.If(ast.Constant(value), body, orelse) for value in (True, False))
        case ast.IfExp(body=body, orelse=orelse):
            yield from (body, orelse)
        case ast.comprehension(target=target, iter=each, ifs=ifs):
            yield from (ast.comprehension(target, each, ifs[:n] + ifs[n + 1 :], 0) for n in range(len(ifs)))
        case ast.Slice(lower=lower, upper=upper):
            yield from _slices(lower, upper)


def _unlike(node: ast.AST, replacements: Iterator[ast.AST]) -> Iterator[ast.AST]:
    """Without those that are written alike, or as the node itself."""
    seen = {ast.dump(node)}
    for new in replacements:
        text = ast.dump(new)
        if text not in seen:
            seen.add(text)
            yield copy.copy(new)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or isinstance(getattr(node, "value", None), str)


def _may_go(targets: list[ast.expr], names: frozenset[str]) -> bool:
    """Whether the function may still run without the assignment."""
    return all(isinstance(t, (ast.Subscript, ast.Attribute)) or _name(t) in names for t in targets)


def _comparisons(node: ast.Compare) -> Iterator[ast.AST]:
    for n, op in enumerate(node.ops):
        for other in COMPARISONS[type(op)]:
            yield ast.Compare(node.left, [*node.ops[:n], other(), *node.ops[n + 1 :]], node.comparators)
    if len(node.ops) > 1:
        yield ast.Compare(node.left, node.ops[:-1], node.comparators[:-1])
        yield ast.Compare(node.comparators[0], node.ops[1:], node.comparators[1:])


def _joined(op: ast.boolop, values: list[ast.expr]) -> ast.expr:
    return values[0] if len(values) == 1 else ast.BoolOp(op, values)


def _constants(value: Any) -> tuple[Any, ...]:
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, int):
        return (value + 1, value - 1) if value else (1,)
    if isinstance(value, float):
        return (value * 2, value / 2) if value else (1.0,)
    return ()


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    name, args = _name(node.func), node.args
    if name not in MESSAGES:
        for n in range(len(node.keywords)):
            if node.keywords[n].arg not in (None, "strict"):
                yield ast.Call(node.func, args, node.keywords[:n] + node.keywords[n + 1 :])
    if name in TRANSPARENT and args:
        yield args[0]
    if name == "where" and len(args) == 3:
        yield from args[1:]
    if name == "where" and len(args) == 2 and isinstance(node.func, ast.Attribute):
        yield from (node.func.value, args[1])


def _slices(lower: ast.expr | None, upper: ast.expr | None) -> Iterator[ast.AST]:
    def moved(end: ast.expr, by: int) -> ast.expr:
        return ast.BinOp(end, ast.Add() if by > 0 else ast.Sub(), ast.Constant(1))

    for by in (1, -1):
        if lower is not None and not isinstance(lower, ast.Constant):
            yield ast.Slice(moved(lower, by), upper)
        if upper is not None and not isinstance(upper, ast.Constant):
            yield ast.Slice(lower, moved(upper, by))


# The mutant in place of the module


def put(path: Path, mutant: Mutant) -> None:
    """Make the imported module the mutant; for a process that ends soon."""
    module = imported(path)
    before, tree = dict(vars(module)), mutant.make()
    if mutant.lines:  # the rest of the module does not change
        changed = [each for each in tree.body if each.lineno <= mutant.line <= (each.end_lineno or 0)]
        tree = ast.Module(changed, [])
    exec(compile(tree, str(path), "exec"), vars(module))
    for name, old in before.items():
        new = vars(module).get(name)
        if new is old or name.startswith("__"):
            continue
        if _graft(old, new, module.__name__):
            vars(module)[name] = old
        else:
            for other in [m for m in sys.modules.values() if getattr(m, "__dict__", {}).get(name) is old]:
                setattr(other, name, new)


def imported(path: Path) -> Any:
    """The module of a file in a folder that Python imports from."""
    root = max((Path(p) for p in sys.path if p and path.is_relative_to(p)), key=lambda p: len(p.parts))
    return importlib.import_module(".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"))


def _graft(old: Any, new: Any, module: str) -> bool:
    """Make the old object do what the new one does, since others hold it; whether that could be done."""
    old, new = (getattr(each, "__wrapped__", each) for each in (old, new))
    if isinstance(old, FunctionType) and isinstance(new, FunctionType) and old.__module__ == module:
        if old.__code__.co_freevars != new.__code__.co_freevars or set(new.__code__.co_freevars) - {"__class__"}:
            return False
        old.__code__, old.__defaults__, old.__kwdefaults__ = new.__code__, new.__defaults__, new.__kwdefaults__
        return True
    if isinstance(old, type) and isinstance(new, type) and old.__module__ == module:
        for name, value in vars(new).items():
            if name not in ("__dict__", "__weakref__") and not _graft(vars(old).get(name), value, module):
                setattr(old, name, value)
        return True
    if isinstance(old, dict) and isinstance(new, dict):
        fresh = dict(new)
        old.clear()
        old.update(fresh)
        return True
    return False
