"""Where things lie that only a browser can measure: wires, texts at arcs, moving dots, and what is scrolled to."""

from itertools import pairwise

import pytest

BOXES = """
const box = (element) => {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return [left, right, top, bottom];
};
"""
WIRES = (
    BOXES
    + """
const cells = document.querySelectorAll("#parts td");
const picked = document.querySelector("#parts td.picked");
const lines = [...document.querySelectorAll("#wires path")].map((path) => {
  const matrix = path.getScreenCTM();
  const at = (share) => {
    const { x, y } = path.getPointAtLength(share * path.getTotalLength()).matrixTransform(matrix);
    return [x, y];
  };
  return [at(0), at(1), path.getAttribute("class"), Number(path.getAttribute("stroke-width")), at(0.1), at(0.9)];
});
const dots = [...document.querySelectorAll("#wires circle")].map((dot) => box(dot));
return [lines, [...document.querySelectorAll("#parts td.source")].map(box), box(picked), dots];
"""
)


def near(a, b):
    return abs(a - b) < 1.5


def middle(box):
    left, right, top, bottom = box
    return (left + right) / 2, (top + bottom) / 2


@pytest.mark.parametrize("part", ["writer", "reader", "readout"])
def test_wires_run_from_edge_to_edge(visit, part):
    """From the lower edge of a source above, down at first, to the upper edge; from one below the other way."""
    on_page = visit("reber")
    on_page.type("BTS")
    on_page.go(2)
    on_page.click(f"#parts tr[data-part='{part}'] td", 4 if part == "readout" else 3)
    lines, sources, target, dots = on_page.ask(WIRES)
    assert len(lines) == len(sources) == len(dots) > 0
    left = list(sources)
    for ((x0, y0), (x1, y1), _, width, leaving, coming), dot in zip(lines, dots, strict=True):
        down = y0 < y1
        assert near(x1, middle(target)[0])
        assert near(y1, target[2] if down else target[3])
        source = next(box for box in left if near(x0, middle(box)[0]) and near(y0, box[3] if down else box[2]))
        left.remove(source)
        assert near(middle(dot)[0], x0)
        assert near(middle(dot)[1], y0)
        assert near(dot[1] - dot[0], 6)
        assert (leaving[1] > y0 and coming[1] < y1) if down else (leaving[1] < y0 and coming[1] > y1)
        assert abs(leaving[0] - x0) <= abs(x1 - x0) / 10 + 1
        assert 1 <= width <= 2.6
    assert max(width for _, _, _, width, _, _ in lines) == 2.6 or part == "reader"
    on_page.frame.locator("#parts td.picked").dispatch_event("click")
    assert on_page.ask("return document.querySelectorAll('#wires *, #parts .source').length") == 0


def test_wires_tell_what_inhibits_and_what_flows(visit):
    on_page = visit("reber")
    on_page.type("BTS")
    on_page.go(2)
    kinds = set()
    for part, count in (("write filter", 11), ("readout", 8)):
        for number in range(count):
            on_page.click(f"#parts tr[data-part='{part}'] td", number)
            terms = on_page.ask("""
              const wires = [...document.querySelectorAll("#wires path")].map((each) => each.getAttribute("class"));
              const read = [...document.querySelectorAll("#parts td.source")];
              const sources = read.map((each) => Number(each.dataset.value));
              return [wires, sources, document.querySelector("#formula .formula .line")?.textContent ?? ""];""")
            wires, sources, formula = terms
            assert sum("live" in wire for wire in wires) == sum(abs(value) > 0.01 for value in sources)
            assert sum("minus" in wire for wire in wires) == formula.rsplit(" ", 2)[0].count("−") - formula.count("[−")
            kinds.update(wires)
    assert {"wire", "wire live"} <= kinds
    assert any("minus" in kind for kind in kinds)


TEXTS = (
    BOXES
    + """
return [...document.querySelectorAll("#graph .textline")].map((line) => [line.getScreenCTM().e,
  [...line.children].map((piece) => [box(piece.querySelector("text")), piece.querySelector(".hit")
    && box(piece.querySelector(".hit"))])]);
"""
)


