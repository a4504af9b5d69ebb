"""From a Timbuk file to a grammar. A word is a tree of symbols with one subtree each, read from its leaf up.

Ops x:0 a:1 b:1             the leaf x, where every word begins, and the symbols
Automaton A
States q0 q1
Final States q1
Transitions
x -> q0                     strings may start in q0
a(q0) -> q1                 a rule
q1 -> q0                    an ε-move
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lstmc.grammar.formats import Limits, Lines, Outline, Place, Reading, Scalar, Sequence, quoted

KEYWORDS = ("Ops", "Automaton", "States", "Final", "Transitions")
OTHERS = ("Vars", "TRS", "Equations", "Set", "Grammar", "Description", "Prior", "Rules", "Import", "Approximation")
NAME = r"(?:(?!->)[^\s():,])+"
_TOKEN = re.compile(rf"{NAME}|->|[():,]")
_SHAPE = "a file is: Ops x:0 a:1  Automaton A  States q0 q1  Final States q1  Transitions  x -> q0  a(q0) -> q1"


class Token(NamedTuple):
    text: str
    place: Place


@dataclass
class _Automaton:
    arities: dict[str, int] = field(default_factory=dict)
    symbols: list[Token] = field(default_factory=list)  # those with an arity of 1
    states: list[Token] = field(default_factory=list)
    final: list[Token] = field(default_factory=list)


def read_timbuk(text: str, limits: Limits) -> Reading:
    """The tree of a text. Raises Unreadable, LimitError."""
    return _Reader(text, limits).read()


class _Reader:
    def __init__(self, text: str, limits: Limits) -> None:
        self._outline = Outline(limits)
        self._limits = limits
        lines = Lines(text)
        tokens = (Token(each[0], lines.place(each.start(), len(each[0]))) for each in _TOKEN.finditer(text))
        self._tokens = iter(tokens)
        self._end = Token("the end of the file", lines.place(max(0, len(text.rstrip()) - 1)))
        self._ahead: list[Token] = []
        self._found = _Automaton()
        self._listed: set[str] = set()
        self._constants: dict[str, Token] = {}
        self._starts: dict[str, Place] = {}
        self._moves: list[tuple[Token, Token | None, Token]] = []  # without a symbol: an ε-move

    def read(self) -> Reading:
        found = self._found
        self._expect("Ops")
        self._operations()
        self._expect("Automaton")
        if not self._is_at("States"):
            self._next()  # its name: that of a grammar is that of its file
        self._expect("States")
        found.states += self._names()
        self._listed = {state.text for state in found.states}
        self._expect("Final")
        self._expect("States")
        found.final += self._names()
        self._expect("Transitions")
        while not self._is_at(self._end.text):
            self._transition()
            self._limits.refuse_more("edges", len(self._moves))
        self._tell()
        return self._outline.reading()

    def _operations(self) -> None:
        while not self._is_at(*KEYWORDS, *OTHERS, self._end.text):
            name = self._name()
            self._expect(":")
            arity = self._next()
            if not (arity.text.isascii() and arity.text.isdigit() and len(arity.text) < 10):
                self._outline.stop(arity.place, f"{quoted(arity.text)} is no arity", "write a number: a:1")
            if name.text in self._found.arities:
                message = f"{quoted(name.text)} stands twice among the symbols"
                self._outline.problem(name.place, "G013", message, "take one of the two out")
            elif int(arity.text) == 1:
                self._found.symbols.append(name)
            self._found.arities.setdefault(name.text, int(arity.text))

    def _names(self) -> Iterator[Token]:
        while not self._is_at(*KEYWORDS, *OTHERS, self._end.text):
            yield self._name()
            if self._is_at(":"):  # VATA writes an arity, 0, behind states too
                self._next()
                self._next()

    def _transition(self) -> None:
        if self._is_at(*OTHERS, *KEYWORDS):
            token = self._next()
            what = "a second automaton" if token.text == "Automaton" else f"a section {quoted(token.text)}"
            self._outline.stop(token.place, what, "a file holds one grammar: take the rest out", "G071")
        label = self._name()
        below: list[Token] = []
        has_brackets = self._is_at("(")
        if has_brackets:
            self._next()
            while not self._is_at(")", self._end.text):
                if below:
                    self._expect(",")
                below.append(self._name())
            self._expect(")")
        self._expect("->")
        self._rule(label, below, has_brackets, self._name())

    def _rule(self, label: Token, below: list[Token], has_brackets: bool, target: Token) -> None:
        arity = self._found.arities.get(label.text)
        if len(below) > 1:
            message = f"{quoted(label.text)} has {len(below)} subtrees, and a word has one: this is a tree automaton"
            self._outline.refused(label.place)
            self._outline.problem(label.place, "G071", message, "word automata alone are finite-state graphs")
        elif arity is not None and arity != len(below):
            message = f"{quoted(label.text)} has the arity {arity}, and stands here with {len(below)}"
            self._outline.refused(label.place)
            self._outline.problem(label.place, "G070", message, "correct the arity in Ops, or the transition")
        elif below:
            self._moves.append((below[0], label, target))
        elif arity == 0:
            self._constants.setdefault(label.text, label)
            self._starts.setdefault(target.text, target.place)
        elif not has_brackets and label.text in self._listed:
            self._moves.append((label, None, target))
        else:
            message = f"{quoted(label.text)} is neither a symbol nor a state"
            self._outline.refused(label.place)
            self._outline.problem(label.place, "G010", message, "add it to Ops with the arity 0, or to States")

    def _tell(self) -> None:
        """Every state, those that are listed first, and every rule."""
        found, outline = self._found, self._outline
        outline.say(alphabet=Sequence([_scalar(symbol) for symbol in found.symbols], Place(1, 1)))
        if len(self._constants) > 1:
            second = list(self._constants.values())[1]
            message = f"words begin with {' or '.join(map(quoted, self._constants))}: a word has one leaf"
            outline.problem(second.place, "G071", message, "begin all words with one, and read the other as a symbol")
        if not found.final:
            help = "name one that is: Final States q1"
            outline.stop(Place(1, 1), "no state is final: the automaton accepts nothing", help, "G040")
        final = {state.text: state.place for state in found.final}
        states = dict(found.states)
        for source, _, target in self._moves:
            states.setdefault(source.text, source.place)
            states.setdefault(target.text, target.place)
        for state, place in [*self._starts.items(), *final.items()]:
            states.setdefault(state, place)
        for state, place in states.items():
            marks = {"start": self._starts.get(state), "accept": final.get(state)}
            fields = {name: Scalar("true", where) for name, where in marks.items() if where is not None}
            outline.state(Scalar(state, place), **fields)
        for source, symbol, target in self._moves:
            if symbol is None:
                outline.rule(_scalar(source), _scalar(target), epsilon=Scalar("true", source.place))
            else:
                outline.rule(_scalar(source), _scalar(target), symbol=_scalar(symbol))

    def _next(self) -> Token:
        return self._ahead.pop() if self._ahead else next(self._tokens, self._end)

    def _is_at(self, *texts: str) -> bool:
        token = self._next()
        self._ahead.append(token)
        return token.text in texts

    def _expect(self, text: str) -> None:
        token = self._next()
        if token.text != text:
            self._outline.stop(token.place, f"{quoted(text)} is expected, not {quoted(token.text)}", _SHAPE)

    def _name(self) -> Token:
        token = self._next()
        if token is self._end or token.text in ("->", "(", ")", ":", ","):
            self._outline.stop(token.place, f"a name is expected, not {quoted(token.text)}", _SHAPE)
        return token


def _scalar(token: Token) -> Scalar:
    return Scalar(token.text, token.place)
