"""Read what JFLAP saves: finite automata, Mealy machines and Moore machines, as its versions 4 to 7 write them.

    <state id="0" name="q0"><x>81.0</x><y>147.0</y><initial/></state>        {id: q0, start: true, pos: [81.0, 147.0]}
    <transition><from>0</from><to>1</to><read>a</read></transition>          {source: q0, target: q1, symbol: a}

What the elements mean follows JFLAP's own reader (S. H. Rodger and T. W. Finley, JFLAP: An Interactive Formal Languages
and Automata Package, 2006; version 7.1).
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lstmc.grammar.formats import Limits, Outline, Place, Reading, Scalar, Sequence, Tree, quoted
from lstmc.grammar.xml import Element, parse_xml

# What the files hold that are no grammars, by the name that they give their type.
REFUSED = {
    "pda": "a pushdown automaton: its stack remembers more than a state",
    "turing": "a Turing machine",
    "turingbb": "a Turing machine of building blocks",
    "grammar": "a grammar of productions",
    "re": "a regular expression",
    "lsystem": "an L-system",
    "unrestricted": "a grammar of productions",
    "regular pumping lemma": "a game, the pumping lemma",
    "context-free pumping lemma": "a game, the pumping lemma",
}
_CONVERT = {
    "grammar": "in JFLAP, Convert > Convert Right-Linear Grammar to FA makes an automaton of a regular one",
    "re": "in JFLAP, Convert > Convert to NFA, and then Convert > Convert to DFA, makes an automaton of it",
}
_STATE = ("x", "y", "label", "name", "initial", "final")
_TRANSITION = ("from", "to", "read", "controlx", "controly")
_HOLDERS = ("automaton", "lstmc")  # hold elements; what else stands but once holds text, or nothing
_OUTPUT = {"fa": ((), ()), "mealy": ((), ("transout",)), "moore": (("output",), ("transout",))}

# JFLAP's automata (not its Mealy and Moore machines) take this for each character from the first to the last.
RANGE = re.compile(r"\[(.)-(.)\]", re.DOTALL)


class _State(NamedTuple):
    element: Element
    number: Scalar  # what JFLAP's transitions call it
    name: Scalar | None  # what JFLAP shows
    fields: dict[str, Element]


def read_jflap(text: str, limits: Limits) -> Reading:
    """The tree of a JFLAP file. Raises Unreadable, LimitError."""
    root = parse_xml(text, limits)
    outline = Outline(limits)
    if root.tag != "structure":
        message = f"not a JFLAP file: it begins with <{root.name}>, not with <structure>"
        outline.stop(root.place, message, "is it the right file?")
    return _Reader(root, outline, limits).read()


class _Reader:
    """One file: `kind` is fa, mealy or moore."""

    def __init__(self, root: Element, outline: Outline, limits: Limits) -> None:
        self._root = root
        self._outline = outline
        self._limits = limits
        self._kind = "fa"
        self._endless = False
        self._ids: dict[str, Scalar] = {}  # JFLAP's number of a state -> its id in the grammar
        self._outputs: dict[str, str] = {}  # of a Moore machine's states, by JFLAP's number

    def read(self) -> Reading:
        self._kind = self._type()
        machine = self._machine()
        transitions = machine.named("transition")
        self._limits.refuse_more("states", len(machine.named("state")))
        self._limits.refuse_more("edges", len(transitions))
        states = list(self._states(machine))
        self._name(states)
        self._say_states(states)
        for transition in transitions:
            self._transition(transition)
        if self._kind != "fa" and not self._endless:
            self._outline.let_strings_stop()
        return self._outline.reading(machine.place)

    def _type(self) -> str:
        types = self._root.named("type")
        if not types:
            self._problem(self._root.place, "G051", "`<structure>` without `<type>`", "write <type>fa</type>")
            return "fa"
        kind = types[0].content(strip=True)
        if kind.text in REFUSED:
            help = _CONVERT.get(kind.text, "finite automata, Mealy machines and Moore machines can be read")
            self._outline.stop(kind.place, f"the file holds {REFUSED[kind.text]}", help, code="G071")
        if kind.text not in _OUTPUT:
            self._outline.stop(kind.place, f"no type of JFLAP's: {quoted(kind.text)}", "write fa, mealy or moore")
        return kind.text

    def _machine(self) -> Element:
        """The element that holds states and transitions: in files of JFLAP 4 the outermost one."""
        inside = self._root.named("automaton")
        parts = ("state", "transition", "note")
        for extra in self._fields(self._root, ("type", "automaton", "lstmc", *(() if inside else parts)), parts):
            if extra == "lstmc":
                self._extras(self._root.named("lstmc")[0])
        if not inside:
            return self._root
        self._fields(inside[0], parts, parts)
        return inside[0]

    def _extras(self, extra: Element) -> None:
        """What the format has no place for: <lstmc name="reber"><symbol>B</symbol><symbol>T</symbol></lstmc>.

        `endless`: the strings of a machine that is not complete never stop.
        """
        self._fields(extra, ("symbol",), ("symbol",), ("name", "endless"))
        name, endless = (extra.scalars().get(key) for key in ("name", "endless"))
        self._endless = endless is not None
        if endless is not None and endless.text != "true":
            self._problem(endless.place, "G053", f"`endless` is {quoted(endless.text)}", "write true, or take it out")
        if name is not None:
            self._outline.say(name=name)
        symbols: list[Tree] = [symbol.content() for symbol in extra.named("symbol")]
        if symbols:
            self._outline.say(alphabet=Sequence(symbols, extra.place))

    def _states(self, machine: Element) -> Iterator[_State]:
        seen: dict[str, Place] = {}
        for element in machine.named("state"):
            fields = self._fields(element, (*_STATE, *_OUTPUT[self._kind][0]), (), ("id", "name"))
            attributes = element.scalars()
            name = attributes.get("name") or (fields["name"].content() if "name" in fields else None)
            if "name" in fields and name is not None and fields["name"].text != name.text:
                message = f"the state is called {quoted(name.text)}, and {quoted(fields['name'].text)} too"
                self._problem(fields["name"].place, "G053", message, "keep one of the two names")
            number = attributes.get("id")
            if number is None:
                self._problem(element.place, "G051", "a state without `id`", 'write <state id="0">')
                continue
            if number.text in seen:
                message = f"state {quoted(number.text)} is defined twice, first in {seen[number.text]}"
                self._problem(number.place, "G002", message, "give it an id of its own")
                continue
            seen[number.text] = number.place
            yield _State(element, number, name if name and name.text else None, fields)

    def _name(self, states: list[_State]) -> None:
        """A state is called by its name where all states have one of their own, else by its number."""
        names = [state.name for state in states if state.name is not None]
        are_good = len({name.text for name in names}) == len(names) == len(states)
        self._ids = {
            state.number.text: state.name if are_good and state.name is not None else state.number for state in states
        }

    def _say_states(self, states: list[_State]) -> None:
        initial = None
        for state in states:
            said: dict[str, Tree] = {}
            for tag, key in (("initial", "start"), ("final", "accept")):
                if tag in state.fields:
                    said[key] = Scalar("true", state.fields[tag].place)
                    self._is_empty(state.fields[tag])
            if "initial" in state.fields:
                if initial is not None:
                    message = f"a second initial state; the first is in {initial}"
                    help = (
                        "JFLAP knows one: keep one <initial/>, or write the grammar as DOT or YAML, which know several"
                    )
                    self._problem(state.fields["initial"].place, "G006", message, help)
                initial = initial or state.fields["initial"].place
            if "output" in state.fields and state.fields["output"].text:
                said["output"] = output = state.fields["output"].content()
                self._outputs[state.number.text] = output.text
            self._outline.state(self._ids[state.number.text], **said, **self._pos(state))

    def _is_empty(self, element: Element) -> None:
        if element.text.strip() not in ("", "true"):  # as some tools write it
            message = f"`<{element.name}>` holds {quoted(element.text.strip())}, but JFLAP only asks if it is there"
            self._problem(element.place, "G053", message, f"write <{element.name}/>, or take it out")

    def _pos(self, state: _State) -> dict[str, Tree]:
        found: list[Tree] = [state.fields[tag].content(True, True) for tag in ("x", "y") if tag in state.fields]
        if len(found) == 1:
            message = "a state with one of `<x>` and `<y>`, and without the other"
            self._problem(found[0].place, "G051", message, "write both, or none")
        return {"pos": Sequence(found, found[0].place)} if len(found) == 2 else {}

    def _transition(self, element: Element) -> None:
        fields = self._fields(element, (*_TRANSITION, *_OUTPUT[self._kind][1]))
        ends = [self._end(element, fields, tag) for tag in ("from", "to")]
        read = fields.get("read")
        silent = read is None or not read.text
        if silent and self._kind != "fa":
            self._problem((read or element).place, "G071", "a transition that reads nothing (λ)", "write what it reads")
        if ends[0] is None or ends[1] is None or (silent and self._kind != "fa"):
            self._outline.refused(element.place)
            return
        if read is None or silent:
            self._outline.rule(ends[0], ends[1], epsilon=Scalar("true", (read or element).place))
            return
        said: dict[str, Tree] = {}
        if "transout" in fields:
            said = self._output(fields["transout"], fields["to"].text.strip())
        for symbol in self._symbols(read.content()):
            self._outline.rule(ends[0], ends[1], symbol=symbol, **said)

    def _end(self, element: Element, fields: dict[str, Element], tag: str) -> Scalar | None:
        """The state that a transition comes from, or leads to; None where that is wrong, and reported."""
        if tag not in fields:
            self._problem(element.place, "G051", f"a transition without `<{tag}>`", f"add <{tag}>...</{tag}>")
            return None
        number = fields[tag].content(strip=True)
        id = self._ids.get(number.text)
        if id is None:
            message = f"state {quoted(number.text)} is used but never defined"
            self._problem(number.place, "G003", message, "write the `id` of a state, not its name")
            return None
        return Scalar(id.text, number.place, id.plain)

    def _output(self, element: Element, target: str) -> dict[str, Tree]:
        if not element.text:
            return {}
        output = element.content()
        if self._kind == "mealy":
            return {"output": output}
        if output.text != self._outputs.get(target):
            message = f"the transition puts out {quoted(output.text)}, but the state that it leads to does not"
            self._problem(output.place, "G030", message, "in a Moore machine the states put out: take <transout> away")
        return {}

    def _symbols(self, read: Scalar) -> Iterator[Scalar]:
        """What a transition reads: one symbol, however long, or each character of a range."""
        spread = RANGE.fullmatch(read.text) if self._kind == "fa" else None
        if spread is None:
            yield read
            return
        first, last = map(ord, spread.groups())
        if first > last:
            message = f"the range {quoted(read.text)} holds no character"
            self._problem(read.place, "G071", message, "write the smaller character first")
            self._outline.refused(read.place)
        for code in range(first, last + 1):
            yield Scalar(chr(code), read.place, plain=False)

    def _fields(
        self, element: Element, known: tuple[str, ...], several: tuple[str, ...] = (), attributes: tuple[str, ...] = ()
    ) -> dict[str, Element]:
        """The parts of an element by their tags; what is not known, or stands twice, is a problem.

        several   parts that may stand more than once
        """
        fields: dict[str, Element] = {}
        for child in element.children:
            if child.tag == "block" or child.tag not in known:
                self._unknown(child, known)
            elif child.tag in fields and child.tag not in several:
                self._problem(child.place, "G064", f"`<{child.tag}>` stands twice", "keep one of the two")
            else:
                fields[child.tag] = child
                if child.children and child.tag not in (*_HOLDERS, *several):
                    self._unknown(child.children[0], ())
        if element.text.strip():
            message = f"a text that belongs to nothing: {quoted(element.text.strip())}"
            self._problem(element.content(strip=True).place, "G070", message, "take it out")
        if len(element.attributes) > len(attributes) or element.attributes.keys() - set(attributes):
            for name, value in element.scalars().items():
                if name not in attributes:
                    there = "the attributes here are " + ", ".join(attributes) if attributes else "there are none here"
                    self._problem(value.place, "G050", f"unknown attribute {quoted(name)}", there)
        return fields

    def _unknown(self, child: Element, known: tuple[str, ...]) -> None:
        if child.tag == "block":
            help = "building blocks belong to Turing machines"
            self._problem(child.place, "G071", "a building block", help)
        else:
            there = "what may stand here is " + (", ".join(f"<{tag}>" for tag in known) or "text")
            self._problem(child.place, "G050", f"unknown element {quoted(child.name)}", there)

    def _problem(self, place: Place, code: str, message: str, help: str) -> None:
        self._outline.problem(place, code, message, help)
