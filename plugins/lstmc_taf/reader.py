"""From a TAF file to a grammar.

    mealy {a,b} {                     or dfa; and the alphabet, a range of letters too: [a..d]
        s0 [initial] {                of a dfa also [accepting]
            a / x -> s1               reads a, puts out x; several symbols: {a,b} -> s1
            * / y -> s0               all symbols of the alphabet that lead nowhere yet
        }
    }

Strings of a Mealy machine go on for ever; if some state has no way on, they may stop in every state.
"""

from lstmc.grammar.formats import Limits, Outline, Place, Reading, Scalar, Sequence, quoted
from lstmc_taf.tokens import KINDS, NAME, Token, tokens

_START = ("initial", "init")
_ACCEPT = ("accepting", "acc")
_SHAPE = "a file is: dfa {a,b} { s0 [initial, accepting] { a -> s0 } }"


def read_taf(text: str, limits: Limits) -> Reading:
    """The tree of a text. Raises Unreadable, LimitError."""
    return _Reader(text, limits).read()


class _Reader:
    def __init__(self, text: str, limits: Limits) -> None:
        self._outline = Outline(limits)
        self._tokens = tokens(text, self._outline)
        self._now = next(self._tokens)
        self._is_mealy = False
        self._alphabet: list[Scalar] = []
        self._declared: set[str] = set()
        self._used: dict[str, Scalar] = {}
        self._accepts = False
        self._starred: Token | None = None  # the last state with a star

    def read(self) -> Reading:
        kind = self._take()
        if kind.text.lower() not in KINDS:
            self._outline.stop(kind.place, "not a TAF file: it begins with neither dfa nor mealy", _SHAPE)
        self._is_mealy = kind.text.lower() == "mealy"
        self._alphabet = self._symbols()
        self._outline.say(alphabet=Sequence([*self._alphabet], self._now.place))
        self._expect("{")
        while not self._is_at("}"):
            self._state()
        self._take()
        if self._now.kind != "end":
            self._outline.stop(self._now.place, f"more than an automaton: {quoted(self._now.text)}", _SHAPE)
        for state, place in self._used.items():
            if state not in self._declared:  # LearnLib takes it for a state without transitions
                self._outline.state(place, **self._marks(place.place, []))
        if self._is_mealy:
            self._outline.let_strings_stop()
        elif not self._accepts:
            help = "mark a state: s0 [accepting] { }"
            self._outline.stop(Place(1, 1), "no state accepts: the automaton accepts nothing", help, "G040")
        return self._outline.reading()

    def _state(self) -> None:
        name = self._identifier("a state")
        options = self._options()
        self._declared.add(name.text)
        self._outline.state(_scalar(name), **self._marks(name.place, options))
        self._expect("{")
        ways: dict[str, tuple[str | None, str]] = {}
        while not self._is_at("}"):
            self._transition(name, ways)
        self._take()

    def _marks(self, place: Place, options: list[Token]) -> dict[str, Scalar]:
        starts = any(option.text in _START for option in options)
        accepts = not self._is_mealy and any(option.text in _ACCEPT for option in options)
        self._accepts |= accepts
        marks = {"start": starts, "accept": accepts}
        return {key: Scalar("true", place) for key, given in marks.items() if given}

    def _options(self) -> list[Token]:
        found: list[Token] = []
        if not self._is_at("["):
            return found
        self._take()
        found.append(self._identifier("an option"))
        while self._is_at(","):
            self._take()
            found.append(self._identifier("an option"))
        self._expect("]")
        for option in found:
            if option.text not in (*_START, *(() if self._is_mealy else _ACCEPT)):
                message = f"the option {quoted(option.text)} is passed over, as LearnLib does"
                known = "initial" if self._is_mealy else "initial and accepting"
                self._outline.problem(option.place, "G073", message, f"the options are {known}")
        return found

    def _transition(self, state: Token, ways: dict[str, tuple[str | None, str]]) -> None:
        symbols = self._rest(state, ways) if self._is_at("*") else self._symbols()
        output = None
        if self._is_mealy and self._is_at("/"):
            self._take()
            output = self._text("an output")
        self._expect("->")
        target = self._identifier("a state")
        self._used.setdefault(target.text, _scalar(target))
        for symbol in symbols:
            way = (None if output is None else output.text, target.text)
            before = ways.setdefault(symbol.text, way)
            if before is not way:
                if before != way:
                    message = f"a second transition of {quoted(state.text)} with {quoted(symbol.text)}"
                    help = "the automaton is deterministic, and LearnLib takes the first: take one of the two out"
                    self._outline.problem(symbol.place, "G070", message, help)
                continue
            more = {} if output is None else {"output": _scalar(output)}
            self._outline.rule(_scalar(state), _scalar(target), symbol=symbol, **more)

    def _rest(self, state: Token, ways: dict[str, tuple[str | None, str]]) -> list[Scalar]:
        """The symbols that have no transition yet: none behind another star."""
        star = self._take()
        if self._starred is state:
            return []
        self._starred = state
        return [Scalar(symbol.text, star.place) for symbol in self._alphabet if symbol.text not in ways]

    def _symbols(self) -> list[Scalar]:
        """One symbol, several, or a range of letters."""
        if self._is_at("["):
            return self._range()
        if not self._is_at("{"):
            return [_scalar(self._text("a symbol"))]
        self._take()
        found = [] if self._is_at("}") else [_scalar(self._text("a symbol"))]
        while self._is_at(","):
            self._take()
            found.append(_scalar(self._text("a symbol")))
        self._expect("}")
        return found

    def _range(self) -> list[Scalar]:
        self._take()
        first = self._text("a letter")
        self._expect("..")
        last = self._text("a letter")
        self._expect("]")
        ends = (first.text, last.text)
        if not all(len(end) == 1 and "a" <= end <= "z" for end in ends) or ends[0] > ends[1]:
            message = f"{quoted(first.text)} to {quoted(last.text)} is no range"
            self._outline.stop(first.place, message, "a range is of small letters: [a..d]; else list them: {a,b}")
        return [Scalar(chr(code), first.place) for code in range(ord(ends[0]), ord(ends[1]) + 1)]

    def _text(self, what: str) -> Token:
        if self._now.kind not in ("name", "text"):
            self._outline.stop(self._now.place, f"{what} is expected, not {quoted(self._now.text)}", _SHAPE)
        return self._take()

    def _identifier(self, what: str) -> Token:
        token = self._text(what)
        if token.kind != "name" or not NAME.fullmatch(token.text):
            help = "it is a name of letters, digits and _, and stands in no quotes"
            self._outline.stop(token.place, f"{what} cannot be called {quoted(token.text)}", help)
        return token

    def _is_at(self, sign: str) -> bool:
        return self._now.kind == "sign" and self._now.text == sign

    def _expect(self, sign: str) -> None:
        if not self._is_at(sign):
            message = f"{quoted(sign)} is expected, not {quoted(self._now.text)}"
            self._outline.stop(self._now.place, message, _SHAPE)
        self._take()

    def _take(self) -> Token:
        token, self._now = self._now, next(self._tokens)
        return token


def _scalar(token: Token) -> Scalar:
    return Scalar(token.text, token.place)
