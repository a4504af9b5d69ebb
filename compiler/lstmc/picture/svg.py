"""A drawing as SVG: one self-contained text, for light and dark, that says in words what it shows."""

from collections.abc import Iterable
from functools import singledispatch
from xml.sax.saxutils import escape, quoteattr

from lstmc.picture.labels import short, text_width
from lstmc.picture.layout import Drawing
from lstmc.picture.shapes import SMALL, Circle, Group, Head, Line, Shape, Text, arc_words, groups, node_words

MOST_WORDS = 40  # states, and arcs, that the description tells one by one

STYLE = """
.lstmc-graph{background:#fff;font-family:system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif}
.lstmc-graph text{text-anchor:middle;dominant-baseline:central;fill:#1f2328;unicode-bidi:isolate}
.lstmc-graph .page{fill:#fff}
.lstmc-graph .state{fill:#eef2f7;stroke:#1f2328;stroke-width:1.5}
.lstmc-graph .accept{fill:none;stroke:#1f2328;stroke-width:1.5}
.lstmc-graph .bar{fill:none;stroke:#1f2328;stroke-width:.8}
.lstmc-graph path.arc,.lstmc-graph path.entry{fill:none;stroke:#6b7683;stroke-width:1.5}
.lstmc-graph polygon{fill:#6b7683}
.lstmc-graph .label{fill:#0b4f9e;font-weight:600;stroke:#fff;stroke-width:4;stroke-linejoin:round;paint-order:stroke}
.lstmc-graph .output{fill:#8a3b00;font-weight:600}
.lstmc-graph .end,.lstmc-graph .note{fill:#57606a}
@media (prefers-color-scheme:dark){
.lstmc-graph{background:#0f141b}
.lstmc-graph text{fill:#e6edf3}
.lstmc-graph .page{fill:#0f141b}
.lstmc-graph .state{fill:#1d2632;stroke:#e6edf3}
.lstmc-graph .accept,.lstmc-graph .bar{stroke:#e6edf3}
.lstmc-graph path.arc,.lstmc-graph path.entry{stroke:#8b98a8}
.lstmc-graph polygon{fill:#8b98a8}
.lstmc-graph .label{fill:#8cc2ff;stroke:#0f141b}
.lstmc-graph .output{fill:#ffb870}
.lstmc-graph .end,.lstmc-graph .note{fill:#9aa7b4}
}
"""


def to_svg(drawing: Drawing, title: str = "grammar", largest: float | None = None, note: str = "") -> str:
    """The drawing as an SVG file.

    largest   the width in pixels that it takes at most (it can be enlarged)       note   a line of text below it
    """
    scale = min(1.0, largest / drawing.width) if largest else 1.0
    letters = SMALL / scale  # of the note: as large as if nothing were made smaller
    width = max(drawing.width, text_width(note, letters) + 2 * letters if note else 0.0)
    height = drawing.height + (2 * letters if note else 0.0)
    name = short(title, 60)
    size = f'width="{width * scale:.6g}" height="{height * scale:.6g}" viewBox="0 0 {width:.6g} {height:.6g}"'
    head = f'class="lstmc-graph" role="img" {size} aria-label={quoteattr(name)}'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {head}>',
            f"<title>{escape(name)}</title>",
            f"<desc>{escape(_in_words(drawing))}</desc>",
            f"<style>{STYLE}</style>",
            f'<rect class="page" width="{width:.6g}" height="{height:.6g}"/>',
            *map(_group, groups(drawing)),
            *([_element(Text("note", (width / 2, drawing.height + letters / 2), note, letters))] if note else []),
            "</svg>\n",
        ]
    )


def _in_words(drawing: Drawing) -> str:
    """What a reader who cannot see the picture is told."""
    edges = sum(len(arc.symbols) for arc in drawing.arcs)
    head = f"A graph of {_number(len(drawing.nodes), 'state')} and {_number(edges, 'rule')}."
    return " ".join([head, *_some(map(node_words, drawing.nodes)), *_some(map(arc_words, drawing.arcs))])


def _number(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _some(texts: Iterable[str]) -> list[str]:
    listed = [f"{text}." for text in texts]
    left = len(listed) - MOST_WORDS
    return listed if left <= 0 else [*listed[:MOST_WORDS], f"And {left} more."]


def _group(group: Group) -> str:
    return f"<g><title>{escape(group.title)}</title>{''.join(map(_element, group.shapes))}</g>"


@singledispatch
def _element(shape: Shape) -> str:
    raise TypeError(type(shape))


@_element.register
def _circle(shape: Circle) -> str:
    return (
        f'<circle class="{shape.role}" cx="{shape.centre[0]:.7g}" cy="{shape.centre[1]:.7g}" r="{shape.radius:.6g}"/>'
    )


@_element.register
def _line(shape: Line) -> str:
    points = [f"{x:.7g},{y:.7g}" for x, y in shape.path]
    return f'<path class="{shape.role}" d="M{points[0]} C{" ".join(points[1:])}"/>'


@_element.register
def _head(shape: Head) -> str:
    corners = " ".join(f"{x:.7g},{y:.7g}" for x, y in shape.corners)
    return f'<polygon class="{shape.role}" points="{corners}"/>'


@_element.register
def _text(shape: Text) -> str:
    x, y = shape.centre
    return (
        f'<text class="{shape.role}" x="{x:.7g}" y="{y:.7g}" font-size="{shape.size:.3g}">{escape(shape.text)}</text>'
    )
