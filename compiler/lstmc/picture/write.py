"""Draw a grammar's graph, a network's weights, or its memory over a string, as a file."""

from collections.abc import Sequence
from pathlib import Path

from lstmc.did_you_mean import did_you_mean
from lstmc.errors import UsageError
from lstmc.files import write_bytes
from lstmc.grammar import Grammar
from lstmc.network import Network

FORMATS = ("svg", "png", "pdf")
GROUPINGS = ("part", "cell")


def draw(
    subject: Grammar | Network, file: str | Path, string: str | Sequence[str] | None = None, by: str = "part"
) -> Path:
    """Write a picture; the end of the file's name says which kind: .svg, .png or .pdf.

    Of a grammar its graph; of a network its weights or, given a string, its memory over that string.
    `by` groups the weights by `part` (all erasers together, …) or by `cell`.

    A graph as SVG needs nothing else, all other pictures matplotlib (`pip install 'lstmc[plot]'`). Raises UsageError
    for another kind of file, PluginError without matplotlib, LimitError for what is too large to be seen, and
    InputError for an unknown symbol and where the file cannot be written.
    """
    path = Path(file)
    write_bytes(path, picture(subject, format_of(path), string, by))
    return path


def format_of(path: Path) -> str:
    """The kind of file that a path asks for."""
    suffix = path.suffix.removeprefix(".").lower()
    if suffix not in FORMATS:
        hint = did_you_mean(suffix, FORMATS) if suffix else ""
        raise UsageError(
            f"{path}: a picture is written as .svg, .png or .pdf", hint or "name the file so, as in reber.svg"
        )
    return suffix


def picture(
    subject: Grammar | Network, format: str, string: str | Sequence[str] | None = None, by: str = "part"
) -> bytes:
    """The bytes of the file."""
    if by not in GROUPINGS:
        raise UsageError(f"weights are grouped by part or by cell, not by '{by}'", did_you_mean(by, GROUPINGS))
    if isinstance(subject, Grammar):
        if string is not None:
            raise UsageError("a grammar remembers nothing: the memory over a string is a network's", "compile it first")
        return _graph(subject, format)
    from lstmc.picture import heatmap, timeline
    from lstmc.picture.plot import to_bytes

    figure = heatmap.weights(subject, by) if string is None else timeline.memory(subject, string)
    return to_bytes(figure, format)


def _graph(grammar: Grammar, format: str) -> bytes:
    from lstmc.picture.layout import layout

    drawing = layout(grammar)
    if format == "svg":
        from lstmc.picture.svg import to_svg

        return to_svg(drawing, grammar.name).encode()
    from lstmc.picture.plot import graph, to_bytes

    return to_bytes(graph(drawing, grammar.name), format)
