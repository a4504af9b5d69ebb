"""Definitions to nets: each rule, each terminal and each pattern is a net, which others call.

    pair: "(" pair? ")"        0 –(→ 1,  1 –pair→ 2,  1 –ε→ 2,  2 –)→ 3

A text is a way of its characters. What is ignored may stand before the first terminal and behind each one. A rule that
begins with itself, as in  sum: sum "+" n | n , is turned into a loop.
"""

from collections.abc import Iterator
from itertools import count

import lstmc
from lstmc.errors import LstmcError
from lstmc.grammar.formats import Limits, Mapping, Outline, Place, Reading, Scalar, Tree, quoted
from lstmc.grammar.formats import Sequence as Items
from lstmc_lark.common_terminals import COMMON
from lstmc_lark.syntax import (
    Choice,
    Definition,
    Definitions,
    Literal,
    Name,
    Parser,
    Part,
    Pattern,
    Range,
    Repeated,
    Sequence,
    is_terminal,
    names,
)

IGNORED = "%ignore"


def read_lark(text: str, limits: Limits, start: str, alphabet: str) -> Reading:
    """The tree of a text: a main net that calls `start`, and the others."""
    outline = Outline(limits)
    found = Parser(text, outline).definitions()
    place = Place(1, 1)
    _import(found, outline)
    if outline.problems:
        return Reading(None, outline.problems)  # what is missing is no use to tell
    if start not in found.rules:
        known = ", ".join(name for name in found.rules if not is_terminal(name)) or "none"
        outline.stop(place, f"there is no rule {quoted(start)}", f"--set start=NAME names another; there are {known}")
    _refuse_unknown(found, outline)
    _refuse_recursive_terminals(found, outline)
    nets = _Nets(found, limits, outline, alphabet)
    for definition in _needed(found, start):
        nets.define(definition)
    outline.state(Scalar("begin", place), start=Scalar("true", place))
    outline.state(Scalar("end", place), accept=Scalar("true", place))
    first = Scalar("begin", place)
    if found.ignored:
        outline.rule(first, first, call=Scalar(IGNORED, place))
    outline.rule(first, Scalar("end", place), call=Scalar(start, found.rules[start].place))
    if nets.symbols:
        outline.say(alphabet=Items([Scalar(symbol, place) for symbol in nets.symbols], place))
    reading = outline.reading(place)
    entries = reading.tree.entries if isinstance(reading.tree, Mapping) else []
    return Reading(Mapping([*entries, (Scalar("nets", place), nets.tree())], place), reading.problems)


def _import(found: Definitions, outline: Outline) -> None:
    """Define what is imported, and what that needs, unless it is defined here."""
    common = Parser(COMMON, outline).definitions().rules
    waiting = list(found.imported.items())
    for own, name in waiting:
        if name.text not in common:
            outline.problem(name.place, "G070", f"Lark has no common terminal {quoted(name.text)}", "define it here")
            continue
        definition = common[name.text]
        if own not in found.rules:
            found.rules[own] = _placed(definition, own, name.place)
        waiting += [
            (each.text, Name(each.text, name.place)) for each in names(definition.part) if each.text not in found.rules
        ]


def _placed(definition: Definition, name: str, place: Place) -> Definition:
    """With everything at one place: where it is imported."""

    def placed(part: Part) -> Part:
        match part:
            case Sequence() | Choice():
                return part._replace(parts=tuple(map(placed, part.parts)))
            case Repeated():
                return part._replace(part=placed(part.part))
            case _:
                return part._replace(place=place)

    return Definition(name, placed(definition.part), place)


def _refuse_unknown(found: Definitions, outline: Outline) -> None:
    for part in (*(definition.part for definition in found.rules.values()), *found.ignored):
        for name in names(part):
            if name.text not in found.rules:
                kind = "terminal" if is_terminal(name.text) else "rule"
                outline.problem(name.place, "G090", f"there is no {kind} {quoted(name.text)}", "define it")
                found.rules[name.text] = Definition(name.text, Literal("?", False, name.place), name.place)


