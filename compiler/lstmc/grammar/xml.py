"""XML to a tree of elements, with the place of each and of what stands in it; and texts back to XML.

    <state id="0" name="q0"><x>81.0</x></state>   ->   Element state, its attributes id and name, its child x

Expat (in Python's standard library) reads it. A document type declaration is refused where it begins: without one there
are no entities to grow, and no other file to fetch. Comments and processing instructions are skipped.
"""

import re
from collections.abc import Iterator
from typing import NoReturn
from xml.parsers import expat

from lstmc.errors import UsageError
from lstmc.grammar.excerpt import quoted
from lstmc.grammar.formats import Lines, Unreadable
from lstmc.grammar.limits import Limits
from lstmc.grammar.tree import Place, Problem, Scalar
from lstmc.visible import visible

DEEPEST = 64  # elements inside one another; a grammar needs 5, the graphics of an editor some more
ENCODINGS = ("utf-8", "utf8", "us-ascii", "ascii")  # what a declaration may say: the file was read as UTF-8

# A tag that expat has read is well formed, so these find in it what is there.
_TAG_NAME = re.compile(r"<[^\s/>]+")
_ATTRIBUTE = re.compile(r"""\s++([^\s=<>/"']++)\s*+=\s*+("[^"]*"|'[^']*')""")

# No XML holds these, not even as &#0;.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Written as &#…;, so that a person sees them, or because XML would read something else.
_ESCAPED = re.compile(
    "[&<>\x00-\x1f\x7f-\xa0\xad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff9-\uffff\U000e0000-\U000e0fff]"
)
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


class _Source:
    """The text, and where its lines begin: shared by all elements."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = Lines(text)


class Element:
    """An element: its tag, its attributes, its children in their order, and the text between them, joined."""

    __slots__ = ("_at", "_source", "attributes", "children", "tag", "text")

    def __init__(self, tag: str, attributes: dict[str, str], source: _Source, at: int) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[Element] | tuple[()] = ()
        self.text = ""
        self._source = source
        self._at = at

    @property
    def name(self) -> str:
        """The tag without its namespace, for messages."""
        return self.tag.rpartition(" ")[2]

    @property
    def place(self) -> Place:
        """Where the element begins: its `<` and its tag."""
        name = _TAG_NAME.match(self._source.text, self._at)
        return self._source.lines.place(self._at, name.end() - self._at if name else 1)

    def scalars(self) -> dict[str, Scalar]:
        """The attributes, each with the place of its value. Those of other namespaces are left out."""
        found, _ = self._scan()
        place = self.place if len(found) < len(self.attributes) else Place(1, 1)
        return {
            name: Scalar(value, found.get(name, place), plain=False)
            for name, value in self.attributes.items()
            if " " not in name
        }

    def content(self, strip: bool = False, plain: bool = False) -> Scalar:
        """The text with its place, as it stands or without the blanks around it; the element's where it is empty."""
        source = self._source.text
        _, end = self._scan()
        begin = source.find(">", end) + 1
        if not self.text or not begin:
            return Scalar(self.text.strip() if strip else self.text, self.place, plain)
        raw = source[begin : source.find("<", begin)]
        if not raw.strip() and self.children:  # the text stands behind a child
            return Scalar(self.text.strip() if strip else self.text, self.place, plain)
        shift = len(raw) - len(raw.lstrip()) if strip else 0
        shown = raw.strip() if strip else raw
        width = 1 if "\n" in shown or "\r" in shown else len(shown)
        place = self._source.lines.place(begin + shift, width)
        return Scalar(self.text.strip() if strip else self.text, place, plain)

    def named(self, tag: str) -> "list[Element]":
        """The children with that tag."""
        return [child for child in self.children if child.tag == tag]

    def _scan(self) -> tuple[dict[str, Place], int]:
        """The place of each attribute's value, and where the attributes end."""
        text, places = self._source.text, {}
        name = _TAG_NAME.match(text, self._at)
        end = name.end() if name else self._at
        while attribute := _ATTRIBUTE.match(text, end):
            end = attribute.end()
            begin = attribute.start(2) + 1
            places[attribute[1]] = self._source.lines.place(begin, end - 1 - begin)
        return places, end


def parse_xml(text: str, limits: Limits, namespace: str = "") -> Element:
    """The outermost element. Tags of `namespace`, and those of none, are plain names; others `uri name`.

    Raises Unreadable for what is no XML, LimitError where there are too many elements and attributes.
    """
    source = _Source(text)
    if not text.strip():
        raise Unreadable(Problem(Place(1, 1), "G067", "there is no grammar in the file", "is it the right file?"))
    forbidden = _FORBIDDEN.search(text)
    if forbidden:
        message = f"not XML: the character {visible(forbidden[0])}, which XML does not allow"
        place = source.lines.place(forbidden.start())
        raise Unreadable(Problem(place, "G070", message, "take it out; is this a text file?"))
    return _Builder(source, limits, namespace).build()


def escaped(text: str) -> str:
    """A text as it stands between tags. Raises UsageError for characters that XML does not hold."""
    forbidden = _FORBIDDEN.search(text)
    if forbidden:
        raise UsageError(f"XML files do not hold the character {visible(forbidden[0])}", "rename what it is in")
    return _ESCAPED.sub(lambda match: _NAMED.get(match[0]) or f"&#{ord(match[0])};", text)


def in_quotes(text: str) -> str:
    """A text as the value of an attribute, with its quotes. Raises as `escaped`."""
    return '"' + escaped(text).replace('"', "&quot;") + '"'