@pytest.mark.parametrize("width", [400, 1200])
def test_texts_at_arcs_stand_side_by_side_around_their_places(visit, width):
    """And whoever aims at one hits it: its target is wider, and at least as wide as a finger needs."""
    on_page = visit("continual" if width == 400 else "third-from-end", width=width)
    lines = on_page.ask(TEXTS)
    scale = on_page.ask(
        "const svg = document.querySelector('#graph'); return svg.clientWidth / svg.viewBox.baseVal.width;"
    )
    several = 0
    for x, pieces in lines:
        texts = [text for text, _ in pieces]
        assert (texts[0][0] + texts[-1][1]) / 2 == pytest.approx(x, abs=2)
        for (_, right, *_), (left, *_) in pairwise(texts):
            assert right == pytest.approx(left, abs=1 + 2.5 * scale)  # commas stand off by so much
            several += 1
        for (left, right, *_), hit in pieces:
            if hit is not None:
                assert hit[0] < left
                assert hit[1] > right
                assert hit[1] - hit[0] >= 23.9 * scale
                assert (hit[0] + hit[1]) / 2 == pytest.approx((left + right) / 2, abs=0.5)
                assert hit[1] - hit[0] < (right - left) * 1.2 + 26 * scale
    assert several > 0 or width == 400


@pytest.mark.parametrize(("width", "size"), [(1200, (15, 20)), (320, (15, 20))])
def test_texts_of_a_graph_can_be_read_where_it_is_shown_small(visit, width, size):
    on_page = visit("reber", width=width)
    text, shown, drawn = on_page.ask("""const svg = document.querySelector("#graph");
      return [parseFloat(svg.style.getPropertyValue("--text")), svg.clientWidth, svg.viewBox.baseVal.width];""")
    assert text == pytest.approx(min(size[1], max(size[0], size[0] * drawn / shown)), abs=0.06)
    assert on_page.ask("return document.querySelector('#graph').style.getPropertyValue('--wide')") == f"{drawn:g}px"


def test_a_graph_wider_than_its_place_is_scrolled_to_what_is_lit(visit):
    on_page = visit("reber", width=320)
    on_page.type("BTXSE")
    seen = []
    for position in (0, 5, 2):
        on_page.go(position)
        seen.append(
            on_page.ask("""const box = document.querySelector("#graph-box");
            const { left, width } = box.getBoundingClientRect();
            const lit = document.querySelector("#graph .state.on .body").getBoundingClientRect();
            const most = box.scrollWidth - box.clientWidth;
            const away = lit.left + lit.width / 2 - left - width / 2;
            return [away, box.scrollLeft <= 1, box.scrollLeft >= most - 1, most];""")
        )
    (away, at_left, _, most), (_, _, at_right, _), (between, *_) = seen
    assert most > 0
    assert at_left
    assert at_right
    assert away <= 0
    assert abs(between) < 60


def test_a_move_runs_along_its_arc_and_is_gone(visit):
    on_page = visit("reber", reduced_motion="no-preference")
    on_page.type("BTSS")
    on_page.go(0)
    path = on_page.ask("""
      document.querySelector("#step").click();
      const line = document.querySelector("#graph .arc.moved .line");
      const [begin, end] = [0, line.getTotalLength()].map((n) => line.getPointAtLength(n));
      const seen = [];
      const started = performance.now();
      while (performance.now() - started < 5000) {
        await new Promise(requestAnimationFrame);
        const dot = document.querySelector("#graph .mover");
        if (!dot) break;
        seen.push([Number(dot.getAttribute("cx")), Number(dot.getAttribute("cy"))]);
      }
      return [seen, [begin.x, begin.y], [end.x, end.y], performance.now() - started];""")
    seen, begin, end, time = path
    assert 300 < time < 4000
    xs = [x for x, y in seen if (x, y) != (0, 0)]
    assert xs == sorted(xs)
    assert all(begin[0] - 1 <= x <= end[0] + 1 for x in xs)
    on_page.go(3)
    assert on_page.ask("return document.querySelectorAll('#graph .mover').length") == 0


def test_the_tape_is_scrolled_to_where_one_stands(visit):
    on_page = visit("reber", width=500)
    on_page.type("BT" + "S" * 60 + "XSE")
    for position in (0, 30, 65, 31):
        on_page.go(position)
        away, most, now = on_page.ask("""const cell = document.querySelector("#tape [aria-current]");
          const box = cell.closest(".scrolls"), most = box.scrollWidth - box.clientWidth;
          const middle = (each) => { const { left, right } = each.getBoundingClientRect(); return (left + right) / 2; };
          return [middle(cell) - middle(box), most, box.scrollLeft];""")
        assert most > 0
        assert abs(away) < 4 or (now <= 1 and position < 10) or (now >= most - 1 and position > 50)
