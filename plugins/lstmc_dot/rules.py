"""What a drawing says of its rules: an arrow is one rule, or several where its label names several symbols."""

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
    text_of,
)
from lstmc_dot.syntax import Arrow, Drawing
from lstmc_dot.tokens import Word

_OPENFST = "FST"  # what fstdraw calls its graphs


class _Labelled(NamedTuple):
    """An arrow with the texts of its label: one for each symbol, none where they cannot be told."""

    arrow: Arrow
    label: Word | None
    texts: list[str]


class Rules:
    def __init__(self, drawing: Drawing, outline: Outline, several: bool, limits: Limits) -> None:
        self._drawing = drawing
        self._outline = outline
        self._several = several
        self._limits = limits

    def tell(self, arrows: list[Arrow], ids: dict[str, str]) -> None:
        """Every rule of these arrows."""
        read = [self._labelled(arrow) for arrow in arrows if not _is_for_layout(arrow)]
        texts = [text for labelled in read if not labelled.arrow.text("symbol") for text in labelled.texts]
        weighted = are_weighted(texts)
        if texts and all(map(is_number, texts)) and len(texts) == len(read):
            self._refuse_chain(read)
        for labelled in read:
            moves = self._moves(labelled, weighted) if labelled.texts else [None]
            for each in moves:
                self._rule(labelled, ids, each)

    def _labelled(self, arrow: Arrow) -> _Labelled:
        given = arrow.attributes
        direction = given.get("dir")
        if direction and direction.text not in ("", "forward"):
            message = f"an edge that is drawn with dir={quoted(direction.text)}"
            help = "write the edge in the direction in which the symbol is read, without `dir`"
            self._outline.problem(self._drawing.place(direction), "G071", message, help)
        if symbol := arrow.text("symbol"):
            return _Labelled(arrow, given["symbol"], [text_of(symbol)])
        label = next((given[name] for name in ("label", "xlabel") if arrow.text(name)), None)
        text = self._shown(label, arrow) if label else ""
        problem = self._unclear(label, text)
        if problem:
            at = self._drawing.place(label) if label else self._drawing.place(arrow.head.word)
            self._outline.problem(at, *problem)
            return _Labelled(arrow, label, [])
        assert label is not None
        found = parts(text) if self._several else [text.strip(BLANKS)]
        if found is None:
            message = f"one of the symbols in the label {quoted(text)} is empty"
            help = 'write an edge for each symbol; a symbol that holds a comma stands in symbol="..."'
            self._outline.problem(self._drawing.place(label), "G071", message, help)
        self._limits.refuse_more("edges", len(found or []))
        return _Labelled(arrow, label, found or [])

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

    def _moves(self, labelled: _Labelled, weighted: bool) -> list[Move | None]:
        label = labelled.label
        if labelled.arrow.text("symbol"):
            return [Move(labelled.texts[0])]
        moves = [move(text, weighted) for text in labelled.texts]
        at = self._drawing.place(label) if label else Place(1, 1)
        for each in moves:
            if reads_nothing(each.symbol) and (each.output is not None or each.probability is not None):
                what = "a probability" if each.output is None else "an output"
                message = f"a move that reads nothing, {quoted(each.symbol)}, has {what}"
                help = f'take it out, or write symbol="{each.symbol}" if that is a symbol'
                self._outline.problem(at, "G071", message, help)
                return [None]
        if len({(each.output is None, each.probability is None) for each in moves}) > 1:
            message = f"of the symbols in the label {quoted(label.text if label else '')}, only some have an output"
            message = message if any(each.output for each in moves) else message.replace("an output", "a probability")
            self._outline.problem(at, "G071", message, "write an edge for each symbol")
            return [None]
        return [*moves]

    def _rule(self, labelled: _Labelled, ids: dict[str, str], said: Move | None) -> None:
        arrow = labelled.arrow
        ends = [Scalar(ids[end.name], self._drawing.place(end.word)) for end in (arrow.tail, arrow.head)]
        at = ends[1].place if labelled.label is None else self._drawing.place(labelled.label)
        if said is None:
            self._outline.rule(*ends, symbol=Unread(at))
            return
        silent = labelled.label is not arrow.attributes.get("symbol") and reads_nothing(said.symbol)
        fields: dict[str, Tree] = {"epsilon": Scalar("true", at)} if silent else {"symbol": Scalar(said.symbol, at)}
        for key, value in (("probability", said.probability), ("output", said.output)):
            own = arrow.attributes[key] if arrow.text(key) else None
            text = (text_of(own.text) if key == "output" else own.text.strip()) if own else value
            if text is None:
                continue
            if own and value is not None and value != text:
                message = f"the label says that the {key} is {quoted(value)}, `{key}` says {quoted(text)}"
                self._outline.problem(self._drawing.place(own), "G053", message, 'keep one, or write symbol="..." too')
            fields[key] = Scalar(text, self._drawing.place(own) if own else at)
        self._outline.rule(*ends, **fields)

    def _refuse_chain(self, read: list[_Labelled]) -> None:
        """Stop where every label is a probability. Raises Unreadable."""
        label = read[0].label
        at = self._drawing.place(label) if label else Place(1, 1)
        message = "the labels hold probabilities and no symbols, as those of a Markov chain"
        help = 'write the symbol that is read, as in label="a:0.5"; a symbol like 0.5 stands in symbol="0.5"'
        self._outline.stop(at, message, help, "G071")


def _is_for_layout(arrow: Arrow) -> bool:
    """Whether an edge only keeps nodes apart: it is invisible and says nothing."""
    return "invis" in arrow.text("style") and not any(map(arrow.text, ("label", "xlabel", "symbol")))
