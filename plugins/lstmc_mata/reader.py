"""From a Mata or VTF file to a grammar.

@NFA-explicit                 @NFA                     what is in the file: a finite automaton
%Alphabet-auto                %Alphabet a b
%Initial q0                   %Initial q0 q1           strings may start in each of them
%Final q1 | q2                %Final q1 q2
q0 a q1                       q0 a q1                  a rule
q1 4294967295 q2              q1 () q2                 an ε-move; in Mata by number, where all symbols are numbers
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from lstmc.grammar.formats import Limits, Outline, Place, Reading, Scalar, Sequence, quoted
from lstmc_mata.lines import OPERATORS, Word, lines_of_words, pieces

EPSILON = "4294967295"  # the largest symbol of Mata
PLAIN, EXPLICIT = "NFA", "NFA-explicit"
_ENUMERATED = ("", "-enum")
_IMPLICIT = ("-auto", "-marked", "-markers", "-numbers", "-chars", "-utf")

# What other files of this syntax hold, by the beginning of their types.
_OTHERS = (
    ("NFA-bits", "symbols are formulas over bits", "write a move for each symbol that a formula allows"),
    ("NFA-BDD", "symbols are sets of bits", "write a move for each symbol that is meant"),
    ("NFA-intervals", "symbols are intervals", "write a move for each symbol of an interval"),
    ("AFA", "an alternating automaton", "make an NFA of it, and write that"),
    ("NFT", "a transducer that reads and writes on tracks", "write it as AT&T text, with one symbol and one output"),
    ("NTA", "a tree automaton", "word automata alone are finite-state graphs"),
    ("SFA", "a symbolic automaton", "write a move for each symbol that a formula allows"),
    ("SFT", "a symbolic transducer", "write it as AT&T text, with one symbol and one output"),
    ("DPA", "a probabilistic automaton", "write it as YAML or AT&T text, which hold probabilities"),
)


@dataclass
class _Section:
    """What stands under one `@`. `states`, `alphabet`: those that are listed; None where none are."""

    type: str
    initial: list[Word] = field(default_factory=list)
    final: list[Word] = field(default_factory=list)
    states: list[Word] = field(default_factory=list)
    alphabet: list[Word] | None = None
    silent: set[str] = field(default_factory=set)
    moves: list[tuple[Word, Word | None, Word]] = field(default_factory=list)  # without a symbol: an ε-move


def read_sections(text: str, limits: Limits) -> Reading:
    """The tree of a text. Raises Unreadable, LimitError."""
    outline = Outline(limits)
    section: _Section | None = None
    for words in lines_of_words(text, outline):
        if words[0].text.startswith("@") and not words[0].quoted:
            section = _Section(_type(words, section, outline))
        elif section is None:
            outline.stop(words[0].place, "not a Mata file: it begins with no type", "the first line is: @NFA-explicit")
        elif words[0].text.startswith("%") and not words[0].quoted:
            _key(words, section, outline)
        else:
            _move(words, section, outline)
            limits.refuse_more("edges", len(section.moves))
    if section is None:
        outline.stop(Place(1, 1), "not a Mata file: nothing is in it", "the first line is: @NFA-explicit")
    _tell(section, outline)
    return outline.reading()


def _type(words: list[Word], before: _Section | None, outline: Outline) -> str:
    word = words[0]
    if before is not None:
        outline.stop(
            word.place, "a second section", "a file holds one grammar: write each to a file of its own", "G071"
        )
    if len(words) > 1:
        outline.stop(words[1].place, f"more than a type: {quoted(words[1].text)}", "a type has a line of its own")
    type = word.text[1:]
    if type in (PLAIN, EXPLICIT):
        return type
    for begin, what, help in _OTHERS:
        if type.startswith(begin):
            outline.stop(word.place, f"{quoted(word.text)}: {what}", help, "G071")
    return outline.stop(word.place, f"{quoted(word.text)} is no finite automaton", "@NFA and @NFA-explicit are", "G071")


def _key(words: list[Word], section: _Section, outline: Outline) -> None:
    key, values = words[0], words[1:]
    name = key.text[1:]
    if name in ("Initial", "Final"):
        (section.initial if name == "Initial" else section.final).extend(_formula(values, section))
    elif name == "Epsilon":
        section.silent.update(value.text for value in values)
    elif name.startswith("Levels"):
        outline.problem(
            key.place, "G071", f"{quoted(key.text)}: levels, which are those of a transducer", "leave it out"
        )
    elif name.startswith(("States", "Alphabet")):
        is_alphabet = name.startswith("Alphabet")
        how = name.removeprefix("Alphabet" if is_alphabet else "States")
        if how in _ENUMERATED and is_alphabet:
            section.alphabet = [*(section.alphabet or []), *values]
        elif how in _ENUMERATED:
            section.states += values
        elif how not in _IMPLICIT:
            help = f"write {key.text.removesuffix(how)}-auto, or -enum and a list"
            outline.problem(key.place, "G070", f"{quoted(key.text)} is no way to say it", help)


def _formula(values: list[Word], section: _Section) -> list[Word]:
    return values if section.type == PLAIN else pieces(values)


def _move(words: list[Word], section: _Section, outline: Outline) -> None:
    if section.type == EXPLICIT:
        words = pieces(words)
        if len(words) == 4 and words[2].is_a("&"):
            words = [*words[:2], words[3]]  # `q a & r` is `q a r`
        if any(word.is_a(*OPERATORS, "(", ")") for word in words):
            operator = next(word for word in words if word.is_a(*OPERATORS, "(", ")"))
            message = f"a formula, with {quoted(operator.text)}, where a symbol is expected"
            outline.refused(operator.place)
            outline.problem(operator.place, "G071", message, "write a move for each symbol; in quotes it is a name")
            return
    elif len(words) == 4 and words[1].is_a("(") and words[2].is_a(")"):
        section.moves.append((words[0], None, words[3]))
        return
    if len(words) != 3 or any(word.is_a("(", ")") for word in words):
        message = f"a line of {len(words)} words"
        help = "a move has three: state, symbol, next state" + (
            "; an ε-move is: q () r" if section.type == PLAIN else ""
        )
        outline.refused(words[0].place)
        outline.problem(words[0].place, "G070", message, help)
        return
    section.moves.append((words[0], words[1], words[2]))


def _tell(section: _Section, outline: Outline) -> None:
    """Every state, those that are listed first, and every rule."""
    states: dict[str, Place] = {}
    for word in _states(section):
        states.setdefault(word.text, word.place)
    initial, final = _starts(section, outline), _finals(section, states, outline)
    if not final:
        help = "name one that is: %Final q1"
        outline.stop(Place(1, 1), "no state is final: the automaton accepts nothing", help, "G040")
    if section.alphabet is not None:
        outline.say(alphabet=Sequence([_scalar(word) for word in section.alphabet], Place(1, 1)))
    for state, place in states.items():
        marks = {"start": initial.get(state), "accept": final.get(state)}
        fields = {name: Scalar("true", where) for name, where in marks.items() if where is not None}
        outline.state(Scalar(state, place), **fields)
    silent = _silent(section)
    _note_largest(section, silent, outline)
    for source, symbol, target in section.moves:
        if symbol is None or symbol.text in silent:
            place = source.place if symbol is None else symbol.place
            outline.rule(_scalar(source), _scalar(target), epsilon=Scalar("true", place))
        else:
            outline.rule(_scalar(source), _scalar(target), symbol=_scalar(symbol))


def _states(section: _Section) -> Iterable[Word]:
    yield from section.states
    yield from _names(section.initial)
    for source, _, target in section.moves:
        yield from (source, target)
    yield from (word for word in _names(section.final) if not word.is_a("true", "false"))


def _names(formula: list[Word]) -> list[Word]:
    return [word for word in formula if not word.is_a(*OPERATORS, "(", ")")]


def _starts(section: _Section, outline: Outline) -> dict[str, Place]:
    """Where strings start: in each state that the formula names, as Mata takes it."""
    for word in section.initial:
        if word.is_a("!", "true", "false") and section.type == EXPLICIT:
            outline.problem(word.place, "G071", f"the formula {quoted(word.text)} of initial states", "list the states")
    return {word.text: word.place for word in _names(section.initial)}


def _finals(section: _Section, states: dict[str, Place], outline: Outline) -> dict[str, Place]:
    """The final states: those that are named; in Mata also all (`true`), and all but some (`!q1 & !q2`)."""
    names = _names(section.final)
    if section.type == PLAIN:
        return {word.text: word.place for word in names}
    listed = [word for word in names if not word.is_a("true", "false")]
    negations = [word for word in section.final if word.is_a("!")]
    if not negations and len(names) == len(listed):
        return {word.text: word.place for word in listed}
    if len(names) == 1 and not negations:  # `true` or `false`
        return dict(states) if names[0].is_a("true") else {}
    if len(negations) == len(names) == len(listed) and not any(word.is_a("|") for word in section.final):
        without = {word.text for word in listed}
        return {state: place for state, place in states.items() if state not in without}
    place = (negations or names)[0].place
    outline.problem(place, "G071", "a formula of final states that is no list", "list the states that are final")
    return dict(states)


def _silent(section: _Section) -> set[str]:
    """The symbols that stand for nothing."""
    symbols = [symbol.text for _, symbol, _ in section.moves if symbol is not None]
    numbers = section.type == EXPLICIT and all(text.isascii() and text.isdigit() for text in symbols)
    return section.silent | ({EPSILON} if numbers else set())


def _note_largest(section: _Section, silent: set[str], outline: Outline) -> None:
    """Where Mata's ε stands among symbols that are no numbers: there it is a symbol like any other."""
    first = next((symbol for _, symbol, _ in section.moves if symbol is not None and symbol.text == EPSILON), None)
    if first is not None and EPSILON not in silent:
        message = f"{EPSILON} is a symbol here, and ε for Mata where all symbols are numbers"
        outline.problem(first.place, "G073", message, f"if it reads nothing, say so: %Epsilon {EPSILON}")


def _scalar(word: Word) -> Scalar:
    return Scalar(word.text, word.place)
