"""What a drawing says of its rules: an arrow is one rule, or several where its label names several symbols."""

from collections.abc import Iterator
from typing import NamedTuple

from lstmc.grammar.formats import Limits, Outline, Place, Scalar, Tree, Unread, quoted
from lstmc_dot.labels import (
    BLANKS,
    Move,
    are_weighted,
    holds_picture,
    is_number,
    move,
    parts,
    reads_nothing,
    shown,
    slash_of,
    text_of,
)
from lstmc_dot.machines import Way, chance_follows, formula_in, holds_stack
from lstmc_dot.states import States
from lstmc_dot.syntax import Arrow, Drawing
from lstmc_dot.tokens import Word
from lstmc_dot.wanted import Wanted

_OPENFST = "FST"  # what fstdraw calls its graphs
_ONE_SYMBOL = "`--set several=false` takes the whole label for one symbol, or for one symbol and one output"


class _Labelled(NamedTuple):
    """An arrow, its label, and the text that a person sees; no text where it cannot be told what is read."""

    arrow: Arrow
    label: Word | None
    text: str | None

    @property
    def is_given(self) -> bool:
        """Whether an attribute of ours says the symbol."""
        return bool(self.arrow.text("symbol"))


class Rules:
    """`have_outputs`: whether a label or an attribute says one. `follow_chance`: whether the probabilities are those of
    what happens after a symbol, so that no grammar has them."""

    def __init__(self, arrows: list[Arrow], drawing: Drawing, outline: Outline, wanted: Wanted, limits: Limits) -> None:
        self._drawing = drawing
        self._outline = outline
        self._wanted = wanted
        self._limits = limits
        self._arrows = [self._labelled(arrow) for arrow in arrows if not _is_for_layout(arrow)]
        labels = [each.text for each in self._arrows if each.text is not None and not each.is_given]
        self._refuse_machines(labels)
        self._slash = slash_of(labels)
        texts = [self._texts(each) for each in self._arrows]
        self._weighted = are_weighted(
            [text for each, found in zip(self._arrows, texts, strict=True) if not each.is_given for text in found]
        )
        self._moves = [self._said(each, found) for each, found in zip(self._arrows, texts, strict=True)]
        self._tell_several()
        self._tell_slashes()
        said = [each for moves in self._moves for each in moves if each is not None]
        self.have_outputs = any(each.output for each in said) or any(each.arrow.text("output") for each in self._arrows)
        self.follow_chance = self._weighted and chance_follows(self._ways())
        if self.follow_chance and wanted.probabilities == "read":
            self._refuse_chance()
        if wanted.probabilities == "none":
            self._leave_out_chance()

    def tell(self, states: States) -> None:
        """Every rule between these states."""
        for labelled, moves in zip(self._arrows, self._moves, strict=True):
            for each in moves:
                self._rule(labelled, states, each)
        if self._wanted.kind == "chain":
            self._tell_last(states)

    def _labelled(self, arrow: Arrow) -> _Labelled:
        given = arrow.attributes
        direction = given.get("dir")
        if direction and direction.text not in ("", "forward"):
            message = f"an edge that is drawn with dir={quoted(direction.text)}"
            help = "write the edge in the direction in which the symbol is read, without `dir`"
            self._outline.problem(self._drawing.place(direction), "G071", message, help)
        if symbol := arrow.text("symbol"):
            return _Labelled(arrow, given["symbol"], text_of(symbol))
        label = next((given[name] for name in ("label", "xlabel") if arrow.text(name)), None)
        text = self._shown(label, arrow) if label else ""
        problem = self._unclear(label, text)
        if problem:
            at = self._drawing.place(label) if label else self._drawing.place(arrow.head.word)
            self._outline.problem(at, *problem)
            return _Labelled(arrow, label, None)
        return _Labelled(arrow, label, text.strip(BLANKS))

    def _shown(self, label: Word, arrow: Arrow) -> str:
        """The text that a person sees, in which the two states and the graph may be named."""
        tail, head = arrow.tail.name, arrow.head.name
        names = {"T": tail, "H": head, "E": f"{tail}->{head}", "G": self._drawing.title} if "\\" in label.text else {}
        return shown(label.text, label.kind == "html", names)

    def _unclear(self, label: Word | None, text: str) -> tuple[str, str, str] | None:
        """The problem of a label that cannot be told to be a symbol."""
        is_html = label is not None and label.kind == "html"
        bare = text.strip(BLANKS)
        if label and is_html and holds_picture(label.text):
            return "G071", "a label that is an image", 'write label="..." with the symbol'
        if (
            text.endswith(" ")
            and not is_html
            and not text.endswith(" / ")  # an empty output, as LearnLib writes it
            and (not bare or bare.startswith("<") or any(sign in bare for sign in " :/"))
        ):
            message = f"the label {quoted(text)} of a drawing by foma or HFST cannot be taken apart"
            return "G071", message, "write the transducer as AT&T text (`write att`, `hfst-fst2txt`), and read that"
        if not bare:
            return "G051", "an edge without a label, and so without a symbol", 'write [label="a"] behind it'
        if self._drawing.id and self._drawing.id.text == _OPENFST and any(sign in bare for sign in ":/"):
            message = f"the label {quoted(bare)} of a drawing by fstdraw cannot be taken apart"
            return "G071", message, "write the transducer as AT&T text (`fstprint`), and read that"
        return None

    def _refuse_machines(self, labels: list[str]) -> None:
        """Stop where all labels together say what no grammar has. Raises Unreadable."""
        numbers = bool(labels) and all(map(is_number, labels)) and len(labels) == len(self._arrows)
        if numbers and self._wanted.kind != "chain":
            message = "the labels hold probabilities and no symbols, as those of a Markov chain"
            help = (
                "`--set kind=chain` reads the label of the node that an edge leads to; else write the symbol that is "
                'read, as in label="a:0.5"; a symbol like 0.5 stands in symbol="0.5"'
            )
            self._stop(labels[0], message, help)
        if self._wanted.kind == "chain" and not numbers:
            wrong = next((label for label in labels if not is_number(label)), "")
            message = f"the label {quoted(wrong)} is no probability, but kind=chain says that all of them are"
            self._stop(wrong, message, "write it as in 0.5, or leave `kind` out")
        if not self._wanted.several:
            return
        if self._wanted.kind in ("auto", "acceptor", "moore") and holds_stack(labels):
            message = "the drawing is that of a pushdown automaton: its stack remembers more than a state"
            help = "an automaton without a stack can be compiled; if these are outputs, say so by `--set kind=mealy`"
            self._stop(next(label for label in labels if holds_stack([label])), message, help)
        if formula := formula_in(labels):
            message = f"the label {quoted(formula)} is a formula over propositions, as Spot writes it for endless words"
            help = "write an edge for each symbol; `--set several=false` takes such labels for symbols"
            self._stop(formula, message, help)

    def _stop(self, text: str, message: str, help: str) -> None:
        """Stop at the label of that text. Raises Unreadable."""
        label = next((each.label for each in self._arrows if each.text == text), None)
        self._outline.stop(self._drawing.place(label) if label else Place(1, 1), message, help, "G071")

    def _texts(self, labelled: _Labelled) -> list[str]:
        """The texts of a label: one for each symbol, none where they cannot be told."""
        text = labelled.text
        if text is None or labelled.label is None:
            return []
        found = [text] if labelled.is_given or not self._wanted.several else parts(text, self._slash)
        if found is None:
            message = f"one of the symbols in the label {quoted(text)} is empty"
            help = f'write an edge for each symbol; a symbol that holds a comma stands in symbol="..."; {_ONE_SYMBOL}'
            self._outline.problem(self._drawing.place(labelled.label), "G071", message, help)
        self._limits.refuse_more("edges", len(found or []))
        return found or []

    def _said(self, labelled: _Labelled, texts: list[str]) -> list[Move | None]:
        """What the texts of a label say; None where that is wrong, and reported."""
        if not texts:
            return [None]
        if labelled.is_given or self._wanted.kind == "chain":
            return [Move(text) for text in texts]
        moves = [move(text, self._weighted, self._wanted.kind != "acceptor") for text in texts]
        at = self._drawing.place(labelled.label) if labelled.label else Place(1, 1)
        for each in moves:
            weighted = each.probability is not None and self._wanted.probabilities == "read"
            if reads_nothing(each.symbol) and (each.output or weighted):
                what = "an output" if each.output else "a probability"
                message = f"a move that reads nothing, {quoted(each.symbol)}, has {what}"
                help = f'take it out, or write symbol="{each.symbol}" if that is a symbol'
                self._outline.problem(at, "G071", message, help)
                return [None]
        if len({(each.output is None, each.probability is None) for each in moves}) > 1:
            what = "an output" if any(each.output is not None for each in moves) else "a probability"
            message = f"of the symbols in the label {quoted(labelled.text or '')}, only some have {what}"
            self._outline.problem(at, "G071", message, f"write an edge for each symbol; {_ONE_SYMBOL}")
            return [None]
        return [*moves]

    def _tell_several(self) -> None:
        """Once, that labels are read as several symbols: in another tool they may be one."""
        found = [(each, moves) for each, moves in zip(self._arrows, self._moves, strict=True) if len(moves) > 1]
        if not found:
            return
        first, moves = found[0]
        message = f"the label {quoted(first.text or '')} is read as {len(moves)} symbols"
        self._tell_reading([each for each, _ in found], message, _ONE_SYMBOL)

    def _tell_slashes(self) -> None:
        """Once, that the first of several slashes stands before the output: a symbol may hold one, too."""
        found = [
            each
            for each, moves in zip(self._arrows, self._moves, strict=True)
            if not each.is_given and any(move and "/" in (move.output or "") for move in moves)
        ]
        if found:
            message = (
                f"of the slashes in the label {quoted(found[0].text or '')} the first is read as that of the output"
            )
            self._tell_reading(found, message, 'if another one is meant, write symbol="..." and output="..."')

    def _tell_reading(self, found: list[_Labelled], message: str, help: str) -> None:
        """At the first of some labels how all of them are read."""
        others = f"; {len(found) - 1} more in the same way" if len(found) > 1 else ""
        label = found[0].label
        assert label is not None  # of what has no label, nothing is read
        self._outline.problem(self._drawing.place(label), "G073", message + others, help)

    def _ways(self) -> Iterator[Way]:
        for labelled, moves in zip(self._arrows, self._moves, strict=True):
            for each in moves:
                if each is not None and each.probability is not None:
                    tail, head = labelled.arrow.tail.name, labelled.arrow.head.name
                    yield Way(tail, each.symbol, head, each.output, each.probability)

    def _refuse_chance(self) -> None:
        """Stop at the first probability that is not one of a grammar. Raises Unreadable."""
        kind = "a stochastic Mealy machine" if self.have_outputs else "a Markov decision process"
        message = f"the probabilities are of what happens after a symbol, as those of {kind}, and not of what is read"
        help = "`--set probabilities=none` compiles which symbols may follow, whatever happens"
        first = next(
            each for each, moves in zip(self._arrows, self._moves, strict=True) if moves[0] and moves[0].probability
        )
        self._stop(first.text or "", message, help)

    def _leave_out_chance(self) -> None:
        """Take the probabilities away, and outputs that follow chance too: without it they could be any of several.

        What is the same rule then stands once.
        """
        keeps = not self.follow_chance or self._wanted.kind in ("mealy", "moore")
        seen: set[tuple[str, str, Move]] = set()
        for number, (labelled, moves) in enumerate(zip(self._arrows, self._moves, strict=True)):
            left: list[Move | None] = []
            for said in moves:
                if said is None or said.probability is None:
                    left.append(said)
                    continue
                said = Move(said.symbol, said.output if keeps else None)
                same = (labelled.arrow.tail.name, labelled.arrow.head.name, said)
                left += [said] if same not in seen else []
                seen.add(same)
            self._moves[number] = left

    def _rule(self, labelled: _Labelled, states: States, said: Move | None) -> None:
        arrow = labelled.arrow
        ends = [Scalar(states.ids[end.name], self._drawing.place(end.word)) for end in (arrow.tail, arrow.head)]
        at = ends[1].place if labelled.label is None else self._drawing.place(labelled.label)
        if said is not None and self._wanted.kind == "chain":
            said = self._entered(arrow, states, said, at)
        if said is None:
            self._outline.rule(*ends, symbol=Unread(at))
            return
        silent = not labelled.is_given and self._wanted.kind != "chain" and reads_nothing(said.symbol)
        fields: dict[str, Tree] = {"epsilon": Scalar("true", at)} if silent else {"symbol": Scalar(said.symbol, at)}
        for key, value in (("probability", said.probability), ("output", said.output or None)):
            own = arrow.attributes[key] if arrow.text(key) else None
            text = (text_of(own.text) if key == "output" else own.text.strip()) if own else value
            if text is None or (key == "probability" and self._wanted.probabilities == "none"):
                continue
            if own and value is not None and value != text:
                message = f"the label says that the {key} is {quoted(value)}, `{key}` says {quoted(text)}"
                self._outline.problem(self._drawing.place(own), "G053", message, 'keep one, or write symbol="..." too')
            fields[key] = Scalar(text, self._drawing.place(own) if own else at)
        self._outline.rule(*ends, **fields)

    def _entered(self, arrow: Arrow, states: States, said: Move, at: Place) -> Move | None:
        """In a Markov chain, what is read is the label of the state that is entered."""
        symbol = states.label(arrow.head.name)
        if not symbol:
            message = f"a move to state {quoted(arrow.head.name)}, which has no label"
            self._outline.problem(at, "G071", message, "in a Markov chain the label of a state is what is read there")
            return None
        return Move(symbol, None, said.symbol if self._wanted.probabilities == "read" else None)

    def _tell_last(self, states: States) -> None:
        """A state of a Markov chain that nothing leads away from says its label for ever, as in AALpy."""
        left = {each.arrow.tail.name for each in self._arrows}
        for name in states.ids:
            at = self._drawing.place(self._drawing.nodes[name].word)
            if name not in left and states.label(name):
                id, symbol = Scalar(states.ids[name], at), Scalar(states.label(name), at)
                chance = {"probability": Scalar("1", at)} if self._wanted.probabilities == "read" else {}
                self._outline.rule(id, id, symbol=symbol, **chance)


def _is_for_layout(arrow: Arrow) -> bool:
    """Whether an edge only keeps nodes apart: it is invisible and says nothing."""
    return "invis" in arrow.text("style") and not any(map(arrow.text, ("label", "xlabel", "symbol")))