class _Builder:
    """Takes what expat finds, and grows the tree; nesting costs no stack."""

    def __init__(self, source: _Source, limits: Limits, namespace: str) -> None:
        self._source = source
        self._limits = limits
        self._ours = f"{namespace} "
        self._data = source.text.encode("utf-8")
        self._is_ascii = len(self._data) == len(source.text)
        self._byte = self._character = 0  # the last place that was asked for
        self._root: Element | None = None
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._values = 0
        self._parser = parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters

    def build(self) -> Element:
        try:
            self._parser.Parse(self._data, True)
        except expat.ExpatError as error:
            self._not_xml(error)
        assert self._root is not None  # expat accepts no text without an element
        return self._root

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._values += 1 + len(attributes)
        if self._values > self._limits.values:
            self._limits.refuse_more("values", self._values)
        element = Element(name.removeprefix(self._ours), attributes, self._source, self._position())
        if len(self._open) >= DEEPEST:
            message, help = f"elements nested deeper than {DEEPEST}", "a grammar needs no more than 5"
            raise Unreadable(Problem(element.place, "G065", message, help))
        if not self._open:
            self._root = element
        elif self._open[-1].children:
            self._open[-1].children.append(element)
        else:
            self._open[-1].children = [element]
        self._open.append(element)
        self._texts.append([])

    def _end(self, name: str) -> None:
        self._open.pop().text = "".join(self._texts.pop())

    def _characters(self, text: str) -> None:
        self._texts[-1].append(text)

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding is not None and encoding.casefold() not in ENCODINGS:
            at = max(0, self._source.text.find(encoding))
            place = self._source.lines.place(at, len(encoding))
            message = f"the file says that its encoding is {quoted(encoding)}, but grammars are read as UTF-8"
            raise Unreadable(Problem(place, "G070", message, 'save the file as UTF-8, and write encoding="UTF-8"'))

    def _doctype(self, name: str, *_: object) -> None:
        at = max(0, self._source.text.rfind("<!DOCTYPE", 0, self._position() + 1))
        place = self._source.lines.place(at, len("<!DOCTYPE"))
        message = "a document type declaration, which no grammar needs"
        raise Unreadable(Problem(place, "G072", message, "take out <!DOCTYPE ...> up to its closing >"))

    def _position(self) -> int:
        """Where the parser is, in characters; it only goes on, so each byte is counted once."""
        byte = self._parser.CurrentByteIndex
        if self._is_ascii:
            return byte
        self._character += len(self._data[self._byte : byte].decode("utf-8", "ignore"))
        self._byte = byte
        return self._character

    def _not_xml(self, error: expat.ExpatError) -> NoReturn:
        before = self._data[: max(0, self._parser.ErrorByteIndex)].decode("utf-8", "ignore")
        text = self._source.text
        at = min(len(before), max(0, len(text) - 1))
        place = self._source.lines.place(at - text.startswith("\r\n", max(0, at - 1)))  # a line ends before its \r\n
        message, help = _WORDINGS.get(error.code, (expat.ErrorString(error.code) or "no tag", "is it an XML file?"))
        opened = self._open[-1] if self._open else None
        if opened is not None and error.code == _CODES["XML_ERROR_NO_ELEMENTS"]:
            place, message = opened.place, f"<{opened.name}> is never closed"
            help = f"write </{opened.name}> where it ends; is the file complete?"
        elif opened is not None and error.code == _CODES["XML_ERROR_TAG_MISMATCH"]:
            since = f"{opened.place.line}:{opened.place.column}"
            message, help = f"this does not close <{opened.name}>, which begins at {since}", f"write </{opened.name}>"
        raise Unreadable(Problem(place, "G070", f"not XML: {message}", help))


def _wordings() -> Iterator[tuple[int, tuple[str, str]]]:
    """What expat says, and what we say instead."""
    escapes = "write & as &amp; and < as &lt;"
    for name, message, help in (
        ("NO_ELEMENTS", "there is no element in the file", "it should begin with a tag"),
        ("SYNTAX", "something stands where no text can", "it should begin with a tag"),
        ("INVALID_TOKEN", "no tag, no text and no entity looks like this", escapes),
        ("UNCLOSED_TOKEN", "what begins here is never closed", "is the file complete?"),
        ("PARTIAL_CHAR", "what begins here is never closed", "is the file complete?"),
        ("DUPLICATE_ATTRIBUTE", "an attribute stands twice in this tag", "keep one of the two"),
        ("JUNK_AFTER_DOC_ELEMENT", "something stands after the end of the grammar", "take it out"),
        ("UNDEFINED_ENTITY", "an entity that XML does not know", "write the character itself, and & as &amp;"),
        ("BAD_CHAR_REF", "a number that stands for no character of XML", "take it out"),
        ("MISPLACED_XML_PI", "<?xml ...?> stands where it cannot", "let it begin the file"),
        ("UNCLOSED_CDATA_SECTION", "the section that begins here is never closed", "write ]]> where it ends"),
        ("UNBOUND_PREFIX", "the prefix before : stands for nothing", 'declare it, as in xmlns:y="..."'),
        ("TAG_MISMATCH", "this closes no tag", "take it out"),
    ):
        yield _CODES[f"XML_ERROR_{name}"], (message, help)


# The constants of expat are texts, as `XML_ERROR_SYNTAX = 'syntax error'`, and `codes` gives their numbers.
_CODES = {
    name: expat.errors.codes[text]
    for name, text in vars(expat.errors).items()
    if name.startswith("XML_ERROR_") and text in expat.errors.codes
}
_WORDINGS = dict(_wordings())