def _refuse_recursive_terminals(found: Definitions, outline: Outline) -> None:
    """A terminal is a regular expression: it uses no rules, and not itself. Raises Unreadable where one does."""
    done: set[str] = set()
    for terminal in (each for each in found.rules.values() if each.terminal):
        way: list[tuple[str, Iterator[Name]]] = [(terminal.name, names(terminal.part))]
        while way:
            name = next(way[-1][1], None)
            if name is None:
                done.add(way.pop()[0])
            elif not is_terminal(name.text):
                outline.stop(name.place, f"the terminal {quoted(way[-1][0])} uses a rule", "make it a rule, too")
            elif name.text in (each for each, _ in way):
                outline.stop(name.place, f"the terminal {quoted(name.text)} uses itself", "make it a rule")
            elif name.text not in done:
                way.append((name.text, names(found.rules[name.text].part)))


def _needed(found: Definitions, start: str) -> list[Definition]:
    """Those that the start and what is ignored need, in the order of the file."""
    waiting = [start, *(name.text for part in found.ignored for name in names(part))]
    needed = set(waiting)
    for name in waiting:
        new = {each.text for each in names(found.rules[name].part)} - needed
        needed |= new
        waiting += sorted(new)
    return [definition for name, definition in found.rules.items() if name in needed]


class _Nets:
    """The nets as they are made, one after the other."""

    def __init__(self, found: Definitions, limits: Limits, outline: Outline, alphabet: str) -> None:
        self._found, self._limits, self._outline, self._alphabet = found, limits, outline, alphabet
        self._nets: dict[str, Tree] = {}
        self.symbols = tuple(lstmc.load_grammar("regex", {"pattern": f"[{alphabet}]"}).alphabet) if alphabet else ()
        if found.ignored:
            place = next(iter(found.rules.values())).place
            self._add(IGNORED, Choice(tuple(found.ignored)), place, in_rule=False)

    def define(self, definition: Definition) -> None:
        part = definition.part if definition.terminal else _without_own_begin(definition.name, definition.part)
        self._add(definition.name, part, definition.place, in_rule=not definition.terminal)

    def tree(self) -> Mapping:
        place = Place(1, 1)
        return Mapping([(Scalar(name, net.place), net) for name, net in self._nets.items()], place)

    def _add(self, name: str, part: Part, place: Place, in_rule: bool) -> None:
        net = _Net(self, place, in_rule and bool(self._found.ignored))
        net.way(part, net.state(start=True), net.state(accept=True))
        self._nets[name] = net.tree()

    def pattern(self, pattern: Pattern) -> str:
        """The net of a regular expression, by its text."""
        name = f"/{pattern.text}/"
        if name not in self._nets:
            self._nets[name] = self._matches(pattern)
        return name

    def _matches(self, pattern: Pattern) -> Tree:
        outline = Outline(self._limits)
        try:
            graph = lstmc.load_grammar("regex", {"pattern": pattern.text, "alphabet": self._alphabet}).graph
        except LstmcError as error:
            message = error.message.removeprefix("regex: ").partition("\n")[0]
            self._outline.problem(pattern.place, "G071", message, error.help or "write it without that")
            graph = lstmc.load_grammar("regex", {"pattern": "x"}).graph
        for state, data in graph.nodes(data=True):
            marks = {key: Scalar("true", pattern.place) for key in ("start", "accept") if data.get(key)}
            outline.state(Scalar(state, pattern.place), **marks)
        for p, q, data in graph.edges(data=True):
            ends = Scalar(p, pattern.place), Scalar(q, pattern.place)
            outline.rule(*ends, symbol=Scalar(data["symbol"], pattern.place, plain=False))
        return _tree(outline, pattern.place)


def _without_own_begin(name: str, part: Part) -> Part:
    """`sum: sum "+" n | n` as `n ("+" n)*`: what begins with the rule itself follows the rest, again and again."""
    ways = part.parts if isinstance(part, Choice) else (part,)
    own = [way for way in ways if isinstance(way, Sequence) and way.parts[:1] and _is(way.parts[0], name)]
    rest = tuple(way for way in ways if way not in own and not _is(way, name))
    if not own or not rest:
        return part
    behind = Choice(tuple(Sequence(way.parts[1:]) for way in own))
    return Sequence((Choice(rest), Repeated(behind, 0, None)))


def _is(part: Part, name: str) -> bool:
    return isinstance(part, Name) and part.text == name


class _Net:
    """One net: `way` draws a part from one state to another."""

    def __init__(self, nets: _Nets, place: Place, ignoring: bool) -> None:
        self._nets, self._place, self._ignoring = nets, place, ignoring
        self._outline = Outline(nets._limits)
        self._numbers = count()

    def tree(self) -> Tree:
        return _tree(self._outline, self._place)

    def state(self, **marks: bool) -> Scalar:
        state = Scalar(str(next(self._numbers)), self._place)
        self._outline.state(state, **{mark: Scalar("true", self._place) for mark in marks})
        return state

    def way(self, part: Part, p: Scalar, q: Scalar) -> None:
        match part:
            case Sequence(()):
                self._silent(p, q)
            case Sequence(parts):
                for each in parts[:-1]:
                    middle = self.state()
                    self.way(each, p, middle)
                    p = middle
                self.way(parts[-1], p, q)
            case Choice(parts):
                for each in parts:
                    self.way(each, p, q)
            case Repeated(inner, least, most):
                self._repeated(inner, least, most, p, q)
            case Name(text, place) if not is_terminal(text):
                self._edge(p, q, place, call=Scalar(text, place))
            case _:
                self._terminal(part, p, self._behind(q))

    def _behind(self, q: Scalar) -> Scalar:
        """Where a terminal leads to: what is ignored may stand between there and q."""
        if not self._ignoring:
            return q
        state = self.state()
        self._edge(state, state, self._place, call=Scalar(IGNORED, self._place))
        self._silent(state, q)
        return state

    def _terminal(self, part: Part, p: Scalar, q: Scalar) -> None:
        match part:
            case Name(text, place):
                self._edge(p, q, place, call=Scalar(text, place))
            case Pattern(_, place):
                self._edge(p, q, place, call=Scalar(self._nets.pattern(part), place))
            case Range(first, last, place):
                self._edge(p, q, place, symbols=Scalar(f"{first}-{last}", place, plain=False))
            case Literal("", _, _):
                self._silent(p, q)
            case Literal(text, folded, place):
                for letter in text[:-1]:
                    middle = self.state()
                    self._read(p, middle, letter, folded, place)
                    p = middle
                self._read(p, q, text[-1], folded, place)

    def _read(self, p: Scalar, q: Scalar, letter: str, folded: bool, place: Place) -> None:
        letters = {letter, letter.lower(), letter.upper()} if folded else {letter}
        for each in sorted(each for each in letters if len(each) == 1):
            self._edge(p, q, place, symbol=Scalar(each, place, plain=False))

    def _repeated(self, part: Part, least: int, most: int | None, p: Scalar, q: Scalar) -> None:
        for _ in range(least):
            middle = self.state()
            self.way(part, p, middle)
            p = middle
        if most is None:
            loop = self.state()
            self._silent(p, loop)
            self.way(part, loop, loop)
            p = loop
        for _ in range(0 if most is None else most - least):
            middle = self.state()
            self.way(part, p, middle)
            self._silent(p, q)
            p = middle
        self._silent(p, q)

    def _silent(self, p: Scalar, q: Scalar) -> None:
        if p.text != q.text:
            self._edge(p, q, self._place, epsilon=Scalar("true", self._place))

    def _edge(self, p: Scalar, q: Scalar, place: Place, **fields: Tree) -> None:
        self._outline.rule(p._replace(place=place), q._replace(place=place), **fields)


def _tree(outline: Outline, place: Place) -> Tree:
    tree = outline.reading(place).tree
    return tree if tree is not None else Mapping([], place)
